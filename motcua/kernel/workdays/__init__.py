"""Working time: the official calendar as a value, budgets, the ledger of pauses, and the reason of every date.

A deadline is a budget in working time plus an append-only ledger; it is never a stored date alone.
"""

from __future__ import annotations

from motcua.kernel.workdays.calendar import (
    Budget,
    CalendarDay,
    CalendarOutOfRange,
    Unit,
    WorkCalendar,
    office_hours,
)
from motcua.kernel.workdays.ledger import (
    ClockEntry,
    ClockKind,
    ClockReading,
    DayLine,
    LedgerInvalid,
    explain_deadline,
    read_clock,
)
from motcua.kernel.workdays.loading import load_calendars, load_city_calendar, load_city_calendars

__all__ = [
    "Budget",
    "CalendarDay",
    "CalendarOutOfRange",
    "ClockEntry",
    "ClockKind",
    "ClockReading",
    "DayLine",
    "LedgerInvalid",
    "Unit",
    "WorkCalendar",
    "explain_deadline",
    "load_calendars",
    "load_city_calendar",
    "load_city_calendars",
    "office_hours",
    "read_clock",
]
