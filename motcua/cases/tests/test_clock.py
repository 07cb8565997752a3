"""The clock of a case by the law: waiting, going on, starting again, one re-appointment; across Tết."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from motcua.audit.public import SYSTEM
from motcua.cases.models import Case, ClockLine, Task, Timer
from motcua.cases.public import (
    CaseInfo,
    ClockMoveRefused,
    ExtensionRefused,
    describe_deadline,
    extend_deadline,
    fire_due_timers,
    get_case,
    get_deadline,
    get_explained_deadline,
    list_tasks,
    list_timeline,
    pause_clock,
    receive_message,
    recompute_deadlines,
    restart_clock,
    resume_clock,
    stop_clock,
)
from motcua.cases.tests.factories import MONDAY, Office, at, do_service, do_task, make_case, make_office, open_task
from motcua.kernel.workdays import CalendarDay, load_city_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def supplement(case: CaseInfo, office: Office, asked: str, answered: str) -> CaseInfo:
    do_task(case.id, "supplement", by=office.counter, now=at(asked))
    return receive_message(case.id, "supplement_received", payload={}, actor=SYSTEM, now=at(answered))


@pytest.mark.slow
def test_a_term_runs_over_tet(office: Office) -> None:
    """Tết 2026 is off Monday 16 to Friday 20 February."""
    case = make_case(office.agency.id, now=at("2026-02-12 10:00"), term_amount=3)
    assert case.due_at == at("2026-02-24 10:00")


@pytest.mark.slow
def test_a_filing_in_the_last_minute_before_tet(office: Office) -> None:
    """23:59 on the last working day before Tết: the clock starts with the first opening after it."""
    case = make_case(office.agency.id, now=at("2026-02-13 23:59"), term_amount=1)
    assert case.due_at == at("2026-02-24 07:30")


@pytest.mark.slow
def test_swapped_days_count_as_the_notice_says(office: Office) -> None:
    """Saturday 22 August 2026 is worked, Monday 31 August to Wednesday 2 September is off."""
    assert make_case(office.agency.id, now=at("2026-08-21 10:00"), term_amount=1).due_at == at("2026-08-22 10:00")
    assert make_case(office.agency.id, now=at("2026-08-28 10:00"), term_amount=1).due_at == at("2026-09-03 10:00")


@pytest.mark.slow
def test_waiting_for_the_applicant_restarts_from_zero(office: Office) -> None:
    case = make_case(office.agency.id, clock_rule="restart")
    do_task(case.id, "supplement", by=office.counter, now=at("2026-03-04 09:00"))
    waiting = get_case(case.id)
    assert (waiting.stage, waiting.clock_state, waiting.due_at) == ("waiting_applicant", "paused", None)
    assert not get_deadline(case.id, now=at("2026-06-01 09:00")).is_overdue
    back = receive_message(case.id, "supplement_received", payload={}, actor=SYSTEM, now=at("2026-03-10 14:00"))
    assert (back.clock_state, back.due_at) == ("running", at("2026-03-17 14:00"))
    assert open_task(case.id).due_at == back.due_at


@pytest.mark.slow
def test_waiting_for_the_applicant_goes_on_where_the_rule_says_pause(office: Office) -> None:
    case = make_case(office.agency.id, clock_rule="pause")
    back = supplement(case, office, "2026-03-04 09:00", "2026-03-10 09:00")
    assert back.due_at == at("2026-03-13 09:00")  # two of five days were used


@pytest.mark.slow
def test_waiting_for_payment_always_goes_on(office: Office) -> None:
    case = make_case(office.agency.id, clock_rule="restart")
    do_task(case.id, "charge", by=office.counter, now=at("2026-03-04 09:00"))
    back = receive_message(case.id, "paid", payload={}, actor=SYSTEM, now=at("2026-03-10 09:00"))
    assert (back.stage, back.due_at) == ("in_progress", at("2026-03-13 09:00"))


@pytest.mark.slow
def test_waiting_across_tet_costs_nothing(office: Office) -> None:
    case = make_case(office.agency.id, now=at("2026-02-12 10:00"), term_amount=3, clock_rule="pause")
    back = supplement(case, office, "2026-02-13 10:00", "2026-02-23 10:00")
    assert back.due_at == at("2026-02-25 10:00")


@pytest.mark.slow
def test_nobody_answers_for_fifteen_working_days(office: Office) -> None:
    case = make_case(office.agency.id, now=at("2026-02-09 10:00"))
    do_task(case.id, "supplement", by=office.counter, now=at("2026-02-10 10:00"))
    timer = Timer.objects.get(case_id=case.id)
    assert timer.due_at == at("2026-03-10 10:00")  # fifteen working days; Tết is not one of them
    assert fire_due_timers(now=timer.due_at - timedelta(minutes=1)) == 0
    assert fire_due_timers(now=timer.due_at) == 1
    assert fire_due_timers(now=timer.due_at) == 0
    closed = get_case(case.id)
    assert (closed.stage, closed.outcome, closed.clock_state) == ("stopped", "stopped", "stopped")


@pytest.mark.slow
def test_an_answer_cancels_the_timer(office: Office) -> None:
    case = make_case(office.agency.id)
    supplement(case, office, "2026-03-04 09:00", "2026-03-05 09:00")
    assert fire_due_timers(now=at("2027-01-01 09:00")) == 0
    assert Timer.objects.get(case_id=case.id).cancelled_at == at("2026-03-05 09:00")


@pytest.mark.slow
def test_a_decision_stops_the_clock_for_good(office: Office) -> None:
    case = make_case(office.agency.id)
    do_task(case.id, "accept", by=office.counter, now=at("2026-03-03 09:00"))
    do_task(case.id, "approve", by=office.specialist, now=at("2026-03-03 09:00"))
    do_service(case.id, now=at("2026-03-03 09:00"))
    decided = do_task(case.id, "sign", by=office.leader, now=at("2026-03-05 09:00"))
    assert (decided.due_at, decided.stopped_at) == (case.due_at, at("2026-03-05 09:00"))
    reading = get_deadline(case.id, now=at("2026-12-01 09:00"))
    assert not reading.running and not reading.is_overdue


def extend(case: CaseInfo, now: str, new: str, reason: str = "Hồ sơ phức tạp"):  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    return extend_deadline(case.id, new_due_at=at(new), reason=reason, actor=SYSTEM, now=at(now))


@pytest.mark.slow
def test_one_re_appointment_before_the_due_time(office: Office) -> None:
    case = make_case(office.agency.id)
    answer = extend(case, "2026-03-05 09:00", "2026-03-12 17:00", " Hồ sơ phức tạp ")
    assert (answer.previous_due_at, answer.case.due_at, answer.is_notice_late) == (
        case.due_at,
        at("2026-03-12 17:00"),
        False,
    )
    assert open_task(case.id).due_at == at("2026-03-12 17:00")
    told = list_timeline(case.id, audience="applicant")[-1]
    assert told.text == "Cơ quan xin lỗi vì chậm và hẹn lại vào 17:00 ngày 12/03/2026. Lý do: Hồ sơ phức tạp"
    with pytest.raises(ExtensionRefused) as second:
        extend(case, "2026-03-06 09:00", "2026-03-20 17:00")
    assert second.value.code == "extension_used"


@pytest.mark.slow
def test_an_apology_on_the_last_day_stands_but_is_flagged(office: Office) -> None:
    case = make_case(office.agency.id)
    assert extend(case, "2026-03-09 08:00", "2026-03-12 17:00").is_notice_late is True
    assert list_timeline(case.id, audience="applicant")[-1].data["is_notice_late"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "new", "reason", "code"),
    [
        ("2026-03-09 09:00", "2026-03-12 17:00", "x", "extension_too_late"),
        ("2026-03-05 09:00", "2026-03-09 09:00", "x", "extension_not_later"),
        ("2026-03-05 09:00", "2026-03-12 17:00", " ", "extension_no_reason"),
    ],
)
def test_a_refused_extension_writes_nothing(office: Office, now: str, new: str, reason: str, code: str) -> None:
    case = make_case(office.agency.id)
    with pytest.raises(ExtensionRefused) as refusal:
        extend(case, now, new, reason)
    assert refusal.value.code == code
    assert ClockLine.objects.filter(case_id=case.id).count() == 1 and get_case(case.id).revision == 0


@pytest.mark.slow
def test_a_waiting_case_needs_no_extension(office: Office) -> None:
    case = make_case(office.agency.id)
    do_task(case.id, "supplement", by=office.counter, now=at("2026-03-04 09:00"))
    with pytest.raises(ExtensionRefused) as refusal:
        extend(case, "2026-03-05 09:00", "2026-03-12 17:00")
    assert refusal.value.code == "extension_not_running"


@pytest.mark.slow
def test_the_clock_moves_by_hand_only_from_where_it_stands(office: Office) -> None:
    case = make_case(office.agency.id)
    words: dict[str, Any] = {"reason": "Chờ ý kiến cơ quan phối hợp", "actor": SYSTEM}
    with pytest.raises(ClockMoveRefused):
        resume_clock(case.id, now=at("2026-03-03 09:00"), **words)
    assert pause_clock(case.id, now=at("2026-03-03 09:00"), **words).clock_state == "paused"
    with pytest.raises(ClockMoveRefused):
        pause_clock(case.id, now=at("2026-03-03 10:00"), **words)
    assert resume_clock(case.id, now=at("2026-03-05 09:00"), **words).due_at == at("2026-03-11 09:00")
    assert restart_clock(case.id, now=at("2026-03-06 09:00"), **words).due_at == at("2026-03-13 09:00")
    assert stop_clock(case.id, now=at("2026-03-10 09:00"), **words).clock_state == "stopped"
    with pytest.raises(ClockMoveRefused):
        restart_clock(case.id, now=at("2026-03-11 09:00"), **words)


@pytest.mark.slow
def test_a_pause_before_a_clock_that_starts_later_is_no_contradiction(office: Office) -> None:
    case = make_case(
        office.agency.id, now=at("2026-03-02 20:00"), clock_starts_at=at("2026-03-04 07:30"), clock_rule="pause"
    )
    back = supplement(case, office, "2026-03-03 09:00", "2026-03-03 10:00")
    assert back.due_at == at("2026-03-11 07:30")


@pytest.mark.slow
def test_the_explanation_and_the_date_come_from_one_code(office: Office) -> None:
    case = make_case(office.agency.id, now=at("2026-02-12 10:00"), term_amount=3)
    now = at("2026-02-25 10:00")
    days = get_explained_deadline(case.id, now=now)[1]
    assert any("Tết" in day.note for day in days)
    view = describe_deadline(case.id, now=now)
    assert (view.lateness, view.term) == ("late", "3 ngày làm việc")
    assert view.headline == "Đã quá hạn trả kết quả: 10:00 ngày 24/02/2026."


@pytest.mark.slow
def test_a_new_holiday_moves_what_still_runs(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The government adds a day off while cases run: due times and working-time timers follow, paused ones wait."""
    case, waiting = make_case(office.agency.id), make_case(office.agency.id)
    do_task(waiting.id, "supplement", by=office.counter, now=at("2026-03-03 09:00"))
    before = Timer.objects.get(case_id=waiting.id).due_at
    calendar = load_city_calendar()
    day_off = CalendarDay(on=date(2026, 3, 5), kind="holiday", name="Nghỉ thêm", legal_ref="Thông báo thử")
    changed = replace(calendar, days=(*calendar.days, day_off))
    monkeypatch.setattr("motcua.cases.queries.ledger.get_calendar", lambda code: changed)
    report = recompute_deadlines(now=at("2026-03-04 09:00"))
    assert (report.cases_moved, report.timers_moved) == (1, 1)
    assert get_case(case.id).due_at == open_task(case.id).due_at == at("2026-03-10 09:00")
    assert Timer.objects.get(case_id=waiting.id).due_at == before + timedelta(days=1)
    assert get_case(waiting.id).due_at is None


@pytest.mark.slow
def test_dates_are_read_from_the_ledger_again(office: Office) -> None:
    case = make_case(office.agency.id)
    waiting = make_case(office.agency.id)
    do_task(waiting.id, "supplement", by=office.counter, now=at("2026-03-04 09:00"))
    timer_due = Timer.objects.get(case_id=waiting.id).due_at
    wrong = at("2030-01-01 09:00")  # as if the calendar had been another one
    Case.objects.filter(pk=case.id).update(due_at=wrong)
    Task.objects.filter(case_id=case.id).update(due_at=wrong)
    Timer.objects.filter(case_id=waiting.id).update(due_at=wrong)
    report = recompute_deadlines(now=MONDAY)
    assert (report.checked, report.cases_moved, report.timers_moved) == (2, 1, 1)
    assert get_case(case.id).due_at == list_tasks(case.id)[0].due_at == case.due_at
    assert Timer.objects.get(case_id=waiting.id).due_at == timer_due
    assert recompute_deadlines(now=MONDAY).cases_moved == 0
    assert recompute_deadlines(now=MONDAY, calendar_code="khác").checked == 0
