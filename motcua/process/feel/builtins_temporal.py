"""Functions on dates. Source: OMG DMN 1.5, 10.3.4.6 and 10.3.4.7 (date and time functions, temporal), 10.3.4.10."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from motcua.process.feel.operators import equal
from motcua.process.feel.registry import builtin
from motcua.process.feel.run import Run
from motcua.process.feel.temporal import FeelDate, FeelDateTime, FeelTime, from_python
from motcua.process.feel.values import kind_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def _day(value: Any) -> FeelDate:
    return value.date if isinstance(value, FeelDateTime) else value


@builtin("day of year", "date: date|datetime")
def _day_of_year(value: Any) -> Decimal:
    day = _day(value)
    return Decimal(day.days - FeelDate(day.year, 1, 1).days + 1)


@builtin("day of week", "date: date|datetime")
def _day_of_week(value: Any) -> str:
    return _DAYS[_day(value).weekday - 1]


@builtin("month of year", "date: date|datetime")
def _month_of_year(value: Any) -> str:
    return _MONTHS[_day(value).month - 1]


@builtin("week of year", "date: date|datetime")
def _week_of_year(value: Any) -> Decimal:
    """Return the week by ISO 8601; the calendar repeats every 400 years."""
    day = _day(value)
    return Decimal(date(2000 + day.year % 400, day.month, day.day).isocalendar().week)


@builtin("is", "value1: any, value2: any")
def _is(value1: Any, value2: Any) -> bool:
    if kind_of(value1) != kind_of(value2):
        return False
    if isinstance(value1, FeelDateTime):
        return value1.date == value2.date and _is(value1.time, value2.time)
    if isinstance(value1, FeelTime):
        return (value1.nanos, value1.offset, value1.zone) == (value2.nanos, value2.offset, value2.zone)
    return equal(value1, value2) is True


@builtin("now", needs_run=True)
def _now(run: Run) -> FeelDateTime | None:
    return from_python(run.now) if run.now is not None else None


@builtin("today", needs_run=True)
def _today(run: Run) -> FeelDate | None:
    return from_python(run.now.date()) if run.now is not None else None
