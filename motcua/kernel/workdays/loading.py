"""Reading calendars from their data file."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from motcua.kernel.workdays.calendar import CalendarDay, Sessions, WorkCalendar

CITY_CALENDAR = Path(__file__).resolve().parents[1] / "data" / "calendar.toml"
CITY_CODE = "hcm"


@cache
def load_city_calendars() -> dict[str, WorkCalendar]:
    """Return the calendars of the city's offices by code: one set of holidays, several weeks of office hours."""
    return load_calendars(CITY_CALENDAR)


def load_city_calendar() -> WorkCalendar:
    """Return the ordinary calendar of the city's offices, Monday to Friday."""
    return load_city_calendars()[CITY_CODE]


def load_calendars(path: Path) -> dict[str, WorkCalendar]:
    """Read a calendar file. Raises: ValueError or KeyError when it is not one."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    days = tuple(_read_day(row, data["legal_refs"]) for row in data["days"])
    return {
        week["code"]: WorkCalendar(
            code=week["code"], name=week["name"], weekly=_read_week(week), days=days, known_until=data["known_until"]
        )
        for week in data["weeks"]
    }


def _read_week(week: dict[str, Any]) -> tuple[Sessions, ...]:
    weekly: list[Sessions] = [()] * 7
    for part in week["hours"]:
        for day in part["days"]:
            weekly[day] = tuple((start, end) for start, end in part["sessions"])
    return tuple(weekly)


def _read_day(row: dict[str, Any], legal_refs: dict[str, str]) -> CalendarDay:
    on, kind, mark = row["on"], row["kind"], row.get("mark", "sure")
    if kind not in ("holiday", "swap_off", "swap_work") or mark not in ("sure", "unsure") or not isinstance(on, date):
        raise ValueError(f"No day of a calendar: {row}")
    return CalendarDay(on=on, kind=kind, name=row["name"], legal_ref=legal_refs[row["ref"]], mark=mark)
