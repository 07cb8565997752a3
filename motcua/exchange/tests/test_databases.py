"""The GovStack Database API: a member describes a register of its own, uses it, changes it, closes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from motcua.exchange.models import Database, Subsystem
from motcua.exchange.rules.databases import find_keys, find_templates, is_served, read_request, to_json_schema
from motcua.exchange.tests.factories import STRANGER
from motcua.exchange.tests.test_govstack import BASE, BB, Caller, allow, body, write
from motcua.exchange.tests.test_govstack import _exchange as exchange  # noqa: F401  the fixture
from motcua.exchange.types import GovStackRefused

pytestmark = pytest.mark.django_db
MODIFY, LIST = "/govstack/database/modify", "/govstack/databases"
TRIGGER = {
    "conditions": [{"logic": "==", "value": "", "gate": "&&"}],
    "actions": [{"type": "set-value", "value": "MCTS{indexNoByCode}", "field_id": 1}],
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ID": {"type": "string", "triggers": [TRIGGER], "primaryKey": True, "readOnly": True, "description": "Mã"},
        "child": {"type": "string", "properties": {"id": {"type": "string"}, "name": {"type": "some string"}}},
        "weight": {"type": "integer", "minimum": 1},
    },
    "incrementIndex": 20,
    "required": ["ID"],
}


def ask(schema: Any = SCHEMA, **more: Any) -> dict[str, Any]:
    return {"groupName": "Thử", "catalogName": "Mẹ và bé", "code": "MCR", "schema": schema, **more}


@pytest.fixture
def may_describe(exchange: None) -> None:  # noqa: F811  the fixture above
    Subsystem.objects.filter(subsystem_code="digitalregistries").update(may_describe=True)


@pytest.mark.slow
@pytest.mark.usefixtures("may_describe")
def test_a_described_register_is_used_changed_and_closed() -> None:
    call, other = Caller(), Caller(STRANGER)
    made = call("POST", MODIFY, ask())
    assert (made.status_code, body(made)) == (200, SCHEMA)
    assert made.headers["Content-Type"] == "application/json; charset=utf-8"
    first = body(call("POST", "/govstack/data/MCR/1.0/create", write(write={"child": {"name": "An"}, "weight": 3})))
    assert first["content"] == {"ID": "MCTS1", "child": {"name": "An"}, "weight": 3}
    for wrong in ({"weight": "x"}, {"weight": 0}, {"none": 1}, {"child": {"none": 1}}):
        assert call("POST", "/govstack/data/MCR/1.0/create", write(write=wrong)).status_code == 400
    several = call("POST", "/govstack/data/MCR/createEntries", {"write": [{"content": {"weight": 1}}] * 2})
    assert several.status_code == 201 and len({each["content"]["ID"] for each in body(several)}) == 2
    assert other("GET", "/govstack/data/MCR/1.0").status_code == 403
    changed = {**SCHEMA, "properties": {name: SCHEMA["properties"][name] for name in ("ID", "weight")}}
    assert body(call("POST", MODIFY, ask(changed))) == changed
    for version in ("1.0", "2.0", "2"):
        read = call("POST", f"/govstack/data/MCR/{version}/read", write(query={"ID": "MCTS1"}))
        assert body(read) == {"content": {"ID": "MCTS1", "weight": 3}}
    assert call("GET", "/govstack/data/MCR/3.0").status_code == 403
    [shown] = body(call("GET", LIST))["databases"]
    assert (shown["code"], shown["version"], shown["schema"]) == ("MCR", "2.0", changed)
    address = f"/govstack/database/{shown['id']}"
    assert body(call("GET", address)) == shown
    for answer in (other("DELETE", address), other("GET", address)):
        assert answer.status_code in (403, 404)
    gone = call("DELETE", address)
    assert (gone.status_code, body(gone)) == (200, "Success")
    assert call("DELETE", f"{address}?again").status_code == 404 and body(call("GET", LIST))["databases"] == []
    assert call("GET", "/govstack/data/MCR/2.0").status_code == 403
    assert call("POST", MODIFY, ask()).status_code == 200  # described again: its records are still there
    assert body(call("GET", "/govstack/data/MCR/3.0"))["count"] == 3


@pytest.mark.slow
@pytest.mark.usefixtures("may_describe")
def test_only_its_owner_describes_a_register_and_only_who_may() -> None:
    call, other = Caller(), Caller(STRANGER)
    assert other("POST", MODIFY, ask()).status_code == 403
    assert call("POST", MODIFY, ask()).status_code == 200
    Subsystem.objects.filter(subsystem_code="APP").update(may_describe=True)
    for code in ("MCR", "people", "citizens"):
        assert other("POST", MODIFY, ask(code=code)).status_code == 403, code
    number = Database.objects.get(code="MCR").number
    assert other("DELETE", f"/govstack/database/{number}").status_code == 404
    assert call("POST", MODIFY, ask(code="people")).status_code == 403  # the city's own


@pytest.mark.slow
@pytest.mark.usefixtures("may_describe")
def test_what_is_no_description_is_refused_with_what_is_wrong() -> None:
    call = Caller()
    deep: Any = {"type": "string"}
    for _ in range(9):
        deep = {"properties": {"a": deep}}
    wrongs: tuple[Any, ...] = (
        SCHEMA, [], {}, ask(code=""), ask(code="../x"), ask(schema=[]), ask(schema={"properties": {}}),
        ask(schema=deep), ask(schema={"properties": {"a.b": {"type": "string"}}}), ask(schema={"properties": {"a": 1}}),
    )  # fmt: skip
    for wrong in wrongs:
        answer = call("POST", MODIFY, wrong)
        assert answer.status_code == 400 and "Mô tả sổ không hợp lệ" in body(answer)["detail"], wrong
    assert call("POST", MODIFY, b"{").status_code == 400 and Database.objects.count() == 0
    assert call("GET", MODIFY).status_code == 405 and call("POST", LIST, {}).status_code == 405


@pytest.mark.slow
@pytest.mark.usefixtures("exchange")
def test_registers_are_listed_to_those_with_a_grant_in_the_shape_of_the_text() -> None:
    call = Caller()
    assert body(call("GET", LIST))["databases"] == []
    allow("id", "firstName")
    listed = body(call("GET", LIST))
    kinds = {"id": int, "name": str, "code": str, "databases": list, "groupId": int, "order": int}
    assert all(isinstance(listed[name], kind) for name, kind in {**kinds, "dataIndexIncrement": int}.items())
    [shown] = listed["databases"]
    assert set(shown["schema"]["properties"]) == {"id", "firstName"}  # of what is not granted not even the name
    told: dict[str, type] = {
        "version": str,
        "institution": str,
        "numberFormat": str,
        "schemaTags": list,
        "schemaFlags": list,
    }
    told |= {"fieldsUniques": list, "isDraft": bool, "byUserAuthId": int, "genericServices": list, "hasLogo": bool}
    assert all(isinstance(shown[name], kind) for name, kind in told.items())
    assert body(call("GET", f"/govstack/database/{shown['id']}")) == shown
    assert call("GET", "/govstack/database/999999999999").status_code == 404
    assert call("POST", "/govstack/database/1", {}).status_code == 405
    assert Caller(BB)("GET", f"{BASE}").status_code == 200


@pytest.mark.slow
def test_older_names_of_the_same_operations_are_known(exchange: None) -> None:  # noqa: F811  the fixture above
    allow()
    call = Caller()
    both = write(query={"id": "EE1"}, write={"id": "EE1", "firstName": "An"})
    assert call("POST", f"{BASE}/update-or-create", both).status_code == 200
    assert call("PUT", f"{BASE}/update-entries", both).status_code == 200
    assert body(call("GET", f"{BASE}/EE1/read-value/firstName.json")) == "An"
    call("POST", f"{BASE}/read", write(query={"id": "EE1"}))
    for address in ("mypersonalDataUsage?userId=EE1&databaseId=citizens",
                    "MyPersonalDataUsage/1.0?userID=EE1&DatabaseID=citizens"):  # fmt: skip
        assert len(body(call("GET", f"/govstack/data/{address}"))) >= 1
    for bad in ("userId=...&databaseId=citizens", "userId=EE1&databaseId=...", "userId=EE1"):
        assert call("GET", f"/govstack/data/myPersonalDataUsage?{bad}").status_code == 400


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "served", "is_one"),
    [("1.0", "2.0", True), ("2", "2.0", True), ("3.0", "2.0", False), ("111", "111", True), ("1", "111", False),
     ("0", "2.0", False), ("x", "2.0", False), (None, "x", True)],
)  # fmt: skip
def test_earlier_versions_of_a_described_register_are_served_on(asked: str, served: str, is_one: bool) -> None:
    assert is_served(asked, served) is is_one


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["type", "properties", "items", "enum", "triggers", "required", "a", "ID"]), inner
        ),
    ),
    max_leaves=15,
)


@pytest.mark.slow
@examples(max_examples=80)
@given(JSON)
def test_no_description_breaks_the_reader(said: Any) -> None:
    import jsonschema_rs

    try:
        _, _, _, schema = read_request({"code": "X", "schema": {"properties": {"a": said, "b": {"type": said}}}})
        shape = to_json_schema(schema)
    except GovStackRefused:
        return
    jsonschema_rs.Draft202012Validator(shape)
    find_keys(schema)
    find_templates(schema)
    json.dumps(shape)
