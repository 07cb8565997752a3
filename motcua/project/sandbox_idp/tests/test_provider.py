"""The sandbox keeps the protocol strictly: a lax fake would hide our own faults."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from motcua.project.demo_city.people import RESIDENTS
from motcua.project.sandbox_idp.keys import load_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
VERIFIER = "v" * 43
CALLBACK = "http://testserver/tai-khoan/oidc/vneid/login/callback/"
BASIC = "Basic " + base64.b64encode(b"motcua:sandbox-secret").decode()


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def request_address(**changes: str | None) -> str:
    base = {
        "client_id": "motcua",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid profile",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    kept = {name: value for name, value in (base | changes).items() if value is not None}
    return f"/sandbox-id/authorize?{urlencode(kept)}"


def get_code(client: Client) -> str:
    response = client.post(request_address(), {"person": RESIDENTS[0].subject, "level": "2"})
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


def exchange(client: Client, code: str, *, authorization: str = BASIC, **changes: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    } | changes
    return client.post("/sandbox-id/token", form, headers={"authorization": authorization} if authorization else {})


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": CALLBACK + "x"},
        {"redirect_uri": CALLBACK.replace("testserver", "testserver.evil.example")},
        {"redirect_uri": None},
        {"client_id": "another"},
        {"client_id": None},
    ],
)
def test_nobody_is_sent_to_an_unproven_address(client: Client, changes: dict[str, str | None]) -> None:
    response = client.get(request_address(**changes))
    assert response.status_code == 400
    assert "Location" not in response.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
    ],
)
def test_a_faulty_request_goes_back_with_its_error(client: Client, changes: dict[str, str | None], error: str) -> None:
    response = client.get(request_address(**changes))
    assert parse_qs(urlsplit(response.headers["Location"]).query)["error"] == [error]
    assert response.headers["Location"].startswith(CALLBACK)


def test_a_code_is_worth_tokens_once(client: Client) -> None:
    code = get_code(client)
    assert exchange(client, code).json()["token_type"] == "Bearer"
    assert exchange(client, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"authorization": "Basic " + base64.b64encode(b"motcua:wrong").decode()}, "invalid_client"),
        ({"authorization": "Basic ***"}, "invalid_client"),
        ({"authorization": ""}, "invalid_client"),
    ],
)
def test_a_code_needs_its_proofs(client: Client, changes: dict[str, str], error: str) -> None:
    cache.clear()
    assert exchange(client, get_code(client), **changes).json()["error"] == error


@pytest.mark.slow
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80))  # NUL: refused for all
def test_an_invented_code_is_worth_nothing(client: Client, code: str) -> None:
    assert exchange(client, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer x.y.z", "Basic eA=="])
def test_userinfo_needs_a_living_token(client: Client, authorization: str) -> None:
    response = client.get("/sandbox-id/userinfo", headers={"authorization": authorization})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")


def test_choosing_nobody_asks_again(client: Client) -> None:
    response = client.post(request_address(), {"person": "nobody"})
    assert response.status_code == 422
    assert "Hãy chọn một người." in response.content.decode()


def test_choosing_needs_the_form_of_this_page() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(request_address(), {"person": RESIDENTS[0].subject}).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "?post_logout_redirect_uri=https://evil.example/", "?id_token_hint=x.y.z"])
def test_an_unproven_sign_out_stays_here(client: Client, query: str) -> None:
    assert client.get(f"/sandbox-id/end-session{query}").status_code == 200


def test_the_sandbox_is_closed_outside_the_demonstration(client: Client, settings: Settings) -> None:
    settings.DEMO_MODE = False
    for name in (".well-known/openid-configuration", "jwks", "authorize", "userinfo", "end-session"):
        assert client.get(f"/sandbox-id/{name}").status_code == 404
    assert client.post("/sandbox-id/token").status_code == 404


def test_the_private_key_never_leaves(client: Client) -> None:
    keys = client.get("/sandbox-id/jwks").json()["keys"]
    assert [set(key) & {"d", "p", "q", "dp", "dq", "qi"} for key in keys] == [set()]


def test_all_processes_sign_with_one_key(settings: Settings) -> None:
    first = load_key(str(settings.VAR_DIR)).kid
    load_key.cache_clear()
    assert load_key(str(settings.VAR_DIR)).kid == first
