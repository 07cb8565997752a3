"""The protocol, the filter and the log, without a database: written to the text of the protocol."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange.rules import xroad
from motcua.exchange.rules.filtering import filter_fields
from motcua.exchange.rules.log import GENESIS, find_break, seal
from motcua.exchange.types import Asked, ClientId, Endpoint, Envelope, ExchangeFault, LoggedMessage, ServiceId

HCMC = ClientId("VN", "GOV", "H29", "DANCU")
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CODES = st.text("ABCabc019'()+,-.=?", min_size=1, max_size=12).filter(lambda text: text not in (".", ".."))


def _read(path: str, *, client: str = "VN/GOV/H30/HS", method: str = "GET", **headers: str) -> Asked:
    given_headers = {"x-road-client": client, **{name.replace("_", "-"): value for name, value in headers.items()}}
    envelope = Envelope(method=method, path=path, query="", headers=given_headers, body=b"")
    return xroad.read_request(envelope, is_subsystem=lambda who: who == HCMC, new_id="new")


def test_a_call_is_taken_apart() -> None:
    asked = _read("/r1/VN/GOV/H29/DANCU/people/persons/079190000001", x_road_userid="VN1", x_road_issue="HS-1")
    assert (asked.client, asked.service) == (ClientId("VN", "GOV", "H30", "HS"), ServiceId(HCMC, "people"))
    assert (asked.rest, asked.message_id, asked.user_id, asked.issue) == ("/persons/079190000001", "new", "VN1", "HS-1")


def test_the_subsystem_may_be_left_out() -> None:
    asked = _read("/r1/VN/GOV/H31/people/a", client="VN/GOV/H30", x_road_id="my-id")
    assert asked.service == ServiceId(ClientId("VN", "GOV", "H31"), "people") and asked.rest == "/a"
    assert str(asked.client) == "VN/GOV/H30" and asked.message_id == "my-id"


@pytest.mark.slow
@given(st.lists(CODES, min_size=4, max_size=4), CODES)
def test_every_allowed_identifier_survives_its_encoding(parts: list[str], code: str) -> None:
    who = ClientId(*parts)
    path = "/".join(quote(part, safe="") for part in (*parts, code))
    envelope = Envelope(method="GET", path=f"/r1/{path}", query="", headers={"x-road-client": str(HCMC)}, body=b"")
    assert xroad.read_request(envelope, is_subsystem=lambda _: True, new_id="x").service == ServiceId(who, code)


@pytest.mark.parametrize(
    ("path", "client"),
    [
        ("/r2/VN/GOV/H29/DANCU/people", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people", ""),
        ("/r1/VN/GOV/H29/DANCU/people", "VN/GOV"),
        ("/r1/VN/GOV/H29/DANCU/people", "VN/GOV/H30/A/B"),
        ("/r1/VN/GOV/H29/DANCU/people", "VN/GOV/Bộ"),
        ("/r1/VN/GOV/H29/DANCU/peo%2Fple", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/%2e%2e/secret", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/..", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/a%2F..%2Fb", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/a%5Cb", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/a b", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/đ", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/a#b", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/a%00", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/%ff", "VN/GOV/H30"),
        ("/r1/VN/GOV/H29/DANCU/people/" + "a" * 2_000, "VN/GOV/H30"),
    ],
)
def test_what_does_not_keep_to_the_protocol_is_refused_in_its_words(path: str, client: str) -> None:
    with pytest.raises(ExchangeFault) as fault:
        _read(path, client=client)
    assert fault.value.fault == "Client.BadRequest" and fault.value.http_status == 400


@pytest.mark.slow
@given(
    st.text(max_size=120), st.text(max_size=60), st.sampled_from(["GET", "POST", "TRACE", "x"]), st.text(max_size=40)
)
def test_no_request_breaks_the_reader(path: str, client: str, method: str, message_id: str) -> None:
    try:
        asked = _read("/r1/" + path, client=client, method=method, x_road_id=message_id)
    except ExchangeFault as fault:
        assert fault.fault == "Client.BadRequest"
    else:
        assert asked.service.service_code and ".." not in asked.rest.split("/")


def test_a_fault_is_json_unless_only_xml_is_accepted() -> None:
    fault = ExchangeFault("Server.ServerProxy.ServiceFailed", "Dịch vụ <a> không trả lời")
    answer = xroad.make_fault(fault, detail="id-1")
    assert answer.status == 500 and answer.headers["X-Road-Error"] == "Server.ServerProxy.ServiceFailed"
    assert json.loads(answer.body) == {"type": fault.fault, "message": "Dịch vụ <a> không trả lời", "detail": "id-1"}
    assert answer.headers["Content-Type"].startswith("application/json")
    xml = xroad.make_fault(fault, detail="id-1", accept="application/xml")
    assert b"&lt;a&gt;" in xml.body and xml.headers["Content-Type"].startswith("application/xml")


def test_the_request_hash_is_that_of_the_protocol() -> None:
    head, body = b"GET /r1", b"{}"
    both = hashlib.sha512(hashlib.sha512(head).digest() + hashlib.sha512(body).digest()).digest()
    assert xroad.hash_request(head, body) == base64.b64encode(both).decode()
    assert xroad.hash_request(head, b"") == base64.b64encode(hashlib.sha512(head).digest()).decode()


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/persons/*", "/persons/1", True),
        ("/persons/*", "/persons", False),
        ("/persons/*", "/persons/", False),
        ("/persons/*", "/persons/1/x", False),
        ("/persons/**", "/persons/1/x", True),
        ("/persons", "/persons/1", False),
        ("/", "", True),
    ],
)
def test_a_pattern_is_not_wider_than_it_says(pattern: str, path: str, fits: bool) -> None:
    offered = [Endpoint("GET", pattern)]
    assert xroad.is_offered(offered, method="GET", path=path) is fits
    assert not xroad.is_offered(offered, method="POST", path=path)


JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=12,
)
PATHS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(".".join), max_size=4)


def _paths(value: object, prefix: str = "") -> set[str]:
    if isinstance(value, dict):
        inner = {path for name, item in value.items() for path in _paths(item, f"{prefix}.{name}" if prefix else name)}
        return inner | {f"{prefix}.{name}" if prefix else name for name in value}
    if isinstance(value, list):
        return {path for item in value for path in _paths(item, prefix)}
    return set()


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), PATHS)
def test_nothing_leaves_that_no_granted_field_covers(data: dict[str, object], fields: list[str]) -> None:
    for path in _paths(filter_fields(data, fields)):
        covered = any(path == field or path.startswith(f"{field}.") or field.startswith(f"{path}.") for field in fields)
        assert covered, path
    assert filter_fields(data, ["*"]) == data and filter_fields(data, []) == {}


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), PATHS)
def test_more_fields_never_give_less(data: dict[str, object], fields: list[str]) -> None:
    assert _paths(filter_fields(data, fields[:1])) <= _paths(filter_fields(data, fields))


def _line(seq: int) -> LoggedMessage:
    return LoggedMessage(
        seq=seq, uuid=f"u{seq}", at=NOW, message_id=f"m{seq}", client="VN/GOV/H30", service=str(HCMC),
        purpose="Thử", legal_ground="Thử", user_id="", issue="", status=200, fault="", request_sha512="a" * 128,
        response_sha512="b" * 128, previous="", digest="",
    )  # fmt: skip


def _chain(count: int) -> list[LoggedMessage]:
    lines: list[LoggedMessage] = []
    for seq in range(1, count + 1):
        lines.append(seal(_line(seq), seq=seq, previous=lines[-1].digest if lines else GENESIS))
    return lines


@given(st.integers(1, 8), st.data())
def test_a_line_changed_moved_or_lost_is_found(count: int, data: st.DataObject) -> None:
    lines = _chain(count)
    assert find_break(lines) is None
    place = data.draw(st.integers(0, count - 1))
    changed = [*lines]
    changed[place] = replace(lines[place], purpose="khác")
    assert find_break(changed) == lines[place].seq
    if place < count - 1:
        assert find_break(lines[:place] + lines[place + 1 :]) is not None
        assert find_break([*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]) is not None
