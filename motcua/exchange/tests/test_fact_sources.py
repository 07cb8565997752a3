"""Facts that lie elsewhere: national databases and agencies' own services, asked over real HTTP; down is not lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.audit.public import Actor, list_reads_of
from motcua.exchange.actions import fact_sources
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_http_service
from motcua.exchange.adapters.http import PROVIDERS
from motcua.exchange.adapters.side_by_side import SideBySide
from motcua.exchange.models import Message, Service
from motcua.exchange.public import (
    FACT_GROUND,
    FACT_PURPOSE,
    ONE_STOP,
    FactValue,
    KnownOf,
    ensure_fact_grants,
    name_national_subject,
    resolve_facts,
    set_register_open,
)
from motcua.exchange.rules.fact_records import AnswerUnfit, read_fact_service, read_records, write_path
from motcua.exchange.tests.factories import ASKER, OWNER, running
from motcua.exchange.types import ClientId, Endpoint, ServiceId
from motcua.registers.public import Reading, write_record
from motcua.registers.tests.factories import describe

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=400)
AN, BA = "079190000001", "079190000002"  # whom the national simulator knows; our registers do not
READING = Reading(
    actor=Actor(kind="resident", id="r", name="Nguyễn Thị Thử"), purpose=FACT_PURPOSE, legal_ground=FACT_GROUND
)
KNOWN = {"applicant": KnownOf(full_name="Nguyễn Thị An", birth_on="1990-05-17")}
POPULATION = "CSDL quốc gia về dân cư"


@pytest.fixture
def registers(db: None) -> None:
    describe()
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=SINCE)


def ask(*facts: str, now: datetime = NOW, known: dict[str, KnownOf] = KNOWN, **more: Any) -> dict[str, FactValue]:
    wanted = {"subjects": {"applicant": AN}, "reading": READING, **more}
    return resolve_facts(facts, know=lambda name: known.get(name, KnownOf()), now=now, **wanted)


TWO = ("applicant.full_name", "applicant.permanent_address")


@pytest.mark.slow
def test_what_our_register_does_not_hold_the_national_database_answers(registers: None, settings: Any) -> None:
    with running(settings):
        found = ask(*TWO)
    assert [found[fact].value for fact in TWO] == ["Nguyễn Thị An", "1 Đường Thử"]
    for each in found.values():
        assert (each.state, each.held_by, each.source, each.known_at) == ("found", POPULATION, POPULATION, NOW)
        assert each.as_of and each.record_uuid and len(each.sha256) == 64 and not each.is_cached
    assert [found[fact].register for fact in TWO] == ["people", "residences"]
    assert list_reads_of(name_national_subject("population", AN)).total_capped == 2


@pytest.mark.slow
def test_our_own_record_comes_first_unless_the_entry_says_otherwise(registers: None, settings: Any) -> None:
    write_record("people", {"personal_id": AN, "full_name": "Nguyễn Thị An Thử", "birth_on": "1990-05-17"},
                 valid_from=SINCE, source="Công an", now=SINCE)  # fmt: skip
    with running(settings):
        found = ask(*TWO)
        assert (found[TWO[0]].value, found[TWO[0]].held_by) == ("Nguyễn Thị An Thử", "")
        assert (found[TWO[1]].value, found[TWO[1]].held_by) == ("1 Đường Thử", POPULATION)
        set_register_open("people", is_open=False, reason="Bảo trì", actor=OWNER, now=NOW)
        assert (ask(TWO[0])[TWO[0]].held_by, ask(TWO[0])[TWO[0]].state) == (POPULATION, "found")


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["down", "slow", "wrong", "partial"])
def test_a_national_database_that_fails_is_waited_for_and_asked_again(
    registers: None, settings: Any, fault: str
) -> None:
    with running(settings, faults=(fault,)) as door:
        found = ask(*TWO)
        assert {(each.state, each.held_by, each.value) for each in found.values()} == {
            ("unavailable", POPULATION, None)
        }
        door.faults = frozenset()
        assert ask(*TWO, now=NOW + timedelta(minutes=1))[TWO[1]].value == "1 Đường Thử"


@pytest.mark.slow
def test_who_cannot_be_named_whole_is_not_asked_for_and_no_connection_is_no_wait(
    registers: None, settings: Any
) -> None:
    with running(settings):
        for known in ({}, {"applicant": KnownOf(full_name="Nguyễn Thị An")},
                      {"applicant": KnownOf(full_name="Người Khác", birth_on="1990-05-17")}):  # fmt: skip
            assert {each.state for each in ask(*TWO, known=known).values()} == {"none"}
        settings.MOTCUA_NATIONAL_SECRET, settings.MOTCUA_NATIONAL_CLIENT = "wrong", "stranger"
        assert {each.state for each in ask(*TWO).values()} == {"none"}  # refused is not down: nobody waits for it
    settings.MOTCUA_NATIONAL_URL = ""
    assert {each.state for each in ask(*TWO).values()} == {"none"}


@pytest.mark.slow
def test_a_typed_number_is_proved_by_the_national_answer(registers: None, settings: Any) -> None:
    subjects = {"child.father": BA}
    known = {"child.father": KnownOf(birth_on="1990-05-17")}
    with running(settings):
        for name, states in (("Tran Van Ba", "found"), ("Tran Van Khac", "none"), ("", "none")):
            found = ask("child.father.sex", subjects=subjects, proofs={"child.father": name}, known=known)
            assert found["child.father.sex"].state == states
            assert found["child.father.sex"].value == ("male" if states == "found" else None)
        firm: dict[str, Any] = {"subjects": {"business": "0300000001"}}
        right = ask("business.capital_vnd", proofs={"business": "cong ty thu"}, **firm)["business.capital_vnd"]
        wrong = ask("business.capital_vnd", proofs={"business": "Công ty Khác"}, **firm)["business.capital_vnd"]
        assert (right.value, wrong.state, wrong.value) == (5, "none", None)
        land = ask("parcel.area_m2", subjects={"parcel": "26734|3|12"}, proofs={"parcel": AN})["parcel.area_m2"]
        assert land.state == "none"  # the simulator's parcel names no holder: nobody is proved to hold it


@pytest.mark.slow
def test_without_a_grant_on_the_register_nobody_is_asked(registers: None, settings: Any) -> None:
    other = Reading(actor=READING.actor, purpose="Quảng cáo", legal_ground=FACT_GROUND)
    with running(settings):
        assert {each.state for each in ask(*TWO, reading=other).values()} == {"none"}
    assert not list_reads_of(name_national_subject("population", AN)).items


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_network_is_waited_for_outside_transactions(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    describe()
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=SINCE)
    seen: list[bool] = []

    class Watched(SideBySide[Any, Any]):
        def take(self) -> Any:
            seen.append(connection.in_atomic_block)
            return super().take()

    monkeypatch.setattr(fact_sources, "SideBySide", Watched)
    with running(settings):
        assert ask(*TWO)[TWO[0]].state == "found"
    assert seen and not any(seen)


# -- a register that an agency's own service holds ---------------------------------------------------------------------
SCHOOL = ServiceId(ClientId("VN", "GOV", "H29.22", "TRUONGHOC"), "pupils")
PUPIL = {"personal_id": AN, "pupil_code": "HS1", "school_name": "Trường Thử", "class_name": "2A", "status": "studying",
         "secret": "x", "updated_at": "2026-01-05T08:00:00+07:00"}  # fmt: skip
ONE, NAME = "applicant.school.class_name", "applicant.school.name"


class _School(BaseHTTPRequestHandler):
    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(unquote(self.path))
        known = unquote(self.path).endswith(f"/{AN}")
        body = self.body or json.dumps([PUPIL] if known else []).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def school(registers: None) -> Iterator[type[_School]]:
    """The pupils' register lies at the education department: its service is granted to the one-stop system."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _School)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    _School.status, _School.body = 200, b""
    _School.asked.clear()
    PROVIDERS.breakers.clear()
    PROVIDERS.kept.clear()
    join_exchange(SCHOOL.provider, name="Sở Giáo dục Thử", now=SINCE)
    described = {"register": "pupils", "paths": {"personal_id": "/pupils/{value}"}, "as_of": "updated_at"}
    service = publish_http_service(
        SCHOOL, base_url=f"http://127.0.0.1:{server.server_port}/api", title="Học sinh (Sở Giáo dục Thử)",
        openapi={"x-motcua-facts": described}, endpoints=[Endpoint("GET", "/pupils/*")], timeout_seconds=0.5,
        cache_seconds=60, now=SINCE,
    )  # fmt: skip
    wish = ask_grant(
        ONE_STOP, service=service, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND,
        fields=["personal_id", "school_name", "class_name", "status", "updated_at"],
        endpoints=[Endpoint("GET", "/pupils/*")], valid_from=SINCE, actor=ASKER, now=SINCE,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=SINCE)
    yield _School
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_register_held_elsewhere_answers_through_its_granted_service(school: type[_School]) -> None:
    found = ask(ONE, NAME)
    assert (found[ONE].value, found[NAME].value) == ("2A", "Trường Thử")
    assert found[ONE].held_by == "Học sinh (Sở Giáo dục Thử)" and not found[ONE].is_cached
    assert found[ONE].as_of == datetime(2026, 1, 5, 1, tzinfo=UTC) and found[ONE].known_at == NOW
    again = ask(ONE, NAME, now=NOW + timedelta(seconds=30))[ONE]
    assert again.is_cached and again.known_at == NOW
    assert school.asked == [f"/api/pupils/{AN}"]
    assert Message.objects.filter(service=str(SCHOOL), status=200, client=str(ONE_STOP)).count() == 2
    (noted, _) = list_reads_of(name_national_subject("population", AN)).items
    assert (noted.what.partition(":")[0], noted.purpose, noted.actor.id) == ("pupils", FACT_PURPOSE, "r")
    assert ask("applicant.pupil_code")["applicant.pupil_code"].state == "none"  # not in the grant: never asked for


@pytest.mark.slow
@pytest.mark.parametrize(("status", "body", "state"), [
    (503, b"", "unavailable"), (403, b"", "unavailable"), (200, b"{", "unavailable"),
    (200, b'{"personal_id": "079190000009", "class_name": "2A"}', "unavailable"), (404, b"", "none"),
    (200, b"[]", "none"),
])  # fmt: skip
def test_what_a_service_fails_in_is_waited_for(school: type[_School], status: int, body: bytes, state: str) -> None:
    school.status, school.body = status, body
    assert ask(ONE)[ONE].state == state
    assert Message.objects.filter(service=str(SCHOOL)).count() == 1
    school.status, school.body = 200, b""
    PROVIDERS.kept.clear()
    assert ask(ONE)[ONE].state == "found"


@pytest.mark.slow
def test_our_own_record_of_a_pupil_comes_first_and_a_stopped_service_is_waited_for(school: type[_School]) -> None:
    Service.objects.filter(code="pupils", kind="http").update(is_active=False)
    assert ask(ONE)[ONE].state == "unavailable" and not school.asked
    pupil = {"personal_id": AN, "full_name": "An", "pupil_code": "HS1", "school_code": "T1", "class_name": "3B",
             "status": "studying"}  # fmt: skip
    write_record("pupils", pupil, valid_from=SINCE, source="Trường", now=SINCE)
    assert (ask(ONE)[ONE].value, ask(ONE)[ONE].held_by) == ("3B", "")
    row = Service.objects.get(code="pupils", kind="http")
    row.is_active, row.openapi = True, {"x-motcua-facts": {**row.openapi["x-motcua-facts"], "order": "first"}}
    row.save()
    assert ask(ONE)[ONE].value == "2A"


def test_the_sample_of_the_how_to_is_read() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "chia-se-du-lieu.md"
    sample = page.read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    answers = read_fact_service(json.loads(sample))
    assert answers is not None and answers.paths == {"personal_id": "/pupils/{value}"} and not answers.is_first


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([AN, "personal_id"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["personal_id", "class_name", "updated_at", "x"]), inner, max_size=4
    ),
    max_leaves=10,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(content=st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_the_reader_of_records_survives_anything_and_believes_only_who_was_asked_for(content: bytes) -> None:
    try:
        found = read_records(content, fields=("class_name",), same=("personal_id",), value=AN, as_of="updated_at")
    except AnswerUnfit:
        return
    said = json.loads(content)
    rows = said if isinstance(said, list) else [said]
    assert all(AN in row["personal_id"] for row in rows) and len(rows) == len(found)
    for data, as_of in found:
        assert data.keys() <= {"class_name"} and (as_of is None or as_of.tzinfo is not None)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(JSON, st.text(max_size=10))
def test_a_description_is_read_or_left(said: Any, value: str) -> None:
    answers = read_fact_service({"x-motcua-facts": said})
    assert answers is None or answers.paths
    path = write_path("/a/{value}", value.encode("utf-8", "replace").decode())
    assert path.count("/") == 2 and "?" not in path and "#" not in path
