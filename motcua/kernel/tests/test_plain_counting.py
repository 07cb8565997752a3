"""The calendar against a second counting, slow and plain: days looked at one by one, open minutes one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.clock import HCM
from motcua.kernel.workdays import Budget, CalendarDay, ClockEntry, WorkCalendar, explain_deadline, read_clock

MORNING = ((time(7, 30), time(11, 30)),)
FULL = (*MORNING, (time(13), time(17)))
ODD = ((time(6, 10), time(9, 45)), (time(10), time(11, 1)), (time(18), time(20, 17)))
FIRST = date(2026, 1, 26)  # three weeks before Tết

weeks = st.lists(st.sampled_from([(), MORNING, FULL, FULL, FULL, ODD]), min_size=7, max_size=7).filter(any)
differing = st.dictionaries(st.integers(0, 60), st.sampled_from(["holiday", "swap_off", "swap_work"]), max_size=20)
starts = st.integers(0, 40 * 1440).map(lambda minute: datetime.combine(FIRST, time(), HCM) + timedelta(minutes=minute))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    days = [
        CalendarDay(on=FIRST + timedelta(days=number), kind=kind, name="x", legal_ref="x")  # type: ignore[arg-type]  # drawn from the kinds
        for number, kind in draw(differing).items()
    ]
    return WorkCalendar(code="x", name="x", weekly=tuple(draw(weeks)), days=tuple(days))


def open_minutes(calendar: WorkCalendar, on: date) -> list[datetime]:
    """Every minute of the day at which somebody stands at the counter."""
    found = []
    for begin, end in calendar.sessions(on):
        at = datetime.combine(on, begin, HCM)
        while at.time() < end:
            found.append(at)
            at += timedelta(minutes=1)
    return found


def workdays_from(calendar: WorkCalendar, on: date) -> Iterator[date]:
    while True:
        if calendar.sessions(on):
            yield on
        on += timedelta(days=1)


def opening(calendar: WorkCalendar, at: datetime) -> datetime:
    return next(
        minute for day in workdays_from(calendar, at.date()) for minute in open_minutes(calendar, day) if minute >= at
    )


def add_months(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    for day in range(on.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError


def close(calendar: WorkCalendar, on: date) -> datetime:
    return open_minutes(calendar, next(workdays_from(calendar, on)))[-1] + timedelta(minutes=1)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), start=starts, amount=st.integers(1, 12))
def test_working_days_by_looking_at_each(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    begun = opening(calendar, start)
    days = workdays_from(calendar, begun.date())
    last = [next(days) for _ in range(amount + 1)][-1]
    before = open_minutes(calendar, begun.date()).index(begun)
    whole, length = len(open_minutes(calendar, begun.date())), len(open_minutes(calendar, last))
    due = calendar.add(start, Budget(amount, "workday"))
    assert due.date() == last
    worked = len([minute for minute in open_minutes(calendar, last) if minute < due])
    assert abs(worked - before * length / whole) <= 1  # the same point of the office's day, to the minute
    if whole == length:
        assert worked == before


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), start=starts, amount=st.integers(1, 40))
def test_working_hours_by_counting_open_minutes(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    left = amount * 60
    for day in workdays_from(calendar, start.date()):
        minutes = [minute for minute in open_minutes(calendar, day) if minute >= start]
        if len(minutes) >= left:
            assert calendar.add(start, Budget(amount, "work_hour")) == minutes[left - 1] + timedelta(minutes=1)
            return
        left -= len(minutes)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), start=starts, amount=st.integers(0, 40))
def test_calendar_days_end_with_the_office_of_their_last_day(
    calendar: WorkCalendar, start: datetime, amount: int
) -> None:
    last = opening(calendar, start).date() + timedelta(days=amount)
    assert calendar.add(start, Budget(amount, "calendar_day")) == close(calendar, last)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(calendar=calendars(), start=starts, amount=st.integers(1, 30))
def test_months_end_on_the_day_of_the_same_number(calendar: WorkCalendar, start: datetime, amount: int) -> None:
    last = add_months(opening(calendar, start).date(), amount)
    assert calendar.add(start, Budget(amount, "month")) == close(calendar, last)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    calendar=calendars(),
    start=starts,
    amount=st.integers(1, 16),
    gaps=st.lists(st.integers(0, 3_000), max_size=6),
)
def test_hours_with_pauses_by_counting_the_minutes_that_ran(
    calendar: WorkCalendar, start: datetime, amount: int, gaps: list[int]
) -> None:
    entries = [ClockEntry(at=start, kind="start", reason="x")]
    for number, gap in enumerate(gaps[: len(gaps) // 2 * 2]):
        kind = "resume" if number % 2 else "pause"
        entries.append(ClockEntry(at=entries[-1].at + timedelta(minutes=gap), kind=kind, reason="x"))  # type: ignore[arg-type]  # one of the kinds
    running = list(zip(entries[::2], [*entries[1::2], None], strict=True))

    def runs(at: datetime) -> bool:
        return any(begin.at <= at and (end is None or at < end.at) for begin, end in running)

    left = amount * 60
    due = None
    for day in workdays_from(calendar, start.date()):
        for minute in open_minutes(calendar, day):
            left -= runs(minute)
            if not left:
                due = minute + timedelta(minutes=1)
                break
        if due:
            break
    budget = Budget(amount, "work_hour")
    reading = read_clock(budget, entries, calendar, now=entries[-1].at)
    assert due is not None
    assert reading.due_at == due or any(due == end.at for _, end in running if end)  # used up as the pause began
    lines = explain_deadline(budget, entries, calendar, now=entries[-1].at)
    for line in lines[:-1]:
        assert line.minutes == sum(runs(minute) for minute in open_minutes(calendar, line.on) if minute < due)
