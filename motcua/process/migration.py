"""Move a running case to another version of its process: the written rule's pure part.

A token moves when its target is of the same kind and lies in the moved scope; events beside work are waited for anew
or given up as the new drawing says. What cannot move is refused whole: a case is never half on a version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.engine.board import Board, Library
from motcua.process.engine.moving import wait_for
from motcua.process.engine.running import check_and_close
from motcua.process.state import age, copy_state
from motcua.process.types import Element, MigrationRefused, ProcessDefinition, Step

_BESIDE = ("timer", "message", "signal", "condition")
_NO_LIBRARY: Library = {}


def migrate_state(
    old: ProcessDefinition,
    new: ProcessDefinition,
    state: Mapping[str, Any],
    element_map: Mapping[str, str],
    *,
    now: datetime,
    library: Library = _NO_LIBRARY,
) -> Step:
    """Return the state on the new version, and what the world must now do (timers and messages that come or go).

    `element_map`: old element id -> new one, where they differ; flows into joins are mapped the same way.
    The given state is not changed. Raises: MigrationRefused, with every waiting place that has no target.
    """
    copied = copy_state(state)
    if copied["ended"]:
        raise MigrationRefused(N_("hồ sơ đã kết thúc."))
    before = Board(old, copy_state(state), now=now, library=library, decide=None)
    after = Board(new, copied, now=now, library=library, decide=None)
    _move_tokens(before, after, element_map)
    _move_joins(before, after, element_map)
    _move_waits(before, after, element_map)
    return check_and_close(after)


def _target(element: Element, element_map: Mapping[str, str], new: ProcessDefinition) -> Element | None:
    found = new.by_id.get(element_map.get(element.id, element.id))
    return found if found is not None and found.kind == element.kind else None


def _move_tokens(before: Board, after: Board, element_map: Mapping[str, str]) -> None:
    lost = []
    for token in sorted(before.tokens, key=age):
        if before.drawing(before.scope_of(token)) is not before.definition:
            continue  # inside a called process, which stays on its own version
        element = before.element_at(token)
        target = _target(element, element_map, after.definition)
        if target is None or not _fits(before, element, target, token, element_map):
            lost.append(element.id)
        else:
            after.tokens[token] = target.id
    if lost:
        names = ", ".join(f"“{before.definition.by_id[place].name or place}”" for place in dict.fromkeys(lost))
        raise MigrationRefused(
            N_("bước đang chờ %(names)s không có bước cùng loại ở phiên bản mới.", names=names), tuple(lost)
        )


def _fits(before: Board, old: Element, new: Element, token: str, element_map: Mapping[str, str]) -> bool:
    """Tell whether the target lies in the moved scope, loops in the same way and calls the same process."""
    outer = before.level_of(before.scope_of(token)) if not before.is_body(before.scope_of(token)) else old.parent
    forms = [None if one.loop is None else one.loop.form for one in (old, new)]
    return new.parent == element_map.get(outer, outer) and forms[0] == forms[1] and old.called == new.called


def _move_joins(before: Board, after: Board, element_map: Mapping[str, str]) -> None:
    for scope in ["", *before.scopes]:
        if not before.has_joins(scope) or before.drawing(scope) is not before.definition:
            continue
        joins = after.joins_of(scope)
        arrivals = dict(joins)
        joins.clear()
        for gateway, arrived in arrivals.items():
            target = _target(before.definition.by_id[gateway], element_map, after.definition)
            flows = {element_map.get(flow, flow): count for flow, count in arrived.items()}
            known = set() if target is None else {flow.id for flow in after.definition.incoming.get(target.id, ())}
            if target is None or not flows.keys() <= known:
                name = before.definition.by_id[gateway].name or gateway
                raise MigrationRefused(
                    N_("cổng “%(name)s” đang giữ nhánh đã tới mà phiên bản mới không có.", name=name), (gateway,)
                )
            joins[target.id] = flows


def _move_waits(before: Board, after: Board, element_map: Mapping[str, str]) -> None:
    """Keep the events that the new drawing has too, give up the others, and wait for its own."""
    waits: dict[str, list[Any]] = after.state["waits"]
    kept: dict[str, set[str]] = {}
    for wait in sorted(before.state["waits"], key=age):
        owner = before.state["waits"][wait][0]
        element = before.waiting_for(wait)
        is_foreign = (
            before.drawing(owner if element.kind == "start" else before.scope_of(owner)) is not before.definition
        )
        if is_foreign:
            continue
        target = _target(element, element_map, after.definition)
        if target is not None and target.id in _expected(after, owner) and target.interrupting == element.interrupting:
            waits[wait] = [owner, target.id, *waits[wait][2:]]
            kept.setdefault(owner, set()).add(target.id)
        else:
            _give_up(after, wait, element)
    for owner in ["", *sorted(after.tokens, key=age)]:
        if owner and after.drawing(after.scope_of(owner)) is not after.definition:
            continue
        happened = {element_map.get(one, one) for one in _happened(before, owner)}
        missing = _expected(after, owner) - kept.get(owner, set()) - happened
        wait_for(after, owner, [one for one in after.definition.elements if one.id in missing])


def _happened(before: Board, owner: str) -> set[str]:
    """Return the events beside a token that came once already: a reminder sent is not sent again after the move."""
    return _expected(before, owner) - {held[1] for held in before.state["waits"].values() if held[0] == owner}


def _give_up(after: Board, wait: str, element: Element) -> None:
    del after.state["waits"][wait]
    after.keys.pop(wait, None)
    after.cycles.pop(wait, None)
    after.say_stopped(wait, element)


def _expected(board: Board, owner: str) -> set[str]:
    """Return the events that should be waited for beside a token, or in the scope it holds."""
    drawing, found = board.definition, set[str]()
    element = drawing.by_id[board.tokens[owner]] if owner else None
    is_round = bool(owner) and board.is_body(board.scope_of(owner))
    if element is not None and not is_round:
        found |= {one.id for one in drawing.boundaries.get(element.id, ()) if one.event in _BESIDE}
        if element.kind == "event_gateway":
            found |= {flow.target for flow in drawing.outgoing.get(element.id, ())}
    holds_scope = element is None or (element.kind in ("subprocess", "event_subprocess") and not board.is_body(owner))
    if holds_scope:
        for inner in drawing.event_subprocesses.get(element.id if element else "", ()):
            if not _is_running(board, inner, owner):
                found |= {one.id for one in drawing.starts_of.get(inner.id, ()) if one.event in _BESIDE}
    return found


def _is_running(board: Board, inner: Element, scope: str) -> bool:
    """An interrupting handler that runs already is not waited for again."""
    return any(
        place == inner.id and board.scope_of(token) == scope and board.definition.starts_of[inner.id][0].interrupting
        for token, place in board.tokens.items()
    )
