"""Search and the procedure page, as a person without an account meets them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from motcua.places.public import AgencyInfo
from motcua.portal.views.catalogue import WARD_COOKIE
from motcua.procedures.public import list_search_misses
from motcua.ui.tests.html import read, words

pytestmark = pytest.mark.django_db
DESIGNED = "/thu-tuc/9.000001/"
BUILD = Path(__file__).resolve().parents[2] / "ui" / "static" / "ui" / "build"


def test_home_asks_what_the_person_needs(
    client: Client, catalogue: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get("/")
    assert "Bạn cần làm gì?" in words(response)
    assert "Sinh con, nuôi con nhỏ" in words(response)


@pytest.mark.parametrize("text", ["giấy mẫu", "giay mau", "GIẤY MẪU", "khai trinh mau de thu", "9.000001"])
def test_need_is_found_in_peoples_own_words(client: Client, catalogue: None, text: str) -> None:
    response = client.get("/thu-tuc/", {"q": text})
    assert "Khai trình mẫu để thử" in words(response)
    assert DESIGNED in {item.get("href") for item in read(response).all("a")}


@pytest.mark.slow
def test_search_costs_the_same_whatever_it_finds(
    client: Client, catalogue: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for text in ("nuôi ong", "giấy mẫu", ""):
        with django_assert_max_num_queries(3):
            client.get("/thu-tuc/", {"q": text})


def test_nothing_found_says_what_to_do_and_is_counted(client: Client, catalogue: None) -> None:
    response = client.get("/thu-tuc/", {"q": "Zorgblat Vũ Trụ"})
    assert response.status_code == 200
    shown = words(response)
    assert "Chưa tìm thấy thủ tục nào" in shown
    assert "1022" in shown
    assert [(miss.term_folded, miss.count) for miss in list_search_misses()] == [("zorgblat vu tru", 1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "?q=%FF",
        "?trang=-1",
        "?trang=99999999999999",
        "?muc=x&cho=y&viec=z&linh-vuc=" + "a" * 5000,
        "?q=" + "é" * 4000,
    ],
)
def test_strange_addresses_are_answered(client: Client, catalogue: None, query: str) -> None:
    assert client.get(f"/thu-tuc/{query}").status_code == 200


def test_filters_are_kept_in_the_page(client: Client, catalogue: None) -> None:
    response = client.get("/thu-tuc/", {"muc": "full"})
    shown = words(response)
    assert "Khai trình mẫu để thử" in shown
    assert "Đăng ký nuôi ong" not in shown


@pytest.mark.slow
def test_procedure_page_says_what_it_takes(client: Client, catalogue: None, ward_office: AgencyInfo) -> None:
    shown = words(client.get(DESIGNED))
    for part in ("Khai trình mẫu để thử", "Toàn trình", "Tờ khai mẫu", "8.000 đồng", "0 đồng", "1/2020/QH14", "Bước 1"):
        assert part in shown
    assert "Chọn phường, xã của bạn" in shown


def test_start_button_leads_to_filing(client: Client, catalogue: None) -> None:
    links = {item.get("href") for item in read(client.get(DESIGNED)).all("a")}
    assert "/ho-so/bat-dau/9.000001/" in links


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["Phường Bến Thành", "phuong ben thanh", "Bến Thành"])
def test_office_of_the_ward_and_why(client: Client, catalogue: None, ward_office: AgencyInfo, typed: str) -> None:
    response = client.get(DESIGNED, {"phuong": typed})
    shown = words(response)
    assert "Ủy ban nhân dân phường Bến Thành, vì việc khai trình mẫu thuộc UBND cấp xã nơi cư trú" in shown
    assert "92 đường Thử" in shown
    assert response.cookies[WARD_COOKIE].value == ward_office.area_code


@pytest.mark.slow
def test_ward_is_asked_once(client: Client, catalogue: None, ward_office: AgencyInfo) -> None:
    client.get(DESIGNED, {"phuong": "Phường Bến Thành"})
    assert "Ủy ban nhân dân phường Bến Thành, vì" in words(client.get(DESIGNED))


@pytest.mark.slow
def test_old_ward_that_was_split_becomes_a_question(client: Client, catalogue: None, ward_office: AgencyInfo) -> None:
    response = client.get(DESIGNED, {"phuong": "Phường Đa Kao"})
    assert "nay thuộc nhiều đơn vị" in words(response)
    assert WARD_COOKIE not in response.cookies
    links = [item["href"] for item in read(response).all("a") if item.get("href", "").startswith("?phuong=")]
    assert len(links) >= 2
    assert client.get(DESIGNED + links[0]).cookies[WARD_COOKIE].value in links[0]


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["Xyzzy qwerty", "99999", "'; DROP TABLE", "ỗ" * 500])
def test_unknown_ward_is_said_beside_the_field(
    client: Client, catalogue: None, ward_office: AgencyInfo, typed: str
) -> None:
    response = client.get(DESIGNED, {"phuong": typed})
    assert response.status_code == 200
    assert WARD_COOKIE not in response.cookies
    assert "Không có phường, xã nào tên" in words(response)


def test_imported_procedure_shows_its_gaps(client: Client, catalogue: None) -> None:
    shown = words(client.get("/thu-tuc/1.900002/"))
    assert "Gia hạn giấy phép nuôi ong" in shown
    assert "Cơ sở dữ liệu quốc gia" in shown


@pytest.mark.parametrize("code", ["khong-co", "1.0", "a" * 300])
def test_unknown_procedure_is_a_page(client: Client, catalogue: None, code: str) -> None:
    response = client.get(f"/thu-tuc/{code}/")
    assert response.status_code == 404
    assert "1022" in words(response)


@pytest.mark.slow
def test_procedure_page_asks_a_fixed_number_of_questions(
    client: Client,
    catalogue: None,
    ward_office: AgencyInfo,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(20):
        client.get(DESIGNED, {"phuong": "Phường Bến Thành"})


def test_procedure_page_is_light_on_the_first_visit(client: Client, catalogue: None, ward_office: AgencyInfo) -> None:
    """Promise: at most 100 KB in all; measured with gzip, brotli is smaller still."""
    page = client.get(DESIGNED, {"phuong": "Phường Bến Thành"}).content
    files = [(BUILD / name).read_bytes() for name in ("app.css", "app.js")]
    assert sum(len(gzip.compress(part)) for part in (page, *files)) <= 100 * 1024
