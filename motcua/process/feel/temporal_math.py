"""Add and subtract dates, times and durations. Source: OMG DMN 1.5, tables 57 and 58 (addition, subtraction)."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from motcua.process.feel.numbers import CONTEXT, compute
from motcua.process.feel.temporal import (
    DAY,
    MAX_YEAR,
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    date_of,
    month_length,
)

Duration = DaysTime | YearsMonths
_MAX_NANOS = 10**36


def add_months(day: FeelDate, months: int) -> FeelDate | None:
    """Move a date by months; a day that the month lacks becomes its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        return None
    return FeelDate(year, month + 1, min(day.day, month_length(year, month + 1)))


def shift(moment: Any, duration: Duration, sign: int) -> Any:
    """Add a duration to a date, a time or a date and time (subtract it, with sign -1)."""
    if isinstance(moment, FeelTime):
        if isinstance(duration, YearsMonths):
            return None
        return FeelTime((moment.nanos + sign * duration.nanos) % DAY, moment.offset, moment.zone)
    day = moment.date if isinstance(moment, FeelDateTime) else moment
    nanos = moment.time.nanos if isinstance(moment, FeelDateTime) else 0
    if isinstance(duration, YearsMonths):
        moved = add_months(day, sign * duration.months)
    else:
        days, nanos = divmod(day.days * DAY + nanos + sign * duration.nanos, DAY)
        moved = date_of(days) if abs(days) < 366 * MAX_YEAR else None
        if moved is not None and abs(moved.year) > MAX_YEAR:
            moved = None
    if moved is None or isinstance(moment, FeelDate):
        return moved
    return FeelDateTime(moved, FeelTime(nanos, moment.time.offset, moment.time.zone))


def distance(later: Any, earlier: Any) -> DaysTime | None:
    """Return the time from one moment to another of the same kind; a date counts as its midnight in UTC."""
    if isinstance(later, FeelDate) and isinstance(earlier, FeelDate):
        return DaysTime((later.days - earlier.days) * DAY)
    if isinstance(later, FeelTime) and isinstance(earlier, FeelTime):
        return DaysTime(later.value - earlier.value) if later.is_zoned == earlier.is_zoned else None
    first, second = as_date_time(later), as_date_time(earlier)
    if first is None or second is None or first.time.is_zoned != second.time.is_zoned:
        return None
    return DaysTime(first.value - second.value)


def as_date_time(value: Any) -> FeelDateTime | None:
    """Convert a date to its midnight in UTC. Source: OMG DMN 1.5, 10.3.2.9.4."""
    if isinstance(value, FeelDate):
        return FeelDateTime(value, FeelTime(0, 0))
    return value if isinstance(value, FeelDateTime) else None


def add_temporal(left: Any, right: Any) -> Any:
    """Add where one side is a duration; None for what cannot be added."""
    if isinstance(left, Duration) and isinstance(right, Duration):
        return _sum(left, right, 1)
    if isinstance(right, Duration) and isinstance(left, (FeelDate, FeelTime, FeelDateTime)):
        return shift(left, right, 1)
    if isinstance(left, Duration) and isinstance(right, (FeelDate, FeelTime, FeelDateTime)):
        return shift(right, left, 1)
    return None


def subtract_temporal(left: Any, right: Any) -> Any:
    """Subtract durations or moments; None for what cannot be subtracted."""
    if isinstance(right, Duration):
        if isinstance(left, Duration):
            return _sum(left, right, -1)
        return shift(left, right, -1) if isinstance(left, (FeelDate, FeelTime, FeelDateTime)) else None
    return distance(left, right)


def _sum(left: Duration, right: Duration, sign: int) -> Duration | None:
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return make_months(left.months + sign * right.months)
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return make_nanos(left.nanos + sign * right.nanos)
    return None


def make_months(months: int) -> YearsMonths | None:
    return YearsMonths(months) if abs(months) <= 12 * MAX_YEAR else None


def make_nanos(nanos: int) -> DaysTime | None:
    return DaysTime(nanos) if abs(nanos) < _MAX_NANOS else None


def scale_duration(duration: Duration, factor: Decimal, *, divide: bool) -> Duration | None:
    """Multiply or divide a duration by a number; what is below a month or a nanosecond is dropped."""
    amount = Decimal(duration.months if isinstance(duration, YearsMonths) else duration.nanos)
    result = compute(CONTEXT.divide if divide else CONTEXT.multiply, amount, factor)
    if result is None or result.adjusted() > 40:
        return None
    whole = int(result.to_integral_value(rounding=ROUND_DOWN))
    return make_months(whole) if isinstance(duration, YearsMonths) else make_nanos(whole)


def ratio(left: Duration, right: Duration) -> Decimal | None:
    """Divide a duration by one of its kind."""
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return compute(CONTEXT.divide, Decimal(left.months), Decimal(right.months))
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return compute(CONTEXT.divide, Decimal(left.nanos), Decimal(right.nanos))
    return None


def months_between(start: FeelDate, end: FeelDate) -> int:
    """Count the whole months from one date to another, negative when it is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return months


def seconds_of(nanos: int) -> Decimal:
    """Return nanoseconds as seconds with their fraction."""
    return Decimal(nanos // SECOND) if nanos % SECOND == 0 else Decimal(nanos) / SECOND
