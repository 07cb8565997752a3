from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.audit.public import SYSTEM
from motcua.identity.public import disable_account
from motcua.identity.queries.sessions import SESSION_KEY
from motcua.identity.tests.factories import make_official, make_person, make_resident, sign_in
from motcua.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_an_idle_resident_is_signed_out_and_told_so(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_resident().user_id)
        clock_face.shift(timedelta(minutes=29))
        assert client.get("/cua-toi/").status_code == 200
        clock_face.shift(timedelta(minutes=29))
        assert client.get("/cua-toi/").status_code == 200
        clock_face.shift(timedelta(minutes=31))
        response = client.get("/cua-toi/?a=1")
        assert response.headers["Location"] == "/dang-nhap/?next=%2Fcua-toi%2F%3Fa%3D1"
        page = client.get(response.headers["Location"]).content.decode()
    assert "Những gì bạn nhập đã được lưu nháp" in page
    assert 'name="next" value="/cua-toi/?a=1"' in page


def test_an_idle_official_is_signed_out_sooner(client: Client, agency_id: int) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_official("counter", agency_id=agency_id).user_id)
        clock_face.shift(timedelta(minutes=14))
        assert client.get("/ban-lam-viec/").status_code == 200
        clock_face.shift(timedelta(minutes=16))
        assert client.get("/ban-lam-viec/").status_code == 302


@pytest.mark.slow
def test_no_session_outlives_its_hours_however_busy(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_resident().user_id)
        for _ in range(12 * 3 - 1):
            clock_face.shift(timedelta(minutes=20))
            assert client.get("/cua-toi/").status_code == 200
        clock_face.shift(timedelta(minutes=20))
        assert client.get("/cua-toi/").status_code == 302


def test_an_ended_session_still_reads_open_pages(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_resident().user_id)
        clock_face.shift(timedelta(hours=2))
        assert client.get("/").content == b"open"
        assert "_auth_user_id" not in client.session


def test_what_was_typed_when_the_session_ended_comes_back_to_its_owner(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        person = make_resident()
        sign_in(client, person.user_id)
        clock_face.shift(timedelta(hours=1))
        response = client.post("/cua-toi/", {"story": "mười trang chữ", "csrfmiddlewaretoken": "x"})
        assert (response.status_code, response.headers["Location"]) == (303, "/dang-nhap/?next=%2Fcua-toi%2F")
        client.post("/dang-nhap/demo/", {"person": person.uuid, "next": "/cua-toi/"})
        assert "mười trang chữ" in client.get("/cua-toi/").content.decode()
        assert "mười trang chữ" not in client.get("/cua-toi/").content.decode()


def test_what_was_typed_never_comes_back_to_another(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_resident().user_id)
        clock_face.shift(timedelta(hours=1))
        client.post("/cua-toi/", {"story": "bí mật"})
        client.post("/dang-nhap/demo/", {"person": make_resident("Lê Người Khác").uuid})
        assert "bí mật" not in client.get("/cua-toi/").content.decode()


def test_a_huge_form_is_not_kept_and_nothing_breaks(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, make_resident().user_id)
        clock_face.shift(timedelta(hours=1))
        assert client.post("/cua-toi/", {"story": "a" * 70_000}).status_code == 303
        assert "identity_stash" not in client.session


def test_a_script_is_told_in_its_own_words(client: Client) -> None:
    answer = client.post("/cua-toi/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.sign_in_again")
    answer = client.get("/cua-toi/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/dang-nhap/?next=%2Fcua-toi%2F")


def test_a_session_made_by_another_door_proves_nothing(client: Client) -> None:
    client.force_login(
        get_user_model().objects.get(pk=make_resident().user_id or 0), settings.AUTHENTICATION_BACKENDS[0]
    )
    assert client.get("/cua-toi/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_disabled_account_is_out_at_once(client: Client) -> None:
    person = make_resident()
    sign_in(client, person.user_id)
    assert client.get("/cua-toi/").status_code == 200
    assert person.user_id is not None
    disable_account(person.user_id, actor=SYSTEM, now=clock.now())
    assert client.get("/cua-toi/").status_code == 302
    assert client.post("/dang-nhap/demo/", {"person": person.uuid}).headers["Location"] == "/dang-nhap/da-khoa/"
    assert client.get("/dang-nhap/da-khoa/").status_code == 403


def test_signing_in_changes_the_session_key(client: Client) -> None:
    client.get("/dang-nhap/")
    session = client.session
    session["draft"] = "kept"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    planted = session.session_key
    client.post("/dang-nhap/demo/", {"person": make_resident().uuid})
    assert client.session.session_key != planted
    assert client.session["draft"] == "kept"
    assert not type(session)(planted).get(SESSION_KEY)


def test_changing_person_leaves_nothing_behind(client: Client) -> None:
    client.post("/dang-nhap/demo/", {"person": make_resident().uuid})
    session = client.session
    session["draft"] = "hers"
    session.save()
    client.post("/dang-nhap/demo/", {"person": make_resident("Lê Người Khác").uuid})
    assert "draft" not in client.session


def test_signed_in_pages_are_not_kept_by_the_browser(client: Client) -> None:
    sign_in(client, make_resident().user_id)
    assert client.get("/cua-toi/").headers["Cache-Control"] == "no-store"


def test_sign_out_needs_a_post_with_a_token_and_forgets_everything() -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_resident().user_id)
    assert client.get("/dang-nhap/dang-xuat/").status_code == 200
    assert client.post("/dang-nhap/dang-xuat/").status_code == 403
    assert "_auth_user_id" in client.session
    token = client.cookies["csrftoken"].value
    response = client.post("/dang-nhap/dang-xuat/", {"csrfmiddlewaretoken": token})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert not dict(client.session)


@pytest.mark.slow
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "https://testserver.evil.example/",
    ],
)
def test_next_never_leaves_this_host(client: Client, target: str) -> None:
    person = make_person()
    assert target not in client.get("/dang-nhap/", {"next": target}).content.decode()
    response = client.post("/dang-nhap/demo/", {"person": person.uuid, "next": target})
    assert response.headers["Location"] == "/dang-nhap/xong/"
    assert client.get("/dang-nhap/", {"next": target}).headers["Location"] == "/"


def test_next_is_kept(client: Client) -> None:
    response = client.post("/dang-nhap/demo/", {"person": make_person().uuid, "next": "/cua-toi/?a=1"})
    assert response.headers["Location"] == "/cua-toi/?a=1"


@pytest.mark.parametrize("roles", [("counter",), ("counter", "specialist", "leader")])
def test_who_asks_costs_two_queries_whatever_the_roles(
    client: Client, agency_id: int, other_agency_id: int, roles: tuple[str, ...]
) -> None:
    official = make_official(*roles, agency_id=agency_id)
    sign_in(client, official.user_id)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/ban-lam-viec/").status_code == 200
    assert len(queries) == 2, [q["sql"] for q in queries]  # the session, and the account with person and roles


def test_a_visitor_without_a_cookie_costs_nothing(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) == 0
