"""How points and ranges lie to each other (Allen's relations). Source: OMG DMN 1.5, 10.3.4.9 and table 79."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from motcua.process.feel import syntax
from motcua.process.feel.errors import FeelError
from motcua.process.feel.operators import order, within
from motcua.process.feel.registry import builtin
from motcua.process.feel.values import Range, kind_of


class _NoOrderError(Exception):
    """The ends cannot be compared."""


def _compare(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise _NoOrderError
    return found


# An end as a key: a value, then -1/0/1 for just below, at, or just above it; None is beyond every value.
_Bound = tuple[Any, int, int]


def _start(value: Range) -> _Bound:
    return (value.start, 0 if value.start_included else 1, -1 if value.start is None else 0)


def _end(value: Range) -> _Bound:
    return (value.end, 0 if value.end_included else -1, 1 if value.end is None else 0)


def _at(point: Any) -> _Bound:
    return (point, 0, 0)


def _bounds(left: _Bound, right: _Bound) -> int:
    if left[2] or right[2]:
        return (left[2] > right[2]) - (left[2] < right[2])
    found = _compare(left[0], right[0])
    return found or (left[1] > right[1]) - (left[1] < right[1])


def _relation(name: str, signature: str) -> Callable[[Callable[[Any, Any], bool]], Callable[[Any, Any], bool]]:
    def register(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        def run(left: Any, right: Any) -> bool | None:
            try:
                return test(left, right)
            except _NoOrderError:
                return None

        builtin(name, signature)(run)
        return test

    return register


_POINTS, _RANGES = "point1: point, point2: point", "range1: range, range2: range"
_POINT_RANGE, _RANGE_POINT = "point: point, range: range", "range: range, point: point"


@_relation("before", _POINTS)
def _point_before(left: Any, right: Any) -> bool:
    return _compare(left, right) < 0


@_relation("before", _POINT_RANGE)
def _point_before_range(point: Any, interval: Range) -> bool:
    return _bounds(_at(point), _start(interval)) < 0


@_relation("before", _RANGE_POINT)
def _range_before_point(interval: Range, point: Any) -> bool:
    return _bounds(_end(interval), _at(point)) < 0


@_relation("before", _RANGES)
def _before(left: Range, right: Range) -> bool:
    return _bounds(_end(left), _start(right)) < 0


_relation("after", _POINTS)(lambda left, right: _point_before(right, left))
_relation("after", _POINT_RANGE)(lambda point, interval: _range_before_point(interval, point))
_relation("after", _RANGE_POINT)(lambda interval, point: _point_before_range(point, interval))
_relation("after", _RANGES)(lambda left, right: _before(right, left))


@_relation("meets", _RANGES)
def _meets(left: Range, right: Range) -> bool:
    if left.end is None or right.start is None:
        return False
    return left.end_included and right.start_included and _compare(left.end, right.start) == 0


_relation("met by", _RANGES)(lambda left, right: _meets(right, left))


@_relation("overlaps", _RANGES)
def _overlaps(left: Range, right: Range) -> bool:
    return _shares(left, right) and _shares(right, left)


def _shares(left: Range, right: Range) -> bool:
    """Tell whether the left ends beyond the right's start, or both hold that very point."""
    if left.end is None or right.start is None:
        return True
    found = _compare(left.end, right.start)
    return found > 0 or (found == 0 and left.end_included and right.start_included)


@_relation("overlaps before", _RANGES)
def _overlaps_before(left: Range, right: Range) -> bool:
    return _bounds(_start(left), _start(right)) < 0 and _shares(left, right) and _bounds(_end(left), _end(right)) <= 0


@_relation("overlaps after", _RANGES)
def _overlaps_after(left: Range, right: Range) -> bool:
    return _bounds(_start(right), _start(left)) < 0 and _shares(right, left) and _bounds(_end(right), _end(left)) <= 0


@_relation("finishes", _POINT_RANGE)
def _point_finishes(point: Any, interval: Range) -> bool:
    return interval.end_included and interval.end is not None and _compare(interval.end, point) == 0


@_relation("finishes", _RANGES)
def _finishes(left: Range, right: Range) -> bool:
    return _bounds(_end(left), _end(right)) == 0 and _bounds(_start(left), _start(right)) >= 0


_relation("finished by", _RANGE_POINT)(lambda interval, point: _point_finishes(point, interval))
_relation("finished by", _RANGES)(lambda left, right: _finishes(right, left))


@_relation("starts", _POINT_RANGE)
def _point_starts(point: Any, interval: Range) -> bool:
    return interval.start_included and interval.start is not None and _compare(interval.start, point) == 0


@_relation("starts", _RANGES)
def _starts(left: Range, right: Range) -> bool:
    return _bounds(_start(left), _start(right)) == 0 and _bounds(_end(left), _end(right)) <= 0


_relation("started by", _RANGE_POINT)(lambda interval, point: _point_starts(point, interval))
_relation("started by", _RANGES)(lambda left, right: _starts(right, left))


@_relation("includes", _RANGE_POINT)
def _includes_point(interval: Range, point: Any) -> bool:
    found = within(point, interval)
    if found is None:
        raise _NoOrderError
    return found


@_relation("includes", _RANGES)
def _includes(left: Range, right: Range) -> bool:
    return _bounds(_start(left), _start(right)) <= 0 and _bounds(_end(left), _end(right)) >= 0


_relation("during", _POINT_RANGE)(lambda point, interval: _includes_point(interval, point))
_relation("during", _RANGES)(lambda left, right: _includes(right, left))


@_relation("coincides", _POINTS)
def _points_coincide(left: Any, right: Any) -> bool:
    return _compare(left, right) == 0


@_relation("coincides", _RANGES)
def _coincides(left: Range, right: Range) -> bool:
    return _bounds(_start(left), _start(right)) == 0 and _bounds(_end(left), _end(right)) == 0


_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration"})


@builtin("range", "from: string")
def _range(text: str) -> Range | None:
    """Read a range from text; its ends must be literals. Source: OMG DMN 1.5, 10.3.4.1, range(from)."""
    from motcua.process.feel.expression import compile_expression  # the compiler imports this library

    if len(text) > 1_000 or ".." not in text:
        return None
    try:
        expression = compile_expression(text)
    except FeelError:
        return None
    node = expression.node
    if not isinstance(node, syntax.RangeOf) or not all(_is_literal(end) for end in (node.start, node.end)):
        return None
    value = expression.value({})
    if not isinstance(value, Range) or not _is_ordered(value):
        return None
    return value


def _is_literal(node: syntax.Node | None) -> bool:
    if isinstance(node, syntax.Literal):
        return True
    return (
        isinstance(node, syntax.Call)
        and isinstance(node.function, syntax.Name)
        and node.function.name in _LITERAL_CALLS
        and all(isinstance(argument, syntax.Literal) for argument in node.arguments)
    )


def _is_ordered(value: Range) -> bool:
    if value.start is None or value.end is None:
        return kind_of(value.start) != kind_of(value.end)
    found = order(value.start, value.end)
    return found is not None and found <= 0
