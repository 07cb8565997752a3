"""What a leader sees, and how few queries it takes."""

from __future__ import annotations

from datetime import datetime

import pytest

from motcua.audit.public import SYSTEM
from motcua.cases.public import (
    LateFilter,
    OverviewRow,
    claim_task,
    extend_deadline,
    iterate_late_cases,
    list_late_cases,
    list_overview,
    pause_clock,
    receive_message,
)
from motcua.cases.tests.factories import (
    Office,
    act_as,
    at,
    do_service,
    do_task,
    make_case,
    make_office,
    open_task,
    principal_of,
)
from motcua.identity.tests.factories import make_official, make_principal

pytestmark = pytest.mark.django_db
NOW = at("2026-03-09 08:00")


@pytest.fixture
def office() -> Office:
    """An office with cases in every state; all filed on Monday 2 March at 09:00."""
    office = make_office()
    id = office.agency.id
    make_case(id, term_amount=20)  # open
    make_case(id, term_amount=5)  # due today at 09:00
    late = make_case(id, term_amount=3, subject_code="2.000815", subject_title="Chứng thực bản sao")
    task = open_task(late.id)
    claim_task(task.uuid, user_id=office.counter.user_id, revision=0, actor=act_as(office.counter), now=NOW)
    apologised = make_case(id, term_amount=2)
    extend_deadline(
        apologised.id, new_due_at=at("2026-03-06 17:00"), reason="Mất điện", actor=SYSTEM, now=at("2026-03-02 10:00")
    )
    waiting = make_case(id)
    pause_clock(waiting.id, reason="chờ", actor=SYSTEM, now=at("2026-03-03 09:00"))
    withdrawn = make_case(id)
    receive_message(withdrawn.id, "withdraw", payload={}, actor=SYSTEM, now=at("2026-03-03 09:00"))
    finish(office, make_case(id, term_amount=1).id, now=at("2026-03-06 09:00"))
    return office


def finish(office: Office, case_id: int, *, now: datetime) -> None:
    do_task(case_id, "accept", by=office.counter, now=now)
    do_task(case_id, "approve", by=office.specialist, now=now)
    do_service(case_id, now=now)
    do_task(case_id, "sign", by=office.leader, now=now)
    do_task(case_id, "", by=office.counter, now=now)


def figures(row: OverviewRow) -> tuple[int, ...]:
    return (row.open, row.due_today, row.late, row.paused, row.extended, row.closed_on_time, row.closed_late)


@pytest.mark.slow
def test_figures_by_office(office: Office) -> None:
    make_case(make_office().agency.id)
    (row,) = list_overview(principal_of(office.leader), now=NOW)
    assert (row.label, figures(row)) == (office.agency.name, (5, 1, 2, 1, 1, 1, 1))


@pytest.mark.slow
def test_figures_by_procedure_and_step(office: Office) -> None:
    leader = principal_of(office.leader)
    by_procedure = {row.key: figures(row) for row in list_overview(leader, now=NOW, group="procedure")}
    assert by_procedure == {"1.001193": (4, 1, 1, 1, 1, 1, 1), "2.000815": (1, 0, 1, 0, 0, 0, 0)}
    by_step = {row.key: figures(row) for row in list_overview(leader, now=NOW, group="step")}
    assert by_step["Tiếp nhận"] == (5, 1, 2, 1, 1, 0, 1)
    assert by_step["Ký duyệt"] == (0, 0, 0, 0, 0, 0, 1)
    assert sum(row[0] for row in by_step.values()) == 5


@pytest.mark.slow
def test_closed_cases_leave_the_figures_after_a_month(office: Office) -> None:
    (row,) = list_overview(principal_of(office.leader), now=at("2026-05-04 08:00"))
    assert (row.closed_on_time, row.closed_late) == (0, 0)


@pytest.mark.slow
def test_late_cases_name_their_holder_and_reason(office: Office) -> None:
    page = list_late_cases(principal_of(office.leader), filter=LateFilter(), page=1, now=NOW)
    first, second = page.items
    assert (first.holder, first.step, first.days_late, first.is_extended) == ("Cán bộ counter", "Tiếp nhận", 2, False)
    assert second.holder == f"Cán bộ một cửa, {office.agency.short_name}"
    assert (second.is_extended, second.reason, second.days_late) == (True, "Mất điện", 1)
    only = LateFilter(subject_code="2.000815")
    rows = list_late_cases(principal_of(office.leader), filter=only, page=1, now=NOW).items
    assert [row.subject_code for row in rows] == ["2.000815"]


@pytest.mark.slow
def test_the_export_is_the_same_list(office: Office) -> None:
    leader = principal_of(office.leader)
    page = list_late_cases(leader, filter=LateFilter(), page=1, now=NOW)
    assert tuple(iterate_late_cases(leader, filter=LateFilter(), now=NOW)) == page.items


@pytest.mark.slow
def test_a_leader_sees_the_own_office_a_city_leader_all(office: Office) -> None:
    other = make_office()
    make_case(other.agency.id, term_amount=1)
    city = make_principal(make_official("city_leader", agency_id=other.agency.id).user_id)
    assert {row.key for row in list_overview(city, now=NOW)} == {str(office.agency.id), str(other.agency.id)}
    assert len(list_late_cases(city, filter=LateFilter(), page=1, now=NOW).items) == 3
    (own,) = list_overview(principal_of(other.leader), now=NOW)
    assert own.key == str(other.agency.id)
    foreign = LateFilter(agency_id=office.agency.id)
    assert list_late_cases(principal_of(other.leader), filter=foreign, page=1, now=NOW).items == ()
    for role in ("counter", "specialist"):
        assert list_overview(principal_of(office.official(role)), now=NOW) == ()


@pytest.mark.slow
def test_queries_do_not_grow(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    leader = principal_of(office.leader)
    for _number in range(15):
        make_case(office.agency.id, term_amount=1)
    for group in ("agency", "procedure", "step"):
        with django_assert_max_num_queries(2):
            list_overview(leader, now=NOW, group=group)
    with django_assert_max_num_queries(5):
        assert len(list_late_cases(leader, filter=LateFilter(), page=1, now=NOW).items) == 17
