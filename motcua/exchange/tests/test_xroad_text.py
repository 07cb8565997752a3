"""The X-Road texts, sentence by sentence; `docs/reference/xroad.md` says which test holds which sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from lxml import etree

from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.joining import join_exchange, publish_register_service
from motcua.exchange.models import Message, Service
from motcua.exchange.tests.factories import JUSTICE, NOW, PEOPLE, POLICE, STRANGER, grant, make_exchange
from motcua.exchange.types import Answer, ClientId, Envelope, ServiceId
from motcua.registers.public import write_record
from motcua.registers.tests.factories import person

pytestmark = pytest.mark.django_db
NUMBER = "079190000001"
ONE = f"/r1/{PEOPLE}/personal_id/{NUMBER}"


@pytest.fixture(autouse=True)
def _exchange(db: None) -> None:
    make_exchange()
    write_record("people", person(number=NUMBER, area_code="26743"), valid_from=NOW, source="Thử", now=NOW)
    grant()


def ask(path: str, *, method: str = "GET", query: str = "", body: bytes = b"", **headers: str) -> Answer:
    """Ask as the web server hands a request on: addresses as they came, names of headers in lower case."""
    named = {"x-road-client": str(JUSTICE), **{name.replace("_", "-"): value for name, value in headers.items()}}
    envelope = Envelope(
        method=method, path=path, query=query, headers={name: value for name, value in named.items() if value},
        body=body, remote_address="127.0.0.1",
    )  # fmt: skip
    return handle_call(envelope, now=NOW)


def fault_of(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.headers.get("X-Road-Error", "")


def test_4_1_the_subsystem_code_is_optional_for_client_and_service() -> None:
    member, provider = ClientId("VN", "GOV", "H30"), ClientId("VN", "GOV", "H31")
    for who in (member, provider):
        join_exchange(who, name=str(who), addresses=["127.0.0.0/8"], now=NOW)
    publish_register_service(ServiceId(provider, "people"), register="people", title="Dân cư", openapi={}, now=NOW)
    listed = json.loads(ask(f"/r1/{provider}/listMethods", x_road_client=str(member)).body)["service"]
    assert listed[0]["service_code"] == "people" and "subsystem_code" not in listed[0]


def test_4_1_only_version_r1_is_spoken() -> None:
    for path in (f"/r0/{PEOPLE}/personal_id/1", f"/{PEOPLE}/personal_id/1", f"/R1/{PEOPLE}/x"):
        assert fault_of(ask(path)) == (400, "Client.BadRequest")


def test_4_2_parts_are_utf8_and_percent_encoded_one_by_one() -> None:
    encoded = "/r1/VN/GOV/H29%2E01/DANCU/people/personal%5Fid/%30" + NUMBER[1:]
    assert ask(encoded).status == 200
    assert fault_of(ask(f"/r1/{str(PEOPLE).replace('/', '%2F')}/personal_id/{NUMBER}")) == (400, "Client.BadRequest")
    assert ask(ONE, x_road_client="VN/GOV/H29%2E15/HOTICH").status == 200


def test_4_2_a_part_may_hold_a_slash_encoded() -> None:
    asked = ask(f"/r1/{PEOPLE}/old_id/A%2F1")
    assert asked.status == 404 and "X-Road-Error" not in asked.headers
    assert fault_of(ask(f"/r1/{PEOPLE}/old_id/A/1"))[1] == "Server.ServerProxy.UnknownService"


def test_4_2_addresses_are_validated_strictly_and_limited_in_length() -> None:
    for bad in ("%zz%ff", "..", "%2e%2e", "a%00", "a%0d%0a", "a%5c", "x" * 2_001):
        assert fault_of(ask(f"/r1/{PEOPLE}/personal_id/{bad}")) == (400, "Client.BadRequest"), bad


def test_4_2_polluted_parameters_are_refused() -> None:
    path = f"/r1/{POLICE}/getOpenAPI"
    assert fault_of(ask(path, query="serviceCode=people&serviceCode=other")) == (400, "Client.BadRequest")


@pytest.mark.slow
def test_4_3_header_names_are_not_case_sensitive() -> None:
    with time_machine.travel(NOW, tick=False):
        for name in ("X-Road-Client", "x-road-client", "X-ROAD-CLIENT"):
            assert Client().get(ONE, headers={name: str(JUSTICE)}).status_code == 200


@pytest.mark.slow
def test_4_3_the_client_header_is_mandatory_the_last_of_several_counts() -> None:
    assert fault_of(ask(ONE, x_road_client="")) == (400, "Client.BadRequest")
    assert ask(ONE, x_road_client=f"{STRANGER},{JUSTICE}").headers["X-Road-Client"] == str(JUSTICE)
    assert fault_of(ask(ONE, x_road_client=f"{JUSTICE}, {STRANGER}"))[1] == "Server.ServerProxy.AccessDenied"


@pytest.mark.slow
def test_4_3_the_answer_carries_the_headers_of_the_protocol() -> None:
    answer = ask(ONE, x_road_id="fa2e18a5-c2cb-4d09-b994-f57727f7c3fb")
    assert answer.headers["X-Road-Client"] == str(JUSTICE) and answer.headers["X-Road-Service"] == str(PEOPLE)
    assert answer.headers["X-Road-Id"] == "fa2e18a5-c2cb-4d09-b994-f57727f7c3fb"
    assert len(answer.headers["X-Road-Request-Id"]) == 36 and "X-Road-Error" not in answer.headers


def test_4_3_an_id_is_made_where_none_is_given() -> None:
    first, second = ask(ONE), ask(ONE)
    assert first.headers["X-Road-Id"] and first.headers["X-Road-Id"] != second.headers["X-Road-Id"]


def test_4_3_the_request_hash_is_of_this_request_and_a_clients_own_is_ignored() -> None:
    first = ask(ONE, x_road_id="a", x_road_request_hash="")
    again, other = ask(ONE, x_road_id="a"), ask(ONE, x_road_id="b")
    assert first.headers["X-Road-Request-Hash"] == again.headers["X-Road-Request-Hash"]
    assert other.headers["X-Road-Request-Hash"] != first.headers["X-Road-Request-Hash"]
    assert len(first.headers["X-Road-Request-Hash"]) == 88  # base64 of 64 bytes
    assert ask(ONE, x_road_id="a", x_road_request_hash="made-up").headers["X-Road-Request-Hash"] != "made-up"


def test_4_3_content_type_and_charset_are_named_in_answers_of_the_exchange() -> None:
    for answer in (ask(ONE), ask(f"/r1/{PEOPLE}/none/none/none"), ask("/r1/x")):
        assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


@pytest.mark.slow
def test_4_3_security_server_and_represented_party_have_their_parts() -> None:
    for good in ("GOV/H29", "H29"):
        assert ask(ONE, x_road_represented_party=good).status == 200
    for bad in ("GOV/", "A/B/C", "Đ", "/"):
        assert fault_of(ask(ONE, x_road_represented_party=bad)) == (400, "Client.BadRequest"), bad
    assert ask(ONE, x_road_security_server="VN/GOV/H29/SS1").status == 200
    assert fault_of(ask(ONE, x_road_security_server="VN/GOV/H29")) == (400, "Client.BadRequest")


def test_4_3_user_and_issue_are_kept_with_the_call() -> None:
    answer = ask(ONE, x_road_userid="EE12345678901", x_road_issue="MT324223MSD")
    line = Message.objects.get(uuid=answer.headers["X-Road-Request-Id"])
    assert (line.user_id, line.issue) == ("EE12345678901", "MT324223MSD")
    assert fault_of(ask(ONE, x_road_issue="a\x07"))[0] == 400


def test_4_6_the_error_is_flagged_in_the_header_and_described_in_the_body() -> None:
    answer = ask(ONE, x_road_client=str(STRANGER))
    told = json.loads(answer.body)
    assert set(told) == {"type", "message", "detail"} and told["type"] == answer.headers["X-Road-Error"]
    assert told["detail"] == answer.headers["X-Road-Request-Id"]
    assert (answer.status, told["type"]) == (500, "Server.ServerProxy.AccessDenied")


def test_4_6_only_400_and_500_are_the_exchanges_own() -> None:
    asked: list[Answer] = [
        ask(ONE, method="TRACE"), ask("/r1"), ask(ONE, x_road_client="VN/GOV/H99/X"), ask(f"/r1/{POLICE}/none"),
        ask(ONE, x_road_client=str(STRANGER)), ask(ONE, method="PUT", body=b"x"), ask(f"/r1/{PEOPLE}"),
    ]  # fmt: skip
    for answer in asked:
        kind = answer.headers["X-Road-Error"]
        assert answer.status == (400 if kind.startswith("Client.") else 500)
        assert kind.startswith(("Client.", "Server.ClientProxy.", "Server.ServerProxy."))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"), ("*/*", "application/json"), ("application/xml", "application/xml"),
        ("text/xml", "text/xml"), ("application/json;q=0.5, application/xml", "application/xml"),
        ("application/xml;q=0.1, */*;q=0.5", "application/json"), ("image/png", "application/json"),
        ("text/*", "text/xml"), ("application/xml;q=0", "application/json"), (";;,q=,", "application/json"),
    ],
)  # fmt: skip
def test_4_6_an_error_comes_in_the_type_that_is_accepted(accept: str, kind: str) -> None:
    answer = ask(ONE, x_road_client=str(STRANGER), accept=accept)
    assert answer.headers["Content-Type"] == f"{kind};charset=utf-8"
    if kind.endswith("xml"):
        assert ElementTree.fromstring(answer.body).findtext("type") == answer.headers["X-Road-Error"]


def test_4_6_a_record_that_is_not_there_is_the_services_answer_not_an_error_of_the_exchange() -> None:
    answer = ask(f"/r1/{PEOPLE}/personal_id/000000000000")
    assert answer.status == 404 and "X-Road-Error" not in answer.headers


def test_4_8_identifiers_have_only_the_letters_of_the_text() -> None:
    for bad in ("A_B", "A%20B", "%C4%91", "A:B", "A;B", "A%2FB", ""):
        assert fault_of(ask(f"/r1/VN/GOV/H29/{bad}/people")) == (400, "Client.BadRequest"), bad


def test_mrest_4_methods_are_listed_and_those_allowed_apart() -> None:
    Service.objects.create(
        subsystem=Service.objects.get(code="people").subsystem, code="other", kind="http", title="Khác",
        base_url="http://inside.example/", endpoints=[{"method": "GET", "path": "/a/*"}], openapi={}, published_at=NOW,
    )  # fmt: skip
    listed = json.loads(ask(f"/r1/{POLICE}/listMethods").body)["service"]
    assert [(each["service_code"], each["service_type"]) for each in listed] == [
        ("other", "REST"),
        ("people", "OPENAPI"),
    ]
    assert listed[0]["endpoint_list"] == [{"method": "GET", "path": "/a/*"}]
    assert listed[0]["object_type"] == "SERVICE" and listed[0]["xroad_instance"] == "VN"
    allowed = json.loads(ask(f"/r1/{POLICE}/allowedMethods").body)["service"]
    assert [each["service_code"] for each in allowed] == ["people"]
    assert "inside.example" not in str(listed)  # an address behind the gateway is nobody's to know


@pytest.mark.slow
def test_mrest_5_the_description_of_a_service_is_got_by_its_code() -> None:
    Service.objects.update(openapi={})
    described = json.loads(ask(f"/r1/{POLICE}/getOpenAPI", query="serviceCode=people").body)
    assert described["openapi"] == "3.1.0" and {"/query", "/{key}/{value}"} == set(described["paths"])
    assert "full_name" in described["components"]["schemas"]["Record"]["properties"]
    for query in ("", "serviceCode=", "serviceCode=none", "x=1"):
        assert fault_of(ask(f"/r1/{POLICE}/getOpenAPI", query=query)) == (400, "Client.BadRequest")


_NAMES = {"x": "http://x-road.eu/xsd/xroad.xsd", "i": "http://x-road.eu/xsd/identifiers"}


@pytest.mark.slow
def test_meta_2_clients_are_listed_in_xml_or_in_json_when_that_is_accepted() -> None:
    plain = Client().get("/listClients")
    assert plain.headers["Content-Type"].startswith("text/xml")
    root = etree.fromstring(plain.content)
    assert root.tag == "{http://x-road.eu/xsd/xroad.xsd}clientList"
    kinds = [each.get("{http://x-road.eu/xsd/identifiers}objectType") for each in root.findall("x:member/x:id", _NAMES)]
    assert kinds.count("MEMBER") == 3 and kinds.count("SUBSYSTEM") == 3
    assert root.find("x:member/x:id/i:xRoadInstance", _NAMES) is not None
    told = Client().get("/listClients", headers={"Accept": "application/json"})
    assert told.headers["Content-Type"].startswith("application/json")
    members = json.loads(told.content)["member"]
    found = next(each for each in members if each["id"].get("subsystem_code") == "DANCU")
    assert found["id"]["object_type"] == "SUBSYSTEM" and found["subsystem_name"] == str(POLICE)
    assert Client().get("/listClients?xRoadInstance=VN").status_code == 200
    assert Client().get("/listClients?xRoadInstance=XX").status_code == 400


def test_the_reference_names_tests_that_are_there() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/reference/xroad.md").read_text()
    named = re.findall(r"`(test_\w+)::(test_\w+)`", page)
    folder = Path(__file__).parent
    missing = [name for file, name in named if f"def {name}(" not in (folder / f"{file}.py").read_text()]
    assert len(named) > 40 and not missing
