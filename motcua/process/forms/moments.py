"""Dates and times of day: read as people write them, kept as form-js keeps them.

A time stands on the city's clock (UTC+7, no summer time); `time_format` says how it is kept: bare, with the offset,
or turned to UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from motcua.kernel.text import clean_line

FIRST_YEAR, LAST_YEAR = 1850, 2200
CITY = timezone(timedelta(hours=7))
_TIME = re.compile(r"([01]?\d|2[0-3])\s*(?::|h|g|giờ)\s*([0-5]\d)?(?:\s*(?:phút|p|:00))?", re.ASCII | re.IGNORECASE)
_KEPT_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(Z|\+07:00)?", re.ASCII)
_SUFFIX = {"no_timezone": None, "utc_offset": "+07:00", "utc_normalized": "Z"}


def split_date(raw: Mapping[str, Any], key: str, text: str) -> tuple[str, str, str]:
    """Return day, month and year as posted in three parts, or out of one text."""
    parts = tuple(clean_line(_first(raw.get(f"{key}-{part}"))[:10]) for part in ("day", "month", "year"))
    if any(parts):
        return parts[0], parts[1], parts[2]
    if not text:
        return "", "", ""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    if iso:
        return iso[3], iso[2], iso[1]
    local = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    return (local[1], local[2], local[3]) if local else (text, "", "")


def _first(raw: Any) -> str:
    if isinstance(raw, (list, tuple)):
        raw = raw[0] if raw else ""
    return raw if isinstance(raw, str) else ""


def make_date(day: str, month: str, year: str) -> date | None:
    """Return the date, or None when there is no such day."""
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in (day, month, year)):
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def read_date(value: Any) -> date | None:
    """Read a kept date, YYYY-MM-DD."""
    parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value, re.ASCII) if isinstance(value, str) else None
    return make_date(parts[3], parts[2], parts[1]) if parts else None


def make_time(text: str) -> time | None:
    """Read a time of day as people write it: 13:30, 13h30, 13 giờ 30, 9h."""
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2] or 0)) if found else None


def keep_time(found: time, time_format: str) -> str:
    """Return a time of day as it is kept."""
    if time_format == "utc_normalized":
        moved = datetime.combine(date(2000, 1, 2), found, CITY).astimezone(UTC)
        return f"{moved:%H:%M}Z"
    return f"{found:%H:%M}{_SUFFIX[time_format] or ''}"


def keep_moment(day: date, found: time, time_format: str) -> str:
    """Return a date with a time of day as it is kept."""
    if time_format == "utc_normalized":
        return f"{datetime.combine(day, found, CITY).astimezone(UTC):%Y-%m-%dT%H:%M}Z"
    return f"{day:%Y-%m-%d}T{keep_time(found, time_format)}"


def read_time(value: Any, time_format: str) -> time | None:
    """Read a kept time of day as the city's clock shows it; None when it was not kept in this form."""
    parts = _KEPT_TIME.fullmatch(value) if isinstance(value, str) else None
    if parts is None or parts[3] != _SUFFIX[time_format]:
        return None
    found = time(int(parts[1]), int(parts[2]))
    if time_format != "utc_normalized":
        return found
    return datetime.combine(date(2000, 1, 2), found, UTC).astimezone(CITY).time()


def read_moment(value: Any, time_format: str) -> tuple[date, time] | None:
    """Read a kept date with a time of day as the city's clock shows it."""
    day_text, _, time_text = value.partition("T") if isinstance(value, str) else ("", "", "")
    day, found = read_date(day_text), read_time(time_text, "no_timezone" if time_text[5:] == "" else time_format)
    if day is None or found is None or (time_format != "no_timezone" and len(time_text) == 5):
        return None
    if time_format != "utc_normalized":
        return day, found
    written = datetime.combine(day, time.fromisoformat(time_text[:5]), UTC).astimezone(CITY)
    return written.date(), written.time()


def date_parts(value: object) -> tuple[str, str, str]:
    """Split a stored or half-typed date ("1990-03-27", "-3-27") into day, month and year to show again."""
    parts = str(value or "").partition("T")[0].split("-")
    if len(parts) != 3:
        return "", "", ""
    year, month, day = parts
    return day.lstrip("0"), month.lstrip("0"), year


def time_part(value: object, *, subtype: str, time_format: str) -> str:
    """Return the time of a stored or half-typed answer to show again."""
    text = str(value or "")
    if subtype == "time":
        found = read_time(text, time_format)
        return f"{found:%H:%M}" if found else text
    moment = read_moment(text, time_format)
    return f"{moment[1]:%H:%M}" if moment else text.partition("T")[2]
