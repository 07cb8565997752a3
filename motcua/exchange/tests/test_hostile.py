"""A member that means harm: signatures that say too much, grants that end meanwhile, proofs put together of others."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange.actions.calls import count_use
from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.govstack import handle_data
from motcua.exchange.actions.joining import approve_grant, ask_grant, publish_http_service, revoke_grant
from motcua.exchange.actions.keys import add_signature_key
from motcua.exchange.adapters.http import PROVIDERS
from motcua.exchange.adapters.tsa import SoftwareTsa
from motcua.exchange.models import GrantUse, Message, MessageBatch, Subsystem
from motcua.exchange.queries.log import export_record
from motcua.exchange.rules.filtering import filter_answer
from motcua.exchange.rules.proof import check_proof
from motcua.exchange.rules.signing import read_signatures, verify
from motcua.exchange.rules.texts import dump_json, read_json
from motcua.exchange.tests.factories import ASKER, JUSTICE, NOW, OWNER, POLICE, grant, make_exchange
from motcua.exchange.tests.test_govstack import BASE, BB, Caller, allow, write
from motcua.exchange.tests.test_govstack import _exchange as govstack
from motcua.exchange.tests.test_proof import make_messages, seal_all, tsa
from motcua.exchange.tests.test_signing import BASE as PLAIN
from motcua.exchange.tests.test_signing import KEYS, pem, signed
from motcua.exchange.types import Answer, Endpoint, Envelope, ExchangeFault, ServiceId

__all__ = ["govstack", "tsa"]
ED = KEYS["ed25519"]
LATER = NOW + timedelta(seconds=9)


def with_params(**params: Any) -> Envelope:
    """Return a request signed over parameters of the caller's choice, by hand."""
    digest = base64.b64encode(hashlib.sha256(PLAIN.body).digest()).decode()
    headers = {**PLAIN.headers, "content-digest": f"sha-256=:{digest}:"}
    names = '"@method" "@target-uri" "x-road-client" "x-road-userid" "content-digest"'
    told = {"created": int(NOW.timestamp()), "keyid": '"k1"', "nonce": '"n1"', **params}
    member = f"({names});" + ";".join(f"{name}={value}" for name, value in told.items() if value is not None)
    lines = [
        '"@method": POST', f'"@target-uri": https://data.example{PLAIN.path}?{PLAIN.query}',
        f'"x-road-client": {headers["x-road-client"]}', '"x-road-userid": VN1',
        f'"content-digest": {headers["content-digest"]}', f'"@signature-params": {member}',
    ]  # fmt: skip
    signature = base64.b64encode(ED.sign("\n".join(lines).encode())).decode()  # type: ignore[call-arg]  # it is Ed25519
    headers |= {"signature-input": f"sig1={member}", "signature": f"sig1=:{signature}:"}
    return replace(PLAIN, headers=headers)


def is_believed(envelope: Envelope) -> bool:
    return any(verify(each, pem(ED)) for each in read_signatures(envelope, now=NOW))


CREATED = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("params", "is_good"),
    [
        ({}, True), ({"alg": '"ed25519"'}, True), ({"expires": CREATED + 5}, True), ({"tag": '"x"'}, True),
        ({"alg": '"hmac-sha256"'}, False), ({"alg": '"rsa-pss-sha512"'}, False), ({"alg": '"none"'}, False),
        ({"alg": '""'}, True), ({"alg": "1"}, False), ({"expires": CREATED}, False), ({"expires": CREATED - 5}, False),
        ({"expires": '"never"'}, False),
        ({"created": None}, False), ({"created": '"1"'}, False), ({"created": "?1"}, False),
        ({"created": f"{CREATED}.5"}, False), ({"created": CREATED - 301}, False), ({"created": CREATED + 31}, False),
        ({"created": -CREATED}, False), ({"created": 10**15 - 1}, False),
        ({"nonce": None}, False), ({"nonce": '""'}, False),
        ({"nonce": '"' + "n" * 129 + '"'}, False), ({"nonce": 7}, False),
        ({"keyid": None}, False), ({"keyid": "k1"}, False),
    ],
)  # fmt: skip
def test_only_what_a_signature_may_say_is_believed(params: dict[str, Any], is_good: bool) -> None:
    assert is_believed(with_params(**params)) is is_good


@pytest.mark.parametrize(
    ("digest", "is_good"),
    [
        ("sha-512", True), ("sha-256", True), ("both", True), ("one wrong", False), ("unknown", False), ("text", False),
        ("unknown and right", True), ("of nothing", False), ("huge", False), ("", False),
    ],
)  # fmt: skip
def test_a_digest_proves_the_body_by_a_known_way_and_contradicts_itself_in_none(digest: str, is_good: bool) -> None:
    def of(name: str, body: bytes = PLAIN.body) -> str:
        return f"{name}=:{base64.b64encode(hashlib.new(name.replace('-', ''), body).digest()).decode()}:"

    written = {
        "sha-512": of("sha-512"), "sha-256": of("sha-256"), "both": f"{of('sha-256')}, {of('sha-512')}",
        "one wrong": f"{of('sha-256')}, {of('sha-512', b'x')}", "unknown": "md5=:AAAA:", "text": 'sha-256="x"',
        "unknown and right": f"md5=:AAAA:, {of('sha-256')}", "of nothing": of("sha-256", b""),
        "huge": f"{of('sha-256')}, md5=:{'A' * 9_000}:", "": "",
    }[digest]  # fmt: skip
    from motcua.exchange.rules.signing import _is_digest_right

    assert _is_digest_right(replace(PLAIN, headers={**PLAIN.headers, "content-digest": written})) is is_good


@pytest.mark.slow
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_signs_of_any_script_in_a_header_break_nothing(text: str) -> None:
    for name in ("x-road-userid", "x-road-client", "host", "content-digest"):
        envelope = signed(PLAIN)
        assert not is_believed(replace(envelope, headers={**envelope.headers, name: text + "đ"}))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("govstack")
def test_a_signed_request_to_a_register_counts_once_and_for_its_register_only() -> None:
    allow()
    Caller()("POST", f"{BASE}/create", write(write={"id": "EE1", "firstName": "An"}))
    add_signature_key(BB, key_id="k1", public_pem=pem(ED), valid_from=NOW, actor=OWNER, now=NOW)
    body = json.dumps(write(query={"id": "EE1"})).encode()
    plain = Envelope(
        method="POST", path=f"{BASE}/read", query="", body=body, remote_address="203.0.113.9", scheme="https",
        headers={"host": "data.example", "information-mediator-client": str(BB)},
    )  # fmt: skip

    def call(envelope: Envelope, register: str = "citizens") -> Answer:
        return handle_data("read", envelope, {"registryName": register, "versionNumber": "1.0"}, address="", now=LATER)

    once = signed(plain)
    assert [call(each).status for each in (plain, once, once)] == [401, 200, 401]
    other = signed(plain, nonce="n2")
    for changed in (
        replace(other, body=body + b" "),
        replace(other, path=f"{BASE}/exists"),
        replace(other, method="PUT"),
    ):
        assert call(changed).status == 401
    refused = call(signed(plain, nonce="n3"), "nothing")
    assert refused.status == 403 and call(signed(plain, nonce="n3")).status == 401  # refused, and its nonce is used


@pytest.mark.slow
@pytest.mark.django_db
def test_a_grant_that_was_revoked_meanwhile_reads_nothing() -> None:
    make_exchange()
    given_one = grant()
    revoke_grant(given_one.uuid, reason="thử", actor=OWNER, now=NOW)
    with pytest.raises(ExchangeFault, match="cấp quyền"):  # whoever still knows it as approved
        count_use(given_one, now=NOW)
    assert GrantUse.objects.count() == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_an_answer_that_comes_after_the_grant_ended_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    make_exchange()
    ends = [Endpoint("GET", "/**")]
    service = publish_http_service(
        ServiceId(POLICE, "land"), base_url="http://inside.example", title="Đất", openapi={}, endpoints=ends, now=NOW
    )
    wish = ask_grant(
        JUSTICE, service=service, purpose="Thử", legal_ground="Thử", fields=["*"], endpoints=ends, valid_from=NOW,
        actor=ASKER, now=NOW,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=NOW)

    def answer_late(*args: Any, **named: Any) -> Answer:
        revoke_grant(wish, reason="thử", actor=OWNER, now=NOW)
        return Answer(status=200, headers={}, body=b"secret")

    monkeypatch.setattr(type(PROVIDERS), "call", answer_late)
    envelope = Envelope(
        method="GET", path=f"/r1/{POLICE}/land/1", query="", body=b"", remote_address="127.0.0.1",
        headers={"x-road-client": str(JUSTICE)},
    )  # fmt: skip
    told = handle_call(envelope, now=NOW)
    assert told.headers["X-Road-Error"] == "Server.ServerProxy.AccessDenied" and b"secret" not in told.body
    assert Message.objects.get().fault == "Server.ServerProxy.AccessDenied"


INJECTED = ("a' OR 1=1--", 'a"b', "a%s", "data__contains", "__class__", "a->>b", "a;drop", "{}", "a\\")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("govstack")
@pytest.mark.parametrize("name", INJECTED)
def test_names_of_fields_are_texts_and_never_part_of_a_question(name: str) -> None:
    from urllib.parse import quote

    allow()
    call = Caller()
    call("POST", f"{BASE}/create", write(write={"id": "EE1", "firstName": "An"}))
    assert call("POST", f"{BASE}/read", write(query={name: "x"})).status_code == 404
    assert call("PUT", f"{BASE}/updateEntries", write(query={name: "x"}, write={"note": "y"})).json()["count"] == 0
    assert call("GET", f"{BASE}?query.{quote(name, safe='')}=x").json()["count"] == 0
    assert call("GET", f"{BASE}?ordering={quote(name, safe='')}").status_code == 200
    assert call("POST", f"{BASE}/create", write(write={name: "x"})).status_code == 400
    assert call("GET", f"{BASE}/{quote(name, safe='')}/readValue/firstName.json").status_code == 404


@pytest.mark.slow
@pytest.mark.django_db
def test_a_proof_put_together_of_two_is_none(tsa: SoftwareTsa) -> None:
    proofs = []
    for _ in range(2):
        uuids = make_messages(3)
        seal_all(tsa)
        proofs.append(json.loads(export_record(uuids[1])))
    one, other = proofs
    assert MessageBatch.objects.count() == 2 and set(one) == set(other)
    roots = [tsa.get_certificate(NOW)]
    for name in one:
        for mixed in ({**one, name: other[name]}, {**other, name: one[name]}):
            if mixed not in (one, other):
                assert not check_proof(json.dumps(mixed).encode(), tsa_roots=roots).is_intact, name
    whole = [json.loads(export_record(UUID(each["lines"][0]["uuid"]), with_batch=True)) for each in proofs]
    spliced = {**whole[0], "lines": [*whole[0]["lines"][:2], whole[1]["lines"][2]]}
    assert not check_proof(json.dumps(spliced).encode()).is_intact


@pytest.mark.slow
@given(
    st.recursive(st.one_of(st.integers(), st.text(max_size=5), st.none()), lambda inner: st.lists(inner, max_size=3))
)
def test_numbers_of_any_length_stay_what_they_are(value: Any) -> None:
    for each in (value, 10**40, -(2**64)):
        assert read_json(dump_json({"a": each})) == {"a": each}
        kept = filter_answer(Answer(status=200, headers={}, body=json.dumps({"a": each, "b": 1}).encode()), ["a"])
        assert json.loads(kept.body) == {"a": each}


def test_what_is_nested_too_deep_is_no_answer() -> None:
    with pytest.raises(ValueError, match="deep"):
        filter_answer(Answer(status=200, headers={}, body=b"[" * 200_000), ["a"])


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("govstack")
def test_a_long_number_in_a_description_closes_no_list() -> None:
    Subsystem.objects.update(may_describe=True)
    call = Caller()
    body = b'{"code": "X", "schema": {"properties": {"ID": {"type": "string", "example": 1e40}}}}'
    assert call("POST", "/govstack/database/modify", body).status_code == 200
    assert call("GET", "/govstack/databases").json()["databases"][0]["code"] == "X"
    for odd in (
        '"type": {}',
        '"description": 1',
        '"primaryKey": "yes"',
        '"readOnly": 1',
        '"triggers": {}',
        '"id": true',
    ):
        wrong = f'{{"code": "Y", "schema": {{"properties": {{"ID": {{{odd}}}}}}}}}'.encode()
        assert call("POST", "/govstack/database/modify", wrong).status_code == 400, odd
    for required in ("[{}]", "[1]", "{}", '"ID"'):
        wrong = f'{{"code": "Y", "schema": {{"properties": {{"ID": {{}}}}, "required": {required}}}}}'.encode()
        assert call("POST", "/govstack/database/modify", wrong).status_code == 400, required
    allow()
    assert call("PUT", f"{BASE}/updateEntries", {"query": None, "write": {"content": {"id": "E"}}}).status_code == 400
