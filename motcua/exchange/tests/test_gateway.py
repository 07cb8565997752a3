"""Calls as an X-Road client makes them: what may be read is read, what may not is told in the protocol's words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.exchange.actions.gateway import MAX_BODY, handle_call
from motcua.exchange.actions.joining import approve_grant, ask_grant, revoke_grant
from motcua.exchange.models import Message
from motcua.exchange.queries.services import find_service
from motcua.exchange.tests.factories import ASKER, JUSTICE, NOW, OWNER, PEOPLE, STRANGER, grant, make_exchange
from motcua.exchange.types import Answer, ClientId, Envelope, GrantRefused
from motcua.registers.public import write_record
from motcua.registers.tests.factories import person

pytestmark = pytest.mark.django_db
NUMBER = "079190000001"
PATH = f"/r1/{PEOPLE}/personal_id/{NUMBER}"
DENIED = "Server.ServerProxy.AccessDenied"


@pytest.fixture(autouse=True)
def _exchange(db: None) -> None:
    make_exchange()
    data = person(number=NUMBER, area_code="26743", phone="0901234567", address="1 Đường Thử")
    write_record("people", data, valid_from=NOW - timedelta(days=9), source="Thử", now=NOW)


def _call(
    path: str = PATH, *, client: ClientId = JUSTICE, method: str = "GET", body: bytes = b"", query: str = "",
    address: str = "127.0.0.1", **headers: str,
) -> Answer:  # fmt: skip
    named = {"x-road-client": str(client), **{name.replace("_", "-"): value for name, value in headers.items()}}
    envelope = Envelope(method=method, path=path, query=query, headers=named, body=body, remote_address=address)
    return handle_call(envelope, now=NOW)


@pytest.mark.slow
def test_a_plain_client_reads_over_http(client: Client) -> None:
    grant()
    with time_machine.travel(NOW, tick=False):
        response = client.get(PATH, headers={"X-Road-Client": str(JUSTICE), "X-Road-Id": "abc"})
        assert response.status_code == 200 and response.json()["data"] == {"full_name": "Nguyễn Thị Hạnh Thử"}
        assert response.headers["X-Road-Id"] == "abc" and response.headers["X-Road-Service"] == str(PEOPLE)
        refused = client.get(PATH, headers={"X-Road-Client": str(STRANGER)})
        assert refused.status_code == 500 and refused.json()["type"] == refused.headers["X-Road-Error"] == DENIED
        assert client.post("/r1/x", data="{}", content_type="application/json").status_code == 400


@pytest.mark.slow
def test_a_granted_record_comes_with_its_headers_and_nothing_more() -> None:
    grant(fields=("full_name", "area_code"))
    answer = _call(x_road_id="abc", x_road_userid="VN079")
    assert answer.status == 200 and set(json.loads(answer.body)["data"]) == {"full_name", "area_code"}
    assert answer.headers["X-Road-Id"] == "abc" and answer.headers["X-Road-Client"] == str(JUSTICE)
    assert answer.headers["X-Road-Request-Hash"] and "X-Road-Error" not in answer.headers
    line = Message.objects.get(uuid=answer.headers["X-Road-Request-Id"])
    assert (line.purpose, line.user_id, line.status) == ("Đăng ký khai sinh", "VN079", 200)


@pytest.mark.slow
def test_a_number_can_stay_out_of_the_address() -> None:
    grant()
    body = json.dumps({"key": "personal_id", "value": NUMBER}).encode()
    assert json.loads(_call(f"/r1/{PEOPLE}/query", method="POST", body=body).body)["data"]
    for bad in (b"", b"[]", b'{"key": 1}', b"\xff"):
        assert _call(f"/r1/{PEOPLE}/query", method="POST", body=bad).headers["X-Road-Error"] == "Client.BadRequest"


@pytest.mark.slow
def test_without_a_grant_nothing_is_learnt_not_even_that_a_record_exists() -> None:
    grant()
    there = _call(client=STRANGER)
    nowhere = _call(f"/r1/{PEOPLE}/personal_id/000000000000", client=STRANGER)
    for answer in (there, nowhere):
        assert answer.status == 500 and answer.headers["X-Road-Error"] == DENIED
    first, second = json.loads(there.body), json.loads(nowhere.body)
    assert {**first, "detail": ""} == {**second, "detail": ""}
    assert Message.objects.filter(fault=DENIED, record_uuid__isnull=True).count() == 2


@pytest.mark.slow
def test_a_grant_counts_only_while_it_is_approved_in_time_and_not_revoked() -> None:
    service = find_service(PEOPLE)
    assert service is not None
    wish = ask_grant(
        JUSTICE, service=service, purpose="Thử", legal_ground="Thử", fields=["full_name"],
        valid_from=NOW + timedelta(hours=1), actor=ASKER, now=NOW,
    )  # fmt: skip
    with pytest.raises(GrantRefused):
        approve_grant(wish, actor=ASKER, now=NOW)
    assert _call().headers["X-Road-Error"] == DENIED
    approve_grant(wish, actor=OWNER, now=NOW)
    assert _call().headers["X-Road-Error"] == DENIED  # not yet
    given_one = grant()
    assert _call().status == 200
    revoke_grant(given_one.uuid, reason="hết nhu cầu", actor=OWNER, now=NOW)
    assert _call().headers["X-Road-Error"] == DENIED


def test_who_calls_from_elsewhere_or_is_unknown_is_not_believed() -> None:
    grant()
    for answer in (_call(address="203.0.113.9"), _call(client=ClientId("VN", "GOV", "H99", "X")), _call(address="x")):
        assert answer.headers["X-Road-Error"] == "Server.ClientProxy.AuthenticationFailed"


@pytest.mark.slow
def test_calls_beyond_the_rate_are_refused_and_kept() -> None:
    grant(rate=2)
    statuses = [_call().status for _ in range(4)]
    assert statuses == [200, 200, 500, 500]
    assert Message.objects.filter(fault="Server.ServerProxy.RateLimitExceeded").count() == 2


def test_an_oversized_body_is_refused_and_kept() -> None:
    grant()
    refused = _call(f"/r1/{PEOPLE}/query", method="POST", body=b" " * (MAX_BODY + 1))
    assert (refused.status, refused.headers["X-Road-Error"]) == (400, "Client.BadRequest")
    assert Message.objects.filter(fault="Client.BadRequest").count() == 1


@pytest.mark.slow
def test_services_and_their_descriptions_are_listed() -> None:
    assert json.loads(_call(f"/r1/{PEOPLE.provider}/allowedMethods").body) == {"service": []}
    grant()
    for name in ("listMethods", "allowedMethods"):
        [listed] = json.loads(_call(f"/r1/{PEOPLE.provider}/{name}").body)["service"]
        assert listed["service_code"] == "people" and listed["service_type"] == "OPENAPI"
        assert {"method": "GET", "path": "/*/*"} in listed["endpoint_list"]
    described = _call(f"/r1/{PEOPLE.provider}/getOpenAPI", query="serviceCode=people")
    assert json.loads(described.body)["openapi"] == "3.1.0"
    unknown = _call(f"/r1/{PEOPLE.provider}/getOpenAPI", query="serviceCode=none")
    assert unknown.status == 400 and unknown.headers["X-Road-Error"] == "Client.BadRequest"


@pytest.mark.slow
@pytest.mark.parametrize(("path", "fault"), [("/nothing", "UnknownService"), ("/people/a/b/c", "UnknownService")])
def test_a_service_or_path_that_is_not_there(path: str, fault: str) -> None:
    grant()
    assert _call(f"/r1/{PEOPLE.provider}{path}").headers["X-Road-Error"] == f"Server.ServerProxy.{fault}"


FIELDS = ("full_name", "area_code", "phone", "address", "personal_id")


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(FIELDS), min_size=1, unique=True), st.sampled_from([JUSTICE, STRANGER]))
def test_no_grant_leaks_a_field(fields: list[str], consumer: ClientId) -> None:
    with transaction.atomic():
        grant(consumer, fields=tuple(fields))
        assert set(json.loads(_call(client=consumer).body)["data"]) == set(fields)
        other = STRANGER if consumer == JUSTICE else JUSTICE
        assert b"full_name" not in _call(client=other).body
        transaction.set_rollback(True)


def test_the_log_cannot_be_rewritten() -> None:
    _call()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_message SET status = 200")


@pytest.mark.slow
def test_a_call_takes_few_queries(django_assert_max_num_queries: object) -> None:
    grant()
    _call()
    with django_assert_max_num_queries(13):  # type: ignore[operator]  # a fixture of pytest-django
        assert _call().status == 200
