"""What `.name` gives on each kind of value. Source: OMG DMN 1.5, 10.3.2.6 (path) and table 65 (properties)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.feel.run import Run
from motcua.process.feel.temporal import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
)
from motcua.process.feel.temporal_math import seconds_of
from motcua.process.feel.values import Range

_DATE: dict[str, Callable[[FeelDate], Any]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_TIME: dict[str, Callable[[FeelTime], Any]] = {
    "hour": lambda time: Decimal(time.nanos // HOUR),
    "minute": lambda time: Decimal(time.nanos // MINUTE % 60),
    "second": lambda time: seconds_of(time.nanos % MINUTE),
    "time offset": lambda time: None if time.offset is None else DaysTime(time.offset * SECOND),
    "timezone": lambda time: time.zone,
}
_RANGE = {"start": "start", "end": "end", "start included": "start_included", "end included": "end_included"}


def _part(unit: int, modulus: int | None) -> Callable[[DaysTime], Decimal]:
    def take(duration: DaysTime) -> Decimal:
        amount = abs(duration.nanos)
        amount = amount if modulus is None else amount % modulus
        value = seconds_of(amount) if unit == SECOND else Decimal(amount // unit)
        return value.copy_negate() if duration.nanos < 0 and value else value

    return take


_DAYS_TIME = {
    "days": _part(DAY, None),
    "hours": _part(HOUR, DAY),
    "minutes": _part(MINUTE, HOUR),
    "seconds": _part(SECOND, MINUTE),
}


def member(value: Any, name: str, run: Run, at: int) -> Any:
    """Return what a name means on a value: an entry, a property, or for a list that of each item."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        run.note(at, "feel.unknown_name", N_("Không có mục nào tên là “%(name)s”.", name=name))
        return None
    if isinstance(value, list):
        run.charge(1 + len(value))
        return [member(item, name, run, at) for item in value]
    if value is None:
        return None
    found, known = _property(value, name)
    if not known:
        run.note(at, "feel.unknown_name", N_("Giá trị này không có “%(name)s”.", name=name))
    return found


def _property(value: Any, name: str) -> tuple[Any, bool]:
    if isinstance(value, FeelDate) and name in _DATE:
        return _DATE[name](value), True
    if isinstance(value, FeelTime) and name in _TIME:
        return _TIME[name](value), True
    if isinstance(value, FeelDateTime):
        return _of_date_time(value, name)
    if isinstance(value, DaysTime) and name in _DAYS_TIME:
        return _DAYS_TIME[name](value), True
    if isinstance(value, YearsMonths) and name in ("years", "months"):
        years, months = divmod(abs(value.months), 12)
        amount = Decimal(years if name == "years" else months)
        return (amount.copy_negate() if value.months < 0 and amount else amount), True
    if isinstance(value, Range) and name in _RANGE:
        return getattr(value, _RANGE[name]), True
    return None, False


def _of_date_time(value: FeelDateTime, name: str) -> tuple[Any, bool]:
    if name in _DATE:
        return _DATE[name](value.date), True
    if name == "time offset":
        offset = value.offset
        return (None if offset is None else DaysTime(offset * SECOND)), True
    if name in _TIME:
        return _TIME[name](value.time), True
    return None, False
