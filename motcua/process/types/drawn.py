"""A drawing as it is run: elements, flows, and what hangs on them. Plain frozen data.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), chapter 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from motcua.process.feel import Expression

Kind = Literal[
    "start",
    "end",
    "user",
    "service",
    "script",
    "decision",
    "send",
    "manual",
    "receive",
    "exclusive",
    "inclusive",
    "parallel",
    "event_gateway",
    "catch_timer",
    "catch_message",
    "catch_signal",
    "catch_condition",
    "catch_link",
    "throw",
    "boundary_timer",
    "boundary_message",
    "boundary_signal",
    "boundary_condition",
    "boundary_error",
    "boundary_escalation",
    "subprocess",
    "event_subprocess",
    "call",
]
EventKind = Literal["", "timer", "message", "signal", "condition", "error", "escalation", "link", "terminate"]
Counts = Literal["workday", "calendar"]


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
    """When a timer is due: `value` is an ISO 8601 duration, date or cycle (R3/PT1H), or comes from `expression`."""

    form: Literal["duration", "date", "cycle"]
    value: str
    expression: Expression | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of an input or output mapping."""

    target: str
    source: Expression


@dataclass(frozen=True, slots=True)
class Loop:
    """An activity done several times. Source: BPMN 2.0.2, 10.3.7 (loop and multi-instance characteristics).

    `form`: "parallel" and "sequential" are multi-instance, "standard" repeats while `condition` holds.
    `condition`: the completion condition of a multi-instance, the loop condition of a standard loop.
    """

    form: Literal["parallel", "sequential", "standard"]
    cardinality: Expression | None = None
    collection: Expression | None = None
    element_variable: str = ""
    output_collection: str = ""
    output_element: Expression | None = None
    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the process, with everything the engine and the screens need of it.

    `parent`: the sub-process it lies in, empty at the top. `event`: what the event waits for or throws.
    `message`, `signal`, `link`: names; `code`: the error or escalation code, empty catches all.
    `called`: the process that a call activity runs; `decision`: the decision that a business-rule task asks.
    `takes_all`, `gives_all`: a call activity hands in or takes back every variable.
    `instantiates`: a receive task or event-based gateway without incoming flow that begins a process.
    """

    id: str
    kind: Kind
    name: str
    parent: str = ""
    event: EventKind = ""
    role: str = ""
    lane: str = ""
    screen: str = ""
    topic: str = ""
    message: str = ""
    signal: str = ""
    link: str = ""
    code: str = ""
    correlation: Expression | None = None
    sends_to: str = ""
    outcomes: tuple[str, ...] = ()
    stage: str = ""
    outcome: str = ""
    share_minutes: int | None = None
    share_workdays: int | None = None
    timer: TimerSpec | None = None
    condition: Expression | None = None
    due: Expression | None = None
    script: Assignment | None = None
    decision: str = ""
    result_variable: str = ""
    called: str = ""
    takes_all: bool = False
    gives_all: bool = False
    loop: Loop | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    attached_to: str = ""
    interrupting: bool = True
    terminates: bool = False
    instantiates: bool = False
    default_flow: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataObject:
    """A data object: a variable of the case that the drawing names. Source: BPMN 2.0.2, 10.4.1."""

    id: str
    name: str
    is_collection: bool
    parent: str = ""


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message between two pools; `sender` and `receiver` are element ids or keys of processes."""

    id: str
    name: str
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """A checked process; `parse_process` makes it, nothing else should.

    `elements` holds every node, those inside sub-processes too (`Element.parent` says where); ids are unique.
    `starts_of` and `event_subprocesses` are keyed by the parent's id, empty for the top.
    `join_reach`: for each inclusive join, by incoming flow, the elements from which that flow can still be reached.
    """

    key: str
    name: str
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    paths: frozenset[tuple[str, ...]]
    by_id: Mapping[str, Element]
    outgoing: Mapping[str, tuple[Flow, ...]]
    incoming: Mapping[str, tuple[Flow, ...]]
    boundaries: Mapping[str, tuple[Element, ...]]
    starts_of: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    event_subprocesses: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    links: Mapping[tuple[str, str], Element] = field(default_factory=dict)
    join_reach: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    data: tuple[DataObject, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    pool: str = ""
    has_conditions: bool = False

    def get_element(self, element_id: str) -> Element:
        """Return the element; Raises: KeyError."""
        return self.by_id[element_id]

    def of_kind(self, *kinds: Kind) -> Iterator[Element]:
        """Yield the elements of these kinds, in the order of the file, those of sub-processes included."""
        return (element for element in self.elements if element.kind in kinds)

    def children_of(self, parent: str) -> Iterator[Element]:
        """Yield the elements that lie directly in this sub-process (empty: at the top)."""
        return (element for element in self.elements if element.parent == parent)

    @property
    def starts(self) -> tuple[Element, ...]:
        """The events by which the process begins: start events at the top, and instantiating receivers."""
        return self.starts_of.get("", ())

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
        """Names of the messages that the process waits for."""
        return _distinct(element.message for element in self.elements if element.kind not in ("throw", "send", "end"))

    @property
    def sent_messages(self) -> tuple[str, ...]:
        """Names of the messages that the process sends."""
        return _distinct(element.message for element in self.of_kind("throw", "send", "end"))

    @property
    def decisions(self) -> tuple[str, ...]:
        """Ids of the decisions that the process asks."""
        return _distinct(element.decision for element in self.of_kind("decision"))

    @property
    def called_processes(self) -> tuple[str, ...]:
        """Keys of the processes that the process calls."""
        return _distinct(element.called for element in self.of_kind("call"))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
