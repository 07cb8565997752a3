"""What happens when a token enters an element, kind by kind.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13.3 activities, 13.4 gateways, 13.5 events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.engine import joins, loops
from motcua.process.engine.board import Board
from motcua.process.engine.faults import raise_escalation, throw_error
from motcua.process.engine.moving import (
    choose,
    close_scope,
    deliver_signal,
    enter_stage,
    finish_activity,
    follow,
    leave,
    open_scope,
    subscribe,
    wait_for,
    watch,
    watch_scope,
)
from motcua.process.engine.values import compute, compute_script, holds, read_inputs, take_outputs
from motcua.process.types import (
    BroadcastSignal,
    ComputationFailed,
    CreateTask,
    Element,
    Flow,
    Kind,
    ProcessStuckError,
    RunDecision,
    RunService,
    SendMessage,
)

MAX_NESTING = 30

Begin = Callable[[Board, Element, str, str], None]
Enter = Callable[[Board, Element, Flow | None, str], None]


def enter(board: Board, element: Element, via: Flow | None, scope: str) -> None:
    """Let a token enter an element."""
    begin = _BEGIN.get(element.kind)
    if begin is None:
        enter_stage(board, element)
        _ENTER[element.kind](board, element, via, scope)
        return
    loop = element.loop
    if loop is None:
        enter_stage(board, element)
        begin(board, element, scope, "")
    elif board.is_body(scope) and board.tokens[scope] == element.id:
        index, own = loops.next_round(board, element, loop, scope)
        token = board.add_token(element, scope)
        board.scopes[token] = {"i": index}
        board.rounds[token] = own
        board.set_own(token, own)
        begin(board, element, scope, token)
    else:
        enter_stage(board, element)
        body = board.add_token(element, scope)
        loops.open_body(board, element, loop, body)
        watch(board, body, scope)
        if not board.live[body]:
            close_scope(board, body)


# activities: `token` is given for a round of a loop, else made when the work has to wait


def _done(board: Board, element: Element, scope: str, token: str) -> None:
    """Go on at once: the work needed no waiting."""
    if token:
        finish_activity(board, token, element)
    else:
        leave(board, element, scope)


def _wait(board: Board, element: Element, scope: str, token: str) -> str:
    return token or board.add_token(element, scope)


def _watch(board: Board, token: str, scope: str) -> None:
    """Boundary events of a round sit on its whole loop."""
    if not board.is_body(scope):
        watch(board, token, scope)


def _own(board: Board, token: str) -> Mapping[str, Any]:
    """Return the variables of a round, for whoever does it."""
    return board.rounds.get(token, {})


def _begin_user(board: Board, element: Element, scope: str, token: str) -> None:
    token = _wait(board, element, scope, token)
    board.commands.append(
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
            inputs={**_own(board, token), **read_inputs(board, element, token)},
            due="" if element.due is None else str(compute(board, element.due, board.visible(token)) or ""),
        )
    )
    _watch(board, token, scope)


def _begin_service(board: Board, element: Element, scope: str, token: str) -> None:
    token = _wait(board, element, scope, token)
    inputs = {**_own(board, token), **read_inputs(board, element, token)}
    board.commands.append(RunService(token, element.id, element.topic, inputs))
    _watch(board, token, scope)


def _begin_decision(board: Board, element: Element, scope: str, token: str) -> None:
    place = token or scope
    inputs = read_inputs(board, element, place) if element.inputs else dict(board.visible(place))
    if board.decide is not None:
        take_outputs(board, element, {element.result_variable: board.decide(element.decision, inputs)}, place)
        _done(board, element, scope, token)
        return
    token = _wait(board, element, scope, token)
    board.commands.append(RunDecision(token, element.id, element.decision, inputs, element.result_variable))
    _watch(board, token, scope)


def _begin_script(board: Board, element: Element, scope: str, token: str) -> None:
    place = token or scope
    if element.script is not None:
        seen = {**board.visible(place), **read_inputs(board, element, place)}
        value = compute_script(board, element, element.script, seen)
        take_outputs(board, element, {element.script.target: value}, place)
    _done(board, element, scope, token)


def _begin_manual(board: Board, element: Element, scope: str, token: str) -> None:
    if element.outputs:
        take_outputs(board, element, {}, token or scope)
    _done(board, element, scope, token)


def _begin_send(board: Board, element: Element, scope: str, token: str) -> None:
    _send(board, element, token or scope)
    _begin_manual(board, element, scope, token)


def _begin_receive(board: Board, element: Element, scope: str, token: str) -> None:
    token = _wait(board, element, scope, token)
    subscribe(board, token, element, token)
    _watch(board, token, scope)


def _begin_subprocess(board: Board, element: Element, scope: str, token: str) -> None:
    _check_nesting(board, element, scope)
    given = read_inputs(board, element, token or scope)
    token = token or open_scope(board, element, scope)
    board.scopes.setdefault(token, {})
    if given:
        board.set_own(token, given)
    _watch(board, token, scope)
    watch_scope(board, token)
    (start,) = board.drawing(scope).starts_of[element.id][:1]
    board.enqueue(start, None, token)


def _begin_call(board: Board, element: Element, scope: str, token: str) -> None:
    _check_nesting(board, element, scope)
    called = board.get_called(element.called, element.id)
    place = token or scope
    given = dict(board.visible(place)) if element.takes_all else dict(_own(board, token))
    given.update(read_inputs(board, element, place))
    token = token or open_scope(board, element, scope)
    board.scopes[token] = {**board.scopes[token], "p": element.called, "vars": {}}
    board.set_own(token, given)
    _watch(board, token, scope)
    watch_scope(board, token)
    plain = [start for start in called.starts if not start.event]
    if not plain:
        raise ProcessStuckError(
            N_("quy trình được gọi “%(key)s” không có điểm bắt đầu thường.", key=called.key), element.id
        )
    board.enqueue(plain[0], None, token)


def _check_nesting(board: Board, element: Element, scope: str) -> None:
    if board.depth_of(scope) >= MAX_NESTING:
        raise ProcessStuckError(N_("quy trình con lồng nhau quá sâu hoặc gọi vòng tròn."), element.id)


# gateways


def _enter_exclusive(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    drawing = board.drawing(scope)
    flows = drawing.outgoing[element.id]
    if len(flows) == 1:
        follow(board, flows[0], scope, drawing)
        return
    seen = board.visible(scope)
    for flow in flows:
        if flow.id != element.default_flow and flow.condition is not None and holds(board, flow.condition, seen):
            follow(board, flow, scope, drawing)
            return
    default = next((flow for flow in flows if flow.id == element.default_flow), None)
    if default is None:
        raise ProcessStuckError(
            N_("không nhánh nào của cổng “%(name)s” đúng.", name=element.name or element.id), element.id
        )
    follow(board, default, scope, drawing)


def _enter_parallel(board: Board, element: Element, via: Flow | None, scope: str) -> None:
    drawing = board.drawing(scope)
    if via is not None and len(drawing.incoming.get(element.id, ())) > 1:
        joins.arrive(board, element, via, scope)
        if not joins.is_parallel_full(board, element, scope, drawing):
            return
        joins.consume(board, element, scope)
    for flow in drawing.outgoing[element.id]:
        follow(board, flow, scope, drawing)


def _enter_inclusive(board: Board, element: Element, via: Flow | None, scope: str) -> None:
    if via is not None and element.id in board.drawing(scope).join_reach:
        joins.arrive(board, element, via, scope)
        return
    split_inclusive(board, element, scope)


def split_inclusive(board: Board, element: Element, scope: str) -> None:
    """Follow every outgoing flow that applies."""
    drawing = board.drawing(scope)
    flows = drawing.outgoing[element.id]
    for flow in flows if len(flows) == 1 else choose(board, element, flows, scope):
        follow(board, flow, scope, drawing)


def _enter_event_gateway(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    token = board.add_token(element, scope)
    drawing = board.drawing(scope)
    wait_for(board, token, [drawing.by_id[flow.target] for flow in drawing.outgoing[element.id]])


# events


def _enter_passing(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    leave(board, element, scope)


def _enter_catch(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    token = board.add_token(element, scope)
    subscribe(board, token, element, token)


def _enter_throw(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    if element.topic:
        _begin_service(board, element, scope, "")
        return
    if element.event == "link":
        target = board.drawing(scope).links[(element.parent, element.link)]
        board.enqueue(target, None, scope)
        return
    if element.outputs:
        take_outputs(board, element, {}, scope)
    leave(board, element, scope)
    throw(board, element, scope)


def throw(board: Board, element: Element, scope: str) -> None:
    """Throw what a throw or end event throws; whoever catches it may take the thrower's scope back."""
    if element.event == "message":
        _send(board, element, scope)
    elif element.event == "signal":
        payload = read_inputs(board, element, scope)
        board.commands.append(BroadcastSignal(element.id, element.signal, payload))
        deliver_signal(board, element.signal, payload)
    elif element.event == "escalation":
        raise_escalation(board, element, scope)
    elif element.event == "error":
        payload = {"errorCode": element.code, "errorMessage": element.name, **read_inputs(board, element, scope)}
        throw_error(board, element.code, scope=scope, element_id=element.id, payload=payload)


def _send(board: Board, element: Element, place: str) -> None:
    key = ""
    if element.correlation is not None:
        value = compute(board, element.correlation, board.visible(place))
        if value is None:
            raise ComputationFailed(element.id, N_("khóa tương ứng của tin nhắn còn trống."))
        key = str(value)
    payload = read_inputs(board, element, place)
    board.commands.append(SendMessage(element.id, element.message, payload, key, element.sends_to))


def _enter_end(board: Board, element: Element, _via: Flow | None, scope: str) -> None:
    if element.topic:
        _begin_service(board, element, scope, "")
        return
    end_here(board, element, scope)


def end_here(board: Board, element: Element, scope: str) -> None:
    """End a path; a terminate event ends all of its scope. Source: BPMN 2.0.2, 13.5.6."""
    if board.drawing(scope) is board.definition:
        if element.outcome:
            board.state["outcome"] = element.outcome
        board.last_end = element
    if element.outputs:
        take_outputs(board, element, {}, scope)
    if element.terminates:
        board.cancel_waits(scope, only_inner=True)
        board.cancel_inside(scope)
        board.live[scope] = 1  # this very path, which ends now
    else:
        throw(board, element, scope)


_BEGIN: dict[Kind, Begin] = {
    "user": _begin_user,
    "service": _begin_service,
    "decision": _begin_decision,
    "script": _begin_script,
    "manual": _begin_manual,
    "send": _begin_send,
    "receive": _begin_receive,
    "subprocess": _begin_subprocess,
    "call": _begin_call,
}
_ENTER: dict[Kind, Enter] = {
    "start": _enter_passing,
    "throw": _enter_throw,
    "catch_link": _enter_passing,
    "catch_timer": _enter_catch,
    "catch_message": _enter_catch,
    "catch_signal": _enter_catch,
    "catch_condition": _enter_catch,
    "event_gateway": _enter_event_gateway,
    "exclusive": _enter_exclusive,
    "parallel": _enter_parallel,
    "inclusive": _enter_inclusive,
    "end": _enter_end,
}
