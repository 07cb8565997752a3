"""What the process library hands out: definitions, steps, commands, events, errors. Plain frozen data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from motcua.kernel.errors import DomainError
from motcua.process.feel import Expression

Kind = Literal[
    "start",
    "end",
    "user",
    "service",
    "script",
    "manual",
    "receive",
    "exclusive",
    "parallel",
    "event_gateway",
    "catch_timer",
    "catch_message",
    "throw",
    "boundary_timer",
    "boundary_message",
]
Counts = Literal["workday", "calendar"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a drawing cannot be run; `element_id` is empty when it concerns the whole file."""

    element_id: str
    code: str
    message_vi: str


class ProcessDefinitionError(DomainError):
    """The drawing cannot be run; `problems` says why, all at once."""

    http_status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = "; ".join(problem.message_vi for problem in problems[:5])
        super().__init__("process.definition_refused", f"Chưa dùng được quy trình này. Hãy sửa bản vẽ: {lines}")
        self.problems = problems


class ProcessStepError(DomainError):
    """An event that this state cannot take."""


class UnknownTokenError(ProcessStepError):
    """The awaited work is no longer (or was never) there."""

    def __init__(self, token: str) -> None:
        super().__init__(
            "process.token_gone", "Việc này đã xong hoặc đã được huỷ. Hãy mở lại hồ sơ để xem bước hiện tại."
        )
        self.token = token


class OutcomeNotOfferedError(ProcessStepError):
    """The task was completed with an outcome that its step does not offer."""

    def __init__(self, outcome: object, offered: tuple[str, ...]) -> None:
        super().__init__(
            "process.outcome_not_offered", "Bước này không có lựa chọn đó. Hãy chọn một trong các nút trên màn hình."
        )
        self.outcome = outcome
        self.offered = offered


class MessageNotExpectedError(ProcessStepError):
    """No step of the case waits for this message now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "process.message_not_expected",
            "Lúc này hồ sơ không nhận được yêu cầu này. Hãy mở lại hồ sơ để xem bước hiện tại.",
        )
        self.name = name


class ProcessStuckError(ProcessStepError):
    """The drawing led nowhere: no path applies, a join waits for ever, or the steps never stop."""

    def __init__(self, reason_vi: str) -> None:
        super().__init__("process.stuck", f"Quy trình không đi tiếp được: {reason_vi} Hãy báo người quản lý quy trình.")


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 8.3.13."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """When a timer is due: `value` is an ISO 8601 duration or date, or comes from `expression`."""

    form: Literal["duration", "date"]
    value: str
    expression: Expression | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of an input or output mapping."""

    target: str
    source: Expression


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the process, with everything the engine and the screens need of it."""

    id: str
    kind: Kind
    name: str
    role: str = ""
    lane: str = ""
    screen: str = ""
    topic: str = ""
    message: str = ""
    outcomes: tuple[str, ...] = ()
    stage: str = ""
    outcome: str = ""
    share_minutes: int | None = None
    share_workdays: int | None = None
    timer: TimerSpec | None = None
    script: Assignment | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    attached_to: str = ""
    interrupting: bool = True
    terminates: bool = False
    default_flow: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """A checked process; `parse_process` makes it, nothing else should."""

    key: str
    name: str
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    paths: frozenset[tuple[str, ...]]
    by_id: Mapping[str, Element]
    outgoing: Mapping[str, tuple[Flow, ...]]
    incoming: Mapping[str, tuple[Flow, ...]]
    boundaries: Mapping[str, tuple[Element, ...]]

    def get_element(self, element_id: str) -> Element:
        """Return the element; Raises: KeyError."""
        return self.by_id[element_id]

    def of_kind(self, *kinds: Kind) -> Iterator[Element]:
        """Yield the elements of these kinds, in the order of the file."""
        return (element for element in self.elements if element.kind in kinds)

    @property
    def starts(self) -> tuple[Element, ...]:
        return tuple(self.of_kind("start"))

    @property
    def end_outcomes(self) -> tuple[str, ...]:
        return _distinct(element.outcome for element in self.of_kind("end"))

    @property
    def roles(self) -> tuple[str, ...]:
        return _distinct(element.role for element in self.of_kind("user"))

    @property
    def screens(self) -> tuple[str, ...]:
        return _distinct(element.screen for element in self.of_kind("user"))

    @property
    def topics(self) -> tuple[str, ...]:
        return _distinct(element.topic for element in self.of_kind("service"))

    @property
    def stages(self) -> tuple[str, ...]:
        return _distinct(element.stage for element in self.elements)

    @property
    def messages(self) -> tuple[str, ...]:
        return _distinct(element.message for element in self.elements)


def _distinct(values: Iterator[str] | Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Give a person this work."""

    token: str
    element_id: str
    name: str
    role: str
    screen: str
    outcomes: tuple[str, ...]
    share_minutes: int | None
    share_workdays: int | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Take the work back: the process went on without it."""

    token: str


@dataclass(frozen=True, slots=True)
class RunService:
    """Have a program do this and answer with `ServiceCompleted`."""

    token: str
    element_id: str
    topic: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CancelService:
    """Forget the answer of a running service."""

    token: str


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
    token: str
    name: str


@dataclass(frozen=True, slots=True)
class CancelMessage:
    token: str


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
    | ScheduleTimer
    | CancelTimer
    | AwaitMessage
    | CancelMessage
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
class MessageReceived:
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerFired:
    token: str


ProcessEvent = TaskCompleted | ServiceCompleted | MessageReceived | TimerFired


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did: the next state (plain JSON data) and what the world must now do, in order."""

    state: dict[str, Any]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class OpenElement:
    """A place where the process waits now."""

    token: str
    element_id: str
    kind: Kind
    name: str
    role: str
