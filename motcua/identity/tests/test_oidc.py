"""What we accept from an identity provider, held against every way to lie."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from requests.adapters import BaseAdapter

from motcua.identity.adapters.oidc import (
    ProviderAnswerRefused,
    ProviderDirectory,
    check_nonce,
    map_claims,
    merge_userinfo,
    parse_birth_date,
    read_kid,
    verify_id_token,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ISSUER = "https://sso.example"
KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
KEYS = KeySet([KEY])
NAMES = {"personal_id": ("SoDinhDanh",), "full_name": ("HoVaTen", "name"), "level": ("acr",), "address": ("address",)}
LEVELS = {"1": 1, "2": 2}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(NOW.timestamp())
    base = {"iss": ISSUER, "aud": "motcua", "sub": "s1", "iat": now, "exp": now + 300, "nonce": "n1"}
    return {name: value for name, value in (base | changes).items() if value is not None}


def sign(content: dict[str, Any], key: Any = KEY, alg: str = "RS256") -> str:
    return jwt.encode({"alg": alg, "kid": "one"}, content, key, algorithms=[alg])


def b64(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def verify(token: str) -> dict[str, Any]:
    return verify_id_token(token, keys=KEYS, issuer=ISSUER, client_id="motcua", algorithms=("RS256", "ES256"), now=NOW)


def test_a_right_token_is_read() -> None:
    assert verify(sign(claims()))["sub"] == "s1"
    assert verify(sign(claims(aud=["motcua"])))["sub"] == "s1"
    assert verify(sign(claims(aud=["motcua", "other"], azp="motcua")))["sub"] == "s1"
    assert read_kid(sign(claims())) == "one"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": ["motcua", "other"]},
        {"aud": ["motcua", "other"], "azp": "other"},
        {"exp": int((NOW - timedelta(minutes=2)).timestamp())},
        {"exp": None},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
        {"iat": None},
        {"sub": None},
    ],
)
def test_a_token_not_for_us_or_not_now_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderAnswerRefused):
        verify(sign(claims(**changes)))


def test_a_foreign_signature_is_refused() -> None:
    with pytest.raises(ProviderAnswerRefused):
        verify(sign(claims(), key=OTHER_KEY))


def test_no_signature_is_refused() -> None:
    for alg in ("none", "None", "NONE"):
        with pytest.raises(ProviderAnswerRefused):
            verify(f"{b64({'alg': alg, 'kid': 'one'})}.{b64(claims())}.")


def test_the_providers_public_key_is_no_shared_secret() -> None:
    header = b64({"alg": "HS256", "kid": "one"})
    signed = f"{header}.{b64(claims())}"
    digest = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    with pytest.raises(ProviderAnswerRefused):
        verify(f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


@pytest.mark.slow
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin1")))
def test_any_other_text_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(ProviderAnswerRefused):
        verify(text)
    with pytest.raises(ProviderAnswerRefused):
        read_kid(text)


@pytest.mark.parametrize(
    ("found", "expected"), [("n1", "n2"), (None, "n1"), ("n1", None), (None, None), (["n1"], "n1")]
)
def test_the_nonce_is_of_this_sign_in(found: object, expected: object) -> None:
    with pytest.raises(ProviderAnswerRefused):
        check_nonce({"nonce": found}, expected=expected)
    check_nonce({"nonce": "n1"}, expected="n1")


def test_userinfo_about_another_is_refused() -> None:
    with pytest.raises(ProviderAnswerRefused):
        merge_userinfo({"sub": "s1"}, {"sub": "s2", "HoVaTen": "X"})
    assert merge_userinfo({"sub": "s1", "acr": "1"}, {"sub": "s1", "acr": "2"})["acr"] == "1"
    assert merge_userinfo({"sub": "s1"}, {}) == {"sub": "s1"}


def test_claims_are_mapped_by_configuration() -> None:
    found = map_claims(
        {"sub": "s1", "SoDinhDanh": " 079190900001 ", "name": "Nguyễn  Thị A", "acr": 2, "auth_time": 1},
        provider="vneid",
        names=NAMES,
        levels=LEVELS,
    )
    assert (found.personal_id, found.full_name, found.level) == ("079190900001", "Nguyễn Thị A", 2)
    assert found.authenticated_at == datetime.fromtimestamp(1, tz=UTC)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=9), inner, max_size=2),
    max_leaves=5,
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(["SoDinhDanh", "HoVaTen", "acr", "address", "auth_time"]), JSON))
def test_whatever_the_provider_sends_maps_to_plain_values(sent: dict[str, Any]) -> None:
    found = map_claims({**sent, "sub": "s"}, provider="vneid", names=NAMES, levels=LEVELS)
    assert found.level in (1, 2)
    assert all(isinstance(text, str) for text in (found.full_name, found.personal_id, found.address))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("1990-04-30", date(1990, 4, 30)),
        ("30/04/1990", date(1990, 4, 30)),
        ("31/02/1990", None),
        ("30/04", None),
        ("a/b/c", None),
        ("", None),
    ],
)
def test_dates_of_birth(text: str, on: date | None) -> None:
    assert parse_birth_date(text) == on


class CannedTransport(BaseAdapter):
    """Answers from a table and counts the questions."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        address = request.url or ""
        self.asked.append(address)
        response = requests.Response()
        response.status_code = 200 if address in self.answers else 500
        response.raw = BytesIO(json.dumps(self.answers.get(address)).encode())
        return response

    def close(self) -> None:
        """Nothing is held open."""


def session_over(transport: CannedTransport) -> requests.Session:
    session = requests.Session()
    session.mount(ISSUER, transport)
    return session


ADDRESS = f"{ISSUER}/.well-known/openid-configuration"
DESCRIPTION = {"issuer": ISSUER, "authorization_endpoint": "a", "token_endpoint": "t", "jwks_uri": "j"}


def test_the_description_is_asked_once() -> None:
    transport, directory = CannedTransport({ADDRESS: DESCRIPTION}), ProviderDirectory(600)
    for _ in range(3):
        assert directory.get_configuration(session_over(transport), ISSUER)["token_endpoint"] == "t"
    assert transport.asked == [ADDRESS]


@pytest.mark.parametrize(
    "answer", [DESCRIPTION | {"issuer": "https://evil.example"}, {"issuer": ISSUER}, [], DESCRIPTION | {"jwks_uri": 1}]
)
def test_a_description_of_another_or_without_its_parts_is_refused(answer: Any) -> None:
    with pytest.raises(ProviderAnswerRefused):
        ProviderDirectory(600).get_configuration(session_over(CannedTransport({ADDRESS: answer})), ISSUER)


def test_a_new_key_is_asked_for_at_once() -> None:
    directory, address = ProviderDirectory(600), f"{ISSUER}/jwks"
    transport = CannedTransport({address: KEYS.as_dict(private=False)})
    for kid, questions in (("one", 1), ("one", 1), ("two", 2)):
        directory.get_keys(session_over(transport), address, kid=kid)
        assert len(transport.asked) == questions
