"""What crosses the boundary of linkage: frozen values, expected failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class LinkRefused(DomainError):
    """Files, a mapping or a model that cannot be linked as they are."""

    http_status = 422

    def __init__(self, why: str) -> None:
        super().__init__("linkage.refused", N_("Không đối soát được: %(why)s.", why=why))


class PairNotFound(DomainError):
    """No such pair, or none that this steward may see."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("linkage.pair_not_found", N_("Không có cặp bản ghi này, hoặc cặp này thuộc cơ quan khác."))


class PairChanged(DomainError):
    """Somebody else has decided since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            "linkage.pair_changed", N_("Người khác vừa quyết định về cặp này; hãy tải lại trang để xem kết quả.")
        )


class VerdictRefused(DomainError):
    """A verdict that cannot be taken as it is."""

    def __init__(self, why: str) -> None:
        super().__init__("linkage.verdict_refused", N_("Chưa ghi được quyết định: %(why)s.", why=why))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPair:
    """A pair as a linkage found it, by the records' own uuids."""

    left_register: str
    left_uuid: UUID
    right_register: str
    right_uuid: UUID
    weight: float
    levels: Mapping[str, str]
    is_sure: bool  # the machine may link it by itself
    is_cut_bridge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What is kept of one linkage of registers."""

    registers: tuple[str, ...]
    engine: str
    model_sha256: str
    report: Mapping[str, object]
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictInfo:
    """What one steward said of a pair."""

    said: str
    reason: str
    actor_name: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PairInfo:
    """One pair in the queue; `version` guards against two stewards at once."""

    uuid: UUID
    left_register: str
    left_uuid: UUID
    right_register: str
    right_uuid: UUID
    weight: float
    levels: Mapping[str, str]
    is_sure: bool
    is_cut_bridge: bool
    state: str
    version: int
    verdicts: tuple[VerdictInfo, ...] = ()
