"""Facts from registers in a draft, in a dossier, and on the way to their correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

HeldState = Literal["held", "disputed", "awaited", "suggested", "unknown"]
FactState = Literal["confirmed", "disputed", "awaited"]
Settled = Literal["", "found", "none", "corrected", "upheld"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFact:
    """A fact in a draft. `held`: shown, read-only; `awaited`: the register is down, the person may type or not.

    `held_by`: who answered, or keeps silent, when it is not our own register; `is_cached`: an answer given before.
    `suggested`: filled in, and the person may choose otherwise; `unknown`: asked, and no register knew. `typed`: what
    the person says instead; `asked`: {"subjects", "proofs"}, how to ask again; `is_confirmed`: the person went on from
    the page that showed it.
    """

    key: str
    fact: str
    state: HeldState
    register: str = ""
    register_name: str = ""
    record_field: str = ""
    value: Any = None
    record_uuid: str = ""
    source: str = ""
    as_of: str = ""
    known_at: str = ""
    sha256: str = ""
    typed: Any = None
    reason: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    is_confirmed: bool = False
    held_by: str = ""
    is_cached: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the fact as a draft stores it."""
        return asdict(self)

    @property
    def known_moment(self) -> datetime | None:
        """Return since when the register says so."""
        return datetime.fromisoformat(self.known_at) if self.known_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactInfo:
    """A fact of a filed dossier: what was shown, what the applicant said to it, how it was settled."""

    uuid: UUID
    field_key: str
    fact: str
    label: str
    register: str
    register_name: str
    record_field: str
    state: FactState
    shown_value: Any
    record_uuid: UUID | None
    source: str
    as_of: datetime | None
    known_at: datetime | None
    sha256: str
    typed_value: Any
    reason: str
    settled_state: Settled
    settled_value: Any
    settled_source: str
    settled_known_at: datetime | None
    settled_at: datetime | None
    correction_code: str = ""
    correction_uuid: UUID | None = None
    held_by: str = ""

    @property
    def is_pending(self) -> bool:
        """Tell whether the decision waits for it."""
        return self.state in ("disputed", "awaited") and not self.settled_state

    @property
    def differs(self) -> bool:
        """Tell whether the register, when it answered, said something else than the applicant had typed."""
        typed = self.typed_value not in (None, "", [])
        return self.state == "awaited" and self.settled_state == "found" and typed and self._differs()

    def _differs(self) -> bool:
        return bool(self.settled_value != self.typed_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionInfo:
    """What somebody asked a register's owner to put right, and what came of it."""

    uuid: UUID
    case_id: int
    case_uuid: UUID
    code: str
    register: str
    register_name: str
    record_uuid: UUID
    field: str
    title: str
    shown_value: Any
    claimed_value: Any
    reason: str
    person_id: int
    dossier_no: str
    asked_at: datetime
    decision: str
    corrected_value: Any
    note: str
    decided_at: datetime | None
    decided_by_name: str
    held_by: str = ""
