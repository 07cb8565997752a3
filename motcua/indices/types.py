"""What crosses the boundary of indices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_

PartKind = Literal["base", "delta"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """A case in the copy: nobody's name, no printed number, no day, no free text, no place finer than a ward."""

    case_key: int
    kind: str
    procedure_code: str
    procedure_title: str
    agency_code: str
    ward_code: str
    channel: str
    state: str
    received_month: date
    finished_month: date | None
    is_on_time: bool | None
    is_extended: bool
    working_minutes: int | None
    papers_spared: int
    facts_spared: int
    waived_law_vnd: int
    waived_city_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInfo:
    """One Parquet file. `base`: each case in one of them, once; `delta`: newer rows, the highest batch holds."""

    name: str
    kind: PartKind
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the copy is now. `as_of`: everything that happened up to here is in it."""

    batch: int
    as_of: datetime
    refreshed_at: datetime
    key_print: str
    parts: tuple[PartInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport:
    """What one refresh did. `is_busy`: another one was at work, so nothing was done."""

    cases: int = 0
    is_rebuilt: bool = False
    is_busy: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFilter:
    """What figures are asked for: whole months, both included. `scope` None: the whole city."""

    first: date
    last: date
    scope: frozenset[str] | None
    agency_code: str = ""
    procedure_code: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one group. Finished: the law's clock stopped; times are working minutes."""

    key: str = ""
    title: str = ""
    received: int = 0
    finished: int = 0
    with_term: int = 0
    on_time: int = 0
    median_minutes: float | None = None
    p90_minutes: float | None = None
    papers_spared: int = 0
    facts_spared: int = 0
    waived_law_vnd: int = 0
    waived_city_vnd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigures:
    """Figures as they may be shown: what stands for few cases is left out, and what would give it away."""

    figures: Figures
    label: str = ""
    hides_received: bool = False
    hides_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One table: its groups, the total, and up to when the copy knows."""

    as_of: datetime
    total: ShownFigures
    rows: tuple[ShownFigures, ...] = field(default=())


class IndicesError(DomainError):
    """An expected refusal of indices."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"indices.{code}", message)


class CopyMissing(IndicesError):
    """There is no copy yet, or it cannot be read."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(
            "copy_missing",
            N_("Chưa có bản sao số liệu. Hãy thử lại sau một phút; nếu vẫn vậy, báo người vận hành chạy refresh_copy."),
        )


class NoSuchReport(IndicesError):
    """No report has this name."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("no_such_report", N_("Không có bảng số liệu này. Hãy chọn một bảng trong trang Chỉ số."))
