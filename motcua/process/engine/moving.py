"""How tokens move on: leaving an element, ending a scope, and events that happen beside work.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13.3 activities, 13.5 events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.engine import loops
from motcua.process.engine.board import Board
from motcua.process.engine.values import compute, holds, schedule, take_outputs
from motcua.process.state import age
from motcua.process.types import (
    AwaitMessage,
    AwaitSignal,
    Element,
    EnterStage,
    Flow,
    ProcessDefinition,
    ProcessStuckError,
)

_WAITED_FOR = ("timer", "message", "signal", "condition")


# leaving


def leave(board: Board, element: Element, scope: str) -> None:
    """Go on along the outgoing flows: all without a condition, and those whose condition holds."""
    drawing = board.drawing(scope)
    flows = drawing.outgoing.get(element.id, ())
    if len(flows) == 1 and flows[0].condition is None:
        follow(board, flows[0], scope, drawing)
        return
    if any(flow.condition is not None for flow in flows):
        flows = choose(board, element, flows, scope)
    for flow in flows:
        follow(board, flow, scope, drawing)


def choose(board: Board, element: Element, flows: Iterable[Flow], scope: str) -> tuple[Flow, ...]:
    """Return every flow that applies, else the default. Source: BPMN 2.0.2, 13.4.3; Raises: ProcessStuckError."""
    seen = board.visible(scope)
    flows = tuple(flows)
    chosen = tuple(
        flow
        for flow in flows
        if flow.id != element.default_flow and (flow.condition is None or holds(board, flow.condition, seen))
    )
    chosen = chosen or tuple(flow for flow in flows if flow.id == element.default_flow)
    if not chosen:
        raise ProcessStuckError(N_("không nhánh nào của “%(name)s” đúng.", name=element.name or element.id), element.id)
    return chosen


def follow(board: Board, flow: Flow, scope: str, drawing: ProcessDefinition) -> None:
    """Send a token along one flow."""
    board.enqueue(drawing.by_id[flow.target], flow, scope)


def enter_stage(board: Board, element: Element) -> None:
    """Say the stage that comes with an element, when it is another."""
    if element.stage and element.stage != board.state["stage"]:
        board.state["stage"] = element.stage
        board.commands.append(EnterStage(element.stage))


# ending


def finish_activity(board: Board, token: str, element: Element) -> None:
    """Take the token of finished work away and go on: to the next round of its loop, or along its flows."""
    scope = board.scope_of(token)
    if board.is_body(scope) and element.loop is not None:
        is_stopped = loops.end_round(board, element, element.loop, token, scope)
        board.remove_token(token)
        if is_stopped:
            board.cancel_inside(scope)
            board.live[scope] += 1  # the round that ends now
    else:
        board.remove_token(token)
        leave(board, element, scope)
    release(board, scope)


def release(board: Board, scope: str) -> None:
    """Count one token less in a scope; a scope without any is done. A scope that was taken back stays silent."""
    if scope and scope not in board.tokens:
        return
    board.live[scope] -= 1
    if scope and not board.live[scope] and not board.has_joins(scope):
        close_scope(board, scope)


def close_scope(board: Board, scope: str) -> None:
    """End a sub-process, called process or loop in which nothing is left."""
    element = board.element_at(scope)
    if board.is_body(scope) and element.loop is not None:
        loops.close_body(board, element.loop, scope)
        outer = board.scope_of(scope)
        board.remove_token(scope)
        leave(board, element, outer)
        release(board, outer)
        return
    outer = board.scope_of(scope)
    if element.kind == "call":
        _take_back(board, element, scope, outer)
    elif element.outputs:
        take_outputs(board, element, {}, scope)
    finish_activity(board, scope, element)


def _take_back(board: Board, element: Element, scope: str, outer: str) -> None:
    """Hand the variables of a called process to its caller, as the call says."""
    given = board.scopes[scope].get("vars", {})
    if element.outputs:
        seen = {**board.visible(outer), **given}
        mapped: dict[str, Any] = {line.target: compute(board, line.source, seen) for line in element.outputs}
        given = {**given, **mapped} if element.gives_all else mapped
    elif not element.gives_all:
        return
    if board.is_body(outer):  # a round keeps what it computed until its result is collected
        own = board.scopes[scope]
        own["vars"] = {**own.get("vars", {}), **given}
        given = {name: value for name, value in given.items() if name not in _own_names(element)}
    board.write(outer, given)


def _own_names(element: Element) -> set[str]:
    loop = element.loop
    names = {"loopCounter"}
    if loop is not None:
        names.add(loop.element_variable)
        if loop.output_element is not None:
            names |= {path[0] for path in loop.output_element.paths}
    return names


# events beside work


def watch(board: Board, work: str, scope: str) -> None:
    """Wait for the boundary events of the element on which a token stands."""
    drawing = board.drawing(scope)
    boundaries = drawing.boundaries.get(board.tokens[work])
    if boundaries:
        wait_for(board, work, (element for element in boundaries if element.event in _WAITED_FOR))


def watch_scope(board: Board, scope: str) -> None:
    """Wait for the events that start the event sub-processes of a scope."""
    drawing = board.drawing(scope)
    for inner in drawing.event_subprocesses.get(board.level_of(scope), ()):
        starts = drawing.starts_of.get(inner.id, ())
        wait_for(board, scope, (element for element in starts if element.event in _WAITED_FOR))


def wait_for(board: Board, owner: str, elements: Iterable[Element]) -> None:
    """Wait for events on behalf of a token or scope."""
    for element in elements:
        wait = board.next_id()
        board.state["waits"][wait] = [owner, element.id]
        subscribe(board, wait, element, owner)


def subscribe(board: Board, token: str, element: Element, place: str) -> None:
    """Tell the world what is waited for; conditions are read by the engine itself."""
    if element.event == "timer" or element.timer is not None:
        board.commands.append(schedule(board, token, element, place))
    elif element.event == "signal":
        board.commands.append(AwaitSignal(token, element.signal))
    elif element.event == "condition":
        board.is_dirty = True  # it may hold already
    else:
        key = ""
        if element.correlation is not None:
            key = str(compute(board, element.correlation, board.visible(place)))
            board.keys[token] = key
        board.commands.append(AwaitMessage(token, element.message, key))


def trigger(board: Board, wait: str, payload: Mapping[str, Any]) -> None:
    """Let an event happen that sat on other work, behind an event-based gateway, or at an event sub-process."""
    owner = board.state["waits"][wait][0]
    element = board.waiting_for(wait)
    if not _happens_again(board, wait, element):
        del board.state["waits"][wait]
        board.keys.pop(wait, None)
        board.cycles.pop(wait, None)
    if element.kind == "start":
        start_event_subprocess(board, element, owner, payload)
    else:
        happen_on(board, element, owner, payload)


def _happens_again(board: Board, wait: str, element: Element) -> bool:
    if element.interrupting:
        return False
    if element.event != "timer":
        return True
    left = board.cycles.get(wait, 1)
    if left in (0, 1):
        return False
    if left > 1:
        board.cycles[wait] = left - 1
    board.commands.append(schedule(board, wait, element, board.state["waits"][wait][0]))
    return True


def happen_on(board: Board, element: Element, work: str, payload: Mapping[str, Any]) -> None:
    """Follow an event that is attached to work (or stands behind a gateway); interrupting ones take the work back."""
    scope = board.scope_of(work)
    if element.interrupting:
        board.cancel_token(work)
    take_outputs(board, element, payload, scope)
    enter_stage(board, element)
    leave(board, element, scope)
    if element.interrupting:
        release(board, scope)


def start_event_subprocess(board: Board, element: Element, scope: str, payload: Mapping[str, Any]) -> None:
    """Run the event sub-process that this start event begins; an interrupting one ends all else in its scope."""
    inner = board.drawing(scope).by_id[element.parent]
    if element.interrupting:
        board.cancel_waits(scope, only_inner=True)
        board.cancel_inside(scope)
    token = open_scope(board, inner, scope)
    enter_stage(board, inner)
    enter_stage(board, element)
    take_outputs(board, element, payload, token)
    leave(board, element, token)


def open_scope(board: Board, element: Element, scope: str) -> str:
    """Put a token on a sub-process, to hold what runs in it."""
    token = board.add_token(element, scope)
    board.scopes.setdefault(token, {})
    return token


def deliver_signal(board: Board, name: str, payload: Mapping[str, Any]) -> None:
    """Let every listener of this case hear a signal. Source: BPMN 2.0.2, 10.5.5.11."""
    listening = [t for t in board.tokens if board.element_at(t).kind == "catch_signal"]
    listening += [w for w in board.state["waits"] if board.waiting_for(w).event == "signal"]
    for token in sorted(listening, key=age):
        if token in board.state["waits"]:
            if board.waiting_for(token).signal == name:
                trigger(board, token, payload)
        elif token in board.tokens and board.element_at(token).signal == name:
            element = board.element_at(token)
            take_outputs(board, element, payload, token)
            finish_activity(board, token, element)


def reread_conditions(board: Board) -> bool:
    """Let one conditional event happen whose condition became true; false when none did.

    Source: BPMN 2.0.2, 10.5.5.4: it happens when the condition turns from false to true.
    """
    for token in [t for t in sorted(board.tokens, key=age) if board.element_at(t).kind == "catch_condition"]:
        element = board.element_at(token)
        if element.condition is not None and holds(board, element.condition, board.visible(token)):
            finish_activity(board, token, element)
            return True
    waits = board.state["waits"]
    for wait in sorted(waits, key=age):
        element = board.waiting_for(wait)
        if element.condition is None or element.event != "condition":
            continue
        was_true = len(waits[wait]) > 2 and waits[wait][2]
        is_true = holds(board, element.condition, board.visible(waits[wait][0]))
        if is_true != was_true:
            waits[wait] = [*waits[wait][:2], True] if is_true else waits[wait][:2]
        if is_true and not was_true:
            trigger(board, wait, {})
            return True
    return False
