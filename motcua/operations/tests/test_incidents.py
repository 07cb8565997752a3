"""An operator sees where processes stopped, what retrying does, and lets one go on; nobody else may."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.audit.public import list_decisions_of
from motcua.cases.public import list_open_incidents, list_tasks
from motcua.cases.tests.factories import make_stuck_case, mend_incident
from motcua.dossiers.tests.factories import City, make_city
from motcua.identity.tests.factories import make_official, sign_in
from motcua.ui.tests.html import words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST, HOME = "/quan-tri/su-co/", "/quan-tri/"


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def operator(city: City) -> Client:
    client = Client()
    sign_in(client, make_official("operator", agency_id=city.agency.id).user_id)
    return client


def test_an_incident_is_seen_explained_and_let_go_on(city: City, operator: Client) -> None:
    assert "Mọi quy trình đều tự đi tiếp được" in words(operator.get(LIST))
    case = make_stuck_case(city.agency.id)
    (found,) = list_open_incidents().items
    assert "1 hồ sơ đứng lại" in words(operator.get(HOME))
    assert case.code in words(operator.get(LIST))
    address = reverse("operations:incident", args=[found.uuid])
    page = words(operator.get(address))
    assert "Một dịch vụ đã trả lời" in page and "stuck-test, phiên bản 1" in page and "Thử lại không làm mất gì" in page
    again = operator.post(address, follow=True)
    assert "Vẫn chưa đi tiếp được" in words(again) and list_open_incidents().items[0].tries == 2
    mend_incident(found.uuid, n=2)
    assert f"{case.code} đã đi tiếp" in words(operator.post(address, follow=True))
    assert [task.element_id for task in list_tasks(case.id, only_open=True)] == ["b"]
    assert "Hồ sơ đã đi tiếp" in words(operator.get(address))  # an old link says so
    assert operator.post(address).status_code == 404
    assert operator.get(reverse("operations:incident", args=[uuid4()])).status_code == 404
    tried = list_decisions_of(f"case:{case.uuid}").items
    assert [entry.what for entry in tried].count("retry_incident") == 2


def test_only_operators_see_and_retry(city: City, client: Client) -> None:
    make_stuck_case(city.agency.id)
    (found,) = list_open_incidents().items
    address = reverse("operations:incident", args=[found.uuid])
    assert client.get(address).status_code == 302
    for role in ("leader", "specialist", "process_owner"):
        other = Client()
        sign_in(other, make_official(role, agency_id=city.agency.id).user_id)
        answers = (other.get(address), other.post(address), other.get(LIST))
        assert {answer.status_code for answer in answers} == {403}
    assert list_open_incidents().items[0].tries == 1


def test_pages_ask_the_same_whatever_is_wrong(city: City, operator: Client) -> None:
    """The first page asks no more for more incidents, procedures or wards; 47 questions it once asked."""
    make_stuck_case(city.agency.id)
    counts = []
    for _ in range(2):
        for address in (HOME, LIST):
            operator.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert operator.get(address).status_code == 200
            counts.append(len(asked))
        for _ in range(3):
            make_stuck_case(city.agency.id)
    assert counts[:2] == counts[2:]
    assert counts[0] <= 16
    assert counts[1] <= 8
