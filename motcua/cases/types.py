"""What crosses the boundary of the spine: values, expected failures, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args
from uuid import UUID

from motcua.kernel.clock import format_moment
from motcua.kernel.errors import DomainError
from motcua.kernel.events import Event

Stage = Literal[
    "submitted",
    "accepted",
    "in_progress",
    "waiting_applicant",
    "waiting_payment",
    "withdrawing",
    "stopped",
    "decided",
    "delivered",
    "refused",
    "withdrawn",
]
TermUnit = Literal["workday", "work_hour", "calendar_day", "month"]
ClockRule = Literal["restart", "pause"]
ClockState = Literal["running", "paused", "stopped"]
ClockKind = Literal["start", "pause", "resume", "restart", "extend", "stop"]
Audience = Literal["public", "applicant", "office"]
PartyKind = Literal["person", "organisation", "user"]
Lateness = Literal["late", "today", "soon", "later", "paused", "none"]
InboxHolder = Literal["all", "mine", "unassigned"]
OverviewGroup = Literal["agency", "procedure", "step"]

STAGES: frozenset[str] = frozenset(get_args(Stage))
TERM_UNITS: frozenset[str] = frozenset(get_args(TermUnit))
CLOCK_RULES: frozenset[str] = frozenset(get_args(ClockRule))
CLOCK_STATES: frozenset[str] = frozenset(get_args(ClockState))
CLOCK_KINDS: frozenset[str] = frozenset(get_args(ClockKind))
AUDIENCES: frozenset[str] = frozenset(get_args(Audience))
SERVICE_STATES: frozenset[str] = frozenset({"requested", "done", "cancelled"})
TIMER_COUNTS: frozenset[str] = frozenset({"workday", "calendar"})


# ---- What is asked -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Participant:
    """Who stands outside the office in a case, and as what."""

    party_kind: PartyKind
    party_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Everything a case begins with; the rules in it stay frozen to its end.

    `reception_agency_id`: the one-stop unit that received it, when not the deciding agency itself.
    `clock_starts_at`: when the law starts the clock later than the filing. No `term_amount`: the law sets no term.
    """

    kind: str
    code: str
    title: str
    subject_code: str
    subject_title: str
    process_version_id: int
    agency_id: int
    applicant_kind: str
    applicant_id: int | None
    applicant_name: str
    channel: str
    reception_agency_id: int | None = None
    area_code: str = ""
    term_amount: int | None = None
    term_unit: TermUnit | Literal[""] = ""
    clock_rule: ClockRule = "restart"
    clock_starts_at: datetime | None = None
    term_legal_ref: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """What the official narrows the inbox to."""

    holder: InboxHolder = "all"
    agency_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilter:
    """What the leader narrows the list of late cases to."""

    agency_id: int | None = None
    subject_code: str = ""


# ---- What is answered ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessVersionInfo:
    """One deployed version of a process."""

    id: int
    uuid: UUID
    key: str
    version: int
    sha256: str
    deployed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfo:
    """A case as its kind's own module needs it."""

    id: int
    uuid: UUID
    code: str
    kind: str
    title: str
    subject_code: str
    subject_title: str
    process_version_id: int
    revision: int
    stage: str
    agency_id: int
    reception_agency_id: int
    area_code: str
    applicant_kind: str
    applicant_id: int | None
    applicant_name: str
    term_amount: int | None
    term_unit: str
    clock_rule: str
    calendar_code: str
    channel: str
    opened_at: datetime
    due_at: datetime | None
    clock_state: str
    stopped_at: datetime | None
    closed_at: datetime | None
    outcome: str

    @property
    def is_open(self) -> bool:
        """True until the process has ended."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInfo:
    """A task with what its screen needs; `revision` goes back with the completion."""

    uuid: UUID
    case_id: int
    case_uuid: UUID
    case_code: str
    case_kind: str
    token: str
    element_id: str
    name: str
    role: str
    agency_id: int
    screen: str
    outcomes: tuple[str, ...]
    properties: Mapping[str, Any]
    share_minutes: int | None
    assignee_id: int | None
    assignee_name: str
    created_at: datetime
    due_at: datetime | None
    completed_at: datetime | None
    completed_by_id: int | None
    completed_by_name: str
    outcome: str
    note: str
    cancelled_at: datetime | None
    revision: int

    @property
    def is_open(self) -> bool:
        """True while somebody has to do it."""
        return self.completed_at is None and self.cancelled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCallInfo:
    """Work that the process asked of an upper module."""

    case_id: int
    token: str
    element_id: str
    topic: str
    inputs: Mapping[str, Any]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One thing that happened, in the reader's language."""

    at: datetime
    kind: str
    text: str
    actor_kind: str
    actor_name: str
    data: Mapping[str, Any]
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionInfo:
    """The one re-appointment of a case. `is_notice_late`: asked less than a working day before the due time."""

    case: CaseInfo
    previous_due_at: datetime
    new_due_at: datetime
    is_notice_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """A deadline as a page shows it, to the official and to the resident alike (macro deadline_box).

    `lateness` is the code of the tag; the texts are whole sentences in the reader's language.
    """

    due_at: datetime | None
    lateness: Lateness
    headline: str
    term: str
    spent: str
    left: str
    notes: tuple[str, ...]
    is_extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One line of the inbox."""

    task_uuid: UUID
    task_revision: int
    case_id: int
    case_uuid: UUID
    case_code: str
    case_kind: str
    title: str
    subject: str
    subject_code: str
    applicant_name: str
    step: str
    due_at: datetime | None
    lateness: Lateness
    agency_id: int
    agency_name: str
    assignee_id: int | None
    assignee_name: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCount:
    """How much waits, counted up to a cap."""

    open: int
    mine: int
    late: int
    is_capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRow:
    """One group's figures. For steps, the last two count completed tasks instead of closed cases."""

    key: str
    label: str
    open: int
    due_today: int
    late: int
    paused: int
    extended: int
    closed_on_time: int
    closed_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCaseRow:
    """One late case: where it lies, with whom, and what was said about it. No personal fact of the applicant."""

    case_uuid: UUID
    case_code: str
    case_kind: str
    subject_code: str
    subject_title: str
    agency_id: int
    agency_name: str
    step: str
    holder: str
    due_at: datetime
    days_late: int
    is_extended: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeReport:
    """What a changed calendar moved."""

    checked: int
    cases_moved: int
    timers_moved: int


# ---- Expected failures ---------------------------------------------------------------------------------------------


class CaseNotFound(DomainError):
    """No such case, or not for this reader: the two are not told apart."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("case_not_found", "Không tìm thấy hồ sơ này. Vui lòng kiểm tra lại mã hồ sơ hoặc đường dẫn.")


class TaskNotFound(DomainError):
    """No such task, or not for this reader."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "task_not_found", "Không tìm thấy việc này trong hộp việc của bạn. Vui lòng mở lại từ Hộp việc."
        )


class TaskNotYours(DomainError):
    """The task is for a role that this official does not hold at that agency today."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "task_not_yours",
            "Việc này thuộc vai trò khác hoặc cơ quan khác nên bạn không thể xử lý. "
            "Vui lòng báo người được phân công hoặc lãnh đạo đơn vị.",
        )


class TaskTaken(DomainError):
    """Another official has claimed the task."""

    def __init__(self, *, who: str) -> None:
        super().__init__(
            "task_taken",
            f"{who} đang nhận xử lý việc này. Nội dung bạn đã nhập vẫn được giữ. "
            "Hãy trao đổi với người đó, hoặc đề nghị lãnh đạo trả việc về hàng chờ.",
        )
        self.who = who


class StaleTask(DomainError):
    """Somebody else changed the task after this official opened it. `task_uuid` lets the view offer the new state."""

    def __init__(self, *, task_uuid: UUID, who: str, when: datetime, outcome: str = "") -> None:
        super().__init__(
            "stale_task",
            f"{who} đã xử lý việc này lúc {format_moment(when)}. Thao tác của bạn chưa được ghi, "
            "nội dung bạn đã nhập vẫn được giữ. Hãy xem lại trạng thái mới trước khi làm tiếp.",
        )
        self.task_uuid = task_uuid
        self.who = who
        self.when = when
        self.outcome = outcome


class ExtensionRefused(DomainError):
    """The appointment may not be moved. Codes: extension_used, extension_too_late, extension_no_reason,
    extension_not_later, extension_not_running."""

    http_status = 422


class ClockMoveRefused(DomainError):
    """The clock does not stand so that it could be moved like this."""

    def __init__(self) -> None:
        super().__init__(
            "clock_move_refused",
            "Đồng hồ thời hạn của hồ sơ không ở trạng thái cho phép thao tác này. Hãy mở lại hồ sơ.",
        )


class ProcessVersionUnknown(DomainError):
    """The process version named does not exist."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(
            "process_version_unknown", "Quy trình của thủ tục này chưa được ban hành. Vui lòng báo người quản trị."
        )


# ---- Events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """What all events of a case carry."""

    case_id: int
    case_uuid: UUID
    case_kind: str

    @property
    def subject(self) -> str:
        """The case, by its outside id."""
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """A request became a case."""

    event_type: ClassVar[str] = "case.opened.v1"
    subject_code: str
    agency_id: int


@dataclass(frozen=True, kw_only=True)
class StageEntered(CaseEvent):
    """The case stands at a new stage."""

    event_type: ClassVar[str] = "case.stage_entered.v1"
    stage: str


@dataclass(frozen=True, kw_only=True)
class ServiceRequested(CaseEvent):
    """The process asks an upper module for work; it answers with `complete_service`."""

    event_type: ClassVar[str] = "case.service_requested.v1"
    token: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class TaskCompleted(CaseEvent):
    """An official finished a task."""

    event_type: ClassVar[str] = "case.task_completed.v1"
    task_uuid: UUID
    element_id: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(CaseEvent):
    """The applicant must be told of the new appointment, with the apology."""

    event_type: ClassVar[str] = "case.deadline_extended.v1"
    previous_due_at: datetime
    new_due_at: datetime
    is_notice_late: bool


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The process ended."""

    event_type: ClassVar[str] = "case.closed.v1"
    outcome: str
