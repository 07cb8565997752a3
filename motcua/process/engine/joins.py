"""Where paths meet: parallel joins count, inclusive joins ask whether anything can still arrive.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), 13.4.1 (parallel) and 13.4.3 (inclusive gateway).
"""

from __future__ import annotations

from collections.abc import Iterator

from motcua.process.engine.board import Board
from motcua.process.types import Element, Flow, ProcessDefinition


def arrive(board: Board, element: Element, via: Flow, scope: str) -> None:
    """Note that a token came to a join."""
    arrived = board.joins_of(scope).setdefault(element.id, {})
    arrived[via.id] = arrived.get(via.id, 0) + 1


def consume(board: Board, element: Element, scope: str) -> None:
    """Take one token from each incoming flow that holds one."""
    joins = board.joins_of(scope)
    left = {name: count - 1 for name, count in joins.pop(element.id).items() if count > 1}
    if left:
        joins[element.id] = left


def is_parallel_full(board: Board, element: Element, scope: str, drawing: ProcessDefinition) -> bool:
    """Tell whether every incoming flow of a parallel join holds a token."""
    return len(board.joins_of(scope).get(element.id, ())) == len(drawing.incoming[element.id])


def find_ready_inclusive(board: Board) -> tuple[Element, str] | None:
    """Return an inclusive join to which nothing more can come, with its scope."""
    for scope in _scopes_with_joins(board) if board.state["joins"] or board.scopes else ():
        drawing = board.drawing(scope)
        for gateway, arrived in board.joins_of(scope).items():
            element = drawing.by_id[gateway]
            if element.kind == "inclusive" and not _is_awaited(board, element, arrived, scope, drawing):
                return element, scope
    return None


def find_hopeless(board: Board) -> Element | None:
    """Return a join whose scope holds no other token: it waits for ever."""
    for scope in _scopes_with_joins(board) if board.state["joins"] or board.scopes else ():
        if not board.live[scope]:
            return board.drawing(scope).by_id[next(iter(board.joins_of(scope)))]
    return None


def _scopes_with_joins(board: Board) -> Iterator[str]:
    if board.state["joins"]:
        yield ""
    yield from [token for token, held in board.scopes.items() if held.get("joins")]


def _is_awaited(
    board: Board, element: Element, arrived: dict[str, int], scope: str, drawing: ProcessDefinition
) -> bool:
    """Tell whether a token elsewhere can reach an empty incoming flow, and no flow that holds one already."""
    reach = drawing.join_reach[element.id]
    places = {place for token, place in board.tokens.items() if board.scope_of(token) == scope}
    places |= board.joins_of(scope).keys() - {element.id}
    to_empty = [reach[flow.id] for flow in drawing.incoming[element.id] if flow.id not in arrived]
    to_held = [reach[flow_id] for flow_id in arrived]
    return any(
        any(place in sources for sources in to_empty) and not any(place in sources for sources in to_held)
        for place in places
    )
