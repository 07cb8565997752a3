"""What the public GovStack suite needs of a server: its registers, its data, its way of asking everything twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from motcua.exchange.tests.factories import NOW, STRANGER
from motcua.exchange.tests.test_govstack import ALL, BASE, Caller, allow, body, person, write
from motcua.exchange.tests.test_govstack import _exchange as exchange
from motcua.exchange.urls import list_govstack
from motcua.registers.public import find_matching

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exchange")]
SUITE = "/govstack/data/registryname/111"
__all__ = ["exchange"]


def open_demo(*arguments: str) -> None:
    with time_machine.travel(NOW, tick=False):
        call_command("govstack_demo", *arguments)


@pytest.mark.slow
def test_the_demonstration_holds_what_the_public_suite_looks_for(tmp_path: Path, settings: Settings) -> None:
    settings.DEMO_MODE = True
    people = [
        {"uuid": "80bcb084-fa17-11ed-be56-0242ac120002", "id": "EE1", "FirstName": "Anna", "PersonalData": []},
        "a word between",
        {"uuid": "80bcb084-fa17-11ed-be56-0242ac120002", "id": "EE2", "FirstName": "Bo", "LastName": "Ek"},
        {"uuid": "80bcb34a-fa17-11ed-be56-0242ac120002", "id": "EE2", "FirstName": "Again"},
    ]
    data = {"registryname": "registryname", "versionnumber": "111", "databaseID": "MCTS", "records": people}
    bases = [{"id": 8_438_778_473, "version": "1.1", "name": "MCTS"}, "and here"]
    file = tmp_path / "test-data.json"
    file.write_text(json.dumps({"registries": data, "databases": [{"databases": bases}]}))
    for _ in range(2):  # again changes nothing
        open_demo("--samples", str(file))
    call = Caller()
    listed = body(call("GET", SUITE))
    before = {each["ID"]: each for each in listed["results"]}
    numbers = set(before)
    assert {"EE1", "EE2"} < numbers and listed["count"] == len(numbers) == len(listed["results"])
    assert body(call("POST", f"{SUITE}/read", write(query={"FirstName": "Bo"})))["content"]["ID"] == "EE2"
    assert body(call("POST", f"{SUITE}/read", write(query={"firstName": "Bo"})))["content"]["id"] == "EE2"
    assert body(call("GET", f"{SUITE}/80bcb084-fa17-11ed-be56-0242ac120002/readValue/FirstName.json")) == "Anna"
    assert body(call("GET", "/govstack/data/registryempty/111"))["count"] == 0
    assert body(call("GET", "/govstack/database/8438778473"))["id"] == 8_438_778_473
    assert call("POST", f"{SUITE}/create", write(write={"id": "EE7", "FirstName": "New"})).status_code == 200
    assert call("PUT", f"{SUITE}/update", write(query={"id": "EE1"}, write={"ID": "X"})).status_code == 200
    assert call("DELETE", f"{SUITE}/EE2/delete").status_code == 204
    assert body(call("DELETE", "/govstack/database/8438778473")) == "Success"
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        call_command("govstack_demo", "--samples", str(file))  # after a run: as before it
    call.calls = 7_200
    assert {each["ID"]: each for each in body(call("GET", SUITE))["results"]} == before
    assert call("GET", "/govstack/database/8438778473").status_code == 200
    for wrong in ("{}x", "[]", "[1]", '{"a": 1}', '{"registries": {"records": [{}]}}'):
        file.write_text(wrong)
        with pytest.raises(CommandError):
            open_demo("--samples", str(file))


@pytest.mark.slow
def test_without_a_file_the_same_people_are_there(settings: Settings) -> None:
    settings.DEMO_MODE = True
    open_demo()
    call = Caller()
    for field, value in (("FirstName", "Eva"), ("lastName", "Sorenz"), ("ID", "EE378129127223")):
        assert call("POST", f"{SUITE}/read", write(query={field: value})).status_code == 200, field
    assert call("GET", "/govstack/database/8484848484").status_code == 200
    found = body(call("GET", f"{SUITE}?search=John&filter=FirstName&ordering=ascending"))["results"]
    assert len(found) > 3 and {each["FirstName"] for each in found} == {"John"}
    assert Caller(STRANGER)("GET", SUITE).status_code == 403


@pytest.mark.slow
def test_a_plain_text_in_a_field_is_its_value_and_a_part_where_none_has_it() -> None:
    allow()
    call = Caller()
    for number, name in enumerate(("John", "John Helmut", "Johanna")):
        call("POST", f"{BASE}/create", write(write=person(number, firstName=name)))
    for search, count in (("John", 1), ("Joh", 3), ("^John", 2), ("Helmut", 1), ("John.*", 2), ("none", 0)):
        assert body(call("GET", f"{BASE}?search={search}&filter=firstName"))["count"] == count, search
    assert body(call("GET", f"{BASE}?search=John"))["count"] == 2


@pytest.mark.slow
def test_the_same_request_again_is_answered_as_the_first_time() -> None:
    allow()
    call = Caller()
    for number in (1, 2):
        call("POST", f"{BASE}/create", write(write=person(number)))
    change = write(query=person(2), write={"firstName": "Ann"})
    first, again = call("PUT", f"{BASE}/update", change), call("PUT", f"{BASE}/update", change)
    assert first.status_code == again.status_code == 200 and first.content == again.content
    assert call("PUT", f"{BASE}/update", write(query=person(2), write={"firstName": "Eve"})).status_code == 404
    for _ in range(2):
        assert call("DELETE", f"{BASE}/EE1/delete").status_code == 204
    assert call("DELETE", f"{BASE}/EE1/delete?x=1").status_code == 404  # another request
    assert call("DELETE", f"{BASE}/EE9/delete").status_code == call("DELETE", f"{BASE}/EE9/delete").status_code == 404
    gone = [each.data["id"] for each in find_matching("citizens", {}, count=9, now=NOW + timedelta(hours=1))]
    assert gone == ["EE2"]
    call.calls += 600  # ten minutes later it is a new request
    assert call("DELETE", f"{BASE}/EE1/delete").status_code == 404


def test_changing_all_that_fit_may_change_none() -> None:
    allow()
    call = Caller()
    none = call("PUT", f"{BASE}/updateEntries", write(query={"firstName": "None"}, write={"note": "x"}))
    assert (none.status_code, body(none)) == (200, {"count": 0})


@pytest.mark.slow
@pytest.mark.parametrize("granted", [(), ("firstName", "id")])
def test_existence_may_be_asked_in_the_words_of_earlier_releases(granted: tuple[str, ...]) -> None:
    allow()
    call = Caller()
    call("POST", f"{BASE}/create", write(write=person(1)))
    if granted:
        from motcua.exchange.models import Grant

        Grant.objects.all().update(fields=list(granted))
    for said, is_there in (({"id": "EE1", "firstName": "John 1"}, True), ({"id": "EE9"}, False)):
        assert body(call("POST", f"{BASE}/exists", said))["answer"]["status"] is is_there
    wrongs: tuple[Any, ...] = ({}, [], {"id": "EE1", "none": "x"}, {"query": {"id": "EE1"}}, {"query": 1})
    for wrong in wrongs:
        assert call("POST", f"{BASE}/exists", wrong).status_code == 400
    if granted:  # a field that is not granted and one that is not there look the same
        hidden: Any = call("POST", f"{BASE}/exists", {"lastName": "Smith"})
        unknown: Any = call("POST", f"{BASE}/exists", {"nothing": "Smith"})
        assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content)


def test_the_root_has_the_same_addresses_as_the_prefix() -> None:
    here, there = list_govstack("govstack/", "one"), list_govstack("", "two")
    assert [str(each.pattern).removeprefix("govstack/") for each in here] == [str(each.pattern) for each in there]
    assert len(ALL) > 5 and len(here) == 21
