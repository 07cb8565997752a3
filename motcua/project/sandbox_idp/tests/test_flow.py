"""Residents sign in by OpenID Connect, the whole way, against the sandbox provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from motcua.identity.public import find_person_by_personal_id
from motcua.project.demo_city.people import RESIDENTS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
BEGIN = "/tai-khoan/oidc/vneid/login/"
HANH = RESIDENTS[0]
LEVEL_ONE = next(person for person in RESIDENTS if person.level == 1)
LIARS = "motcua.project.sandbox_idp.tests.liars"


@pytest.fixture(autouse=True)
def fresh_marks(db: None) -> None:
    cache.clear()


def begin(client: Client, **form: str) -> str:
    """Press the button; return the address of the provider's page."""
    response = client.post(BEGIN, form)
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def choose(client: Client, address: str, *, person: str = HANH.subject, level: str = "2") -> str:
    """Choose a person on the provider's page; return the address that brings the code back."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}"
    assert client.get(path).status_code == 200
    response = client.post(path, {"person": person, "level": level})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"]).removeprefix("http://testserver")


def sign_in(client: Client, **choice: str) -> Any:
    return client.get(choose(client, begin(client), **choice))


def is_signed_in(client: Client) -> bool:
    return client.get("/cua-toi/").status_code == 200


@pytest.mark.slow
def test_a_resident_signs_in_and_is_found_again(client: Client) -> None:
    response = client.get(choose(client, begin(client, next="/cua-toi/?tu=oidc")))
    assert response.headers["Location"] == "/cua-toi/?tu=oidc"
    assert client.get("/cua-toi/").content.decode().startswith(f"{HANH.full_name}|2|")
    person = find_person_by_personal_id(HANH.personal_id)
    assert person is not None
    assert (person.full_name, person.birth_on, person.sex) == (HANH.full_name, HANH.birth_on, "female")
    assert (person.phone, person.area_code, person.address) == ("+84900000001", HANH.area_code, HANH.address)
    again = Client()
    sign_in(again)
    assert find_person_by_personal_id(HANH.personal_id) == person
    assert SocialAccount.objects.get().extra_data == {}  # the facts lie in one place only


@pytest.mark.parametrize(
    ("person", "asked", "level"), [(HANH.subject, "2", 2), (HANH.subject, "1", 1), (LEVEL_ONE.subject, "2", 1)]
)
def test_the_level_of_assurance_comes_along(client: Client, person: str, asked: str, level: int) -> None:
    sign_in(client, person=person, level=asked)
    assert f"|{level}|" in client.get("/cua-toi/").content.decode()


def test_the_request_carries_pkce_state_and_nonce(client: Client) -> None:
    asked = parse_qs(urlsplit(begin(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 16
    assert "openid" in asked["scope"][0].split()
    other = parse_qs(urlsplit(begin(client)).query)
    assert all(asked[name] != other[name] for name in ("code_challenge", "nonce", "state"))


@pytest.mark.slow
def test_the_caller_cannot_choose_scope_or_purpose(client: Client) -> None:
    address = client.post(f"{BEGIN}?scope=admin&auth_params=prompt%3Dnone&process=connect").headers["Location"]
    asked = parse_qs(urlsplit(address).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile"}
    assert "prompt" not in asked
    client.get(choose(client, address))
    assert is_signed_in(client)


def test_a_sign_in_begins_only_by_our_own_form() -> None:
    assert Client().get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403
    assert Client().post("/tai-khoan/oidc/khong-co/login/").status_code == 404


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "connections/", "password/reset/", "3rdparty/", "2fa/", "inactive/"]
)
def test_unused_pages_of_the_library_are_not_mounted(client: Client, address: str) -> None:
    assert client.get(f"/tai-khoan/{address}").status_code == 404


def test_the_session_key_changes_at_sign_in(client: Client) -> None:
    back = choose(client, begin(client))
    planted = client.session.session_key
    client.get(back)
    assert client.session.session_key != planted


@pytest.mark.slow
@pytest.mark.parametrize(
    "liar",
    [
        "WrongNonce",
        "ForeignIssuer",
        "ForeignAudience",
        "OldToken",
        "AnotherSubject",
        "Unsigned",
        "ForeignSignature",
        "NoIdToken",
        "NoPersonalNumber",
    ],
)
def test_a_lie_of_the_provider_lets_nobody_in(client: Client, settings: Settings, liar: str) -> None:
    back = choose(client, begin(client))
    settings.OIDC_SANDBOX_TRANSPORT = f"{LIARS}.{liar}"
    response = client.get(back)
    assert response.status_code == 401
    assert "Chưa đăng nhập được" in response.content.decode()
    assert not is_signed_in(client)
    assert find_person_by_personal_id(HANH.personal_id) is None


@pytest.mark.parametrize("liar", ["ForeignDescription", "Down"])
def test_a_provider_that_is_down_or_another_is_said_so(client: Client, settings: Settings, liar: str) -> None:
    settings.OIDC_SANDBOX_TRANSPORT = f"{LIARS}.{liar}"
    response = client.post(BEGIN)
    assert response.status_code == 401
    assert "Trang định danh đang không trả lời" in response.content.decode()


@pytest.mark.slow
def test_a_subject_never_moves_to_another_person(client: Client, settings: Settings) -> None:
    sign_in(client)
    other = Client()
    back = choose(other, begin(other))
    settings.OIDC_SANDBOX_TRANSPORT = f"{LIARS}.AnotherPersonalNumber"
    response = other.get(back)
    assert response.status_code == 401
    assert "đã gắn với người khác" in response.content.decode()
    assert not is_signed_in(other)


def test_a_foreign_or_used_state_is_refused(client: Client) -> None:
    back = choose(client, begin(client))
    query = parse_qs(urlsplit(back).query)
    forged = {name: values[0] for name, values in query.items()} | {"state": "another"}
    assert client.get(f"{urlsplit(back).path}?{urlencode(forged)}").status_code == 401
    assert Client().get(back).status_code == 401  # another browser: login CSRF
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401


def test_an_old_code_is_refused(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 1, 0, tzinfo=UTC), tick=False) as clock_face:
        back = choose(client, begin(client))
        clock_face.shift(timedelta(seconds=61))
        assert client.get(back).status_code == 401


def test_a_code_of_another_sign_in_is_refused(client: Client) -> None:
    victim = Client()
    code = parse_qs(urlsplit(choose(victim, begin(victim))).query)["code"][0]
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get(f"{BEGIN}callback/?{urlencode({'code': code, 'state': state})}")
    assert answer.status_code == 401  # PKCE: the code belongs to another verifier
    assert not is_signed_in(client)


def test_whoever_cancels_is_told_how_to_go_on(client: Client) -> None:
    address = urlsplit(begin(client))
    response = client.post(f"{address.path}?{address.query}", {"cancel": "1"})
    back = str(response.headers["Location"]).removeprefix("http://testserver")
    answer = client.get(back)
    assert answer.status_code == 401
    assert "Bạn đã dừng đăng nhập" in answer.content.decode()


def test_sign_out_goes_by_the_provider_and_comes_home(client: Client) -> None:
    sign_in(client)
    response = client.post("/dang-nhap/dang-xuat/")
    address = urlsplit(str(response.headers["Location"]))
    assert address.path == "/sandbox-id/end-session"
    assert client.get(f"{address.path}?{address.query}").headers["Location"] == "http://testserver/"
    assert not is_signed_in(client)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_whole_way_over_real_http(live_server: LiveServer, settings: Settings) -> None:
    """The fake is verified: the same flow with every call, the server's own too, over the network."""
    settings.OIDC_SANDBOX_TRANSPORT = "requests.adapters.HTTPAdapter"
    browser = requests.Session()

    def token_of(page: requests.Response) -> str:
        return page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    door = browser.get(f"{live_server.url}/dang-nhap/?next=/cua-toi/")
    form = {"csrfmiddlewaretoken": token_of(door), "next": "/cua-toi/"}
    provider = browser.post(f"{live_server.url}{BEGIN}", data=form)
    assert urlsplit(provider.url).path == "/sandbox-id/authorize"
    choice = {"csrfmiddlewaretoken": token_of(provider), "person": HANH.subject, "level": "2"}
    page = browser.post(provider.url, data=choice)
    assert page.text.startswith(f"{HANH.full_name}|2|")
