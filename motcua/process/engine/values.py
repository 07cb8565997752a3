"""Compute what a drawing says: mappings, conditions, counts and times. What cannot be is named, not guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.durations import parse_cycle, parse_duration, parse_moment
from motcua.process.engine.board import Board
from motcua.process.feel import Expression, FeelIssue
from motcua.process.state import MAX_TOKENS, plain
from motcua.process.types import Assignment, ComputationFailed, Element, ProcessStuckError, ScheduleTimer


def compute(board: Board, expression: Expression, variables: Mapping[str, Any]) -> Any:
    """Return the value of an expression as JSON data; null where it has none. `today()` is the day of the step."""
    return plain(expression.evaluate(variables, now=board.local_now))


def compute_script(board: Board, element: Element, script: Assignment, variables: Mapping[str, Any]) -> Any:
    """Return what a script gives. Raises: ComputationFailed when it gives nothing because something went wrong."""
    issues: list[FeelIssue] = []
    value = plain(script.source.evaluate(variables, issues=issues, now=board.local_now))
    if value is None and issues:
        raise ComputationFailed(element.id, issues[0].message_vi)
    return value


def holds(board: Board, condition: Expression, variables: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true; unknown is not."""
    return condition.is_true(variables, now=board.local_now)


def map_all(board: Board, lines: Iterable[Assignment], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Compute a mapping line by line; a target with dots sets a part of a variable."""
    found: dict[str, Any] = {}
    for line in lines:
        *parts, last = line.target.split(".")
        holder = found
        for part in parts:
            inner = holder.get(part)
            holder[part] = holder = dict(inner) if isinstance(inner, dict) else {}
        holder[last] = compute(board, line.source, variables)
    return found


def read_inputs(board: Board, element: Element, place: str) -> dict[str, Any]:
    """Return what the input mapping of an element gives it."""
    return map_all(board, element.inputs, board.visible(place)) if element.inputs else {}


def take_outputs(board: Board, element: Element, outputs: Mapping[str, Any], place: str) -> None:
    """Merge what came back: all of it, or only what the element's output mapping names."""
    if element.outputs:
        seen = board.visible(place)
        known = {**seen, **map_all(board, element.inputs, seen), **outputs}
        outputs = map_all(board, element.outputs, known)
    if outputs:
        board.write(place, outputs)


def count_of(element: Element, value: Any) -> int:
    """Return a number of rounds; Raises: ComputationFailed, ProcessStuckError above the limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or value < 0:
        raise ComputationFailed(element.id, N_("số lần làm phải là một số nguyên không âm."))
    if value > MAX_TOKENS:
        raise ProcessStuckError(
            N_("“%(name)s” lặp quá %(max_tokens)s lần.", name=element.name or element.id, max_tokens=MAX_TOKENS),
            element.id,
        )
    return int(value)


def schedule(board: Board, token: str, element: Element, place: str) -> ScheduleTimer:
    """Say when a timer is due. Source: BPMN 2.0.2, 10.5.5.12.

    Raises: ComputationFailed.
    """
    spec = element.timer
    if spec is None:
        raise ComputationFailed(element.id, N_("chưa có hẹn giờ."))
    computed = None if spec.expression is None else compute(board, spec.expression, board.visible(place))
    text = spec.value if spec.expression is None else str(computed)
    moment = None
    if spec.form == "cycle":
        cycle = parse_cycle(text)
        if cycle is None:
            raise ComputationFailed(element.id, N_("hẹn giờ lặp không tính được thời gian."))
        is_first = token not in board.cycles
        if is_first:
            board.cycles[token] = cycle.times
        text, moment = cycle.interval_iso, cycle.starts_at if is_first else None
    elif spec.form == "date":
        moment = parse_moment(text)
    duration = parse_duration(text) if spec.form != "date" else None
    if moment is None and duration is not None and spec.counts == "calendar":
        moment = duration.after(board.now)
    if moment is None and duration is None:
        raise ComputationFailed(element.id, N_("hẹn giờ không tính được thời gian."))
    return ScheduleTimer(token, element.id, text if duration is not None else None, spec.counts, moment)
