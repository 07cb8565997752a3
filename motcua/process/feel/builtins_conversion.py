"""Functions that turn one kind into another. Source: OMG DMN 1.5, 10.3.4.1 (conversion functions)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from motcua.process.feel.numbers import MAX_DIGITS, is_whole, parse_number
from motcua.process.feel.registry import builtin
from motcua.process.feel.temporal import (
    HOUR,
    MAX_OFFSET,
    MINUTE,
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    is_zone,
)
from motcua.process.feel.temporal_math import months_between
from motcua.process.feel.temporal_text import make_date, parse_date, parse_date_time, parse_duration, parse_time
from motcua.process.feel.values import format_value

_PLAIN_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@builtin("string", "from: any")
def _string(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (FeelDate, FeelTime, FeelDateTime, DaysTime, YearsMonths)):
        return str(value)
    return format_value(value)


@builtin("number", "from: string, grouping separator: string?, decimal separator: string?")
def _number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or len(text) > MAX_DIGITS:
        return None
    if grouping is not None and grouping == (point or "."):
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if point is not None and point != ".":
        if "." in text:
            return None
        text = text.replace(point, ".")
    return parse_number(text) if _PLAIN_NUMBER.fullmatch(text) else None


@builtin("date", "from: string|date|datetime")
def _date(value: Any) -> FeelDate | None:
    if isinstance(value, str):
        return parse_date(value)
    return value.date if isinstance(value, FeelDateTime) else value


@builtin("date", "year: number, month: number, day: number")
def _date_of(year: Decimal, month: Decimal, day: Decimal) -> FeelDate | None:
    parts = _integers(year, month, day)
    return make_date(*parts) if parts else None


def _integers(*numbers: Decimal) -> list[int] | None:
    if not all(is_whole(number) and abs(number) < 10**10 for number in numbers):
        return None
    return [int(number) for number in numbers]


@builtin("time", "from: string|time|datetime|date")
def _time(value: Any) -> FeelTime | None:
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, FeelDate):
        return FeelTime(0, 0)
    return value.time if isinstance(value, FeelDateTime) else value


@builtin("time", "hour: number, minute: number, second: number, offset: days?")
def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None) -> FeelTime | None:
    parts = _integers(hour, minute)
    if not parts or not 0 <= parts[0] <= 23 or not 0 <= parts[1] <= 59 or not 0 <= second < 60:
        return None
    nanos = parts[0] * HOUR + parts[1] * MINUTE + int(second * SECOND)
    if offset is None:
        return FeelTime(nanos)
    seconds, rest = divmod(offset.nanos, SECOND)
    return None if rest or abs(seconds) > MAX_OFFSET else FeelTime(nanos, seconds)


@builtin("date and time", "date: date|datetime, time: time")
def _date_and_time(day: Any, time: FeelTime) -> FeelDateTime:
    return FeelDateTime(day.date if isinstance(day, FeelDateTime) else day, time)


@builtin("date and time", "from: string|datetime|date")
def _date_time(value: Any) -> FeelDateTime | None:
    if isinstance(value, FeelDate):
        return FeelDateTime(value, FeelTime(0, 0))
    return parse_date_time(value) if isinstance(value, str) else value


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin("date and time", f"{_PARTS}, offset: days?")
def _date_time_of(
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    offset: DaysTime | None = None,
) -> FeelDateTime | None:  # fmt: skip
    date, time = _date_of(year, month, day), _time_of(hour, minute, second, offset)
    return None if date is None or time is None else FeelDateTime(date, time)


@builtin("date and time", f"{_PARTS}, timezone: string")
def _date_time_in(
    year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal, zone: str
) -> FeelDateTime | None:
    made = _date_time_of(year, month, day, hour, minute, second)
    return FeelDateTime(made.date, FeelTime(made.time.nanos, None, zone)) if made and is_zone(zone) else None


@builtin("duration", "from: string|duration")
def _duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


@builtin("years and months duration", "from: date|datetime, to: date|datetime")
def _years_and_months(start: Any, end: Any) -> YearsMonths:
    first = start.date if isinstance(start, FeelDateTime) else start
    last = end.date if isinstance(end, FeelDateTime) else end
    return YearsMonths(months_between(first, last))
