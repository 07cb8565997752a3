"""Whatever people, services and time do to a case in whatever order, it stays whole and never gets stuck."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.cases.models import Case, ClockLine, ServiceCall, Task, TimelineEntry, Timer
from motcua.cases.public import (
    MessageNotExpectedError,
    extend_deadline,
    fire_due_timers,
    get_deadline,
    list_tasks,
    receive_message,
    recompute_deadlines,
)
from motcua.cases.queries.processes import get_process_definition
from motcua.cases.tests.factories import MONDAY, Office, do_service, do_task, make_case, make_office
from motcua.cases.types import ExtensionRefused
from motcua.process.public import open_elements

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["task", "task", "task", "service", "supplement_received", "paid", "withdraw", "timer", "extend"]
        ),
        st.integers(0, 9),
        st.integers(0, 60 * 24 * 6),
    ),
    max_size=14,
)


@pytest.fixture
def office() -> Office:
    return make_office()


@given(steps=STEPS, rule=st.sampled_from(["restart", "pause"]), unit=st.sampled_from(["workday", "calendar_day"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_case_stays_whole(office: Office, steps: list[tuple[str, int, int]], rule: str, unit: str) -> None:
    case_id = make_case(office.agency.id, clock_rule=rule, term_unit=unit, now=MONDAY).id
    now = MONDAY
    check_whole(case_id, now)
    for kind, choice, minutes in steps:
        now += timedelta(minutes=minutes)
        act(office, case_id, kind, choice, now)
        check_whole(case_id, now)


def act(office: Office, case_id: int, kind: str, choice: int, now: datetime) -> None:
    """Do one thing, if the case can take it now."""
    tasks = list_tasks(case_id, only_open=True)
    if kind == "task" and tasks:
        (task,) = tasks
        outcome = task.outcomes[choice % len(task.outcomes)] if task.outcomes else ""
        do_task(case_id, outcome, by=office.official(task.role), now=now)
    elif kind == "service" and ServiceCall.objects.filter(case_id=case_id, state="requested").exists():
        do_service(case_id, now=now)
    elif kind == "timer":
        fire_due_timers(now=now + timedelta(days=choice * 5))
    elif kind == "extend":
        new_due_at = now + timedelta(days=choice + 1)
        with suppress(ExtensionRefused):
            extend_deadline(case_id, new_due_at=new_due_at, reason="đông", actor=SYSTEM, now=now)
    elif kind in ("supplement_received", "paid", "withdraw"):
        with suppress(MessageNotExpectedError):
            receive_message(case_id, kind, payload={}, actor=SYSTEM, now=now)


def check_whole(case_id: int, now: datetime) -> None:
    """Check what must hold between any two events."""
    case = Case.objects.get(pk=case_id)
    tasks = Task.objects.filter(case_id=case_id, completed_at=None, cancelled_at=None)
    timers = Timer.objects.filter(case_id=case_id, fired_at=None, cancelled_at=None)
    services = ServiceCall.objects.filter(case_id=case_id, state="requested")
    definition = get_process_definition(case.process_version_id)
    waits = open_elements(definition, case.state)

    assert bool(waits) == (case.closed_at is None), "an open case waits for something, a closed one for nothing"
    assert {task.token for task in tasks} == {wait.token for wait in waits if wait.kind == "user"}
    assert {call.token for call in services} == {wait.token for wait in waits if wait.kind == "service"}
    if case.closed_at is not None:
        assert not tasks and not timers and not services
        assert case.clock_state == "stopped"

    lines = list(ClockLine.objects.filter(case_id=case_id).order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert all(first.at <= second.at for first, second in zip(lines, lines[1:], strict=False))
    reading = get_deadline(case_id, now=now)
    if case.clock_state == "paused":
        assert case.due_at is None and reading.paused_since is not None
    else:
        assert case.due_at == reading.due_at
    assert (case.clock_state == "running") == reading.running
    expected = case.due_at if case.clock_state == "running" else None
    assert all(task.due_at == expected for task in tasks)
    assert recompute_deadlines(now=now).cases_moved == 0

    entries = list(TimelineEntry.objects.filter(case_id=case_id).order_by("id"))
    assert all(first.at <= second.at for first, second in zip(entries, entries[1:], strict=False))
    assert entries[0].kind == "opened"
    assert (entries[-1].kind == "closed") == (case.closed_at is not None)
