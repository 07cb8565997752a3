"""What is outside a grant looks as if it were not there: the same status, body and headers, by every way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from motcua.exchange.models import Grant, Subsystem
from motcua.exchange.rules.openapi import narrow_schema
from motcua.exchange.tests.factories import NOW, POLICE, STRANGER
from motcua.exchange.tests.test_databases import MODIFY, ask
from motcua.exchange.tests.test_govstack import ALL, BASE, BB, FIELDS, SECRET, Caller, allow, body, write
from motcua.exchange.tests.test_govstack import _exchange as exchange
from motcua.exchange.types import ClientId, Endpoint
from motcua.registers.public import describe_register, get_register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exchange")]
__all__ = ["exchange"]
ONE = Endpoint("POST", "/query")
OF_A_CALL = {"X-Road-Id", "X-Road-Request-Id", "X-Road-Request-Hash"}


def look(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """Return all that a caller sees of an answer but the numbers of the call itself."""
    told, headers = response.content, {name: value for name, value in response.items() if name not in OF_A_CALL}
    if "X-Road-Error" in headers:
        told = json.dumps({**json.loads(told), "detail": ""}).encode()
    return response.status_code, told, headers


def ask_xroad(path: str, *, client: ClientId = BB, body: bytes = b"") -> Any:
    with time_machine.travel(NOW, tick=False):
        method = "POST" if body else "GET"
        return Client().generic(method, path, body, headers={"X-Road-Client": str(client)})


OPERATIONS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "", None), ("GET", "?query.id=EE1", None), ("GET", "?search=EE1", None),
    ("GET", "/EE1/readValue/id.json", None),
    ("POST", "/read", write(query={"id": "EE1"})), ("POST", "/exists", write(query={"id": "EE1"})),
    ("POST", "/exists", {"id": "EE1"}), ("POST", "/create", write(write=SECRET)), ("DELETE", "/EE1/delete", None),
    ("PUT", "/update", write(query={"id": "EE1"}, write={"note": "x"})), ("PUT", "/update", {}),
    ("PUT", "/updateEntries", write(query={"id": "EE1"}, write={"note": "x"})),
    ("POST", "/updateOrCreate", write(query={"id": "EE1"}, write=SECRET)),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("method", "rest", "said"), OPERATIONS)
def test_a_register_that_is_not_granted_is_as_one_that_is_not_there(method: str, rest: str, said: Any) -> None:
    allow()
    assert Caller()("POST", f"{BASE}/create", write(write=SECRET)).status_code == 200
    there, nowhere = (
        Caller(STRANGER)(method, f"/govstack/data/{code}/1.0{rest}", said) for code in ("citizens", "nothing")
    )
    assert look(there) == look(nowhere) and there.status_code == 403
    other_version = Caller(STRANGER)(method, f"/govstack/data/citizens/9.9{rest}", said)
    assert look(other_version) == look(there)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/govstack/database/{}", "/govstack/data/myPersonalDataUsage?userId=EE{}&databaseId=citizens"]
)
def test_numbers_tell_nothing_to_who_has_no_grant(path: str) -> None:
    number = get_register("citizens").id
    for method in ("GET", "DELETE"):
        there, nowhere = (Caller(STRANGER)(method, path.format(each)) for each in (number, number + 10_000))
        assert look(there) == look(nowhere) and there.status_code in (403, 404, 405)


@pytest.mark.slow
@pytest.mark.parametrize("rest", ["id/EE{}", "none/EE{}", "query"])
def test_the_gateway_tells_who_has_no_grant_nothing_of_a_record(rest: str) -> None:
    allow()
    Caller()("POST", f"{BASE}/create", write(write=SECRET))
    answers = [
        look(
            ask_xroad(
                f"/r1/{POLICE}/citizens/{rest.format(number)}", client=STRANGER,
                body=json.dumps({"key": "id", "value": f"EE{number}"}).encode() if rest == "query" else b"",
            )
        )
        for number in (1, 2)
    ]  # fmt: skip
    assert answers[0] == answers[1] and answers[0][2]["X-Road-Error"].startswith("Server.ServerProxy.")


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        lambda call, value: call("POST", f"{BASE}/read", write(query={"note": value})),
        lambda call, value: call("POST", f"{BASE}/exists", write(query={"note": value})),
        lambda call, value: call("POST", f"{BASE}/exists", {"note": value}),
        lambda call, value: call("PUT", f"{BASE}/update", write(query={"note": value}, write={"firstName": "x"})),
        lambda call, value: call("GET", f"{BASE}?query.note={value}"),
        lambda call, value: call("GET", f"{BASE}?search={value}&filter=note"),
        lambda call, value: call("GET", f"{BASE}?search={value}"),
        lambda call, value: call("GET", f"/govstack/data/myPersonalDataUsage?userId={value}&databaseId=citizens"),
    ],
)
def test_a_field_that_is_not_granted_decides_nothing(question: Callable[[Caller, str], HttpResponse]) -> None:
    """Asked by a value that a record has and by one that none has: the same answer."""
    allow()
    Caller()("POST", f"{BASE}/create", write(write={**SECRET, "note": "nnn"}))
    Grant.objects.update(fields=["firstName"])
    hit, miss = question(Caller(), "nnn"), question(Caller(), "mmm")
    assert look(hit) == look(miss)
    subject, nobody = question(Caller(), "EE1"), question(Caller(), "EE2")
    assert look(subject) == look(nobody)


@pytest.mark.slow
@examples(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(FIELDS), min_size=1), st.booleans())
def test_descriptions_tell_granted_names_and_no_record(granted: set[str], may_list: bool) -> None:
    """The Database API names granted fields only; it and getOpenAPI are the same whatever records there are."""
    with transaction.atomic():
        allow()
        writer = Caller()
        Grant.objects.update(fields=sorted(granted))
        if not may_list:
            Grant.objects.update(endpoints=[{"method": ONE.method, "path": ONE.path}])
        number = get_register("citizens").id
        pages = ("/govstack/databases", f"/govstack/database/{number}")
        opened = f"/r1/{POLICE}/getOpenAPI?serviceCode=citizens"
        empty = [look(writer("GET", page)) for page in pages], look(ask_xroad(opened))
        Grant.objects.update(fields=["*"], endpoints=[{"method": each.method, "path": each.path} for each in ALL])
        assert writer("POST", f"{BASE}/create", write(write=SECRET)).status_code == 200
        Grant.objects.update(fields=sorted(granted))
        if not may_list:
            Grant.objects.update(endpoints=[{"method": ONE.method, "path": ONE.path}])
        full = [look(writer("GET", page)) for page in pages], look(ask_xroad(opened))
        assert empty == full and full[0][0][0] == full[1][0] == 200
        for _, told, _ in (*full[0], full[1]):
            assert not any(value.encode() in told for value in SECRET.values() if value != "nnn")
        for _, told, _ in full[0]:
            assert not any(f'"{field}"'.encode() in told for field in set(FIELDS) - granted - {"id"})
            shown = json.loads(told)
            shown = shown.get("databases", [shown])[0]
            assert set(shown["schema"]["properties"]) == granted
            assert bool(shown["fieldsUniques"]) is ("id" in granted)
        assert look(ask_xroad(opened, client=STRANGER))[1] == full[1][1]  # the same for every member
        transaction.set_rollback(True)


@pytest.mark.slow
def test_how_many_records_there_are_is_told_to_who_may_list_them() -> None:
    Subsystem.objects.filter(subsystem_code="digitalregistries").update(may_describe=True)
    call = Caller()
    call("POST", MODIFY, ask())
    for weight in (1, 2):
        call("POST", "/govstack/data/MCR/1.0/create", write(write={"weight": weight}))
    assert body(call("GET", "/govstack/databases"))["dataIndexIncrement"] == 2
    Grant.objects.update(endpoints=[{"method": ONE.method, "path": ONE.path}])
    listed = body(call("GET", "/govstack/databases"))
    assert listed["dataIndexIncrement"] == listed["databases"][0]["dataIndexIncrement"] == 0


@pytest.mark.slow
def test_what_is_wrong_with_a_record_names_granted_fields_only() -> None:
    schema = dict(get_register("citizens").schema)
    content = {
        "code": "citizens", "name": "Công dân", "owner": "Sở Thử", "steward": "Phòng Thử", "sensitivity": "personal",
        "legal_ground": "Luật Thử", "retention": "1 năm", "version": 2, "subject_key": "id",
        "keys": [{"name": "id", "fields": ["id"]}],
    }  # fmt: skip
    describe_register(content, schema={**schema, "required": ["birthCertificateId", "firstName"]}, now=NOW)
    allow("id", "firstName")
    told = Caller()("POST", f"{BASE}/create", write(write={"id": "EE1"}))
    assert told.status_code == 400 and "birthCertificateId" not in body(told)["detail"] and body(told)["detail"]


PARTS = {
    "type": "object", "description": "Sổ", "required": ["a", "b"], "if": {"required": ["b"]}, "$defs": {"b": {}},
    "dependentRequired": {"a": ["b"]}, "incrementIndex": 3,
    "properties": {
        "a": {"type": "object", "properties": {"c": {"type": "string"}, "d": {"type": "string"}}, "required": ["d"]},
        "b": {"type": "string"},
        "e": {"type": "array", "items": {"type": "object", "properties": {"f": {}, "g": {}}}},
    },
}  # fmt: skip


def test_a_narrowed_schema_names_nothing_else_at_any_depth() -> None:
    shown = narrow_schema(PARTS, ["a.c", "e.f", "none"])
    assert set(shown["properties"]) == {"a", "e"} and shown["required"] == ["a"]
    assert shown["properties"]["a"]["properties"] == {"c": {"type": "string"}}
    assert shown["properties"]["e"] == {
        "type": "array",
        "items": {"type": "object", "properties": {"f": {}}, "required": []},
    }
    for name in ("b", "d", "g"):
        assert f'"{name}"' not in json.dumps(shown)
    assert narrow_schema(PARTS, ["*"]) == PARTS and narrow_schema(PARTS, ["a"])["properties"] == {
        "a": PARTS["properties"]["a"]  # type: ignore[index]  # a literal
    }
