"""Read dates, times and durations from text. Source: OMG DMN 1.5, 10.3.4.1 and the at-literal (10.3.1.2, rule 66)."""

from __future__ import annotations

import re
from typing import Any

from motcua.process.feel.temporal import (
    DAY,
    HOUR,
    MAX_OFFSET,
    MAX_YEAR,
    MINUTE,
    SECOND,
    DaysTime,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonths,
    is_zone,
    month_length,
)

_MAX_CHARACTERS = 100
_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,}))?(?:(Z|z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([A-Za-z0-9_+\-/]+))?",
    re.ASCII,
)
_ZONED_DATE = re.compile(r"(-?\d{4,9}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_MAX_MONTHS = 12 * MAX_YEAR


def make_date(year: int, month: int, day: int) -> FeelDate | None:
    """Make a date; None when the calendar has no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return None
    return FeelDate(year, month, day)


def parse_date(text: str) -> FeelDate | None:
    """Read YYYY-MM-DD."""
    match = _DATE.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    return make_date(*(int(part) for part in match.groups())) if match else None


def parse_time(text: str) -> FeelTime | None:
    """Read hh:mm:ss with fraction, offset or @Zone/Name."""
    match = _TIME.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + _nanos(match[4])
    if match[5]:
        return FeelTime(nanos, 0)
    if match[10]:
        return FeelTime(nanos, None, match[10]) if is_zone(match[10]) else None
    if not match[6]:
        return FeelTime(nanos)
    offset = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
    if offset > MAX_OFFSET or int(match[8]) > 59 or int(match[9] or 0) > 59:
        return None
    return FeelTime(nanos, -offset if match[6] == "-" else offset)


def _nanos(fraction: str | None) -> int:
    return int(fraction[:9].ljust(9, "0")) if fraction else 0


def parse_date_time(text: str) -> FeelDateTime | None:
    """Read a date, T and a time; a date alone is its midnight."""
    day, mark, clock = text.partition("T")
    if not mark and len(text) <= _MAX_CHARACTERS and (zoned := _ZONED_DATE.fullmatch(text)):
        # An xs:date may carry an offset: "2012-03-07Z" is that day's midnight there.
        return parse_date_time(f"{zoned[1]}T00:00:00{zoned[2]}")
    found = parse_date(day)
    if found is None:
        return None
    if not mark:
        return FeelDateTime(found, FeelTime(0))
    moment = parse_time(clock)
    return None if moment is None else FeelDateTime(found, moment)


def parse_duration(text: str) -> DaysTime | YearsMonths | None:
    """Read P1DT2H or P1Y2M."""
    if len(text) > _MAX_CHARACTERS:
        return None
    match = _DAYS_TIME.fullmatch(text)
    if match:
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:5])
        nanos = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + _nanos(match[6])
        return DaysTime(-nanos if match[1] else nanos) if nanos < 10**36 else None
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None:
        return None
    months = int(match[2] or 0) * 12 + int(match[3] or 0)
    return YearsMonths(-months if match[1] else months) if months <= _MAX_MONTHS else None


def parse_at_literal(text: str) -> Any:
    """Read what stands in @"...": a date, time, date and time or duration; None when it is none of them."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)
