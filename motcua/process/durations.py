"""ISO 8601 durations and dates, as timers write them. Source: BPMN 2.0.2, 10.5.5.12 (TimerEventDefinition)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by its written parts; weeks are already days."""

    years: int
    months: int
    days: int
    hours: int
    minutes: int
    seconds: int

    def after(self, moment: datetime) -> datetime:
        """Return the moment this much calendar time later; a day that a month lacks becomes its last day."""
        months = moment.month - 1 + self.months + 12 * self.years
        year, month = moment.year + months // 12, months % 12 + 1
        day = min(moment.day, calendar.monthrange(year, month)[1])
        rest = timedelta(days=self.days, hours=self.hours, minutes=self.minutes, seconds=self.seconds)
        return moment.replace(year=year, month=month, day=day) + rest


def parse_duration(text: str) -> Duration | None:
    """Read an ISO 8601 duration such as P15D or PT8H; None when it is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Duration(years, months, days + 7 * weeks, hours, minutes, seconds)


def parse_moment(text: str) -> datetime | None:
    """Read an ISO 8601 date or date-time; without a zone it is the city's time. None when it is none."""
    try:
        if len(text.strip()) == 10:
            return datetime.combine(date.fromisoformat(text.strip()), time.min, tzinfo=CITY)
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: `times` is -1 for ever; the first comes at `starts_at` or one interval from now."""

    times: int
    starts_at: datetime | None
    interval_iso: str


def parse_cycle(text: str) -> Cycle | None:
    """Read an ISO 8601 repeating interval such as R3/PT1H or R/2026-01-05T08:00/P7D; None when it is none."""
    head, *rest = text.strip().split("/")
    match = _REPEATS.fullmatch(head)
    if match is None or not 1 <= len(rest) <= 2:
        return None
    starts_at = parse_moment(rest[0]) if len(rest) == 2 else None
    interval = parse_duration(rest[-1])
    if interval is None or (len(rest) == 2 and starts_at is None) or interval == _NOTHING:
        return None
    return Cycle(int(match.group(1)) if match.group(1) else -1, starts_at, rest[-1].strip())


_REPEATS = re.compile(r"R(\d{0,6})")
_NOTHING = Duration(0, 0, 0, 0, 0, 0)
