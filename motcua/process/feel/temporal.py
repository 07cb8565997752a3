"""Dates, times and durations as values of their own: years to ±999,999,999, nanoseconds, offsets and named zones.

Python's own types stop at the year 9999 and know no years-and-months duration.
Source: OMG DMN 1.5, 10.3.2.3.3 to 10.3.2.3.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

SECOND = 1_000_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
MAX_YEAR = 999_999_999
MAX_OFFSET = 14 * 3600


def days_of(year: int, month: int, day: int) -> int:
    """Count the days from 1970-01-01 in the Gregorian calendar, extended to all years."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def date_of(days: int) -> FeelDate:
    """Return the date so many days after 1970-01-01."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return FeelDate(year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1)


def month_length(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@dataclass(frozen=True, slots=True)
class FeelDate:
    """A day."""

    year: int
    month: int
    day: int

    @property
    def days(self) -> int:
        return days_of(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """Return 1 for Monday to 7 for Sunday."""
        return (self.days + 3) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day: nanoseconds since midnight, with an offset (seconds), a named zone, or neither."""

    nanos: int
    offset: int | None = None
    zone: str | None = None

    @property
    def is_zoned(self) -> bool:
        return self.offset is not None or self.zone is not None

    @property
    def value(self) -> int:
        """Return the nanoseconds since midnight in UTC, or locally when there is no zone."""
        offset = self.offset
        if offset is None and self.zone is not None:
            offset = zone_offset(self.zone, FeelDate(1970, 1, 1), self.nanos)
        return self.nanos - (offset or 0) * SECOND

    def __str__(self) -> str:
        seconds, fraction = divmod(self.nanos, SECOND)
        minutes, second = divmod(seconds, 60)
        text = f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{_fraction(fraction)}"
        if self.zone is not None:
            return f"{text}@{self.zone}"
        return text if self.offset is None else text + format_offset(self.offset)


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A day and a time of day."""

    date: FeelDate
    time: FeelTime

    @property
    def offset(self) -> int | None:
        """Return the seconds ahead of UTC at this moment; None without a zone."""
        if self.time.zone is not None:
            return zone_offset(self.time.zone, self.date, self.time.nanos)
        return self.time.offset

    @property
    def value(self) -> int:
        """Return the nanoseconds since 1970 in UTC, or locally when there is no zone."""
        return self.date.days * DAY + self.time.nanos - (self.offset or 0) * SECOND

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True)
class DaysTime:
    """A days and time duration, in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        if not self.nanos:
            return "PT0S"
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds, fraction = divmod(rest, SECOND)
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or fraction:
            clock += f"{seconds}{_fraction(fraction)}S"
        return ("-" if self.nanos < 0 else "") + "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration, in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-" if self.months < 0 else "") + "P" + text


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def format_offset(offset: int) -> str:
    """Write an offset as Z, +07:00 or, where it has seconds, +00:17:30."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_zone(name: str) -> bool:
    """Tell whether a named time zone is known."""
    return name in _zone_names() and _zone(name) is not None


def zone_offset(name: str, day: FeelDate, nanos: int) -> int:
    """Return how many seconds a zone is ahead of UTC at a local moment; far years follow the 400-year cycle."""
    zone = _zone(name)
    year = day.year if 1 < day.year < 9999 else (2000 if day.year > 0 else 400) + day.year % 400
    moment = datetime(year, day.month, min(day.day, month_length(year, day.month)), tzinfo=zone)
    found = (moment + timedelta(microseconds=nanos // 1000)).utcoffset()
    return int(found.total_seconds()) if found is not None else 0


def from_python(raw: Any) -> Any:
    """Turn Python's date, time, datetime or timedelta into the value of the language."""
    if isinstance(raw, datetime):
        return FeelDateTime(FeelDate(raw.year, raw.month, raw.day), _time_of(raw.timetz(), raw))
    if isinstance(raw, date):
        return FeelDate(raw.year, raw.month, raw.day)
    if isinstance(raw, time):
        return _time_of(raw, None)
    if isinstance(raw, timedelta):
        return DaysTime((raw.days * 86_400 + raw.seconds) * SECOND + raw.microseconds * 1000)
    return None


def _time_of(raw: time, moment: datetime | None) -> FeelTime:
    nanos = ((raw.hour * 60 + raw.minute) * 60 + raw.second) * SECOND + raw.microsecond * 1000
    if isinstance(raw.tzinfo, ZoneInfo) and raw.tzinfo.key:
        return FeelTime(nanos, None, raw.tzinfo.key)
    offset = moment.utcoffset() if moment is not None else raw.utcoffset()
    if offset is None:
        return FeelTime(nanos, 0 if raw.tzinfo is UTC else None)
    return FeelTime(nanos, int(offset.total_seconds()))
