"""Run a process: one event in, the next state and the commands out. Pure, deterministic, bounded.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), chapter 13: token game; 13.4 gateways; 13.5 events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from motcua.process.durations import parse_duration, parse_moment
from motcua.process.state import age, check_size, copy_state, keep_read, new_state, next_id
from motcua.process.types import (
    Assignment,
    AwaitMessage,
    CancelMessage,
    CancelService,
    CancelTask,
    CancelTimer,
    Command,
    CreateTask,
    Element,
    EndCase,
    EnterStage,
    Flow,
    Kind,
    MessageNotExpectedError,
    MessageReceived,
    OpenElement,
    OutcomeNotOfferedError,
    ProcessDefinition,
    ProcessEvent,
    ProcessStuckError,
    RunService,
    ScheduleTimer,
    ServiceCompleted,
    Step,
    TaskCompleted,
    TimerFired,
    UnknownTokenError,
)

MAX_STEPS = 10_000

_MESSAGE_KINDS: tuple[Kind, ...] = ("catch_message", "boundary_message", "receive")


def start(definition: ProcessDefinition, variables: Mapping[str, Any], *, now: datetime, at: str | None = None) -> Step:
    """Start a process, at its plain start event or at the one named by `at`.

    Raises: ProcessStuckError; KeyError for an unknown `at`.
    """
    run = _Run(definition, new_state(), now)
    run.merge(variables)
    if at is None:
        plain = [element for element in definition.starts if not element.message and element.timer is None]
        element = (plain or list(definition.starts))[0]
    else:
        element = next(element for element in definition.starts if element.id == at)
    run.queue.append((element, None))
    return run.finish()


def advance(definition: ProcessDefinition, state: Mapping[str, Any], event: ProcessEvent, *, now: datetime) -> Step:
    """Take one event and go on until every path waits or has ended.

    Raises: UnknownTokenError, OutcomeNotOfferedError, MessageNotExpectedError, ProcessStuckError.
    The given state is not changed.
    """
    run = _Run(definition, copy_state(state), now)
    if isinstance(event, TaskCompleted):
        run.complete_task(event)
    elif isinstance(event, ServiceCompleted):
        run.complete(event.token, ("service",), event.outputs)
    elif isinstance(event, TimerFired):
        run.fire_timer(event.token)
    else:
        run.receive(event)
    return run.finish()


def can_receive(definition: ProcessDefinition, state: Mapping[str, Any], message_name: str) -> bool:
    """Tell whether some step waits for this message now."""
    return _find_receiver(definition, state, message_name) is not None


def open_elements(definition: ProcessDefinition, state: Mapping[str, Any]) -> tuple[OpenElement, ...]:
    """List where the process waits now, oldest first."""
    found = []
    for token in sorted(state["tokens"], key=age):
        element = definition.by_id[state["tokens"][token]]
        found.append(OpenElement(token, element.id, element.kind, element.name, element.role))
    return tuple(found)


def _find_receiver(definition: ProcessDefinition, state: Mapping[str, Any], name: str) -> str | None:
    """Return the longest waiting token for a message: it is delivered once."""
    places = {**state["tokens"], **{token: wait[1] for token, wait in state["waits"].items()}}
    waiting = [
        token
        for token, element_id in places.items()
        if definition.by_id[element_id].kind in _MESSAGE_KINDS and definition.by_id[element_id].message == name
    ]
    return min(waiting, key=age, default=None)


class _Run:
    """One step in the making."""

    def __init__(self, definition: ProcessDefinition, state: dict[str, Any], now: datetime) -> None:
        self.definition = definition
        self.state = state
        self.now = now
        self.commands: list[Command] = []
        self.queue: deque[tuple[Element, Flow | None]] = deque()
        self.last_end: Element | None = None

    # events

    def complete_task(self, event: TaskCompleted) -> None:
        element = self.element_at(event.token, ("user",))
        outcome = event.outputs.get("outcome")
        if element.outcomes and outcome not in element.outcomes:
            raise OutcomeNotOfferedError(outcome, element.outcomes)
        self.complete(event.token, ("user",), event.outputs)

    def complete(self, token: str, kinds: tuple[Kind, ...], outputs: Mapping[str, Any]) -> None:
        element = self.element_at(token, kinds)
        del self.state["tokens"][token]
        self.cancel_waits(token)
        self.take_outputs(element, outputs)
        self.leave(element)

    def element_at(self, token: str, kinds: tuple[Kind, ...]) -> Element:
        element = self.definition.by_id.get(self.state["tokens"].get(token, ""))
        if element is None or element.kind not in kinds:
            raise UnknownTokenError(token)
        return element

    def fire_timer(self, token: str) -> None:
        wait = self.state["waits"].get(token)
        if wait is None:
            self.complete(token, ("catch_timer",), {})
            return
        element = self.definition.by_id[wait[1]]
        if element.kind not in ("boundary_timer", "catch_timer"):
            raise UnknownTokenError(token)
        self.trigger(token, element, {})

    def receive(self, event: MessageReceived) -> None:
        token = _find_receiver(self.definition, self.state, event.name)
        if token is None:
            raise MessageNotExpectedError(event.name)
        if token in self.state["tokens"]:
            self.complete(token, _MESSAGE_KINDS, event.payload)
        else:
            self.trigger(token, self.definition.by_id[self.state["waits"][token][1]], event.payload)

    def trigger(self, token: str, element: Element, payload: Mapping[str, Any]) -> None:
        """Follow an event that sat on other work or behind an event-based gateway."""
        work = self.state["waits"][token][0]
        stays = not element.interrupting and element.kind == "boundary_message"
        if not stays:
            del self.state["waits"][token]
        if element.interrupting:
            self.cancel_token(work)
        self.take_outputs(element, payload)
        self.enter_stage(element)
        self.leave(element)

    # moving

    def finish(self) -> Step:
        """Move until all wait; then settle the end, the variables and the size."""
        steps = 0
        while self.queue:
            steps += 1
            if steps > MAX_STEPS:
                raise ProcessStuckError("các bước nối vòng tròn không dừng.")
            element, via = self.queue.popleft()
            self.enter_stage(element)
            self._ENTER[element.kind](self, element, via)
        if not self.state["tokens"] and not self.state["ended"]:
            if self.state["joins"] or self.last_end is None:
                raise ProcessStuckError("một cổng song song chờ mãi nhánh không tới.")
            self.end_case(self.last_end)
        self.state["vars"] = keep_read(self.state["vars"], self.definition.paths)
        check_size(self.state)
        return Step(self.state, tuple(self.commands))

    def leave(self, element: Element) -> None:
        for flow in self.definition.outgoing.get(element.id, ()):
            self.follow(flow)

    def follow(self, flow: Flow) -> None:
        self.queue.append((self.definition.by_id[flow.target], flow))

    def enter_stage(self, element: Element) -> None:
        if element.stage and element.stage != self.state["stage"]:
            self.state["stage"] = element.stage
            self.commands.append(EnterStage(element.stage))

    def wait_at(self, element: Element) -> str:
        token = next_id(self.state)
        self.state["tokens"][token] = element.id
        return token

    def watch(self, work: str, elements: tuple[Element, ...]) -> None:
        """Wait for events on behalf of a token that waits itself."""
        for element in elements:
            token = next_id(self.state)
            self.state["waits"][token] = [work, element.id]
            self.subscribe(token, element)

    def subscribe(self, token: str, element: Element) -> None:
        if element.timer is not None:
            self.commands.append(self.schedule(token, element))
        else:
            self.commands.append(AwaitMessage(token, element.message))

    # entering each kind of element

    def enter_user(self, element: Element, _via: Flow | None) -> None:
        token = self.wait_at(element)
        self.commands.append(
            CreateTask(
                token=token,
                element_id=element.id,
                name=element.name,
                role=element.role,
                screen=element.screen,
                outcomes=element.outcomes,
                share_minutes=element.share_minutes,
                share_workdays=element.share_workdays,
                properties=element.properties,
            )
        )
        self.watch(token, self.definition.boundaries.get(element.id, ()))

    def enter_service(self, element: Element, _via: Flow | None) -> None:
        token = self.wait_at(element)
        inputs = {line.target: line.source.evaluate(self.state["vars"]) for line in element.inputs}
        self.commands.append(RunService(token, element.id, element.topic, inputs))
        self.watch(token, self.definition.boundaries.get(element.id, ()))

    def enter_catch(self, element: Element, _via: Flow | None) -> None:
        token = self.wait_at(element)
        self.subscribe(token, element)
        self.watch(token, self.definition.boundaries.get(element.id, ()))

    def enter_event_gateway(self, element: Element, _via: Flow | None) -> None:
        token = self.wait_at(element)
        flows = self.definition.outgoing[element.id]
        self.watch(token, tuple(self.definition.by_id[flow.target] for flow in flows))

    def enter_exclusive(self, element: Element, _via: Flow | None) -> None:
        flows = self.definition.outgoing[element.id]
        for flow in flows:
            if len(flows) == 1 or (flow.condition is not None and flow.condition.is_true(self.state["vars"])):
                self.follow(flow)
                return
        default = next((flow for flow in flows if flow.id == element.default_flow), None)
        if default is None:
            raise ProcessStuckError(f"không nhánh nào của cổng “{element.name or element.id}” đúng.")
        self.follow(default)

    def enter_parallel(self, element: Element, via: Flow | None) -> None:
        incoming = self.definition.incoming.get(element.id, ())
        if len(incoming) > 1 and via is not None:
            arrived = self.state["joins"].setdefault(element.id, {})
            arrived[via.id] = arrived.get(via.id, 0) + 1
            if len(arrived) < len(incoming):
                return
            left = {name: count - 1 for name, count in arrived.items() if count > 1}
            self.state["joins"][element.id] = left
            if not left:
                del self.state["joins"][element.id]
        self.leave(element)

    def enter_script(self, element: Element, _via: Flow | None) -> None:
        if element.script is not None:
            self.merge({element.script.target: element.script.source.evaluate(self.state["vars"])})
        self.leave(element)

    def enter_passing(self, element: Element, _via: Flow | None) -> None:
        self.leave(element)

    def enter_end(self, element: Element, _via: Flow | None) -> None:
        if element.outcome:
            self.state["outcome"] = element.outcome
        self.last_end = element
        if element.terminates:
            self.queue.clear()
            self.state["joins"] = {}
            for token in sorted(self.state["tokens"], key=age):
                self.cancel_token(token)
            self.end_case(element)

    _ENTER: ClassVar[dict[Kind, Callable[[_Run, Element, Flow | None], None]]] = {
        "start": enter_passing,
        "manual": enter_passing,
        "throw": enter_passing,
        "user": enter_user,
        "service": enter_service,
        "script": enter_script,
        "receive": enter_catch,
        "catch_timer": enter_catch,
        "catch_message": enter_catch,
        "event_gateway": enter_event_gateway,
        "exclusive": enter_exclusive,
        "parallel": enter_parallel,
        "end": enter_end,
    }

    # ending, cancelling, variables, timers

    def end_case(self, element: Element) -> None:
        self.state["ended"] = True
        self.commands.append(EndCase(element.id, self.state["outcome"]))

    def cancel_token(self, token: str) -> None:
        element = self.definition.by_id[self.state["tokens"].pop(token)]
        cancel = _CANCEL.get(element.kind)
        if cancel is not None:
            self.commands.append(cancel(token))
        self.cancel_waits(token)

    def cancel_waits(self, work: str) -> None:
        for token in [token for token, wait in self.state["waits"].items() if wait[0] == work]:
            _, element_id = self.state["waits"].pop(token)
            timed = self.definition.by_id[element_id].timer is not None
            self.commands.append(CancelTimer(token) if timed else CancelMessage(token))

    def take_outputs(self, element: Element, outputs: Mapping[str, Any]) -> None:
        """Merge what came back: all of it, or only what the element's output mapping names."""
        if not element.outputs:
            self.merge(outputs)
            return
        scope = {**self.state["vars"], **outputs}
        self.merge({line.target: _evaluate(line, scope) for line in element.outputs})

    def merge(self, variables: Mapping[str, Any]) -> None:
        kept = keep_read(variables, self.definition.paths)
        self.state["vars"] = {**self.state["vars"], **kept}

    def schedule(self, token: str, element: Element) -> ScheduleTimer:
        spec = element.timer
        if spec is None:
            raise ProcessStuckError(f"“{element.name or element.id}” không có hẹn giờ.")
        text = spec.value if spec.expression is None else str(spec.expression.evaluate(self.state["vars"]))
        if spec.form == "date":
            moment = parse_moment(text)
            duration = None
        else:
            duration = parse_duration(text)
            moment = duration.after(self.now) if duration is not None and spec.counts == "calendar" else None
        if moment is None and duration is None:
            raise ProcessStuckError(f"hẹn giờ “{element.name or element.id}” không tính được thời gian.")
        return ScheduleTimer(token, element.id, text if duration is not None else None, spec.counts, moment)


_CANCEL: dict[Kind, Callable[[str], Command]] = {
    "user": CancelTask,
    "service": CancelService,
    "receive": CancelMessage,
    "catch_message": CancelMessage,
    "catch_timer": CancelTimer,
}


def _evaluate(line: Assignment, scope: Mapping[str, Any]) -> Any:
    return line.source.evaluate(scope)
