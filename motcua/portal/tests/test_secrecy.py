"""Readings for an investigation: delayed by the authorised role alone, and seen when their time has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import Actor, list_decisions_of, list_delays, record_read
from motcua.dossiers.tests.factories import City, make_city
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.ui.tests.html import words

pytestmark = pytest.mark.django_db
POLICE = Actor(kind="official", id="dieu-tra", name="Điều Tra Viên", agency_code="H29.01")


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def officer(city: City) -> Client:
    client = Client()
    sign_in(client, make_official("data_protection", agency_id=city.agency.id).user_id)
    return client


def make_form(city: City, **values: str) -> dict[str, str]:
    today = local_date(clock.now())
    return {
        "decision_no": "7/QĐ-CSĐT", "decided_on": f"{today:%d/%m/%Y}", "authority": "Cơ quan Cảnh sát điều tra",
        "subject": city.resident.personal_id or "", "reader": "H29.01", "reads_from": f"{today:%d/%m/%Y}",
        "until": f"{today + timedelta(days=30):%d/%m/%Y}",
    } | values  # fmt: skip


@pytest.mark.slow
def test_a_delay_hides_then_lifting_shows_with_the_number(city: City, officer: Client) -> None:
    resident = Client()
    sign_in(resident, city.resident.user_id)
    assert officer.post(reverse("portal:delays"), make_form(city)).status_code == 302
    record_read(POLICE, subject=f"person:{city.resident.uuid}", what="hồ sơ", purpose="Điều tra", legal_ground="BLTTHS",
                now=clock.now())  # fmt: skip
    assert "Điều tra" not in words(resident.get(reverse("portal:my_readings")))
    (delay,) = list_delays()
    assert "7/QĐ-CSĐT" in words(officer.get(reverse("portal:delays")))
    assert officer.post(reverse("portal:lift_delay", args=[delay.uuid])).status_code == 302
    page = words(resident.get(reverse("portal:my_readings")))
    assert "Mục đích: Điều tra" in page
    actions = [entry.what for entry in list_decisions_of(f"reading_delay:{delay.uuid}").items]
    assert actions == ["audit.lift_delay", "audit.delay_readings"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrong", [{"until": "mai"}, {"subject": "079000000000"}, {"decision_no": ""}, {"until": "1/1/2090"}]
)
def test_a_wrong_decision_is_refused_and_what_was_typed_stays(
    city: City, officer: Client, wrong: dict[str, str]
) -> None:
    answer = officer.post(reverse("portal:delays"), make_form(city, **wrong))
    assert answer.status_code == 422 and "Cơ quan Cảnh sát điều tra" in answer.content.decode()
    assert list_delays() == ()


@pytest.mark.slow
@pytest.mark.parametrize("role", ["counter", "leader", "city_leader", "operator", "specialist"])
def test_no_other_role_delays_anything(city: City, role: str) -> None:
    client = Client()
    sign_in(client, make_official(role, agency_id=city.agency.id).user_id)
    assert client.get(reverse("portal:delays")).status_code == 403
    assert client.post(reverse("portal:delays"), make_form(city)).status_code == 403
    resident = Client()
    sign_in(resident, city.resident.user_id)
    assert resident.get(reverse("portal:delays")).status_code == 403
    assert list_delays() == ()
