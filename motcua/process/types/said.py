"""What passes between a process and the world: commands out, events in, and what one step gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.process.types.drawn import Counts, EventKind, Kind


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Give a person this work. `inputs`: what the input mapping (or the loop) sets for this one task.

    `due`: the date or moment that the drawing computes for it, as it is written there; empty for the case's own.
    """

    token: str
    element_id: str
    name: str
    role: str
    screen: str
    outcomes: tuple[str, ...]
    share_minutes: int | None
    share_workdays: int | None
    properties: Mapping[str, str]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    due: str = ""


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Take the work back: the process went on without it."""

    token: str


@dataclass(frozen=True, slots=True)
class RunService:
    """Have a program do this and answer with `ServiceCompleted` or `ErrorThrown`."""

    token: str
    element_id: str
    topic: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CancelService:
    """Forget the answer of a running service or decision."""

    token: str


@dataclass(frozen=True, slots=True)
class RunDecision:
    """Evaluate this decision and answer with `DecisionCompleted`; not said when the caller hands in `decide`."""

    token: str
    element_id: str
    decision: str
    inputs: Mapping[str, Any]
    result_variable: str


@dataclass(frozen=True, slots=True)
class ScheduleTimer:
    """Wake the process: `due_at` is set for calendar time, otherwise count `duration_iso` in working time."""

    token: str
    element_id: str
    duration_iso: str | None
    counts: Counts
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CancelTimer:
    token: str


@dataclass(frozen=True, slots=True)
class AwaitMessage:
    """Wait for this message; with a `correlation`, only for the one that carries the same."""

    token: str
    name: str
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class CancelMessage:
    token: str


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send a message to another process; `target` is the process of the pool it flows to, where drawn."""

    element_id: str
    name: str
    payload: Mapping[str, Any]
    correlation: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class AwaitSignal:
    token: str
    name: str


@dataclass(frozen=True, slots=True)
class CancelSignal:
    token: str


@dataclass(frozen=True, slots=True)
class BroadcastSignal:
    """Tell every other case that listens; this case has heard its own signal already."""

    element_id: str
    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    """A step asks a higher level to look; the drawing may have caught it, and the platform may tell people."""

    element_id: str
    code: str
    is_caught: bool


@dataclass(frozen=True, slots=True)
class EnterStage:
    stage: str


@dataclass(frozen=True, slots=True)
class EndCase:
    element_id: str
    outcome: str


Command = (
    CreateTask
    | CancelTask
    | RunService
    | CancelService
    | RunDecision
    | ScheduleTimer
    | CancelTimer
    | AwaitMessage
    | CancelMessage
    | SendMessage
    | AwaitSignal
    | CancelSignal
    | BroadcastSignal
    | EscalationRaised
    | EnterStage
    | EndCase
)


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A person did the work; `outputs["outcome"]` is the chosen outcome where the task offers any."""

    token: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceCompleted:
    token: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionCompleted:
    """What the decision answered, as plain JSON data."""

    token: str
    result: Any = None


@dataclass(frozen=True, slots=True)
class ErrorThrown:
    """A task or service failed in a way that the drawing may catch. Source: BPMN 2.0.2, 10.5.6 and 13.5.4."""

    token: str
    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message for this case; a receiver with a correlation takes only the one that carries the same."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal from another case or from the platform; every listener takes it, none is no fault."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariablesChanged:
    """The world changed data of the case; conditions are read again."""

    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimerFired:
    token: str


ProcessEvent = (
    TaskCompleted
    | ServiceCompleted
    | DecisionCompleted
    | ErrorThrown
    | MessageReceived
    | SignalReceived
    | VariablesChanged
    | TimerFired
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did: the next state (plain JSON data) and what the world must now do, in order."""

    state: dict[str, Any]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class OpenElement:
    """A place where the process waits now. `process`: the called process it lies in, empty for the case's own.

    `host`: for an event on other work, the token of that work; `name` of a message or signal stands in `awaits`.
    """

    token: str
    element_id: str
    kind: Kind
    name: str
    role: str
    host: str = ""
    awaits: str = ""
    process: str = ""
    event: EventKind = ""
