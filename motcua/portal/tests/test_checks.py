"""Tracking and verification, the standing pages, and what machines ask."""

from __future__ import annotations

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from motcua.documents.public import MAX_VERIFY_BYTES
from motcua.identity.tests.factories import make_resident, sign_in
from motcua.portal.views import pages
from motcua.ui.tests.html import words


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["H29.999-260302-0001", "không phải mã", "H29", "'; --", "9" * 500])
def test_tracking_an_unknown_code_says_what_to_check(client: Client, code: str) -> None:
    response = client.get("/tra-cuu/", {"ma": code})
    assert response.status_code == 404
    assert "Có chỗ cần sửa" in words(response)


@pytest.mark.django_db
def test_tracking_without_a_code_asks_for_one(client: Client) -> None:
    assert "Mã hồ sơ" in words(client.get("/tra-cuu/"))


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["K7M2-9PXT-4Q", "x", "%2e%2e", "a" * 400])
def test_unknown_verification_code_is_said_plainly(client: Client, code: str) -> None:
    response = client.get(f"/xac-minh/{code}/")
    assert response.status_code == 404
    assert "Không có giấy tờ nào mang mã này" in words(response)


@pytest.mark.django_db
def test_code_typed_in_the_box_leads_to_its_address(client: Client) -> None:
    response = client.get("/xac-minh/", {"ma": " K7M2/9PXT "})
    assert response.headers["Location"] == "/xac-minh/K7M29PXT/"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"not a pdf at all", b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n"])
def test_file_that_is_no_result_is_not_called_genuine(client: Client, content: bytes) -> None:
    response = client.post("/xac-minh/", {"tep": SimpleUploadedFile("ket-qua.pdf", content)})
    assert response.status_code == 200
    assert "Giấy tờ thật" not in words(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Hãy chọn tệp PDF hoặc XML cần kiểm tra"),
        ({"tep": "chữ, không phải tệp"}, "Hãy chọn tệp PDF hoặc XML cần kiểm tra"),
        ({"tep": SimpleUploadedFile("rong.pdf", b"")}, "Tệp này không có nội dung"),
    ],
)
def test_missing_or_empty_file_is_refused_beside_the_field(client: Client, data: object, sentence: str) -> None:
    response = client.post("/xac-minh/", data)
    assert response.status_code == 422
    assert sentence in words(response)


@pytest.mark.django_db
def test_too_large_file_is_refused(client: Client) -> None:
    upload = SimpleUploadedFile("lon.pdf", b"%PDF" + b"0" * MAX_VERIFY_BYTES)
    response = client.post("/xac-minh/", {"tep": upload})
    assert response.status_code == 422
    assert "không quá 20 MB" in words(response)


@pytest.mark.django_db
def test_my_page_is_for_residents(client: Client) -> None:
    response = client.get("/cua-toi/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/dang-nhap/")


@pytest.mark.django_db
def test_my_page_of_somebody_new(client: Client) -> None:
    sign_in(client, make_resident("Trần Thị Bích").user_id)
    response = client.get("/cua-toi/")
    assert response.status_code == 200
    assert "Bạn chưa nộp hồ sơ nào" in words(response)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/kha-nang-tiep-can/", "/du-lieu-ca-nhan/"])
def test_standing_pages_ask_no_database(client: Client, address: str) -> None:
    assert "1022" in words(client.get(address))


def test_search_engines_stay_off_peoples_pages(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /cua-toi/", "Disallow: /tra-cuu/", "Disallow: /ho-so/"} <= set(lines)


@pytest.mark.django_db
def test_health_asks_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


class BrokenConnection:
    """A database that cannot be reached."""

    def cursor(self) -> object:
        raise OperationalError("connection refused")


def test_health_tells_when_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "connection", BrokenConnection())
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "database unreachable"}


def test_public_pages_travel_small_and_own_pages_uncompressed(client: Client, db: None) -> None:
    asked = {"accept-encoding": "gzip"}
    public = client.get("/kha-nang-tiep-can/", headers=asked)
    assert public.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in public.headers["Vary"]
    assert "Khả năng tiếp cận" in gzip.decompress(public.content).decode()
    assert "Content-Encoding" not in client.get("/kha-nang-tiep-can/").headers
    sign_in(client, make_resident("Trần Thị Bích").user_id)
    for address in ("/cua-toi/", "/kha-nang-tiep-can/"):
        assert "Content-Encoding" not in client.get(address, headers=asked).headers, address
