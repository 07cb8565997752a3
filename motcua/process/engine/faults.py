"""Errors and escalations: who catches them, looking outwards from where they are thrown.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 10.5.6 (handling events) and 13.5.4 (error and escalation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from motcua.process.engine.board import Board
from motcua.process.engine.moving import happen_on, start_event_subprocess
from motcua.process.types import Element, EscalationRaised, UncaughtErrorError

_Catch = Callable[[], None]


def throw_error(
    board: Board, code: str, *, token: str = "", scope: str = "", element_id: str, payload: Mapping[str, Any]
) -> None:
    """Give an error to whoever catches it. Raises: UncaughtErrorError."""
    catch = _find_catcher(board, "error", code, token, scope, payload)
    if catch is None:
        raise UncaughtErrorError(code, element_id)
    catch()


def raise_escalation(board: Board, element: Element, scope: str) -> None:
    """Give an escalation to whoever catches it; nobody is no fault."""
    catch = _find_catcher(board, "escalation", element.code, "", scope, {"escalationCode": element.code})
    board.commands.append(EscalationRaised(element.id, element.code, catch is not None))
    if catch is not None:
        catch()


def _find_catcher(
    board: Board, event: str, code: str, token: str, scope: str, payload: Mapping[str, Any]
) -> _Catch | None:
    if token:
        host = _host_of(board, token)
        caught = _match(board.drawing(board.scope_of(host)).boundaries.get(board.tokens[host], ()), event, code)
        if caught is not None:
            return lambda: happen_on(board, caught, host, payload)
        scope = board.scope_of(host)
    is_handling = False
    while True:
        if not is_handling:
            started = _find_start(board, event, code, scope)
            if started is not None:
                inner, place = started, scope
                return lambda: start_event_subprocess(board, inner, place, payload)
        if not scope:
            return None
        is_handling = board.element_at(scope).kind == "event_subprocess"  # a handler does not catch its own fault
        outer = _host_of(board, scope)
        found = _match(board.drawing(board.scope_of(outer)).boundaries.get(board.tokens[outer], ()), event, code)
        if found is not None:
            event_on, work = found, outer
            return lambda: happen_on(board, event_on, work, payload)
        scope = board.scope_of(outer)


def _host_of(board: Board, token: str) -> str:
    """Return the token on which boundary events sit: of a round, its whole loop."""
    scope = board.scope_of(token)
    return scope if board.is_body(scope) else token


def _find_start(board: Board, event: str, code: str, scope: str) -> Element | None:
    if board.is_body(scope):
        return None
    drawing = board.drawing(scope)
    inner = drawing.event_subprocesses.get(board.level_of(scope), ())
    return _match([start for one in inner for start in drawing.starts_of.get(one.id, ())], event, code)


def _match(elements: Iterable[Element], event: str, code: str) -> Element | None:
    """Return the catcher of exactly this code, else one that catches all."""
    fitting = [element for element in elements if element.event == event and element.code in ("", code)]
    return max(fitting, key=lambda element: element.code == code, default=None)
