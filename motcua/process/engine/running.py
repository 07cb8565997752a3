"""Run a process: one event in, the next state and the commands out. Pure, deterministic, bounded.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), chapter 13: execution semantics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.engine import joins
from motcua.process.engine.board import Board, Decide, Library
from motcua.process.engine.entering import end_here, enter, split_inclusive
from motcua.process.engine.faults import throw_error
from motcua.process.engine.moving import (
    deliver_signal,
    finish_activity,
    leave,
    release,
    reread_conditions,
    trigger,
    watch_scope,
)
from motcua.process.engine.values import take_outputs
from motcua.process.state import age, check_size, copy_state, keep_read, new_state, tidy
from motcua.process.types import (
    DecisionCompleted,
    Element,
    EndCase,
    ErrorThrown,
    MessageNotExpectedError,
    MessageReceived,
    OpenElement,
    OutcomeNotOfferedError,
    ProcessDefinition,
    ProcessEvent,
    ProcessStuckError,
    ServiceCompleted,
    SignalReceived,
    Step,
    TaskCompleted,
    TimerFired,
    UnknownTokenError,
    VariablesChanged,
)

MAX_STEPS = 10_000
_NO_LIBRARY: Library = {}
_RECEIVING = ("catch_message", "receive")
_FAILING = ("user", "service", "decision", "send", "receive", "throw", "end")


def start(
    definition: ProcessDefinition,
    variables: Mapping[str, Any],
    *,
    now: datetime,
    at: str | None = None,
    library: Library = _NO_LIBRARY,
    decide: Decide | None = None,
) -> Step:
    """Start a process, at its plain start event or at the one named by `at`.

    `library`: the processes that call activities run. `decide(decision, inputs)`: evaluates decisions in place.
    Raises: ProcessStepError; KeyError for an unknown `at`.
    """
    board = Board(definition, copy_state(new_state()), now=now, library=library, decide=decide)
    board.write("", variables)
    element = _find_start(definition, at)
    watch_scope(board, "")
    if element.kind == "start":
        board.enqueue(element, None, "")
    else:  # a receiver that begins the process: what it waits for has come
        leave(board, element, "")
    return _finish(board)


def _find_start(definition: ProcessDefinition, at: str | None) -> Element:
    if at is not None:
        found = next((element for element in definition.starts if element.id == at), None)
        if found is None:
            raise KeyError(at)
        return found
    plain = [element for element in definition.starts if not element.event and element.kind == "start"]
    return (plain or list(definition.starts))[0]


def advance(
    definition: ProcessDefinition,
    state: Mapping[str, Any],
    event: ProcessEvent,
    *,
    now: datetime,
    library: Library = _NO_LIBRARY,
    decide: Decide | None = None,
) -> Step:
    """Take one event and go on until every path waits or has ended. The given state is not changed.

    Raises: UnknownTokenError, OutcomeNotOfferedError, MessageNotExpectedError, UncaughtErrorError, ProcessStuckError,
    ComputationFailed.
    """
    board = Board(definition, copy_state(state), now=now, library=library, decide=decide)
    match event:
        case TaskCompleted():
            _complete_task(board, event)
        case ServiceCompleted():
            _complete(board, event.token, ("service", "throw", "end"), event.outputs)
        case DecisionCompleted():
            element = _find_work(board, event.token, ("decision",))
            _complete(board, event.token, ("decision",), {element.result_variable: event.result})
        case TimerFired():
            _fire_timer(board, event.token)
        case MessageReceived():
            _receive(board, event)
        case SignalReceived():
            deliver_signal(board, event.name, event.payload)
        case VariablesChanged():
            board.write("", event.variables)
        case ErrorThrown():
            _fail(board, event)
    return _finish(board)


def can_receive(
    definition: ProcessDefinition,
    state: Mapping[str, Any],
    message_name: str,
    *,
    correlation: str = "",
    library: Library = _NO_LIBRARY,
) -> bool:
    """Tell whether some step waits for this message now."""
    board = _read_only(definition, state, library)
    return _find_receiver(board, message_name, correlation) is not None


def open_elements(
    definition: ProcessDefinition, state: Mapping[str, Any], *, library: Library = _NO_LIBRARY
) -> tuple[OpenElement, ...]:
    """List the work and the events for which the process waits now, oldest first."""
    return tuple(_open(_read_only(definition, state, library)))


def _open(board: Board) -> Iterator[OpenElement]:
    for token in sorted(board.tokens, key=age):
        element = board.element_at(token)
        if element.kind in ("subprocess", "event_subprocess", "call") or board.is_body(token):
            continue
        process = board.drawing(board.scope_of(token)).key
        yield _describe(token, element, "", "" if process == board.definition.key else process)


def open_events(
    definition: ProcessDefinition, state: Mapping[str, Any], *, library: Library = _NO_LIBRARY
) -> tuple[OpenElement, ...]:
    """List what may happen beside the work: boundary events, event sub-processes, targets of event gateways."""
    board = _read_only(definition, state, library)
    found = []
    for wait in sorted(board.state["waits"], key=age):
        owner = board.state["waits"][wait][0]
        place = owner if board.waiting_for(wait).kind == "start" else board.scope_of(owner)
        process = board.drawing(place).key
        found.append(_describe(wait, board.waiting_for(wait), owner, "" if process == definition.key else process))
    return tuple(found)


def _describe(token: str, element: Element, host: str, process: str) -> OpenElement:
    return OpenElement(
        token=token,
        element_id=element.id,
        kind=element.kind,
        name=element.name,
        role=element.role,
        host=host,
        awaits=element.message or element.signal,
        process=process,
        event=element.event,
    )


def _read_only(definition: ProcessDefinition, state: Mapping[str, Any], library: Library) -> Board:
    return Board(definition, copy_state(state), now=_NEVER, library=library, decide=None)


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


# events


def _find_work(board: Board, token: str, kinds: tuple[str, ...]) -> Element:
    if token not in board.tokens or board.is_body(token):
        raise UnknownTokenError(token)
    element = board.element_at(token)
    if element.kind not in kinds:
        raise UnknownTokenError(token)
    return element


def _complete_task(board: Board, event: TaskCompleted) -> None:
    element = _find_work(board, event.token, ("user",))
    outcome = event.outputs.get("outcome")
    if element.outcomes and outcome not in element.outcomes:
        raise OutcomeNotOfferedError(outcome, element.outcomes)
    _complete(board, event.token, ("user",), event.outputs)


def _complete(board: Board, token: str, kinds: tuple[str, ...], outputs: Mapping[str, Any]) -> None:
    element = _find_work(board, token, kinds)
    take_outputs(board, element, outputs, token)
    if element.kind == "end":
        scope = board.scope_of(token)
        board.remove_token(token)
        end_here(board, element, scope)
        release(board, scope)
    else:
        finish_activity(board, token, element)


def _fire_timer(board: Board, token: str) -> None:
    if token not in board.state["waits"]:
        _complete(board, token, ("catch_timer",), {})
        return
    if board.waiting_for(token).timer is None:
        raise UnknownTokenError(token)
    trigger(board, token, {})


def _receive(board: Board, event: MessageReceived) -> None:
    token = _find_receiver(board, event.name, event.correlation)
    if token is None:
        raise MessageNotExpectedError(event.name)
    if token in board.tokens:
        _complete(board, token, _RECEIVING, event.payload)
    else:
        trigger(board, token, event.payload)


def _find_receiver(board: Board, name: str, correlation: str) -> str | None:
    """Return the longest waiting token for a message: it is delivered once."""
    waiting = [t for t in board.tokens if _is_receiver(board.element_at(t), name) and not board.is_body(t)]
    waiting += [w for w in board.state["waits"] if board.waiting_for(w).message == name]
    fitting = [t for t in waiting if board.keys.get(t, correlation) == correlation]
    return min(fitting, key=age, default=None)


def _is_receiver(element: Element, name: str) -> bool:
    return element.kind in _RECEIVING and element.message == name


def _fail(board: Board, event: ErrorThrown) -> None:
    element = _find_work(board, event.token, _FAILING)
    payload = {**event.variables, "errorCode": event.code, "errorMessage": event.message}
    throw_error(board, event.code, token=event.token, element_id=element.id, payload=payload)


# moving


def _finish(board: Board) -> Step:
    """Move until all wait; then settle the end."""
    _move(board)
    return check_and_close(board)


def check_and_close(board: Board) -> Step:
    """Settle the end, the variables and the size of a step."""
    state = board.state
    hopeless = joins.find_hopeless(board)
    if hopeless is not None and not state["ended"]:
        raise ProcessStuckError(
            N_("cổng “%(name)s” chờ mãi nhánh không tới.", name=hopeless.name or hopeless.id), hopeless.id
        )
    if not board.tokens and not state["ended"]:
        board.cancel_waits("")
        state["ended"] = True
        last = board.last_end
        board.commands.append(EndCase(last.id if last is not None else "", state["outcome"]))
    state["vars"] = keep_read(state["vars"], board.paths_of(""))
    tidy(state)
    check_size(state)
    return Step(state, tuple(board.commands))


def _move(board: Board) -> None:
    steps = 0
    while True:
        while board.queue:
            steps += 1
            if steps > MAX_STEPS:
                raise ProcessStuckError(N_("các bước nối vòng tròn không dừng."))
            element, via, scope = board.queue.popleft()
            board.moving = scope
            enter(board, element, via, scope)
            board.moving = None
            release(board, scope)
        ready = joins.find_ready_inclusive(board)
        if ready is not None:
            joins.consume(board, *ready)
            split_inclusive(board, *ready)
            continue
        if not board.is_dirty:
            return
        steps += 1
        board.is_dirty = reread_conditions(board)
