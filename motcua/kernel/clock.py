"""The wall clock, asked only at the entries (views, commands, workers), and how a moment is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from motcua.kernel.messages import N_, Message

HCM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def to_local(at: datetime) -> datetime:
    """Return the same moment on the city's clock. Raises: ValueError when `at` has no zone."""
    if at.tzinfo is None:
        raise ValueError("A moment must carry its zone.")
    return at.astimezone(HCM)


def local_date(at: datetime) -> date:
    """Return the city's calendar date at the moment `at`."""
    return to_local(at).date()


def format_moment(at: datetime) -> Message:
    """Write a moment as papers do: '17:00 ngày 23/11/2026'."""
    local = to_local(at)
    return N_("%(time)s ngày %(date)s", time=f"{local:%H:%M}", date=format_date(local.date()))


def format_date(on: date) -> str:
    """Write a date as dd/mm/yyyy."""
    return f"{on.day:02d}/{on.month:02d}/{on.year:04d}"
