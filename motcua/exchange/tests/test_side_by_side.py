"""Sources over the network are waited for together: none holds another, all share one limit of time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import unquote

import pytest
from django.db import connection

from motcua.audit.public import Actor, list_reads_of
from motcua.exchange.actions import fact_sources
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_http_service
from motcua.exchange.adapters.http import PROVIDERS
from motcua.exchange.adapters.side_by_side import PER_SOURCE, NotAsked, SideBySide, TooLate
from motcua.exchange.models import Message
from motcua.exchange.public import (
    FACT_GROUND,
    FACT_PURPOSE,
    ONE_STOP,
    FactValue,
    KnownOf,
    ensure_fact_grants,
    name_national_subject,
    resolve_facts,
)
from motcua.exchange.tests.factories import ASKER, OWNER, running
from motcua.exchange.types import ClientId, Endpoint, ServiceId
from motcua.registers.public import Reading
from motcua.registers.tests.factories import describe

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=400)
AN = "079190000001"  # whom the national simulator knows
READING = Reading(
    actor=Actor(kind="resident", id="r", name="Nguyễn Thị Thử"), purpose=FACT_PURPOSE, legal_ground=FACT_GROUND
)
ADDRESS, CLASS, CARD = "applicant.permanent_address", "applicant.school.class_name", "applicant.health_card.no"
RECORDS = {
    "pupils": {"personal_id": AN, "class_name": "2A", "school_name": "Trường Thử", "status": "studying"},
    "health_cards": {"personal_id": AN, "card_no": "GD479", "status": "valid", "from_on": "2026-01-01"},
}


class _Agencies(BaseHTTPRequestHandler):
    """Two agencies' services; each may be told to meet the others before it answers, or to wait for good."""

    meeting: ClassVar[threading.Barrier | None] = None
    stuck: ClassVar[str] = ""
    release: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        register = unquote(self.path).split("/")[1]
        if self.meeting is not None:
            self.meeting.wait(5)
        if register == self.stuck:
            self.release.wait(5)
        body = json.dumps([RECORDS[register]]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def agencies(db: None) -> Iterator[type[_Agencies]]:
    describe()
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=SINCE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Agencies)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    _Agencies.meeting, _Agencies.stuck = None, ""
    _Agencies.release.clear()
    PROVIDERS.breakers.clear()
    PROVIDERS.kept.clear()
    for register, key in (("pupils", "personal_id"), ("health_cards", "person")):
        offer(register, key, f"http://127.0.0.1:{server.server_port}")
    yield _Agencies
    _Agencies.release.set()
    server.shutdown()
    server.server_close()


def offer(register: str, key: str, address: str) -> None:
    held = ServiceId(ClientId("VN", "GOV", "H29.22", register.upper()), register)
    join_exchange(held.provider, name="Sở Thử", now=SINCE)
    described = {"register": register, "paths": {key: f"/{register}/{{value}}"}}
    endpoint = Endpoint("GET", f"/{register}/*")
    service = publish_http_service(
        held, base_url=address, title=f"Sổ {register} ở Sở Thử", openapi={"x-motcua-facts": described},
        endpoints=[endpoint], timeout_seconds=5, now=SINCE,
    )  # fmt: skip
    wish = ask_grant(
        ONE_STOP, service=service, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND, fields=["*"], endpoints=[endpoint],
        valid_from=SINCE, actor=ASKER, now=SINCE,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=SINCE)


def ask(*facts: str) -> dict[str, FactValue]:
    known = KnownOf(full_name="Nguyễn Thị An", birth_on="1990-05-17")
    return resolve_facts(facts, subjects={"applicant": AN}, know=lambda _name: known, reading=READING, now=NOW)


@pytest.mark.slow
def test_agencies_and_a_national_database_are_asked_at_the_same_time(agencies: type[_Agencies], settings: Any) -> None:
    """Nobody answers before the other is asked too: one after another, this would never end well."""
    agencies.meeting = threading.Barrier(2)
    with running(settings):
        found = ask(ADDRESS, CLASS, CARD)
    assert {fact: each.value for fact, each in found.items()} == {ADDRESS: "1 Đường Thử", CLASS: "2A", CARD: "GD479"}
    assert {each.held_by for each in found.values()} == {
        "CSDL quốc gia về dân cư", "Sổ pupils ở Sở Thử", "Sổ health_cards ở Sở Thử"
    }  # fmt: skip
    assert Message.objects.filter(status=200, client=str(ONE_STOP)).count() == 2
    assert list_reads_of(name_national_subject("population", AN)).total_capped == 3  # one by each who told something


@pytest.mark.slow
def test_a_slow_source_holds_nobody_and_is_given_up_when_time_is_up(
    agencies: type[_Agencies], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    agencies.stuck = "pupils"
    monkeypatch.setattr(fact_sources, "TOTAL_SECONDS", 0.4)
    began = monotonic()
    with running(settings):
        found = ask(ADDRESS, CLASS, CARD)
    assert monotonic() - began < 4  # its own time-out is five seconds
    assert (found[ADDRESS].value, found[CARD].value) == ("1 Đường Thử", "GD479")
    assert (found[CLASS].state, found[CLASS].held_by) == ("unavailable", "Sổ pupils ở Sở Thử")
    (late,) = Message.objects.filter(service__endswith="/pupils")  # the question went out: the log has it
    assert (late.status, late.fault) == (500, "Server.ServerProxy.NetworkError")


def test_one_source_gets_few_questions_at_once_and_none_after_it_failed() -> None:
    side: SideBySide[int, int] = SideBySide(5)
    gate, asked = threading.Event(), []

    def make(number: int) -> Any:
        def run() -> int:
            asked.append(number)
            gate.wait(5)
            return number

        return run

    for number in range(PER_SOURCE + 3):
        side.send("slow", number, make(number))
    side.send("quick", 99, lambda: 7)
    assert [(key, answer.result()) for key, answer in side.take()] == [(99, 7)]
    side.give_up("slow")
    gate.set()
    answers: dict[int, Any] = {}
    while side.is_busy():
        answers |= dict(side.take())
    side.close()
    assert sorted(asked) == list(range(PER_SOURCE))
    assert [answers[number].result() for number in asked] == asked
    assert all(isinstance(answers[PER_SOURCE + more].exception(), NotAsked) for more in range(3))


def test_when_time_is_up_what_was_asked_is_late_and_what_was_not_is_not_asked() -> None:
    side: SideBySide[int, int] = SideBySide(0.02)
    gate = threading.Event()
    for number in range(PER_SOURCE + 1):
        side.send("slow", number, lambda: int(gate.wait(5)))
    ends = [answer.exception() for _key, answer in side.take()]
    gate.set()
    side.close()
    assert [type(each) for each in ends] == [TooLate] * PER_SOURCE + [NotAsked]
    assert side.has_failed("slow") and not side.is_busy()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_driver_that_opens_the_database_leaves_no_connection_behind() -> None:
    side: SideBySide[int, object] = SideBySide(5)

    def ask_database() -> object:
        connection.ensure_connection()
        own = connection.connection
        assert own is not None and not own.closed
        return own

    side.send("vendor", 1, ask_database)
    ((_key, answer),) = side.take()
    side.close()
    assert answer.result().closed  # type: ignore[attr-defined]  # the driver's own connection
    assert connection.connection is not answer.result()
