from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.clock import HCM
from motcua.kernel.workdays import (
    Budget,
    CalendarDay,
    CalendarOutOfRange,
    Unit,
    WorkCalendar,
    load_calendars,
    load_city_calendar,
    load_city_calendars,
    office_hours,
)

CITY = load_city_calendar()
SATURDAY = load_city_calendars()["hcm-saturday"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HCM)


moments = st.datetimes(datetime(2020, 12, 1), datetime(2027, 12, 1), timezones=st.just(HCM))  # noqa: DTZ001  zoned
calendars = st.sampled_from([CITY, SATURDAY])


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2026-02-13", True),  # the last working day before Tết
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-26", False),
        ("2026-04-27", False),  # for Giỗ Tổ on a Sunday
        ("2026-08-22", True),  # a Saturday worked
        ("2026-08-29", False),
        ("2026-08-31", False),  # the Monday swapped for it
        ("2026-09-01", False),
        ("2026-09-02", False),
        ("2026-09-03", True),
        ("2026-11-24", False),  # Vietnam Culture Day, since 2026
        ("2025-11-24", True),
        ("2027-11-24", False),
        ("2026-01-02", False),
        ("2026-01-10", True),
    ],
)
def test_the_official_days(on: str, works: bool) -> None:
    assert CITY.is_workday(date.fromisoformat(on)) is works


@pytest.mark.parametrize(("year", "days"), [(year, 11 if year < 2026 else 12) for year in range(2021, 2029)])
def test_each_year_has_the_holidays_of_the_labour_code(year: int, days: int) -> None:
    """Each holiday or its compensation takes one ordinary working day; a swap takes one and gives one."""
    of_year = [day for day in CITY.days if day.on.year == year]
    assert len([day for day in of_year if day.kind == "holiday" and day.on.weekday() < 5]) == days
    given_back = [day for day in of_year if day.kind == "swap_work"]
    assert len(given_back) == len([day for day in of_year if day.kind == "swap_off"])
    assert all(day.on.weekday() >= 5 for day in given_back)


def test_every_day_names_its_law_and_what_was_not_read_is_marked() -> None:
    assert all(day.legal_ref and day.name for day in CITY.days)
    assert {day.mark for day in CITY.days if day.on in (date(2026, 8, 22), date(2026, 8, 31))} == {"sure"}
    assert {day.mark for day in CITY.days if day.on.year == 2027 and day.name.startswith("Tết N")} == {"unsure"}


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-20T09:15", 1, "workday", "2026-11-23T09:15"),  # over a weekend
        ("2027-12-30T10:00", 3, "workday", "2028-01-05T10:00"),  # New Year on a Saturday: its Monday is off
        ("2026-11-20T09:15:59", 1, "workday", "2026-11-23T09:15"),
        ("2026-11-20T09:15", 2, "workday", "2026-11-25T09:15"),  # over Culture Day
        ("2026-02-13T23:59", 1, "workday", "2026-02-24T07:30"),  # the last minute before Tết
        ("2026-02-13T16:59", 1, "workday", "2026-02-23T16:59"),
        ("2026-02-13T17:00", 1, "workday", "2026-02-24T07:30"),
        ("2026-08-21T10:00", 1, "workday", "2026-08-22T10:00"),  # the Saturday worked
        ("2026-08-28T10:00", 1, "workday", "2026-09-03T10:00"),  # over the long National Day
        ("2026-11-20T12:10", 1, "workday", "2026-11-23T13:00"),  # in the lunch break
        ("2026-11-21T10:00", 5, "workday", "2026-12-01T07:30"),  # on a Saturday: from Monday
        ("2026-11-20T09:00", 8, "work_hour", "2026-11-23T09:00"),
        ("2026-11-23T07:30", 8, "work_hour", "2026-11-23T17:00"),
        ("2026-11-22T22:00", 8, "work_hour", "2026-11-23T17:00"),
        ("2026-11-20T15:30", 2, "work_hour", "2026-11-23T08:00"),
        ("2026-11-20T09:15", 3, "calendar_day", "2026-11-23T17:00"),
        ("2026-11-20T09:15", 1, "calendar_day", "2026-11-23T17:00"),  # ends on a Saturday
        ("2026-02-06T09:15", 10, "calendar_day", "2026-02-23T17:00"),  # ends inside Tết
        ("2026-11-20T18:00", 1, "calendar_day", "2026-11-25T17:00"),  # from Monday; Tuesday is Culture Day
        ("2026-01-30T09:00", 1, "month", "2026-03-02T17:00"),  # 28 February is a Saturday
        ("2026-03-31T09:00", 1, "month", "2026-05-04T17:00"),  # 30 April is a holiday
        ("2026-11-30T09:00", 3, "month", "2027-03-01T17:00"),
        ("2026-11-20T20:00", 0, "workday", "2026-11-23T07:30"),
        ("2026-11-20T09:15", 0, "work_hour", "2026-11-20T09:15"),
    ],
)
def test_due_times(start: str, amount: int, unit: str, due: str) -> None:
    assert CITY.add(at(start), Budget(amount, unit)) == at(due)  # type: ignore[arg-type]  # the table's units


def test_a_moment_in_utc_counts_on_the_citys_clock() -> None:
    assert CITY.add(datetime(2026, 11, 20, 2, 15, tzinfo=UTC), Budget(1, "workday")) == at("2026-11-23T09:15")
    with pytest.raises(ValueError, match="zone"):
        CITY.add(datetime(2026, 1, 1), Budget(1, "workday"))  # noqa: DTZ001  the naive moment is the point


@pytest.mark.slow
@given(start=moments, amount=st.integers(1, 400), calendar=calendars)
def test_adding_working_days_can_be_counted_by_hand(start: datetime, amount: int, calendar: WorkCalendar) -> None:
    """The plain way: from the next opening, step from day to day and count those that are worked."""
    day = calendar.next_work_moment(start).date()
    for _ in range(amount):
        day += timedelta(days=1)
        while not calendar.is_workday(day):
            day += timedelta(days=1)
    due = calendar.add(start, Budget(amount, "workday"))
    assert due.date() == day
    assert calendar.workdays_between(calendar.next_work_moment(start).date(), due.date()) == amount


@pytest.mark.slow
@given(start=moments, amount=st.integers(0, 300), unit=st.sampled_from(["workday", "work_hour"]))
def test_what_was_added_has_elapsed(start: datetime, amount: int, unit: str) -> None:
    budget = Budget(amount, unit)  # type: ignore[arg-type]  # one of the units
    due = CITY.add(start, budget)
    assert CITY.measure(start, due, unit=budget.unit) == CITY.size_of(budget, 0)
    if unit == "work_hour":
        assert CITY.work_minutes_between(start, due) == 60 * amount == -CITY.work_minutes_between(due, start)


@pytest.mark.slow
@given(start=moments, minutes=st.integers(0, 20_000), amount=st.integers(0, 200), calendar=calendars, data=st.data())
def test_a_later_start_or_a_larger_budget_is_never_due_earlier(
    start: datetime, minutes: int, amount: int, calendar: WorkCalendar, data: st.DataObject
) -> None:
    unit: Unit = data.draw(st.sampled_from(get_args(Unit)))
    amount = min(amount, 24) if unit == "month" else amount
    due = calendar.add(start, Budget(amount, unit))
    assert due >= start.replace(second=0, microsecond=0)
    assert calendar.add(start + timedelta(minutes=minutes), Budget(amount, unit)) >= due
    assert calendar.add(start, Budget(amount + 1, unit)) >= due
    assert calendar.is_workday(due.date())


@pytest.mark.slow
@given(start=moments, calendar=calendars)
def test_the_next_working_moment_is_open_and_next(start: datetime, calendar: WorkCalendar) -> None:
    opening = calendar.next_work_moment(start)
    assert opening >= start
    assert any(begin <= opening.time() < end for begin, end in calendar.sessions(opening.date()))
    assert calendar.next_work_moment(opening) == opening
    assert calendar.work_minutes_between(start, opening) == 0


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-23T07:30", "2026-11-23T07:30"),
        ("2026-11-23T11:30:40", "2026-11-23T11:30"),
        ("2026-11-23T17:00", "2026-11-23T17:00"),
        ("2026-11-23T07:29", "2026-11-23T17:00"),
        ("2026-11-23T11:31", "2026-11-23T17:00"),
        ("2026-11-23T17:01", "2026-11-25T17:00"),  # over Culture Day
        ("2026-11-24T09:00", "2026-11-25T17:00"),
        ("2026-02-13T23:59", "2026-02-23T17:00"),  # over Tết
        ("2026-08-22T16:00", "2026-08-22T16:00"),  # a Saturday worked
    ],
)
def test_an_end_at_a_closed_office_is_the_end_of_the_next_working_day(moment: str, end: str) -> None:
    assert CITY.roll_end(at(moment)) == at(end)


def test_a_half_day_counts_as_a_day_and_keeps_the_point_in_it() -> None:
    assert SATURDAY.add(at("2026-11-20T09:30"), Budget(1, "workday")) == at("2026-11-21T08:30")
    assert SATURDAY.add(at("2026-11-21T08:30"), Budget(1, "workday")) == at("2026-11-23T09:30")
    assert SATURDAY.sessions(date(2026, 8, 22)) == CITY.sessions(date(2026, 8, 21))  # worked in full by the swap


def test_calendar_days_that_end_on_a_half_day_end_with_its_morning() -> None:
    assert SATURDAY.add(at("2026-11-20T16:00"), Budget(1, "calendar_day")) == at("2026-11-21T11:30")
    assert SATURDAY.add(at("2026-10-21T16:00"), Budget(1, "month")) == at("2026-11-21T11:30")


def test_an_agency_may_have_its_own_hours() -> None:
    evening = WorkCalendar(code="x", name="x", weekly=office_hours(0, 5, hours=((time(18), time(20)),)))
    assert evening.add(at("2026-11-23T08:00"), Budget(3, "work_hour")) == at("2026-11-28T19:00")


def test_impossible_calendars_and_budgets_are_refused() -> None:
    with pytest.raises(ValueError, match="seven days"):
        WorkCalendar(code="x", name="x", weekly=((),) * 7)
    with pytest.raises(ValueError, match="follow one another"):
        WorkCalendar(code="x", name="x", weekly=office_hours(hours=((time(9), time(8)),)))
    day = CalendarDay(on=date(2026, 1, 1), kind="holiday", name="x", legal_ref="x")
    with pytest.raises(ValueError, match="twice"):
        WorkCalendar(code="x", name="x", days=(day, day))
    for amount, unit in ((-1, "workday"), (1, "fortnight")):
        with pytest.raises(ValueError, match="no budget"):
            Budget(amount, unit)  # type: ignore[arg-type]  # wrong on purpose
    for start, budget in (
        ("2098-12-31T09:00", Budget(600, "workday")),
        ("2098-12-31T09:00", Budget(900, "calendar_day")),
        ("2098-12-31T09:00", Budget(90, "month")),
        ("2098-12-31T09:00", Budget(9_000, "work_hour")),
        ("1989-12-31T09:00", Budget(1, "workday")),
    ):
        with pytest.raises(CalendarOutOfRange):
            CITY.add(at(start), budget)


@pytest.mark.parametrize("body", ["", "days = 1", 'known_until = 2027-01-01\nweeks = []\ndays = [{on = "x"}]'])
def test_a_damaged_calendar_file_is_refused(body: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(body, "utf-8")
    with pytest.raises((KeyError, ValueError, TypeError)):
        load_calendars(path)
