"""What somebody agreed to be told, and nothing else: no consent, no look."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import list_reads_of
from motcua.identity.public import PersonInfo, give_consent, list_consents, withdraw_consent
from motcua.identity.tests.factories import make_principal, make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.portal.queries.reminders import EXPIRY, SUGGESTIONS
from motcua.registers.public import Wanted, describe_registers, find_records, write_record
from motcua.ui.tests.html import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db: None) -> PersonInfo:
    now = clock.now()
    describe_registers(now=now)
    person = make_resident()
    soon, today = local_date(now) + timedelta(days=20), local_date(now)
    licence = {"licence_no": "790002", "personal_id": person.personal_id, "full_name": person.full_name,
               "classes": ["A1"], "expires_on": soon.isoformat(), "status": "valid"}  # fmt: skip
    notice = {"notice_no": "CS-9", "mother_id": person.personal_id, "birth_on": (today - timedelta(days=3)).isoformat(),
              "facility_name": "Bệnh viện Thử", "status": "valid"}  # fmt: skip
    for register, data in (("driving_licences", licence), ("birth_notices", notice)):
        write_record(register, data, valid_from=now - timedelta(days=1), source="Thử", now=now)
    return person


def agree(person: PersonInfo, purpose: str) -> None:
    now, actor = clock.now(), make_principal(person.user_id).to_actor()
    shown = next(each.purpose for each in list_consents(person.id, at=now) if each.purpose.code == purpose)
    give_consent(person.id, purpose=purpose, shown_sha256=shown.sha256, by_user_id=person.user_id or 0, actor=actor,
                 now=now)  # fmt: skip


def show(person: PersonInfo) -> str:
    client = Client()
    sign_in(client, person.user_id)
    return words(client.get(reverse("portal:my_page")))


def find_licence() -> UUID:
    wanted = Wanted(register="driving_licences", key="licence_no", value="790002")
    return find_records([wanted], at=clock.now())[wanted].uuid


def test_without_consent_nothing_is_looked_at(person: PersonInfo) -> None:
    assert "Nhắc bạn" not in show(person)
    assert list_reads_of(f"record:{find_licence()}").items == ()


@pytest.mark.slow
def test_each_purpose_by_itself_until_it_is_withdrawn(person: PersonInfo) -> None:
    agree(person, EXPIRY)
    page = show(person)
    assert "Giấy phép lái xe hết hạn" in page and "đăng ký khai sinh" not in page.replace("Đăng ký khai sinh", "")
    agree(person, SUGGESTIONS)
    assert "Bệnh viện Thử đã báo con bạn ra đời" in show(person)
    actor = make_principal(person.user_id).to_actor()
    withdraw_consent(person.id, purpose=EXPIRY, by_user_id=person.user_id or 0, actor=actor, now=clock.now())
    assert "Giấy phép lái xe hết hạn" not in show(person)


def test_a_look_by_consent_is_noted_with_its_ground(person: PersonInfo) -> None:
    agree(person, EXPIRY)
    show(person)
    (entry,) = list_reads_of(f"record:{find_licence()}").items
    assert entry.purpose == "Nhắc khi giấy tờ sắp hết hạn" and "đồng ý" in entry.legal_ground
