"""Reading calendars from their data file."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from motcua.kernel.workdays.calendar import CalendarDay, WorkCalendar, office_hours

CITY_CALENDAR = Path(__file__).resolve().parents[1] / "data" / "calendar.toml"


@cache
def load_city_calendar() -> WorkCalendar:
    """Return the calendar of the city's offices, Monday to Friday, with the public holidays and swapped days."""
    return load_calendar(CITY_CALENDAR)


def load_calendar(path: Path) -> WorkCalendar:
    """Read a calendar file. Raises: ValueError or KeyError when it is not one."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return WorkCalendar(
        code=data["code"],
        name=data["name"],
        weekly=_read_week(data["week"]),
        days=tuple(_read_day(row, data["legal_refs"]) for row in data["days"]),
        known_until=data["known_until"],
    )


def _read_week(week: dict[str, Any]) -> Any:
    hours = tuple((start, end) for start, end in week["hours"])
    return office_hours(*week["days"], hours=hours)


def _read_day(row: dict[str, Any], legal_refs: dict[str, str]) -> CalendarDay:
    on, kind, mark = row["on"], row["kind"], row.get("mark", "sure")
    if kind not in ("holiday", "swap_off", "swap_work") or mark not in ("sure", "unsure") or not isinstance(on, date):
        raise ValueError(f"No day of a calendar: {row}")
    return CalendarDay(on=on, kind=kind, name=row["name"], legal_ref=legal_refs[row["ref"]], mark=mark)
