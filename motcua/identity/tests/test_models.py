from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.identity.models import Delegation, Organisation, Person, RoleGrant, User
from motcua.identity.rules import is_valid_on
from motcua.identity.tests.factories import make_official, make_organisation, make_person
from motcua.kernel import clock

pytestmark = pytest.mark.django_db


def refused(constraint: str, model: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


@pytest.mark.slow
@pytest.mark.parametrize("personal_id", ["07930800000", "07930800000x", "", "٠٧٩٣٠٨٠٠٠٠٠١"])
def test_personal_id_has_twelve_digits(personal_id: str) -> None:
    values = {"full_name": "A", "name_folded": "a", "sort_key": "a", "created_at": clock.now()}
    refused("identity_person_personal_id_format", Person, personal_id=personal_id, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("identity_person_name_given", {"full_name": ""}),
        ("identity_person_sex_known", {"sex": "x"}),
        ("identity_person_area_code_format", {"area_code": "7"}),
    ],
)
def test_a_person_is_well_formed(constraint: str, values: dict[str, str]) -> None:
    base = {"full_name": "A", "name_folded": "a", "sort_key": "a", "created_at": clock.now()}
    refused(constraint, Person, **(base | values))


def test_a_personal_id_belongs_to_one_person() -> None:
    person = make_person()
    base = {"full_name": "A", "name_folded": "a", "sort_key": "a", "created_at": clock.now()}
    refused("personal_id", Person, personal_id=person.personal_id, **base)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("identity_organisation_tax_code_format", {"tax_code": "123"}),
        ("identity_organisation_name_given", {"name": ""}),
        ("identity_organisation_area_code_format", {"area_code": "abcde"}),
    ],
)
def test_an_organisation_is_well_formed(constraint: str, values: dict[str, str]) -> None:
    base = {"tax_code": "0100109106", "name": "A", "name_folded": "a", "created_at": clock.now()}
    refused(constraint, Organisation, **(base | values))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("identity_user_kind_known", {"kind": "god"}),
        ("identity_user_username_given", {"username": ""}),
    ],
)
def test_an_account_is_well_formed(constraint: str, values: dict[str, str]) -> None:
    base = {"username": "u", "kind": "official", "full_name": "A", "created_at": clock.now()}
    refused(constraint, User, **(base | values))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("identity_grant_role_known", {"role": "king"}),
        ("identity_grant_dates_in_order", {"valid_to": date(2026, 1, 1)}),
    ],
)
def test_a_grant_is_well_formed(agency_id: int, constraint: str, values: dict[str, Any]) -> None:
    base = {"user_id": make_official().user_id, "role": "leader", "agency_id": agency_id}
    refused(constraint, RoleGrant, **(base | {"valid_from": date(2026, 1, 1)} | values))


PERIODS = st.tuples(st.integers(1, 25), st.none() | st.integers(1, 10))


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=PERIODS, second=PERIODS)
def test_the_same_grant_never_runs_twice_at_once(
    agency_id: int, first: tuple[int, int | None], second: tuple[int, int | None]
) -> None:
    with transaction.atomic():
        user_id = make_official().user_id
        periods = []
        for start, length in (first, second):
            valid_from = date(2026, 1, start)
            valid_to = None if length is None else date.fromordinal(valid_from.toordinal() + length)
            periods.append((valid_from, valid_to))
        days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(60)]
        overlaps = any(all(is_valid_on(*period, on=day) for period in periods) for day in days)
        outcome = []
        for valid_from, valid_to in periods:
            try:
                with transaction.atomic():
                    RoleGrant.objects.create(
                        user_id=user_id, role="leader", agency_id=agency_id, valid_from=valid_from, valid_to=valid_to
                    )
                outcome.append(True)
            except IntegrityError:
                outcome.append(False)
        assert outcome == [True, not overlaps]


def delegation(**values: Any) -> dict[str, Any]:
    base = {
        "delegate_id": make_person().id,
        "scope": "file_and_follow",
        "ground": "authorisation",
        "valid_from": date(2026, 1, 1),
        "created_at": clock.now(),
    }
    return base | values


def test_a_delegation_has_one_grantor() -> None:
    person, firm = make_person(), make_organisation()
    refused("identity_delegation_one_grantor", Delegation, **delegation())
    both = delegation(grantor_person_id=person.id, grantor_organisation_id=firm.ref.id)
    refused("identity_delegation_one_grantor", Delegation, **both)


def test_nobody_delegates_to_oneself() -> None:
    person = make_person()
    values = delegation(grantor_person_id=person.id, delegate_id=person.id)
    refused("identity_delegation_not_to_oneself", Delegation, **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("identity_delegation_scope_known", {"scope": "everything"}),
        ("identity_delegation_ground_known", {"ground": "friend"}),
        ("identity_delegation_dates_in_order", {"valid_to": date(2025, 1, 1)}),
    ],
)
def test_a_delegation_is_well_formed(constraint: str, values: dict[str, Any]) -> None:
    refused(constraint, Delegation, **delegation(grantor_person_id=make_person().id, **values))


def test_the_same_delegation_never_runs_twice_at_once_unless_revoked() -> None:
    person, firm = make_person(), make_organisation()
    for name, grantor in (
        ("identity_delegation_person_no_overlap", {"grantor_person_id": person.id}),
        ("identity_delegation_organisation_no_overlap", {"grantor_organisation_id": firm.ref.id}),
    ):
        values = delegation(**grantor)
        first = Delegation.objects.create(**values)
        refused(name, Delegation, **values)
        first.revoked_at = clock.now()
        first.save()
        Delegation.objects.create(**values)
