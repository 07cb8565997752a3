from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.tests.test_calendar import at, calendars, moments
from motcua.kernel.workdays import (
    Budget,
    ClockEntry,
    LedgerInvalid,
    Unit,
    WorkCalendar,
    explain_deadline,
    load_city_calendar,
    load_city_calendars,
    read_clock,
)

CITY = load_city_calendar()
FIVE = Budget(5, "workday")
budgets = st.builds(Budget, st.integers(0, 40), st.sampled_from(get_args(Unit)))
gaps = st.lists(st.integers(0, 6_000), max_size=6)


def line(moment: datetime | str, kind: str, new_due_at: str | None = None) -> ClockEntry:
    return ClockEntry(
        at=at(moment) if isinstance(moment, str) else moment,
        kind=kind,  # type: ignore[arg-type]  # the tests name real and wrong kinds
        reason="lý do",
        new_due_at=at(new_due_at) if new_due_at else None,
    )


def pauses_after(start: datetime, minutes: list[int]) -> list[ClockEntry]:
    """A ledger that is paused and resumed in turn, `minutes` apart."""
    entries, moment = [line(start, "start")], start
    for number, gap in enumerate(minutes):
        moment += timedelta(minutes=gap)
        entries.append(line(moment, "resume" if number % 2 else "pause"))
    return entries


def test_a_clock_that_only_runs_is_due_by_its_budget() -> None:
    entries = [line("2026-11-20T09:15", "start")]
    reading = read_clock(FIVE, entries, CITY, now=at("2026-11-23T09:15"))
    assert reading.due_at == at("2026-11-30T09:15")
    assert (reading.running, reading.consumed_minutes, reading.remaining_minutes) == (True, 480, 4 * 480)
    assert not reading.is_overdue
    assert not read_clock(FIVE, entries, CITY, now=at("2026-11-30T09:15")).is_overdue
    assert read_clock(FIVE, entries, CITY, now=at("2026-11-30T09:16")).is_overdue


def test_a_pause_keeps_the_due_time_open_and_moves_it() -> None:
    entries = [line("2026-11-20T09:15", "start"), line("2026-11-23T09:15", "pause")]
    paused = read_clock(FIVE, entries, CITY, now=at("2027-11-23T09:15"))
    assert (paused.due_at, paused.running, paused.is_overdue) == (None, False, False)
    assert (paused.paused_since, paused.remaining_minutes) == (at("2026-11-23T09:15"), 4 * 480)
    entries.append(line("2026-11-25T09:15", "resume"))
    assert read_clock(FIVE, entries, CITY, now=at("2026-11-25T10:00")).due_at == at("2026-12-01T09:15")


def test_a_restart_counts_from_nought() -> None:
    entries = [
        line("2026-11-20T09:15", "start"),
        line("2026-11-25T09:15", "pause"),
        line("2026-12-01T20:00", "restart"),
    ]
    reading = read_clock(FIVE, entries, CITY, now=at("2026-12-02T08:30"))
    assert reading.due_at == at("2026-12-09T07:30")
    assert (reading.consumed_minutes, reading.total_minutes) == (60, 5 * 480)


def test_an_extension_names_its_date_and_a_later_pause_moves_it_on() -> None:
    entries = [line("2026-11-20T09:15", "start"), line("2026-11-26T09:15", "extend", "2026-12-04T17:00")]
    reading = read_clock(FIVE, entries, CITY, now=at("2026-12-01T09:15"))
    assert (reading.due_at, reading.extended) == (at("2026-12-04T17:00"), True)
    entries += [line("2026-12-01T07:30", "pause"), line("2026-12-02T07:30", "resume")]
    assert read_clock(FIVE, entries, CITY, now=at("2026-12-03T09:15")).due_at == at("2026-12-08T07:30")


def test_an_extension_in_a_pause_waits_for_it() -> None:
    entries = [
        line("2026-11-20T09:15", "start"),
        line("2026-11-23T09:15", "pause"),
        line("2026-11-25T09:15", "extend", "2026-11-27T09:15"),
    ]
    assert read_clock(FIVE, entries, CITY, now=at("2026-11-26T09:15")).due_at is None
    entries.append(line("2026-12-01T09:15", "resume"))
    assert read_clock(FIVE, entries, CITY, now=at("2026-12-01T09:15")).due_at == at("2026-12-03T09:15")


def test_late_stays_late_through_a_pause_and_a_stop() -> None:
    entries = [line("2026-11-02T09:15", "start"), line("2026-11-20T09:15", "pause")]
    late = read_clock(FIVE, entries, CITY, now=at("2026-11-30T09:15"))
    assert (late.due_at, late.is_overdue) == (at("2026-11-09T09:15"), True)
    entries.append(line("2026-12-01T09:15", "stop"))
    assert read_clock(FIVE, entries, CITY, now=at("2027-01-01T09:15")).is_overdue


def test_a_stopped_clock_is_judged_by_when_it_stopped() -> None:
    entries = [line("2026-11-20T09:15", "start"), line("2026-11-25T09:15", "stop")]
    reading = read_clock(FIVE, entries, CITY, now=at("2027-06-01T09:15"))
    assert (reading.due_at, reading.running, reading.is_overdue) == (at("2026-11-30T09:15"), False, False)
    assert reading.consumed_minutes == 2 * 480


@pytest.mark.slow
@pytest.mark.parametrize(
    "kinds",
    [
        ["pause"],
        ["start", "start"],
        ["start", "resume"],
        ["start", "pause", "pause"],
        ["start", "stop", "resume"],
        ["start", "extend"],
    ],
)
def test_a_ledger_that_contradicts_itself_is_refused(kinds: list[str]) -> None:
    start = at("2026-11-20T09:15")
    entries = [line(start + timedelta(hours=number), kind) for number, kind in enumerate(kinds)]
    with pytest.raises(LedgerInvalid):
        read_clock(FIVE, entries, CITY, now=start)


@pytest.mark.slow
def test_time_does_not_run_backwards_in_a_ledger() -> None:
    now = at("2027-01-01")
    with pytest.raises(LedgerInvalid, match="đi lùi"):
        read_clock(FIVE, [line("2026-11-20T09:15", "start"), line("2026-11-20T09:14", "pause")], CITY, now=now)
    with pytest.raises(LedgerInvalid):
        read_clock(FIVE, [line("2026-11-20", "start"), line("2026-11-21", "extend", "2026-11-20")], CITY, now=now)


def test_an_empty_ledger_has_no_due_time() -> None:
    reading = read_clock(FIVE, [], CITY, now=at("2026-11-20T09:15"))
    assert (reading.due_at, reading.running, reading.consumed_minutes) == (None, False, 0)
    assert explain_deadline(FIVE, [], CITY, now=at("2026-11-20T09:15")) == ()


def test_what_ended_with_a_half_day_is_used_up() -> None:
    saturday = load_city_calendars()["hcm-saturday"]
    reading = read_clock(
        Budget(1, "calendar_day"), [line("2026-11-20T16:00", "start")], saturday, now=at("2026-11-21T11:31")
    )
    assert (reading.due_at, reading.is_overdue) == (at("2026-11-21T11:30"), True)
    assert (reading.consumed_minutes, reading.remaining_minutes) == (1440, 0)


@pytest.mark.slow
@given(budget=budgets, start=moments, minutes=gaps, calendar=calendars)
def test_pausing_never_makes_the_due_time_earlier(
    budget: Budget, start: datetime, minutes: list[int], calendar: WorkCalendar
) -> None:
    plain = read_clock(budget, [line(start, "start")], calendar, now=start).due_at
    entries = pauses_after(start, minutes)
    paused = read_clock(budget, entries, calendar, now=entries[-1].at).due_at
    assert plain is not None
    assert paused is None or paused >= plain


@pytest.mark.slow
@given(budget=budgets, start=moments, minutes=gaps, calendar=calendars, later=st.integers(0, 9_000))
def test_each_line_more_in_a_pause_only_moves_the_due_time_on(
    budget: Budget, start: datetime, minutes: list[int], calendar: WorkCalendar, later: int
) -> None:
    """A longer last pause is never due earlier than a shorter one."""
    entries = pauses_after(start, minutes[: len(minutes) // 2 * 2])
    pause = entries[-1].at + timedelta(minutes=30)
    short, long = (
        read_clock(
            budget,
            [*entries, line(pause, "pause"), line(pause + timedelta(minutes=gap), "resume")],
            calendar,
            now=pause,
        ).due_at
        for gap in (later // 2, later)
    )
    assert short is not None
    assert long is not None
    assert long >= short


@pytest.mark.slow
@settings(deadline=None)  # years of days are explained one by one
@given(budget=budgets, start=moments, minutes=gaps, calendar=calendars, days=st.integers(0, 30))
def test_the_explanation_adds_up_to_the_budget_by_the_same_walk(
    budget: Budget, start: datetime, minutes: list[int], calendar: WorkCalendar, days: int
) -> None:
    entries = pauses_after(start, minutes)
    now = entries[-1].at + timedelta(days=days)
    reading = read_clock(budget, entries, calendar, now=now)
    lines = explain_deadline(budget, entries, calendar, now=now)
    expected = reading.total_minutes if reading.due_at is not None else reading.consumed_minutes
    assert sum(day.minutes for day in lines) == expected
    assert all(day.minutes >= 0 for day in lines)
    assert [day.on for day in lines] == [lines[0].on + timedelta(days=n) for n in range(len(lines))]
    if reading.due_at is not None:
        assert lines[-1].on == reading.due_at.date()
        assert "hết thời hạn" in lines[-1].note


@pytest.mark.slow
@given(budget=budgets, start=moments, minutes=gaps, calendar=calendars, days=st.integers(0, 60))
def test_consumed_and_remaining_make_the_budget_until_it_is_used_up(
    budget: Budget, start: datetime, minutes: list[int], calendar: WorkCalendar, days: int
) -> None:
    entries = pauses_after(start, minutes)
    reading = read_clock(budget, entries, calendar, now=entries[-1].at + timedelta(days=days))
    assert reading.remaining_minutes == max(reading.total_minutes - reading.consumed_minutes, 0)
    if reading.is_overdue:
        assert reading.remaining_minutes == 0
    assert reading.running == (len(entries) % 2 == 1)


def test_an_explanation_names_every_reason() -> None:
    entries = [
        ClockEntry(at=at("2026-11-20T15:00"), kind="start", reason="tiếp nhận hồ sơ"),
        ClockEntry(at=at("2026-11-23T09:00"), kind="pause", reason="chờ bổ sung", legal_ref="Nghị định 118/2025/NĐ-CP"),
        ClockEntry(at=at("2026-11-25T09:00"), kind="resume", reason="đã bổ sung"),
    ]
    lines = explain_deadline(Budget(2, "workday"), entries, CITY, now=at("2026-11-25T10:00"))
    notes = {day.on: (day.minutes, day.note) for day in lines}
    assert notes[date(2026, 11, 20)] == (
        120,
        "Thứ sáu, ngày làm việc; bắt đầu tính từ 15:00 ngày 20/11/2026 (tiếp nhận hồ sơ)",
    )
    assert notes[date(2026, 11, 21)] == (0, "Thứ bảy, ngày nghỉ hằng tuần")
    assert "chờ bổ sung, Nghị định 118/2025/NĐ-CP" in notes[date(2026, 11, 23)][1]
    assert notes[date(2026, 11, 24)] == (
        0,
        "Thứ ba, Ngày Văn hóa Việt Nam, Nghị quyết 28/2026/QH16; không tính vào thời hạn",
    )
    assert notes[date(2026, 11, 26)] == (360, "Thứ năm, ngày làm việc; hết thời hạn lúc 15:00 ngày 26/11/2026")


def test_an_explanation_shows_what_a_restart_and_an_unread_notice_did() -> None:
    entries = [line("2027-02-01T09:00", "start"), line("2027-02-03T09:00", "restart")]
    lines = explain_deadline(Budget(3, "workday"), entries, CITY, now=at("2027-02-03T09:00"))
    assert [day.minutes for day in lines[:2]] == [0, 0]
    assert "không tính vào thời hạn" in lines[1].note
    assert any("chưa có thông báo chính thức" in day.note for day in lines)
    assert lines[-1].on == date(2027, 2, 15)
