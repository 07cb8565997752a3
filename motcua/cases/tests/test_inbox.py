"""The inbox: due first, only what may be done, the same few queries at any size."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.audit.public import SYSTEM
from motcua.cases.public import InboxFilter, claim_task, count_inbox, list_inbox, pause_clock
from motcua.cases.tests.factories import (
    MONDAY,
    Office,
    act_as,
    at,
    do_task,
    make_case,
    make_office,
    open_task,
    principal_of,
)
from motcua.identity.public import Principal, grant_role
from motcua.identity.tests.factories import LONG_AGO, make_official, make_principal

pytestmark = pytest.mark.django_db
NOW = at("2026-03-09 12:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def codes(principal: Principal, **values: object) -> list[str]:
    page = list_inbox(principal, filter=InboxFilter(**values), page=1, now=NOW)  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    return [row.case_code for row in page.items]


def test_what_is_due_first_stands_on_top(office: Office) -> None:
    counter = principal_of(office.counter)
    terms = {4: "late", 5: "late", 6: "soon", 20: "later"}
    made = {amount: make_case(office.agency.id, term_amount=amount) for amount in (20, 5, 6, 4)}
    paused = make_case(office.agency.id, term_amount=1)
    pause_clock(paused.id, reason="chờ", actor=SYSTEM, now=MONDAY)
    rows = list_inbox(counter, filter=InboxFilter(), page=1, now=NOW).items
    assert [row.case_code for row in rows] == [made[amount].code for amount in sorted(made)] + [paused.code]
    assert [row.lateness for row in rows] == [terms[amount] for amount in sorted(terms)] + ["paused"]
    assert (rows[0].step, rows[0].applicant_name, rows[0].agency_name) == (
        "Tiếp nhận",
        "Nguyễn Thị Thử",
        office.agency.short_name,
    )


def test_a_case_moves_from_inbox_to_inbox(office: Office) -> None:
    case = make_case(office.agency.id)
    seen = {role: codes(principal_of(office.official(role))) for role in ("counter", "specialist", "leader")}
    assert seen == {"counter": [case.code], "specialist": [], "leader": []}
    do_task(case.id, "accept", by=office.counter, now=NOW)
    seen = {role: codes(principal_of(office.official(role))) for role in ("counter", "specialist", "leader")}
    assert seen == {"counter": [], "specialist": [case.code], "leader": []}


def test_several_roles_and_agencies_make_one_list(office: Office) -> None:
    other = make_office()
    second = make_case(other.agency.id, term_amount=3)
    first = make_case(office.agency.id, term_amount=2)
    make_case(make_office().agency.id)
    both = make_official("counter", "leader", agency_id=office.agency.id)
    grant_role(both.user_id, role="counter", agency_id=other.agency.id, valid_from=LONG_AGO, actor=SYSTEM, now=MONDAY)
    principal = make_principal(both.user_id)
    assert codes(principal) == [first.code, second.code]
    assert codes(principal, agency_id=other.agency.id) == [second.code]
    assert codes(principal, agency_id=999_999) == []


def test_an_official_without_an_office_role_has_an_empty_inbox(office: Office) -> None:
    make_case(office.agency.id)
    for role in ("city_leader", "operator"):
        outsider = make_principal(make_official(role, agency_id=office.agency.id).user_id)
        assert codes(outsider) == [] and count_inbox(outsider, now=NOW).open == 0


def test_mine_and_unassigned(office: Office) -> None:
    mine, free = make_case(office.agency.id), make_case(office.agency.id)
    task = open_task(mine.id)
    claim_task(task.uuid, user_id=office.counter.user_id, revision=0, actor=act_as(office.counter), now=NOW)
    counter = principal_of(office.counter)
    assert codes(counter, holder="mine") == [mine.code]
    assert codes(counter, holder="unassigned") == [free.code]
    assert count_inbox(counter, now=NOW).mine == 1


@pytest.mark.parametrize("text", ["khai sinh", "KHAI SINH", "1.001193", "dang ky"])
def test_search_by_procedure(office: Office, text: str) -> None:
    case = make_case(office.agency.id)
    make_case(office.agency.id, subject_code="2.000815", subject_title="Chứng thực bản sao", title="Chứng thực")
    assert codes(principal_of(office.counter), text=text) == [case.code]


def test_search_by_dossier_code(office: Office) -> None:
    case = make_case(office.agency.id)
    make_case(office.agency.id)
    assert codes(principal_of(office.counter), text=f" {case.code.lower()} ") == [case.code]
    assert codes(principal_of(office.counter), text="%") == []


@pytest.mark.slow
def test_pages_and_counts(office: Office) -> None:
    cases = [make_case(office.agency.id, now=MONDAY + timedelta(minutes=number)) for number in range(23)]
    counter = principal_of(office.counter)
    first = list_inbox(counter, filter=InboxFilter(), page=1, now=NOW)
    second = list_inbox(counter, filter=InboxFilter(), page=2, now=NOW)
    assert [row.case_code for row in first.items + second.items] == [case.code for case in cases]
    assert (first.has_next, second.has_next, second.has_previous, first.total_capped) == (True, False, True, 23)
    assert list_inbox(counter, filter=InboxFilter(), page=9, now=NOW).items == ()
    count = count_inbox(counter, now=at("2026-03-09 09:10"))
    assert (count.open, count.late, count.is_capped) == (23, 10, False)


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True])
def test_the_number_of_queries_does_not_grow(office: Office, several: bool) -> None:
    principal = principal_of(office.counter)
    if several:
        official = make_official("counter", "specialist", "leader", agency_id=office.agency.id)
        principal = make_principal(official.user_id)
    counts = []
    for size in (2, 30):
        for _number in range(size):
            make_case(office.agency.id)
        with CaptureQueriesContext(connection) as queries:
            list_inbox(principal, filter=InboxFilter(text="khai sinh"), page=1, now=NOW)
        counts.append(len(queries))
    assert max(counts) <= 4
    with CaptureQueriesContext(connection) as queries:
        count_inbox(principal, now=NOW)
    assert len(queries) <= 2
