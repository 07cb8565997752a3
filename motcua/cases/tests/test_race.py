"""Two hands on one case, with real transactions in real threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from motcua.cases.models import Case, Task, TimelineEntry
from motcua.cases.public import StaleTask, TaskTaken, claim_task, complete_task, fire_due_timers, receive_message
from motcua.cases.tests.factories import (
    MONDAY,
    Office,
    act_as,
    at,
    do_task,
    make_case,
    make_office,
    open_task,
)
from motcua.identity.public import OfficialInfo
from motcua.identity.tests.factories import make_official
from motcua.kernel.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LATER = at("2026-03-02 10:00")


def together(*works: Callable[[], object]) -> list[object]:
    """Run the works at one moment, each on a connection of its own; expected failures come back as values."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=20)
            return work()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def complete_as(official: OfficialInfo, task_uuid, revision: int) -> Callable[[], object]:  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    return lambda: complete_task(
        task_uuid,
        revision=revision,
        actor=act_as(official),
        user_id=official.user_id,
        outcome="accept",
        data={},
        note=f"ghi chú của {official.full_name}",
        now=LATER,
    )


def two_counters() -> tuple[Office, OfficialInfo]:
    office = make_office()
    return office, make_official("counter", agency_id=office.agency.id, full_name="Lê Thị Sau")


def test_two_officials_complete_one_task_once() -> None:
    office, other = two_counters()
    for _round in range(5):
        case = make_case(office.agency.id, now=MONDAY)
        task = open_task(case.id)
        answers = together(
            complete_as(office.counter, task.uuid, task.revision), complete_as(other, task.uuid, task.revision)
        )
        losers = [answer for answer in answers if isinstance(answer, StaleTask)]
        assert len(losers) == 1
        winner = Task.objects.get(uuid=task.uuid)
        assert losers[0].who == winner.completed_by_name
        assert winner.note == f"ghi chú của {winner.completed_by_name}"
        assert Task.objects.filter(case_id=case.id, element_id="appraise").count() == 1
        assert TimelineEntry.objects.filter(case_id=case.id, kind="task_completed").count() == 1
        assert Case.objects.get(pk=case.id).revision == 1


def test_claim_against_completion_leaves_one_answer() -> None:
    office, other = two_counters()
    for _round in range(5):
        case = make_case(office.agency.id, now=MONDAY)
        task = open_task(case.id)
        answers = together(
            complete_as(office.counter, task.uuid, task.revision),
            lambda task=task: claim_task(  # type: ignore[misc]  # each lambda holds its own value of the loop
                task.uuid, user_id=other.user_id, revision=task.revision, actor=act_as(other), now=LATER
            ),
        )
        assert sum(isinstance(answer, (StaleTask, TaskTaken)) for answer in answers) == 1
        row = Task.objects.get(uuid=task.uuid)
        assert (row.completed_at is None) == (row.assignee_id == other.user_id)


def test_withdrawal_against_completion_leaves_a_whole_case() -> None:
    office, _other = two_counters()
    for _round in range(5):
        case = make_case(office.agency.id, now=MONDAY)
        task = open_task(case.id)
        together(
            complete_as(office.counter, task.uuid, task.revision),
            lambda case=case: receive_message(  # type: ignore[misc]  # each lambda holds its own value of the loop
                case.id, "withdraw", payload={}, actor=act_as(office.leader), now=LATER
            ),
        )
        after = Case.objects.get(pk=case.id)
        still_open = Task.objects.filter(case_id=case.id, completed_at=None, cancelled_at=None).count()
        assert after.outcome == "withdrawn" and still_open == 0


def test_two_workers_fire_a_timer_once() -> None:
    office = make_office()
    case = make_case(office.agency.id, now=MONDAY)
    do_task(case.id, "supplement", by=office.counter, now=LATER)
    much_later = at("2026-04-20 10:00")
    fired = together(*[lambda: fire_due_timers(now=much_later)] * 2)
    assert sum(int(str(count)) for count in fired) == 1
    assert Case.objects.get(pk=case.id).outcome == "stopped"
