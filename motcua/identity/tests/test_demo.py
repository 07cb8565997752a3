from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.identity.tests.factories import make_official, make_person, make_resident

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
DEMO = "/dang-nhap/demo/"


def test_everybody_is_one_click_away(client: Client, agency_id: int) -> None:
    person = make_person("Đặng Thị Thủy Tiên")
    official = make_official("counter", agency_id=agency_id, full_name="Hồ Văn Quầy")
    page = client.get(DEMO).content.decode()
    assert "Đặng Thị Thủy Tiên" in page
    assert "Bộ phận Một Cửa, UBND H29.999" in page
    client.post(DEMO, {"person": person.uuid, "level": "1"})
    assert client.get("/cua-toi/").content.decode().startswith("Đặng Thị Thủy Tiên|1|")
    client.post(DEMO, {"official": official.user_uuid})
    assert client.get("/ban-lam-viec/").status_code == 200


def test_search_by_name_needs_no_marks(client: Client) -> None:
    make_person("Đặng Thị Thủy Tiên")
    make_person("Bùi Văn Khỏe")
    page = client.get(DEMO, {"q": "thuy dang"}).content.decode()
    assert "Thủy Tiên" in page
    assert "Khỏe" not in page
    assert client.get(DEMO, {"q": "%_'\"", "trang": "-9"}).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "6f2c8f4e-0000-4000-8000-000000000000"])
@pytest.mark.parametrize("field", ["person", "official"])
def test_nobody_is_nobody(client: Client, field: str, value: str) -> None:
    assert client.post(DEMO, {field: value}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 25])
def test_the_list_asks_the_same_few_questions(client: Client, agency_id: int, size: int) -> None:
    for _ in range(size):
        make_resident()
        make_official("counter", "leader", agency_id=agency_id)
    with CaptureQueriesContext(connection) as queries:
        client.get(DEMO)
    assert len(queries) <= 5
