"""Values that cross the boundary of national: states told, packages taken in, differences of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from motcua.kernel.messages import N_

Outcome = Literal["waiting", "accepted", "refused"]
IntakeState = Literal["new", "waiting", "taken", "refused"]
DifferenceKind = Literal["not_sent", "lost", "late", "unknown_code", "wrong_state", "refused"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("waiting", "accepted", "refused")
INTAKE_STATES: Final[tuple[IntakeState, ...]] = ("new", "waiting", "taken", "refused")


@dataclass(frozen=True, slots=True)
class StateReached:
    """One state of a dossier as the national portal counts them, and when it was reached."""

    state: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusNote:
    """One message to the national portal: this dossier reached this state. `seq` counts by dossier, from 1."""

    message_id: UUID
    seq: int
    state: int
    happened_at: datetime
    dossier_no: str
    national_code: str
    procedure_code: str = ""
    procedure_name: str = ""
    agency_code: str = ""
    agency_name: str = ""
    channel: str = ""
    received_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    delivered_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What the other side said of one message. `code` is its own."""

    message_id: str
    code: str
    text: str
    is_accepted: bool
    is_final: bool  # false: to be tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldState:
    """One line of the other side's list of a day."""

    code: str
    state: int
    happened_at: datetime
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNote:
    """One message as we keep it, for the comparison of a day."""

    seq: int
    state: int
    happened_at: datetime
    outcome: Outcome
    acked_at: datetime | None
    attempts: int = 0
    ack_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference of a day: what it is, why, and what mends it. `is_explained`: its cause is known."""

    code: str
    kind: DifferenceKind
    ours: int | None
    theirs: int | None
    says: str
    is_explained: bool
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """The two sides compared for one day."""

    on: date
    made_at: datetime
    matched: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Return the differences whose cause nobody knows."""
        return tuple(each for each in self.differences if not each.is_explained)

    @property
    def open(self) -> tuple[Difference, ...]:
        """Return the differences that still have to be mended."""
        return tuple(each for each in self.differences if each.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file in a package, its bytes checked against the hash beside it."""

    paper: str
    name: str
    media_type: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageParty:
    """Who stands in a package. `kind`: person, organisation or household (business)."""

    kind: str
    name: str
    identifier: str
    birth_on: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    area_code: str = ""
    tax_code: str = ""
    organisation_name: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person has to look: a stable code, the field that it is about, a whole sentence."""

    code: str
    field: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A dossier as another front door hands it over. `problems`: what could not be read, nothing dropped for it."""

    national_code: str
    procedure_code: str
    filed_at: datetime
    applicant: PackageParty
    answers: Mapping[str, Any]
    files: tuple[PackageFile, ...] = ()
    submitter_name: str = ""
    agency_code: str = ""
    result_channel: str = "online"
    kind: str = "dossier"
    problems: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRow:
    """One line of the queue of packages."""

    uuid: UUID
    national_code: str
    procedure_code: str
    procedure_name: str
    applicant_name: str
    state: IntakeState
    received_at: datetime
    filed_at: datetime | None
    agency_name: str
    dossier_no: str
    first_reason: str
    reasons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFolder:
    """A package with everything that the person who looks at it needs."""

    row: IntakeRow
    revision: int
    source: str
    sha256: str
    reasons: tuple[Reason, ...]
    answers: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, int], ...]
    decisions: Mapping[str, Any]
    note: str
    decided_by_name: str
    decided_at: datetime | None
    applicant: PackageParty | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """How the synchronisation stands, counted up to a cap."""

    is_connected: bool
    waiting: int
    failing: int
    refused: int
    oldest_waiting_at: datetime | None
    last_acked_at: datetime | None
    intakes_waiting: int
    onward_waiting: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message in the list of the synchronisation."""

    uuid: UUID
    dossier_no: str
    national_code: str
    seq: int
    state: int
    state_label: str
    happened_at: datetime
    outcome: Outcome
    attempts: int
    next_try_at: datetime | None
    acked_at: datetime | None
    says: str
    is_repair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one round did."""

    fetched: int = 0
    taken: int = 0
    queued: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    onward: int = 0
    errors: tuple[str, ...] = field(default=())


KIND_LABELS: Final[dict[str, str]] = {
    "not_sent": N_("Chưa gửi được"),
    "lost": N_("Bên kia bị mất"),
    "late": N_("Tới muộn"),
    "unknown_code": N_("Mã lạ"),
    "wrong_state": N_("Sai trạng thái"),
    "refused": N_("Bị từ chối"),
}
INTAKE_LABELS: Final[dict[str, str]] = {
    "new": N_("Mới nhận"),
    "waiting": N_("Chờ người xem"),
    "taken": N_("Đã tiếp nhận vào hệ thống"),
    "refused": N_("Đã trả lại"),
}
