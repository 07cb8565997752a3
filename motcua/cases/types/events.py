"""What the spine tells the modules above it, through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from motcua.kernel.events import Event


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


@dataclass(frozen=True, kw_only=True)
class MessageSent(CaseEvent):
    """The process sends a message to another: the case named by `correlation` (code or uuid), or one to be opened.

    `target`: the process of the pool it flows to, where drawn. `payload`: JSON text.
    """

    event_type: ClassVar[str] = "case.message_sent.v1"
    element_id: str
    name: str
    payload: str
    correlation: str
    target: str


@dataclass(frozen=True, kw_only=True)
class SignalBroadcast(CaseEvent):
    """The process tells every case that listens. `payload`: JSON text."""

    event_type: ClassVar[str] = "case.signal_broadcast.v1"
    name: str
    payload: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseEvent):
    """A step asks a higher level to look."""

    event_type: ClassVar[str] = "case.escalated.v1"
    element_id: str
    code: str
    is_caught: bool


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(CaseEvent):
    """The process could not take a step by itself; an operator must look."""

    event_type: ClassVar[str] = "case.incident_opened.v1"
    code: str
    element_id: str


@dataclass(frozen=True, kw_only=True)
class CaseMigrated(CaseEvent):
    """The case goes on under another version of its process."""

    event_type: ClassVar[str] = "case.migrated.v1"
    from_version: int
    to_version: int
