"""One policy: no path shows a case to somebody outside its scope, whoever holds which role where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.cases.public import (
    CaseInfo,
    CaseNotFound,
    InboxFilter,
    LateFilter,
    Participant,
    TaskNotFound,
    can_extend_deadline,
    can_view_case,
    can_work_task,
    count_inbox,
    get_case,
    get_case_for,
    get_task_for,
    iterate_late_cases,
    list_cases_of_parties,
    list_inbox,
    list_late_cases,
    list_overview,
    list_timeline,
    read_audience,
)
from motcua.cases.tests.factories import (
    MONDAY,
    Office,
    at,
    do_task,
    make_agency,
    make_case,
    make_office,
    open_task,
    principal_of,
)
from motcua.identity.public import Grant, PartyRef, Principal, delegate, revoke_delegation
from motcua.identity.tests.factories import (
    make_official,
    make_organisation,
    make_person,
    make_principal,
    make_resident,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-06-01 09:00")


def is_found(work: Callable[[], object]) -> bool:
    try:
        work()
    except (CaseNotFound, TaskNotFound):
        return False
    return True


@pytest.fixture
def city() -> tuple[list[Office], list[CaseInfo]]:
    """Three offices; at each a late case at every step, one of them received by the next office."""
    offices = [make_office() for _number in range(3)]
    cases = []
    for number, office in enumerate(offices):
        neighbour = offices[(number + 1) % 3].agency.id
        cases.append(make_case(office.agency.id))
        cases.append(make_case(office.agency.id, reception_agency_id=neighbour))
        appraised = make_case(office.agency.id)
        do_task(appraised.id, "accept", by=office.counter, now=MONDAY)
        cases.append(get_case(appraised.id))
    return offices, cases


@given(
    held=st.lists(
        st.tuples(st.sampled_from(["counter", "specialist", "leader", "city_leader", "operator"]), st.integers(0, 2)),
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
def test_no_path_leaks(city: tuple[list[Office], list[CaseInfo]], held: list[tuple[str, int]]) -> None:
    offices, cases = city
    grants = tuple(Grant(role, offices[number].agency.id) for role, number in held)
    reader = replace(principal_of(offices[0].counter), grants=grants, user_id=0)
    works_at = {grant.agency_id for grant in grants if grant.role in ("counter", "specialist", "leader")}
    leads = {grant.agency_id for grant in grants if grant.role == "leader"}
    is_city = any(grant.role == "city_leader" for grant in grants)

    inbox = {row.case_id for row in list_inbox(reader, filter=InboxFilter(), page=1, now=NOW).items}
    late = {row.case_code for row in list_late_cases(reader, filter=LateFilter(), page=1, now=NOW).items}
    exported = {row.case_code for row in iterate_late_cases(reader, filter=LateFilter(), now=NOW)}
    for case in cases:
        task = open_task(case.id)
        may_work = any((grant.role, grant.agency_id) == (task.role, task.agency_id) for grant in grants)
        may_open = bool({case.agency_id, case.reception_agency_id} & works_at)
        assert (case.id in inbox) == may_work == can_work_task(reader, task)
        assert is_found(lambda task=task: get_task_for(reader, task.uuid)) == may_work  # type: ignore[misc]  # each lambda holds its own value of the loop
        assert can_view_case(reader, case, now=NOW) == may_open
        assert is_found(lambda case=case: get_case_for(reader, case.uuid, now=NOW)) == may_open  # type: ignore[misc]  # each lambda holds its own value of the loop
        assert (case.code in late) == (case.code in exported) == (is_city or case.agency_id in leads)
        assert can_extend_deadline(reader, case) == (case.agency_id in leads)
    assert count_inbox(reader, now=NOW).open == len(inbox)
    seen = sum(row.open for row in list_overview(reader, now=NOW))
    assert seen == sum(is_city or case.agency_id in leads for case in cases)


def audience(principal: Principal, case: CaseInfo) -> str | None:
    return read_audience(principal, case, now=NOW)


def test_the_applicant_sees_the_own_case_as_an_applicant() -> None:
    me, stranger = make_resident("Nguyễn Thị Tôi"), make_resident("Trần Văn Lạ")
    case = make_case(make_agency().id, applicant_id=me.id)
    assert audience(make_principal(me.user_id), case) == "applicant"
    assert audience(make_principal(stranger.user_id), case) is None
    with pytest.raises(CaseNotFound):
        get_case_for(make_principal(stranger.user_id), case.uuid, now=NOW)
    kinds = {entry.audience for entry in list_timeline(case.id, audience="applicant")}
    assert kinds <= {"public", "applicant"}


@pytest.mark.slow
def test_a_representative_sees_it_as_long_as_the_right_lasts() -> None:
    me, grandmother = make_resident("Nguyễn Thị Tôi"), make_person("Lê Thị Bà")
    case = make_case(
        make_agency().id, applicant_id=grandmother.id, participants=(Participant("user", me.user_id or 0, "submitter"),)
    )
    principal = make_principal(me.user_id)
    assert audience(principal, case) is None  # having typed the form is not enough
    given_right = delegate(
        PartyRef("person", grandmother.id),
        delegate_person_id=me.id,
        ground="authorisation",
        valid_from=MONDAY.date(),
        actor=SYSTEM,
        now=MONDAY,
    )
    assert audience(principal, case) == "applicant"
    revoke_delegation(given_right.uuid, actor=SYSTEM, now=NOW)
    assert audience(principal, case) is None


def test_a_firm_is_seen_by_its_representative() -> None:
    boss, clerk = make_resident("Phạm Văn Chủ"), make_resident("Đỗ Thị Thư")
    firm = make_organisation(legal_representative_id=boss.id)
    case = make_case(make_agency().id, applicant_kind="organisation", applicant_id=firm.ref.id)
    assert audience(make_principal(boss.user_id), case) == "applicant"
    assert audience(make_principal(clerk.user_id), case) is None


def test_a_person_does_not_see_the_firm_of_the_same_number() -> None:
    me = make_resident("Nguyễn Thị Tôi")
    case = make_case(make_agency().id, applicant_kind="organisation", applicant_id=me.id)
    assert audience(make_principal(me.user_id), case) is None


def test_an_unnamed_applicant_is_seen_by_whoever_filed() -> None:
    me, stranger = make_resident("Nguyễn Thị Tôi"), make_resident("Trần Văn Lạ")
    case = make_case(
        make_agency().id, applicant_id=None, participants=(Participant("user", me.user_id or 0, "submitter"),)
    )
    assert audience(make_principal(me.user_id), case) == "applicant"
    assert audience(make_principal(stranger.user_id), case) is None


def test_the_office_side_is_the_deciding_and_the_receiving_agency() -> None:
    reception, deciding, elsewhere = make_office(), make_office(), make_office()
    case = make_case(deciding.agency.id, reception_agency_id=reception.agency.id)
    assert audience(principal_of(reception.counter), case) == "office"
    assert audience(principal_of(deciding.specialist), case) == "office"
    assert audience(principal_of(elsewhere.leader), case) is None
    city_leader = make_official("city_leader", agency_id=deciding.agency.id)
    assert audience(make_principal(city_leader.user_id), case) is None


def test_my_cases_are_those_of_the_parties_i_stand_for(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    me, child = make_resident("Nguyễn Thị Tôi"), make_person("Nguyễn Văn Con")
    agency = make_agency()
    cases = [make_case(agency.id, applicant_id=id) for id in (me.id, child.id, me.id)]
    make_case(agency.id)
    refs = [PartyRef("person", me.id), PartyRef("person", child.id)]
    with django_assert_max_num_queries(2):
        page = list_cases_of_parties(refs, page=1)
    assert [case.id for case in page.items] == [case.id for case in reversed(cases)]
    assert list_cases_of_parties([], page=1).items == ()
    assert list_cases_of_parties(refs, page=1, kind="complaint").items == ()
