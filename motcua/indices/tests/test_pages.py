"""The pages: what they show, to whom, and that they ask the copy and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.cases.tests.factories import Office, make_office
from motcua.identity.public import OfficialInfo
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.indices.rules import DIMENSIONS
from motcua.indices.tests.factories import make_copy, make_row
from motcua.kernel import clock

pytestmark = pytest.mark.django_db
YEAR = "?tu=2026-01&den=2026-12"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def folder(tmp_path: Path, settings: Any, office: Office) -> Path:
    """A copy of two offices: twenty births and three deaths here, ten births elsewhere."""
    settings.MOTCUA_COPY_DIR = tmp_path
    own = {"agency_code": office.agency.code}
    death = {"procedure_code": "1.000656", "procedure_title": "Đăng ký khai tử"}
    rows = [make_row(key, **own, is_on_time=key % 4 != 0, working_minutes=480 * (1 + key % 3)) for key in range(20)]
    rows += [make_row(100 + key, **own, **death, channel="counter") for key in range(3)]
    rows += [
        make_row(200 + key, agency_code="H29.9.9", finished_month=None, is_on_time=None, working_minutes=None)
        for key in range(10)
    ]
    make_copy(tmp_path, rows, now=clock.now())
    return tmp_path


@pytest.fixture
def city_leader(office: Office) -> OfficialInfo:
    return make_official("city_leader", agency_id=office.agency.id)


def open_as(official: OfficialInfo) -> Client:
    client = Client()
    sign_in(client, official.user_id)
    return client


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


def read_csv(client: Client, name: str, query: str = YEAR) -> list[list[str]]:
    response = client.get(reverse("indices:report_csv", args=[name]) + query)
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


@pytest.mark.slow
def test_the_city_leader_sees_all_and_a_leader_the_own_office(
    folder: Path, office: Office, city_leader: OfficialInfo
) -> None:
    for official, received, finished in ((city_leader, "33", "23"), (office.leader, "23", "23")):
        *_rows, total = read_csv(open_as(official), "thang")
        assert total[:3] == ["Tổng cộng", received, finished]
    assert "H29.9.9" not in body(open_as(office.leader), reverse("indices:report", args=["co-quan"]) + YEAR)
    assert "H29.9.9" in body(open_as(city_leader), reverse("indices:report", args=["co-quan"]) + YEAR)
    own = read_csv(open_as(office.leader), "co-quan", YEAR + "&co-quan=H29.9.9")
    assert own[-1][1] == "0"  # another office cannot be asked for by its code


@pytest.mark.slow
def test_figures_are_those_of_the_rows(folder: Path, city_leader: OfficialInfo) -> None:
    *_, total = read_csv(open_as(city_leader), "thang")
    # 23 finished, all with a term, five late; working days: 7 x 1, 7 x 2, 6 x 3, and 3 x 1 of deaths
    assert total[3:6] == ["78,3", "2,0", "3,0"]
    assert total[6:10] == ["33", "165", "0", "264.000"]


@pytest.mark.slow
def test_small_groups_are_hidden_in_page_and_file_and_cannot_be_subtracted(folder: Path, office: Office) -> None:
    client = open_as(office.leader)
    rows = {row[0]: row for row in read_csv(client, "thu-tuc")}
    assert rows["Đăng ký khai tử"][1] == rows["Đăng ký khai sinh"][1] == "ẩn"  # one alone would give the other away
    assert rows["Tổng cộng"][1] == "23"
    found = read_csv(client, "thu-tuc", YEAR + "&q=khai+tu")
    assert [row[0] for row in found] == ["Đăng ký khai tử", "Tổng cộng"] and found[0][1] == "ẩn"
    page = body(client, reverse("indices:report", args=["thu-tuc"]) + YEAR)
    assert ">3</td>" not in page and ">20</td>" not in page and "ẩn" in page
    narrowed = read_csv(client, "thang", YEAR + "&thu-tuc=1.000656")
    assert {row[1] for row in narrowed} == {"ẩn"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DIMENSIONS))
def test_every_table_has_its_drawing_its_lag_and_its_file(folder: Path, city_leader: OfficialInfo, name: str) -> None:
    page = body(open_as(city_leader), reverse("indices:report", args=[name]) + YEAR)
    assert "Số liệu đến lúc" in page and "<svg" in page and 'role="img"' in page and "<table" in page
    assert reverse("indices:report_csv", args=[name]) in page
    assert page.count("<h1") == 1 and "<script" not in page.split("<main>")[1].split("</main>")[0]


@pytest.mark.slow
def test_the_home_page_and_odd_addresses(folder: Path, city_leader: OfficialInfo) -> None:
    client, home = open_as(city_leader), reverse("indices:home")
    page = body(client, home + YEAR)
    assert "78,3" in page and "03/2026" in page
    assert "Tháng không đúng" in body(client, home + "?tu=2026-13&den=thang+ba")
    assert "Tháng cuối đứng trước" in body(client, home + "?tu=2026-05&den=2026-01")
    assert "Chưa có hồ sơ nào" in body(client, home + "?tu=2025-01&den=2025-02")
    for query in ("?kenh=%27%3B+DROP", "?thu-tuc=%25", "?trang=abc", "?trang=99999", "?q=%25"):
        assert client.get(reverse("indices:report", args=["co-quan"]) + query).status_code == 200
    assert client.get(reverse("indices:report", args=["khac"])).status_code == 404
    assert client.get(reverse("indices:report_csv", args=["khac"])).status_code == 404


@pytest.mark.slow
def test_nobody_else_sees_figures(folder: Path, office: Office) -> None:
    addresses = [reverse("indices:home"), reverse("indices:report", args=["thang"])]
    addresses.append(reverse("indices:report_csv", args=["thang"]))
    for address in addresses:
        assert Client().get(address).status_code == 302
        assert open_as(office.counter).get(address).status_code == 403
        resident = Client()
        sign_in(resident, make_resident().user_id)
        assert resident.get(address).status_code in (302, 403)
        assert open_as(office.leader).get(address).status_code == 200


def test_without_a_copy_the_page_says_what_to_do(tmp_path: Path, settings: Any, office: Office) -> None:
    settings.MOTCUA_COPY_DIR = tmp_path / "none"
    response = open_as(office.leader).get(reverse("indices:home"))
    assert response.status_code == 503 and "Chưa có bản sao số liệu" in response.content.decode()


@pytest.mark.slow
def test_no_table_of_transactions_is_counted(folder: Path, city_leader: OfficialInfo) -> None:
    client = open_as(city_leader)
    for name in DIMENSIONS:
        with CaptureQueriesContext(connection) as queries:
            body(client, reverse("indices:report", args=[name]) + YEAR)
        asked = " ".join(query["sql"] for query in queries)
        assert len(queries) <= 8
        assert not any(table in asked for table in ("cases_", "dossiers_", "payments_", "outbox_")), asked


@pytest.mark.slow
def test_long_tables_have_pages_and_links_keep_the_filter(
    tmp_path: Path, settings: Any, city_leader: OfficialInfo
) -> None:
    settings.MOTCUA_COPY_DIR = tmp_path
    rows = [
        make_row(key, procedure_code=f"1.{key % 45:06d}", procedure_title=f"Thủ tục {key % 45}") for key in range(450)
    ]
    make_copy(tmp_path, rows)
    client, address = open_as(city_leader), reverse("indices:report", args=["thu-tuc"])
    first, third = body(client, address + YEAR), body(client, address + YEAR + "&trang=3")
    assert "45 dòng" in first and "Trang sau" in first and "trang=2" in first and "tu=2026-01" in first
    assert "Trang sau" not in third and third.count('<th scope="row"') == 5 + 1
    assert "chậm hơn thường lệ" in first  # written with a moment long past
    assert len(read_csv(client, "thu-tuc")) == 46
    assert date(2026, 3, 1).isoformat() not in first
