"""The GovStack Data API as its text has it, and nothing of a record beyond the grant by any way in."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from motcua.exchange.actions.joining import (
    REGISTER_ENDPOINTS,
    approve_grant,
    ask_grant,
    join_exchange,
    publish_register_service,
)
from motcua.exchange.models import Message
from motcua.exchange.rules.govstack import NEEDS
from motcua.exchange.tests.factories import ASKER, NOW, OWNER, POLICE, STRANGER, make_exchange
from motcua.exchange.types import ClientId, Endpoint, ServiceId
from motcua.registers.public import describe_registers, find_matching

pytestmark = pytest.mark.django_db
BB = ClientId("eGovStack", "GOV", "90000009", "digitalregistries")
ALL = (*REGISTER_ENDPOINTS, *(Endpoint(*each) for each in sorted(set(NEEDS.values()))))
BASE = "/govstack/data/citizens/1.0"
TOML = """
code = "citizens"
name = "Công dân"
owner = "Sở Thử"
steward = "Phòng Thử"
sensitivity = "personal"
legal_ground = "Luật Thử"
retention = "1 năm"
version = 1
subject_key = "id"
[[keys]]
name = "id"
fields = ["id"]
"""
FIELDS = ("id", "firstName", "lastName", "birthCertificateId", "note")
SCHEMA = {"type": "object", "additionalProperties": False, "properties": {each: {"type": "string"} for each in FIELDS}}


@pytest.fixture(autouse=True)
def _exchange(db: None, tmp_path: Path) -> None:
    make_exchange()
    folder = tmp_path / "citizens"
    folder.mkdir()
    (folder / "register.toml").write_text(TOML)
    (folder / "schema.json").write_text(json.dumps(SCHEMA))
    describe_registers(now=NOW, folder=tmp_path)
    join_exchange(BB, name="GovStack", addresses=["127.0.0.0/8"], now=NOW)
    service = ServiceId(POLICE, "citizens")
    publish_register_service(
        service, register="citizens", title="Công dân", openapi={}, version="1.0", endpoints=ALL, now=NOW
    )


def allow(*fields: str, endpoints: tuple[Endpoint, ...] = ALL) -> None:
    from motcua.exchange.queries.services import find_service

    service = find_service(ServiceId(POLICE, "citizens"))
    assert service is not None
    wish = ask_grant(
        BB, service=service, purpose="Thử", legal_ground="Luật Thử", fields=fields or ("*",), endpoints=endpoints,
        valid_from=NOW - timedelta(days=1), actor=ASKER, now=NOW,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=NOW)


class Caller:
    """A plain client; the clock moves a second a call."""

    def __init__(self, who: ClientId = BB) -> None:
        self.client, self.who, self.calls = Client(), who, 0

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        self.calls += 1
        with time_machine.travel(NOW + timedelta(seconds=self.calls), tick=False):
            data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
            return self.client.generic(
                method, path, data, content_type="application/json",
                headers={"Information-Mediator-Client": str(self.who)},
            )  # fmt: skip


def body(response: HttpResponse) -> Any:
    return json.loads(response.content)


def person(number: int = 1, **more: str) -> dict[str, str]:
    said = {
        "id": f"EE{number}",
        "firstName": f"John {number}",
        "lastName": "Smith",
        "birthCertificateId": f"RR-{number}",
    }
    return {**said, **more}


def write(**content: Any) -> dict[str, Any]:
    return {name: {"content": value} for name, value in content.items()}


@pytest.mark.slow
def test_a_record_lives_through_all_operations() -> None:
    allow()
    call = Caller()
    made = call("POST", f"{BASE}/create", write(write=person()))
    assert made.status_code == 200 and body(made) == {"content": person()}
    assert made.headers["Content-Type"].startswith("application/json")
    assert call("POST", f"{BASE}/create", write(write=person())).status_code == 200  # the same again: nothing new
    assert call("POST", f"{BASE}/create", write(write=person(firstName="X"))).status_code == 409
    read = call("POST", f"{BASE}/read", write(query={"lastName": "Smith", "id": "EE1"}))
    assert (read.status_code, body(read)) == (200, {"content": person()})
    missing = call("POST", f"{BASE}/read", write(query={"id": "EE9"}))
    assert (missing.status_code, body(missing)) == (404, {"detail": "no record found"})
    for number, found in ((1, True), (9, False)):
        answer = body(call("POST", f"{BASE}/exists", write(query={"id": f"EE{number}"})))["answer"]
        assert answer["status"] is found and answer["message"]
    changed = call("PUT", f"{BASE}/update", write(query={"id": "EE1"}, write={"firstName": "Ann"}))
    assert changed.status_code == 200
    value = call("GET", f"{BASE}/EE1/readValue/firstName.json")
    assert (value.status_code, body(value)) == (200, "Ann")
    text = call("GET", f"{BASE}/EE1/readValue/firstName.txt")
    assert text.content == b"Ann" and text.headers["Content-Type"].startswith("text/plain")
    assert call("GET", f"{BASE}/EE1/readValue/firstName.exe").status_code == 400
    assert call("GET", f"{BASE}/EE1/readValue/note.json").status_code == 404
    both = write(query={"id": "EE2"}, write=person(2))
    assert body(call("POST", f"{BASE}/updateOrCreate", both))["content"] == person(2)
    again = write(query={"id": "EE2"}, write={"note": "x"})
    assert body(call("POST", f"{BASE}/updateOrCreate", again))["content"] == person(2, note="x")
    assert (
        call("PUT", f"{BASE}/updateEntries", write(query={"lastName": "Smith"}, write={"note": "y"})).status_code == 200
    )
    assert {each.data["note"] for each in find_matching("citizens", {}, count=9, now=NOW + timedelta(hours=1))} == {"y"}
    gone = call("DELETE", f"{BASE}/EE1/delete")
    assert (gone.status_code, gone.content) == (204, b"")
    assert call("DELETE", f"{BASE}/EE1/delete?again").status_code == 404
    assert call("POST", f"{BASE}/read", write(query={"id": "EE1"})).status_code == 404
    used = body(call("GET", "/govstack/data/myPersonalDataUsage?userId=EE2&databaseId=citizens"))
    assert {"id", "readerId", "readerInitials", "searchDateTime", "refrences"} <= set(used[0])
    assert call("GET", "/govstack/data/myPersonalDataUsage?userId=EE7&databaseId=citizens").status_code == 404
    assert call("GET", "/govstack/data/myPersonalDataUsage?userId=EE7").status_code == 400


@pytest.mark.slow
def test_lists_are_paged_searched_and_ordered() -> None:
    allow()
    call = Caller()
    for number in range(1, 6):
        call("POST", f"{BASE}/create", write(write=person(number)))
    first = body(call("GET", f"{BASE}?pageSize=2"))
    assert (first["count"], len(first["results"])) == (5, 2) and "previous" not in first
    second = body(call("GET", first["next"].removeprefix("http://testserver")))
    assert second["previous"].endswith("page=1&pageSize=2") and second["results"] != first["results"]
    last = body(call("GET", f"{BASE}?pageSize=2&page=3"))
    assert "next" not in last and len(last["results"]) == 1
    whole = body(call("GET", f"{BASE}/"))
    assert whole["count"] == len(whole["results"]) == 5
    found = body(call("GET", f"{BASE}?search=John [23]&filter=firstName&ordering=descending"))
    assert [each["id"] for each in found["results"]] == ["EE3", "EE2"]
    assert body(call("GET", f"{BASE}?query.lastName=^Sm&query.id=4$"))["count"] == 1
    assert body(call("GET", f"{BASE}?search=RR-5"))["count"] == 1
    assert body(call("GET", f"{BASE}?ordering=-id&pageSize=1"))["results"][0]["id"] == "EE5"
    for bad in ("search=(", "page=0", "page=x", "pageSize=100000", f"search={'a' * 300}", "search=%00", "%ff=1"):
        assert call("GET", f"{BASE}?{bad}").status_code == 400, bad


@pytest.mark.slow
def test_nobody_unknown_ungranted_or_malformed_gets_in() -> None:
    call, other = Caller(), Caller(STRANGER)
    query = write(query={"id": "EE1"})
    assert call("POST", f"{BASE}/read", query).status_code == 403
    allow()
    assert other("POST", f"{BASE}/read", query).status_code == 403
    assert Caller(ClientId("A", "B", "C", "D"))("POST", f"{BASE}/read", query).status_code == 401
    assert Client().post(f"{BASE}/read", query, content_type="application/json").status_code == 400
    for path in ("/govstack/data/people/1.0/read", "/govstack/data/none/1.0/read", "/govstack/data/citizens/2/read"):
        assert call("POST", path, query).status_code == 403
    assert call("GET", f"{BASE}/read").status_code == 405
    for bad in (b"", b"[]", b"{}", b'{"query": 1}', b'{"query": {"content": {}}}', b"\xff", b"[" * 9_000):
        assert call("POST", f"{BASE}/read", bad).status_code == 400, bad
    assert call("POST", f"{BASE}/read", b" " * 1_100_000).status_code == 413
    assert call("POST", f"{BASE}/read", b" " * 3_000_000).status_code == 413
    assert call("POST", f"{BASE}/create", write(write={"none": "x"})).status_code == 400
    assert Message.objects.filter(client=str(BB)).count() >= 10


@pytest.mark.slow
def test_reading_one_is_not_listing_all() -> None:
    allow(endpoints=REGISTER_ENDPOINTS)
    call = Caller()
    assert call("GET", BASE).status_code == 403 and call("DELETE", f"{BASE}/EE1/delete").status_code == 403
    for operation in ("create", "updateOrCreate"):
        assert call("POST", f"{BASE}/{operation}", write(query={"id": "EE1"}, write=person())).status_code == 403
    assert call("POST", f"{BASE}/exists", write(query={"id": "EE1"})).status_code == 200


SECRET = {
    "id": "EE1",
    "firstName": "fff-secret",
    "lastName": "lll-secret",
    "birthCertificateId": "bbb-secret",
    "note": "nnn",
}


@pytest.mark.slow
@examples(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(FIELDS), min_size=1), st.sampled_from(FIELDS), st.sampled_from(FIELDS))
def test_no_way_in_leaks_a_field(granted: set[str], asked: str, other: str) -> None:
    with transaction.atomic():
        allow()
        call = Caller()
        assert call("POST", f"{BASE}/create", write(write=SECRET)).status_code == 200
        from motcua.exchange.models import Grant

        Grant.objects.all().update(fields=sorted(granted))
        query = {asked: SECRET[asked], other: SECRET[other]}
        answers: list[Any] = [
            call("POST", f"{BASE}/read", write(query=query)),
            call("POST", f"{BASE}/exists", write(query=query)),
            call("GET", f"{BASE}?query.{asked}={SECRET[asked]}&ordering={other}"),
            call("GET", f"{BASE}?search={SECRET[asked]}&filter={asked}"),
            call("GET", f"{BASE}?search={SECRET[asked]}"),
            call("GET", f"{BASE}/EE1/readValue/{asked}.json"),
            call("PUT", f"{BASE}/update", write(query=query, write={other: "changed"})),
            call("GET", f"/r1/{POLICE}/citizens/id/EE1"),
        ]
        client = Client(headers={"X-Road-Client": str(BB)})
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            answers.append(client.get(f"/r1/{POLICE}/citizens/id/EE1"))
            key = json.dumps({"key": "id", "value": "EE1"})
            answers.append(client.post(f"/r1/{POLICE}/citizens/query", key, content_type="application/json"))
        for answer in answers:
            for field in set(FIELDS) - granted:
                assert SECRET[field].encode() not in answer.content, (field, answer.content)
        may = {asked, other} <= granted
        assert [answer.status_code for answer in answers[:3]] == [200 if may else 403] * 3
        assert answers[3].status_code == (200 if asked in granted else 403)
        count = body(answers[4])["count"] if answers[4].status_code == 200 else 0
        assert count == (1 if asked in granted else 0)  # a search over all fields is one over the granted ones
        transaction.set_rollback(True)


@pytest.mark.slow
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(NEEDS)), st.sampled_from(["GET", "POST", "PUT", "DELETE"]), st.text(max_size=20),
    st.one_of(st.binary(max_size=60), st.text(max_size=30).map(lambda x: json.dumps(write(query={x: x})).encode())),
)  # fmt: skip
def test_no_request_breaks_it(operation: str, method: str, name: str, content: bytes) -> None:
    with transaction.atomic():
        allow("firstName")
        quoted = "".join(f"%{byte:02x}" for byte in name.encode("utf-8", "surrogatepass")) or "x"
        for path in (f"{BASE}/{operation}", f"{BASE}?search={quoted}", f"{BASE}/{quoted}/readValue/firstName.json"):
            assert Caller()(method, path, content).status_code in (200, 400, 403, 404, 405, 409, 413)
        transaction.set_rollback(True)


@pytest.mark.slow
def test_a_list_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    allow()
    call = Caller()
    for number in range(12):
        call("POST", f"{BASE}/create", write(write=person(number)))
    with django_assert_max_num_queries(22):
        assert len(body(call("GET", BASE))["results"]) == 12


@pytest.mark.slow
def test_the_demonstration_opens_registers_to_a_client(tmp_path: Path, settings: Settings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("govstack_demo", str(tmp_path))
    settings.DEMO_MODE = True
    with time_machine.travel(NOW, tick=False):
        call_command("govstack_demo", str(tmp_path), "--api-version", "2.5", "--client", "X/GOV/1/suite")
    suite = Caller(ClientId("X", "GOV", "1", "suite"))
    assert suite("POST", "/govstack/data/citizens/2.5/create", write(write=person())).status_code == 200
    assert Caller(STRANGER)("GET", "/govstack/data/citizens/2.5").status_code == 403
