"""Tasks: who may do them, and what the second hand is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from motcua.audit.public import list_decisions_of
from motcua.cases.models import Task
from motcua.cases.public import (
    CaseInfo,
    OutcomeNotOfferedError,
    StaleTask,
    TaskNotFound,
    TaskNotYours,
    TaskTaken,
    claim_task,
    complete_task,
    get_case,
    get_task,
    get_task_for,
    list_tasks,
    list_timeline,
    receive_message,
    release_task,
)
from motcua.cases.tests.factories import (
    act_as,
    at,
    do_service,
    do_task,
    make_agency,
    make_case,
    make_office,
    open_task,
    principal_of,
)
from motcua.identity.public import OfficialInfo
from motcua.identity.tests.factories import make_official

pytestmark = pytest.mark.django_db
LATER = at("2026-03-02 10:00")


@pytest.mark.slow
def test_a_case_goes_from_filing_to_delivery() -> None:
    office = make_office()
    case = make_case(office.agency.id)
    do_task(case.id, "accept", by=office.counter, now=LATER)
    do_task(case.id, "approve", by=office.specialist, now=LATER, note="đủ điều kiện")
    do_service(case.id, now=LATER)
    decided = do_task(case.id, "sign", by=office.leader, now=LATER)
    assert (decided.stage, decided.clock_state, decided.stopped_at) == ("decided", "stopped", LATER)
    assert open_task(case.id).due_at is None  # nobody is late with a result that lies ready
    closed = do_task(case.id, "", by=office.counter, now=LATER)
    assert (closed.stage, closed.outcome, closed.closed_at) == ("delivered", "approved", LATER)
    assert list_tasks(case.id, only_open=True) == ()
    done = {task.element_id: task for task in list_tasks(case.id)}
    assert (done["appraise"].note, done["appraise"].completed_by_name) == ("đủ điều kiện", "Cán bộ specialist")
    assert done["deliver"].outcome == "done"
    assert "note" not in str(list_timeline(case.id, audience="applicant"))
    assert len(list_decisions_of(f"case:{case.uuid}", page=1).items) == 4


def test_the_second_official_is_told_who_and_when() -> None:
    office = make_office()
    other = make_official("counter", agency_id=office.agency.id, full_name="Lê Thị Sau")
    case = make_case(office.agency.id)
    seen = open_task(case.id)
    do_task(case.id, "accept", by=office.counter, now=LATER)
    with pytest.raises(StaleTask) as stale:
        complete_task(
            seen.uuid,
            revision=seen.revision,
            actor=act_as(other),
            user_id=other.user_id,
            outcome="refuse",
            data={},
            note="",
            now=at("2026-03-02 10:05"),
        )
    assert (stale.value.who, stale.value.when, stale.value.outcome) == ("Cán bộ counter", LATER, "accept")
    assert "Cán bộ counter" in stale.value.message and "10:00 ngày 02/03/2026" in stale.value.message
    assert get_case(case.id).stage == "in_progress"


def test_a_task_that_went_away_is_stale_too() -> None:
    office = make_office()
    case = make_case(office.agency.id)
    seen = open_task(case.id)
    receive_message(case.id, "withdraw", payload={}, actor=act_as(office.leader), now=LATER)
    assert get_task(seen.uuid).cancelled_at == LATER
    with pytest.raises(StaleTask):
        do_task_of(seen.uuid, seen.revision, office.counter)


def do_task_of(task_uuid: UUID, revision: int, official: OfficialInfo) -> CaseInfo:
    """Accept in the name of this official."""
    return complete_task(
        task_uuid,
        revision=revision,
        actor=act_as(official),
        user_id=official.user_id,
        outcome="accept",
        data={},
        note="",
        now=LATER,
    )


@pytest.mark.slow
def test_only_the_role_at_the_agency_may_do_it() -> None:
    office, elsewhere = make_office(), make_office()
    case = make_case(office.agency.id)
    task = open_task(case.id)
    for stranger in (office.specialist, office.leader, elsewhere.counter):
        with pytest.raises(TaskNotYours):
            do_task_of(task.uuid, task.revision, stranger)
        with pytest.raises(TaskNotYours):
            claim_task(task.uuid, user_id=stranger.user_id, revision=task.revision, actor=act_as(stranger), now=LATER)
        with pytest.raises(TaskNotFound):
            get_task_for(principal_of(stranger), task.uuid)
    assert get_task_for(principal_of(office.counter), task.uuid).uuid == task.uuid


def test_a_claimed_task_is_its_holders_until_released() -> None:
    office = make_office()
    other = make_official("counter", agency_id=office.agency.id, full_name="Lê Thị Sau")
    case = make_case(office.agency.id)
    seen = open_task(case.id)
    held = claim_task(
        seen.uuid, user_id=office.counter.user_id, revision=seen.revision, actor=act_as(office.counter), now=LATER
    )
    assert (held.assignee_name, held.revision) == ("Cán bộ counter", 1)
    for revision in (seen.revision, held.revision):
        with pytest.raises(TaskTaken):
            do_task_of(seen.uuid, revision, other)
    with pytest.raises(TaskNotYours):
        release_task(seen.uuid, user_id=other.user_id, revision=held.revision, actor=act_as(other), now=LATER)
    freed = release_task(
        seen.uuid, user_id=office.leader.user_id, revision=held.revision, actor=act_as(office.leader), now=LATER
    )
    assert (freed.assignee_id, freed.assignee_name, freed.revision) == (None, "", 2)
    with pytest.raises(StaleTask):
        do_task_of(seen.uuid, seen.revision, other)
    assert do_task_of(seen.uuid, freed.revision, other).stage == "in_progress"


def test_ones_own_claim_does_not_make_the_other_tab_stale() -> None:
    office = make_office()
    case = make_case(office.agency.id)
    seen = open_task(case.id)
    claim_task(
        seen.uuid, user_id=office.counter.user_id, revision=seen.revision, actor=act_as(office.counter), now=LATER
    )
    assert do_task_of(seen.uuid, seen.revision, office.counter).stage == "in_progress"


def test_an_unknown_outcome_or_task_changes_nothing() -> None:
    office = make_office()
    case = make_case(office.agency.id)
    with pytest.raises(OutcomeNotOfferedError):
        do_task(case.id, "burn", by=office.counter, now=LATER)
    with pytest.raises(TaskNotFound):
        do_task_of(uuid4(), 0, office.counter)
    assert get_case(case.id).revision == 0
    assert Task.objects.filter(case_id=case.id, completed_at=None).count() == 1


def test_a_role_that_ended_yesterday_does_nothing_today() -> None:
    agency = make_agency()
    case = make_case(agency.id)
    former = make_official(full_name="Người Cũ")
    task = open_task(case.id)
    with pytest.raises(TaskNotYours):
        do_task_of(task.uuid, task.revision, former)


def test_completing_takes_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    office = make_office()
    case = make_case(office.agency.id)
    task = open_task(case.id)
    with django_assert_max_num_queries(12):
        do_task_of(task.uuid, task.revision, office.counter)


def test_who_was_first_is_told_to_colleagues_alone() -> None:
    office, elsewhere = make_office(), make_office()
    case = make_case(office.agency.id)
    task = open_task(case.id)
    claim_task(
        task.uuid, user_id=office.counter.user_id, revision=task.revision, actor=act_as(office.counter), now=LATER
    )
    for stranger in (elsewhere.counter, elsewhere.leader, office.specialist):
        who: dict[str, Any] = {
            "user_id": stranger.user_id,
            "revision": task.revision - 1,
            "actor": act_as(stranger),
            "now": LATER,
        }
        with pytest.raises(TaskNotYours):
            claim_task(task.uuid, **who)
        with pytest.raises(TaskNotYours):
            release_task(task.uuid, **who)
        with pytest.raises(TaskNotYours):
            complete_task(task.uuid, **who, outcome="accept", data={}, note="")
