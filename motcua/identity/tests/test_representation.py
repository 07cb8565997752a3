from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, list_decisions_of
from motcua.identity.models import Person
from motcua.identity.public import (
    DelegationRefused,
    IdentityTaken,
    NotFound,
    PartyRef,
    can_represent,
    delegate,
    get_parties,
    get_party,
    list_delegations_from,
    list_representable_parties,
    revoke_delegation,
)
from motcua.identity.rules import is_valid_on
from motcua.identity.tests.factories import (
    make_official,
    make_organisation,
    make_person,
    make_principal,
    make_resident,
)
from motcua.kernel import clock

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def give(grantor: PartyRef, to: int, *, ground: str = "authorisation", start: date = TODAY, end: date | None = None):  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    return delegate(
        grantor, delegate_person_id=to, ground=ground, valid_from=start, valid_to=end, actor=SYSTEM, now=clock.now()
    )


def test_a_parent_acts_for_the_child_until_full_age() -> None:
    mother = make_resident()
    child = make_person("Nguyễn Gia An", personal_id=None, birth_on=date(2020, 3, 8))
    given_right = give(child.ref, mother.id, ground="parent")
    principal = make_principal(mother.user_id)
    assert given_right.valid_to == date(2038, 3, 8)
    assert can_represent(principal, child.ref, TODAY)
    assert can_represent(principal, child.ref, date(2038, 3, 7))
    assert not can_represent(principal, child.ref, date(2038, 3, 8))
    assert not can_represent(principal, child.ref, TODAY - timedelta(days=1))


def test_a_corrected_birthday_counts_at_once() -> None:
    mother = make_resident()
    child = make_person("Nguyễn Gia An", birth_on=date(2020, 3, 8))
    give(child.ref, mother.id, ground="parent")
    Person.objects.filter(pk=child.id).update(birth_on=date(2000, 3, 8))
    assert not can_represent(make_principal(mother.user_id), child.ref, TODAY)


def test_the_legal_representative_acts_for_the_firm_and_may_delegate() -> None:
    owner, clerk = make_resident("Lê Chủ"), make_resident("Võ Thư Ký")
    firm = make_organisation(legal_representative_id=owner.id)
    assert can_represent(make_principal(owner.user_id), firm.ref, TODAY)
    assert not can_represent(make_principal(clerk.user_id), firm.ref, TODAY)
    right = give(firm.ref, clerk.id)
    assert [p.ref for p in list_representable_parties(make_principal(clerk.user_id), on=TODAY)] == [clerk.ref, firm.ref]
    revoke_delegation(right.uuid, actor=SYSTEM, now=clock.now())
    revoke_delegation(right.uuid, actor=SYSTEM, now=clock.now())
    assert not can_represent(make_principal(clerk.user_id), firm.ref, TODAY)
    assert list_delegations_from(firm.ref, on=TODAY) == ()


def test_officials_represent_nobody(agency_id: int) -> None:
    official = make_official("counter", agency_id=agency_id)
    principal = make_principal(official.user_id)
    person = make_person()
    assert list_representable_parties(principal, on=TODAY) == ()
    assert not can_represent(principal, person.ref, TODAY)


@pytest.mark.parametrize(("ground", "birth_on"), [("parent", date(1990, 1, 1)), ("parent", None)])
def test_the_law_refuses_what_is_no_representation(ground: str, birth_on: date | None) -> None:
    grown_up, other = make_person(birth_on=birth_on), make_person()
    with pytest.raises(DelegationRefused):
        give(grown_up.ref, other.id, ground=ground)
    with pytest.raises(DelegationRefused):
        give(make_organisation().ref, other.id, ground="guardian")
    with pytest.raises(DelegationRefused):
        give(other.ref, other.id)


def test_the_same_right_is_not_given_twice() -> None:
    one, other = make_person(), make_person()
    give(one.ref, other.id)
    with pytest.raises(IdentityTaken):
        give(one.ref, other.id)


def test_unknown_parties_are_said_so() -> None:
    with pytest.raises(NotFound):
        get_party(PartyRef("person", 0))
    with pytest.raises(NotFound):
        give(PartyRef("organisation", 0), make_person().id)
    assert get_parties([PartyRef("person", 0)]) == {}


def test_giving_a_right_is_a_decision_in_the_log() -> None:
    one, other = make_person(), make_person()
    give(one.ref, other.id)
    assert len(list_decisions_of(f"person:{one.uuid}", page=1).items) == 1


PERIODS = st.lists(st.tuples(st.integers(-40, 40), st.integers(1, 40), st.booleans()), max_size=4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(periods=PERIODS, offset=st.integers(-60, 60), is_firm=st.booleans())
def test_representation_over_dates(db: None, periods: list[tuple[int, int, bool]], offset: int, is_firm: bool) -> None:
    """Both read paths agree with each other and with the dates, whatever was given and taken back."""
    me = make_resident()
    grantor = make_organisation().ref if is_firm else make_person().ref
    on = TODAY + timedelta(days=offset)
    holds = False
    for start, days, is_revoked in periods:
        valid_from, valid_to = TODAY + timedelta(days=start), TODAY + timedelta(days=start + days)
        try:
            right = give(grantor, me.id, start=valid_from, end=valid_to)
        except IdentityTaken:
            continue
        if is_revoked:
            revoke_delegation(right.uuid, actor=SYSTEM, now=clock.now())
        else:
            holds = holds or is_valid_on(valid_from, valid_to, on=on)
    principal = make_principal(me.user_id)
    assert can_represent(principal, grantor, on) is holds
    assert (grantor in [party.ref for party in list_representable_parties(principal, on=on)]) is holds
    assert can_represent(principal, me.ref, on)


@pytest.mark.parametrize("size", [1, 6])
def test_the_list_asks_the_same_few_questions(size: int) -> None:
    me = make_resident()
    for _ in range(size):
        give(make_person().ref, me.id)
        give(make_organisation().ref, me.id)
        make_organisation(legal_representative_id=me.id)
    principal = make_principal(me.user_id)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(list_representable_parties(principal, on=TODAY)) == 1 + 3 * size
    assert len(queries) == 3
