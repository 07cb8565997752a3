"""Signed requests: RFC 9421's own vectors, a foreign signer, and everything that must be refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import http_message_signatures as foreign
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.joining import join_exchange
from motcua.exchange.actions.keys import add_certificate, add_signature_key, end_key
from motcua.exchange.actions.proving import forget_nonces
from motcua.exchange.models import Message, SubsystemKey, UsedNonce
from motcua.exchange.rules.signing import PrivateKey, read_signatures, sign_request, verify
from motcua.exchange.tests.factories import JUSTICE, NOW, OWNER, PEOPLE, grant, make_exchange
from motcua.exchange.tests.test_wire import make_pem
from motcua.exchange.types import Answer, Envelope, KeyRefused
from motcua.registers.public import write_record
from motcua.registers.tests.factories import person

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: dict[str, PrivateKey] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "rsa": RSA_KEY,
}
BASE = Envelope(
    method="POST", path="/r1/VN/GOV/H29/X/people/query", query="a=%20b", scheme="https", body=b'{"key": 1}',
    headers={"host": "Data.example:443", "x-road-client": str(JUSTICE), "x-road-userid": "VN1"},
)  # fmt: skip


def pem(key: PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(
    envelope: Envelope = BASE, key: PrivateKey = KEYS["ed25519"], *, key_id: str = "k1", nonce: str = "n1",
    now: datetime = NOW,
) -> Envelope:  # fmt: skip
    more = sign_request(envelope, key_id=key_id, private_key=key, nonce=nonce, now=now)
    return replace(envelope, headers={**envelope.headers, **more})


def _holds(envelope: Envelope, key: PrivateKey, *, now: datetime = NOW) -> bool:
    return any(verify(each, pem(key)) for each in read_signatures(envelope, now=now))


@pytest.mark.parametrize("name", KEYS)
def test_what_one_key_signed_no_other_signed(name: str) -> None:
    envelope = signed(key=KEYS[name])
    for other, key in KEYS.items():
        assert _holds(envelope, key) is (other == name)


def test_the_standard_s_own_signature_holds() -> None:
    """RFC 9421, B.2.6: ed25519 over a request; it lacks what we ask for, so only base and signature are compared."""
    from motcua.exchange.rules import signing

    member: tuple[Any, Any] = (
        [(name, {}) for name in ("date", "@method", "@path", "@authority", "content-type", "content-length")],
        {"created": 1618884473, "keyid": "test-key-ed25519"},
    )
    envelope = Envelope(
        method="POST", path="/foo", query="param=Value&Pet=dog", body=b'{"hello": "world"}', scheme="https",
        headers={
            "host": "example.com", "date": "Tue, 20 Apr 2021 02:07:55 GMT", "content-type": "application/json",
            "content-length": "18",
        },
    )  # fmt: skip
    base = signing._make_base(envelope, [name for name, _ in member[0]], member)
    raw = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
    public = f"-----BEGIN PUBLIC KEY-----\n{raw}\n-----END PUBLIC KEY-----\n"
    value = base64.b64decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")
    assert verify(signing.Signed("test-key-ed25519", "", "", NOW, base, value), public)
    assert not verify(signing.Signed("test-key-ed25519", "", "", NOW, base + b" ", value), public)


@dataclass
class _Request:
    method: str
    url: str
    headers: dict[str, str]


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("ed25519", foreign.algorithms.ED25519),
        ("ecdsa", foreign.algorithms.ECDSA_P256_SHA256),
        ("rsa", foreign.algorithms.RSA_PSS_SHA512),
    ],
)
@pytest.mark.parametrize("where", [("@target-uri",), ("@path", "@query", "@authority")])
def test_another_library_s_signature_is_understood(
    name: str, algorithm: type[foreign.HTTPSignatureAlgorithm], where: tuple[str, ...]
) -> None:
    request = _Request(
        "POST", "https://data.example/r1/VN/GOV/H29/X/people/query?a=%20b", {"X-Road-Client": str(JUSTICE)}
    )
    resolver = foreign.MappingKeyResolver(public_keys={}, private_keys={"k1": KEYS[name]})
    foreign.HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=resolver).sign(
        request, key_id="k1", created=NOW, nonce="n", body=BASE.body,
        covered_component_ids=("@method", *where, "x-road-client"),
    )  # fmt: skip
    headers = {name.lower(): value for name, value in request.headers.items()} | {"host": "data.example"}
    assert _holds(replace(BASE, headers=headers), KEYS[name])


CHANGES: list[Callable[[Envelope], Envelope]] = [
    lambda e: replace(e, method="PUT"),
    lambda e: replace(e, path=e.path + "x"),
    lambda e: replace(e, query="a=%20c"),
    lambda e: replace(e, scheme="http"),
    lambda e: replace(e, body=e.body + b" "),
    lambda e: replace(e, body=b""),
    lambda e: replace(e, headers={**e.headers, "host": "other.example"}),
    lambda e: replace(e, headers={**e.headers, "x-road-userid": "VN2"}),
    lambda e: replace(e, headers={**e.headers, "x-road-issue": "added"}),
    lambda e: replace(e, headers={**e.headers, "motcua-purpose": "added"}),
    lambda e: replace(e, headers={**e.headers, "x-road-client": "VN/GOV/H1/Y"}),
    lambda e: replace(e, headers={**e.headers, "content-digest": "sha-256=:AAAA:"}),
    lambda e: replace(e, headers={**e.headers, "content-digest": "md5=:AAAA:"}),
    lambda e: replace(e, headers={**e.headers, "signature": "sig1=:AAAA:"}),
    lambda e: replace(e, headers={**e.headers, "signature": "sig2=" + e.headers["signature"][5:]}),
    lambda e: replace(e, headers={**e.headers, "signature-input": e.headers["signature-input"].replace("n1", "n2")}),
    lambda e: replace(
        e, headers={**e.headers, "signature-input": e.headers["signature-input"].replace('"@method" ', "")}
    ),
]


@pytest.mark.parametrize("place", range(len(CHANGES)))
@pytest.mark.parametrize("name", ["ed25519", "ecdsa"])
def test_an_altered_request_is_refused(place: int, name: str) -> None:
    envelope = signed(key=KEYS[name])
    assert _holds(envelope, KEYS[name]) and not _holds(CHANGES[place](envelope), KEYS[name])


@pytest.mark.parametrize(("seconds", "is_fresh"), [(0, True), (299, True), (301, False), (-29, True), (-31, False)])
def test_an_old_request_and_one_from_the_future_are_refused(seconds: int, is_fresh: bool) -> None:
    assert _holds(signed(), KEYS["ed25519"], now=NOW + timedelta(seconds=seconds)) is is_fresh


HEADERS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(['sig1=("@method");created=1', "sig1=1", 'sig1=("@method";req);keyid="k"', "sig1=()", "a=(((("]),
)


@pytest.mark.slow
@given(HEADERS, HEADERS, HEADERS)
def test_no_header_breaks_the_reader(first: str, second: str, digest: str) -> None:
    headers = {**BASE.headers, "signature-input": first, "signature": second, "content-digest": digest}
    assert read_signatures(replace(BASE, headers=headers), now=NOW) == ()


PATH = f"/r1/{PEOPLE}/personal_id/079190000001"
REFUSED = "Server.ClientProxy.AuthenticationFailed"


def _envelope(**headers: str) -> Envelope:
    named = {"host": "localhost", "x-road-client": str(JUSTICE), **headers}
    return Envelope(method="GET", path=PATH, query="", headers=named, body=b"", remote_address="203.0.113.9")


@pytest.fixture
def exchange(db: None) -> None:
    make_exchange()
    write_record("people", person(), valid_from=NOW - timedelta(days=9), source="Thử", now=NOW)
    grant()
    _add("k1", KEYS["ed25519"])


def _add(key_id: str, key: PrivateKey, *, valid_from: datetime = NOW - timedelta(days=1)) -> None:
    add_signature_key(JUSTICE, key_id=key_id, public_pem=pem(key), valid_from=valid_from, actor=OWNER, now=NOW)


def _call(envelope: Envelope, *, now: datetime = NOW) -> Answer:
    return handle_call(envelope, now=now)


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_a_signed_call_is_answered_once() -> None:
    envelope = signed(_envelope())
    assert _call(envelope).status == 200
    again = _call(envelope)
    assert again.headers["X-Road-Error"] == REFUSED and again.status == 500
    assert _call(signed(_envelope(), nonce="n2")).status == 200
    assert Message.objects.filter(fault=REFUSED).count() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_a_signature_that_fails_is_not_saved_by_a_trusted_network() -> None:
    bad = signed(_envelope(), key=KEYS["ecdsa"])
    assert _call(replace(bad, remote_address="127.0.0.1")).headers["X-Road-Error"] == REFUSED
    empty = replace(_envelope(signature="", **{"signature-input": ""}), remote_address="127.0.0.1")
    assert _call(empty).headers["X-Road-Error"] == REFUSED
    assert _call(_envelope()).headers["X-Road-Error"] == REFUSED
    assert _call(replace(_envelope(), remote_address="127.0.0.1")).status == 200


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_keys_change_without_a_gap() -> None:
    later = NOW + timedelta(minutes=1)
    _add("k2", KEYS["rsa"], valid_from=later)
    assert _call(signed(_envelope(), key=KEYS["rsa"], key_id="k2")).headers["X-Road-Error"] == REFUSED
    for key_id, name in (("k1", "ed25519"), ("k2", "rsa")):
        envelope = signed(_envelope(), key=KEYS[name], key_id=key_id, nonce="later", now=later)
        assert _call(envelope, now=later).status == 200
    end_key("k1", actor=OWNER, now=later)
    assert _call(signed(_envelope(), nonce="n3", now=later), now=later).headers["X-Road-Error"] == REFUSED
    envelope = signed(_envelope(), key=KEYS["rsa"], key_id="k2", nonce="n4", now=later)
    assert _call(envelope, now=later).status == 200


@pytest.mark.usefixtures("exchange")
def test_a_key_of_another_subsystem_proves_nothing() -> None:
    other = replace(JUSTICE, subsystem_code="KHAC")
    join_exchange(other, name="Khác", now=NOW)
    envelope = signed(_envelope(**{"x-road-client": str(other)}))
    assert _call(envelope).headers["X-Road-Error"] == REFUSED


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_weak_unreadable_and_taken_keys_are_refused() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    for key_id, text in (
        ("w", pem(weak)), ("w", "x"), ("w", pem(ec.generate_private_key(ec.SECP384R1()))), ("k1", pem(RSA_KEY)),
    ):  # fmt: skip
        with pytest.raises(KeyRefused):
            add_signature_key(JUSTICE, key_id=key_id, public_pem=text, valid_from=NOW, actor=OWNER, now=NOW)
    with pytest.raises(KeyRefused):
        end_key("none", actor=OWNER, now=NOW)


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_nonces_are_remembered_as_long_as_they_matter() -> None:
    assert _call(signed(_envelope())).status == 200
    assert forget_nonces(now=NOW + timedelta(minutes=4)) == 0 and UsedNonce.objects.count() == 1
    assert forget_nonces(now=NOW + timedelta(minutes=6)) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_a_certificate_proves_its_subsystem_and_no_other() -> None:
    text = make_pem("hotich").split(b"-----BEGIN CERTIFICATE")[1]
    certificate = "-----BEGIN CERTIFICATE" + text.decode()
    now = datetime.now(UTC)
    add_certificate(JUSTICE, key_id="tls", pem=certificate, actor=OWNER, now=now)
    digest = SubsystemKey.objects.get(key_id="tls").sha256
    other = replace(JUSTICE, subsystem_code="KHAC")
    join_exchange(other, name="Khác", now=NOW)
    assert _is_in(_envelope(), digest, now) and _is_in(_envelope(), digest.upper(), now)
    assert not _is_in(_envelope(**{"x-road-client": str(other)}), digest, now)
    assert not _is_in(_envelope(), "0" * 64, now)
    assert not _is_in(_envelope(), digest, now + timedelta(days=9))  # it has ended
    # a certificate that holds does not save a signature that fails
    assert not _is_in(signed(_envelope(), key=KEYS["ecdsa"], now=now), digest, now)


def _is_in(envelope: Envelope, certificate: str, now: datetime) -> bool:
    answer = _call(replace(envelope, certificate_sha256=certificate), now=now)
    return answer.headers.get("X-Road-Error") != REFUSED
