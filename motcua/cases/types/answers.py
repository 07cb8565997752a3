"""What the spine answers: frozen values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.cases.types.words import Lateness


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
    origin_code: str = ""

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
