"""What the operators do with any two values: three-valued logic, equality and order by kind, arithmetic.

Source: OMG DMN 1.5, 10.3.2.15 and tables 50 to 58.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from motcua.process.feel import numbers
from motcua.process.feel.budget import charger
from motcua.process.feel.numbers import CONTEXT, compute
from motcua.process.feel.temporal import DAY, DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from motcua.process.feel.temporal_math import (
    Duration,
    add_temporal,
    make_months,
    make_nanos,
    ratio,
    scale_duration,
    subtract_temporal,
)
from motcua.process.feel.values import MAX_DEPTH, Charge, FeelFunction, Range, kind_of

MAX_TEXT = 250_000


def negate(value: Any) -> bool | None:
    """Return not(value); null for what is no boolean."""
    return None if not isinstance(value, bool) else not value


def both(left: Any, right: Any) -> bool | None:
    """Return the three-valued and."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Any, right: Any) -> bool | None:
    """Return the three-valued or."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def equal(left: Any, right: Any, depth: int = 0, charge: Charge | None = None) -> bool | None:
    """Compare for equality; different kinds give null, null equals only null, a single item equals its list."""
    if left is None or right is None:
        return left is None and right is None
    kind, other = kind_of(left), kind_of(right)
    if depth > MAX_DEPTH:
        return None
    if kind != other:
        return _equal_single(left, right, depth)
    if kind in ("list", "context"):
        return _equal_containers(left, right, depth, charge or charger())
    if kind == "range":
        return _equal_ranges(left, right)
    return _equal_scalars(left, right)


def _equal_single(left: Any, right: Any, depth: int) -> bool | None:
    """Compare a value with the only item of a list. Source: OMG DMN 1.5, 10.3.2.5: [e] = e."""
    if isinstance(left, list) and len(left) == 1:
        return equal(left[0], right, depth + 1)
    if isinstance(right, list) and len(right) == 1:
        return equal(left, right[0], depth + 1)
    return None


def _equal_scalars(left: Any, right: Any) -> bool:
    if isinstance(left, FeelFunction):
        return left is right or (left.builtin is not None and left.builtin is right.builtin)
    if isinstance(left, FeelDateTime):
        return bool(left.time.is_zoned == right.time.is_zoned and left.value == right.value)
    if isinstance(left, FeelTime):
        return bool(left.is_zoned == right.is_zoned and left.value == right.value)
    return bool(left == right)


def _equal_containers(left: Any, right: Any, depth: int, charge: Charge) -> bool:
    if len(left) != len(right):
        return False
    charge(1 + len(left))
    if isinstance(left, list):
        return all(equal(one, other, depth + 1, charge) is True for one, other in zip(left, right, strict=True))
    return left.keys() == right.keys() and all(
        equal(value, right[key], depth + 1, charge) is True for key, value in left.items()
    )


def _equal_ranges(left: Range, right: Range) -> bool:
    shape = (left.start_included, left.end_included, left.negated)
    return (
        shape == (right.start_included, right.end_included, right.negated)
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as the left is before, with or after the right; None when they have no order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is not Decimal and kind is not str:
        key = _ORDERS.get(kind)
        if key is None:
            return None
        if kind in _ZONED and _is_zoned(left) != _is_zoned(right):
            # What has no zone takes the other's: both are compared as the clock on the wall shows them.
            key = _local
        left, right = key(left), key(right)
    return int(left > right) - int(left < right)


_ORDERS: dict[type, Callable[[Any], int]] = {
    FeelDate: lambda value: value.days,
    FeelDateTime: lambda value: value.value,
    FeelTime: lambda value: value.value,
    DaysTime: lambda value: value.nanos,
    YearsMonths: lambda value: value.months,
}
_ZONED = (FeelDateTime, FeelTime)


def _is_zoned(value: FeelDateTime | FeelTime) -> bool:
    return value.time.is_zoned if isinstance(value, FeelDateTime) else value.is_zoned


def _local(value: FeelDateTime | FeelTime) -> int:
    return value.date.days * DAY + value.time.nanos if isinstance(value, FeelDateTime) else value.nanos


def _ordering(test: Callable[[int], bool]) -> Callable[[Any, Any], bool | None]:
    def run(left: Any, right: Any) -> bool | None:
        found = order(left, right)
        return None if found is None else test(found)

    return run


less = _ordering(lambda found: found < 0)
less_equal = _ordering(lambda found: found <= 0)
greater = _ordering(lambda found: found > 0)
greater_equal = _ordering(lambda found: found >= 0)


def unequal(left: Any, right: Any) -> bool | None:
    """Return not(left = right)."""
    return negate(equal(left, right))


def add(left: Any, right: Any) -> Any:
    """Add numbers, join texts, add durations."""
    if type(left) is Decimal and type(right) is Decimal:
        return compute(CONTEXT.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= MAX_TEXT else None
    return add_temporal(left, right)


def subtract(left: Any, right: Any) -> Any:
    """Subtract numbers, moments, durations."""
    if type(left) is Decimal and type(right) is Decimal:
        return compute(CONTEXT.subtract, left, right)
    return subtract_temporal(left, right)


def multiply(left: Any, right: Any) -> Any:
    """Multiply numbers, or a duration by a number."""
    if type(left) is Decimal and type(right) is Decimal:
        return compute(CONTEXT.multiply, left, right)
    if isinstance(left, Duration) and isinstance(right, Decimal):
        return scale_duration(left, right, divide=False)
    if isinstance(left, Decimal) and isinstance(right, Duration):
        return scale_duration(right, left, divide=False)
    return None


def divide(left: Any, right: Any) -> Any:
    """Divide numbers, a duration by a number, or a duration by one of its kind."""
    if type(left) is Decimal and type(right) is Decimal:
        return compute(CONTEXT.divide, left, right)
    if isinstance(left, Duration):
        if isinstance(right, Decimal):
            return scale_duration(left, right, divide=True)
        return ratio(left, right) if isinstance(right, Duration) else None
    return None


def power(left: Any, right: Any) -> Any:
    """Raise a number to a power."""
    return numbers.power(left, right) if isinstance(left, Decimal) and isinstance(right, Decimal) else None


def minus(value: Any) -> Any:
    """Return the number or duration with its sign turned."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysTime):
        return make_nanos(-value.nanos)
    return make_months(-value.months) if isinstance(value, YearsMonths) else None


def within(value: Any, interval: Range) -> bool | None:
    """Tell whether an interval holds a value."""
    if interval.negated:
        return unequal(value, interval.start)
    low: bool | None = True
    high: bool | None = True
    if interval.start is not None:
        low = (less_equal if interval.start_included else less)(interval.start, value)
    if interval.end is not None:
        high = (less_equal if interval.end_included else less)(value, interval.end)
    if interval.start is None and interval.end is None:
        return None
    return both(low, high)


def is_in(value: Any, test: Any) -> bool | None:
    """Compute `value in test` for one tested value, range or list. Source: OMG DMN 1.5, table 55."""
    if isinstance(test, Range):
        return equal(value, test) if isinstance(value, Range) else within(value, test)
    if isinstance(test, list):
        if isinstance(value, list) and equal(value, test) is True:
            return True
        charger()(1 + len(test))
        return any(is_in_item(value, item) for item in test)
    return equal(value, test)


def is_in_item(value: Any, item: Any) -> bool:
    """Tell whether an item of a list is the value, or a range around it."""
    if isinstance(item, Range) and not isinstance(value, Range):
        return within(value, item) is True
    return equal(value, item) is True
