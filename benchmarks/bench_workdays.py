"""Adding working days: at least 50,000 a second, and how that stands beside a plain sum of dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

from benchmarks import Promise
from motcua.kernel.clock import HCM
from motcua.kernel.workdays import Budget, ClockEntry, load_city_calendar, read_clock

ROUNDS = 50_000
START = datetime(2026, 1, 5, 9, 15, tzinfo=HCM)


def measure_rate(work: Callable[[datetime], object]) -> float:
    """Return how many times a second `work` runs on changing moments."""
    moments = [START + timedelta(minutes=17 * n) for n in range(ROUNDS)]
    started = perf_counter()
    for moment in moments:
        work(moment)
    return ROUNDS / (perf_counter() - started)


def run() -> list[Promise]:
    """Measure adding 30 working days, reading a paused ledger, and adding a plain timedelta in the same minute."""
    calendar, budget, month = load_city_calendar(), Budget(30, "workday"), timedelta(days=30)
    calendar.add(START, budget)  # lays the index of working days once
    plain = measure_rate(lambda moment: moment + month)
    added = measure_rate(lambda moment: calendar.add(moment, budget))
    read = measure_rate(lambda moment: read_clock(budget, _paused(moment), calendar, now=moment))
    return [
        Promise("workdays: add 30 working days", added, 50_000, at_least=True, unit="/s"),
        Promise(
            "workdays: plain timedelta addition ÷ adding 30 working days",
            plain / added,
            100,
            at_least=False,
            detail=f"{plain:,.0f}/s plain, ledgers with one pause read at {read:,.0f}/s",
        ),
    ]


def _paused(moment: datetime) -> list[ClockEntry]:
    return [
        ClockEntry(at=moment, kind="start", reason=""),
        ClockEntry(at=moment + timedelta(days=3), kind="pause", reason=""),
        ClockEntry(at=moment + timedelta(days=9), kind="resume", reason=""),
    ]
