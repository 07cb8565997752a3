"""A grant whose ground is consent: without it the record is as if it were not there, by every way in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from motcua.audit.public import list_reads_of
from motcua.exchange.actions.joining import approve_grant, ask_grant, publish_register_service
from motcua.exchange.queries.services import find_service
from motcua.exchange.rules.govstack import GOVSTACK_ENDPOINTS
from motcua.exchange.tests.factories import ASKER, JUSTICE, NOW, OWNER, PEOPLE, make_exchange
from motcua.exchange.types import GrantRefused
from motcua.identity.public import give_consent, list_purposes, withdraw_consent
from motcua.identity.tests.factories import make_resident
from motcua.kernel.clock import local_date
from motcua.registers.public import Wanted, find_records, write_record
from motcua.registers.tests.factories import person

pytestmark = pytest.mark.django_db
NUMBER = "079190000001"


@pytest.mark.slow
def test_by_consent_only_who_agreed_is_read() -> None:
    make_exchange()
    wanted_purpose = list_purposes(on=local_date(NOW))[0]
    purpose = wanted_purpose.code
    resident = make_resident(personal_id=NUMBER)
    write_record("people", person(), valid_from=NOW - timedelta(days=9), source="Thử", now=NOW)
    service = find_service(PEOPLE)
    assert service is not None
    common = {"purpose": "Thử", "legal_ground": "Đồng ý", "fields": ["full_name"], "valid_from": NOW}
    with pytest.raises(GrantRefused):  # never a list
        ask_grant(
            JUSTICE, service=service, consent_purpose=purpose, endpoints=GOVSTACK_ENDPOINTS, actor=ASKER, now=NOW,
            **common,  # type: ignore[arg-type]  # of several kinds
        )  # fmt: skip
    wish = ask_grant(
        JUSTICE, service=service, consent_purpose=purpose, actor=ASKER, now=NOW,
        **common,  # type: ignore[arg-type]  # of several kinds
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=NOW)

    def read(minutes: int) -> list[tuple[int, bytes]]:
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            client = Client(headers={"X-Road-Client": str(JUSTICE), "Information-Mediator-Client": str(JUSTICE)})
            query = json.dumps({"query": {"content": {"full_name": "Nguyễn Thị Hạnh Thử"}}})
            answers = [
                client.get(f"/r1/{PEOPLE}/personal_id/{NUMBER}"),
                client.post("/govstack/data/people/1/read", query, content_type="application/json"),
            ]
            return [(each.status_code, each.content) for each in answers]

    publish_register_service(PEOPLE, register="people", title="Dân cư", openapi={}, version="1", now=NOW)
    for status, content in read(1):
        assert status == 404 and "Hạnh".encode() not in content
    wanted = Wanted(register="people", key="personal_id", value=NUMBER)
    subject = f"record:{find_records([wanted], at=NOW)[wanted].uuid}"
    assert not list_reads_of(subject).items  # nothing was read
    assert resident.user_id is not None
    give_consent(
        resident.id, purpose=purpose, shown_sha256=wanted_purpose.sha256, by_user_id=resident.user_id, actor=ASKER,
        now=NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert [status for status, _ in read(3)] == [200, 200]
    first = list_reads_of(subject).items[0]
    assert first.actor.name == str(JUSTICE) and first.purpose == "Thử"
    later = NOW + timedelta(minutes=4)
    withdraw_consent(resident.id, purpose=purpose, by_user_id=resident.user_id, actor=ASKER, now=later)
    assert [status for status, _ in read(5)] == [404, 404]
