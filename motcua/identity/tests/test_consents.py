"""Consent: purposes apart, provable, taken back as easily as given, never rewritten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from motcua.audit.public import Actor, list_decisions_of
from motcua.identity.models import Consent
from motcua.identity.public import (
    ConsentRefused,
    PersonInfo,
    delegate,
    give_consent,
    has_consent,
    list_consents,
    list_data_parties,
    withdraw_consent,
)
from motcua.identity.queries.consents import find_purpose, list_purposes, read_purposes
from motcua.identity.tests.factories import make_organisation, make_person, make_principal, make_resident
from motcua.kernel import clock

SURVEY, REMIND = "procedure_suggestions", "expiry_reminders"
ACTOR = Actor(kind="resident", id="thu", name="Người thử")


def read_sha(purpose: str) -> str:
    found = find_purpose(purpose, on=clock.local_date(clock.now()))
    assert found is not None
    return found.sha256


def give(person: PersonInfo, purpose: str = SURVEY, *, at: datetime | None = None) -> bool:
    now = at or clock.now()
    return give_consent(
        person.id, purpose=purpose, shown_sha256=read_sha(purpose), by_user_id=person.user_id or 0, actor=ACTOR,
        now=now,
    )  # fmt: skip


def withdraw(person: PersonInfo, purpose: str = SURVEY, *, at: datetime | None = None) -> bool:
    now = at or clock.now()
    return withdraw_consent(person.id, purpose=purpose, by_user_id=person.user_id or 0, actor=ACTOR, now=now)


@pytest.mark.django_db
def test_silence_is_no_consent_and_purposes_stand_apart() -> None:
    person, now = make_resident(), clock.now()
    assert not has_consent(person.id, purpose=SURVEY, at=now)
    assert give(person, at=now)
    assert has_consent(person.id, purpose=SURVEY, at=now)
    assert not has_consent(person.id, purpose=REMIND, at=now)
    assert not has_consent(make_resident().id, purpose=SURVEY, at=now)
    assert not has_consent(person.id, purpose="khong-co", at=now)


@pytest.mark.django_db
def test_pressed_twice_is_one_act_and_the_history_stays() -> None:
    person, now = make_resident(), clock.now()
    assert give(person, at=now)
    assert not give(person, at=now)
    assert withdraw(person, at=now + timedelta(minutes=1))
    assert not withdraw(person, at=now + timedelta(minutes=2))
    assert has_consent(person.id, purpose=SURVEY, at=now)  # as it was then
    assert not has_consent(person.id, purpose=SURVEY, at=now + timedelta(minutes=1))
    state = next(s for s in list_consents(person.id, at=now + timedelta(hours=1)) if s.purpose.code == SURVEY)
    assert [record.act for record in state.history] == ["withdrawn", "given"]
    assert not state.is_given and not state.is_outdated
    actions = [entry.what for entry in list_decisions_of(f"person:{person.uuid}").items]
    assert actions == ["identity.consent_withdrawn", "identity.consent_given"]


@pytest.mark.django_db
def test_withdrawing_what_was_never_given_changes_nothing() -> None:
    person = make_resident()
    assert not withdraw(person)
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_only_the_text_that_was_shown_is_agreed_to() -> None:
    person = make_resident()
    with pytest.raises(ConsentRefused) as caught:
        give_consent(person.id, purpose=SURVEY, shown_sha256="0" * 64, by_user_id=person.user_id or 0, actor=ACTOR,
                     now=clock.now())  # fmt: skip
    assert caught.value.code == "identity.consent_text_changed"
    with pytest.raises(ConsentRefused):
        withdraw(person, "khong-co")


@pytest.mark.django_db
def test_a_text_that_changed_asks_anew() -> None:
    person, now = make_resident(), clock.now()
    Consent.objects.create(
        person_id=person.id, purpose=SURVEY, version=99, text_sha256="a" * 64, act="given", number=1, at=now,
        by_user_id=person.user_id or 0,
    )  # fmt: skip
    assert not has_consent(person.id, purpose=SURVEY, at=now)
    state = next(s for s in list_consents(person.id, at=now) if s.purpose.code == SURVEY)
    assert state.is_outdated and not state.is_given


@pytest.mark.django_db
def test_the_database_refuses_what_would_rewrite_history() -> None:
    person = make_resident()
    give(person)
    for change in (lambda: Consent.objects.update(act="withdrawn"), lambda: Consent.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"act": "maybe"}, "identity_consent_act_known"),
        ({"purpose": ""}, "identity_consent_purpose_given"),
        ({"version": 0}, "identity_consent_version_from_one"),
        ({"text_sha256": "x"}, "identity_consent_hash_shape"),
        ({"act": "withdrawn"}, "identity_consent_begins_given"),
        ({"number": 0, "act": "withdrawn"}, "identity_consent_begins_given"),
    ],
)
def test_constraints_of_consent(values: dict[str, object], constraint: str) -> None:
    person = make_resident()
    row = {
        "person_id": person.id, "purpose": SURVEY, "version": 1, "text_sha256": "a" * 64, "act": "given", "number": 1,
        "at": clock.now(), "by_user_id": person.user_id,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Consent.objects.create(**row | values)


@pytest.mark.django_db
def test_two_hands_cannot_both_be_next() -> None:
    person = make_resident()
    give(person)
    row = Consent.objects.get()
    with pytest.raises(IntegrityError, match="identity_consent_one_after_another"), transaction.atomic():
        Consent.objects.create(
            person_id=person.id, purpose=SURVEY, version=1, text_sha256="a" * 64, act="given", number=row.number,
            at=row.at, by_user_id=person.user_id or 0,
        )  # fmt: skip


def test_purposes_are_whole_and_not_bundled() -> None:
    purposes = read_purposes()
    assert len({(each.code, each.version) for each in purposes}) == len(purposes)
    assert all(each.title and each.text and each.controller and each.data and each.kept for each in purposes)
    assert list_purposes(on=date(2025, 12, 31)) == ()  # before the law was in force nobody is asked


class ConsentProperty(TestCase):
    @pytest.mark.slow
    @settings(max_examples=15)
    @given(st.lists(st.tuples(st.booleans(), st.sampled_from([SURVEY, REMIND])), max_size=8))
    def test_the_last_act_counts_at_every_moment(self, acts: list[tuple[bool, str]]) -> None:
        person, start = make_resident(), clock.now()
        told: list[tuple[str, bool]] = []
        for minute, (wish, purpose) in enumerate(acts):
            at = start + timedelta(minutes=minute)
            (give if wish else withdraw)(person, purpose, at=at)
            told.append((purpose, wish))
            for code in (SURVEY, REMIND):
                last = next((wish for purpose, wish in reversed(told) if purpose == code), False)
                assert has_consent(person.id, purpose=code, at=at) == last


@pytest.mark.django_db
def test_whose_data_a_resident_may_see() -> None:
    mother, child, adult = make_resident("Mẹ Thử"), make_person("Bé Thử", birth_on=date(2020, 5, 1)), make_resident()
    now = clock.now()
    on = clock.local_date(now)
    delegate(child.ref, delegate_person_id=mother.id, ground="parent", valid_from=on, actor=ACTOR, now=now)
    delegate(adult.ref, delegate_person_id=mother.id, ground="authorisation", valid_from=on, actor=ACTOR, now=now)
    firm = make_organisation(legal_representative_id=mother.id)
    authorised = make_organisation()
    delegate(authorised.ref, delegate_person_id=mother.id, ground="authorisation", valid_from=on, actor=ACTOR, now=now)
    principal = make_principal(mother.user_id)
    assert [party.ref for party in list_data_parties(principal, on=on)] == [mother.ref, child.ref, firm.ref]
    grown_up = list_data_parties(principal, on=date(2038, 5, 2))
    assert [party.ref for party in grown_up] == [mother.ref, firm.ref]
