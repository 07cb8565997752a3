"""Messages, services and timers: what comes from outside, once, late, or twice."""

from __future__ import annotations

import pytest

from motcua.audit.public import SYSTEM
from motcua.cases.models import ServiceCall
from motcua.cases.public import (
    CaseNotFound,
    MessageNotExpectedError,
    ServiceRequested,
    StageEntered,
    TaskNotFound,
    add_timeline,
    can_receive_message,
    complete_service,
    get_case,
    get_service_call,
    list_tasks,
    list_timeline,
    receive_message,
)
from motcua.cases.tests.factories import MONDAY, Office, at, do_service, do_task, make_case, make_office
from motcua.outbox.public import drain, subscribe, unsubscribe

pytestmark = pytest.mark.django_db
LATER = at("2026-03-03 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def test_withdrawal_ends_the_case_until_it_is_decided(office: Office) -> None:
    case = make_case(office.agency.id)
    assert can_receive_message(case.id, "withdraw") and not can_receive_message(case.id, "supplement_received")
    closed = receive_message(case.id, "withdraw", payload={"reason": "đổi ý"}, actor=SYSTEM, now=LATER)
    assert (closed.stage, closed.outcome, closed.clock_state) == ("withdrawn", "withdrawn", "stopped")
    assert not can_receive_message(case.id, "withdraw")
    with pytest.raises(MessageNotExpectedError):
        receive_message(case.id, "withdraw", payload={}, actor=SYSTEM, now=LATER)
    assert [task.cancelled_at for task in list_tasks(case.id)] == [LATER]


def test_an_unexpected_message_writes_nothing(office: Office) -> None:
    case = make_case(office.agency.id)
    before = len(list_timeline(case.id, audience="office"))
    with pytest.raises(MessageNotExpectedError):
        receive_message(case.id, "supplement_received", payload={}, actor=SYSTEM, now=LATER)
    assert (get_case(case.id).revision, len(list_timeline(case.id, audience="office"))) == (0, before)


@pytest.mark.slow
def test_a_service_is_asked_by_an_event_and_answered_once(office: Office) -> None:
    heard: list[object] = []

    def hear(event: object, *, now: object) -> None:
        heard.append(event)

    subscribe(ServiceRequested, name="test.service")(hear)
    subscribe(StageEntered, name="test.stage")(hear)
    try:
        case = make_case(office.agency.id)
        do_task(case.id, "accept", by=office.counter, now=LATER)
        do_task(case.id, "approve", by=office.specialist, now=LATER)
        drain(now=LATER)
    finally:
        unsubscribe("test.service")
        unsubscribe("test.stage")
    (request,) = [event for event in heard if isinstance(event, ServiceRequested)]
    assert (request.case_id, request.topic, request.case_kind) == (case.id, "dossiers.prepare_result", "dossier")
    assert request.subject == f"case:{case.uuid}"
    assert [event.stage for event in heard if isinstance(event, StageEntered)] == ["submitted", "in_progress"]
    assert get_service_call(case.id, request.token).state == "requested"
    done = complete_service(case.id, request.token, outputs={}, actor=SYSTEM, now=LATER)
    again = complete_service(case.id, request.token, outputs={}, actor=SYSTEM, now=LATER)
    assert (done.revision, again.revision) == (3, 3)
    assert get_service_call(case.id, request.token).state == "done"


def test_an_answer_that_nobody_asked_for_changes_nothing(office: Office) -> None:
    case = make_case(office.agency.id)
    assert complete_service(case.id, "t99", outputs={}, actor=SYSTEM, now=LATER).revision == 0
    with pytest.raises(CaseNotFound):
        complete_service(0, "t99", outputs={}, actor=SYSTEM, now=LATER)
    with pytest.raises(TaskNotFound):
        get_service_call(case.id, "t99")


def test_other_modules_write_into_the_timeline_for_their_readers(office: Office) -> None:
    case = make_case(office.agency.id)
    add_timeline(case.id, kind="slip", text="Đã in phiếu.", audience="office", actor=SYSTEM, now=LATER)
    add_timeline(case.id, kind="sms", text="Đã nhắn tin.", audience="applicant", actor=SYSTEM, now=LATER)
    assert [entry.text for entry in list_timeline(case.id, audience="applicant")][-1] == "Đã nhắn tin."
    assert "Đã in phiếu." in [entry.text for entry in list_timeline(case.id, audience="office")]
    with pytest.raises(CaseNotFound):
        add_timeline(0, kind="x", text="x", audience="office", actor=SYSTEM, now=LATER)


@pytest.mark.slow
def test_a_returned_result_is_prepared_again(office: Office) -> None:
    case = make_case(office.agency.id, now=MONDAY)
    do_task(case.id, "accept", by=office.counter, now=LATER)
    for _round in range(2):
        do_task(case.id, "approve", by=office.specialist, now=LATER)
        do_service(case.id, now=LATER)
        do_task(case.id, "return", by=office.leader, now=LATER)
    assert ServiceCall.objects.filter(case_id=case.id, state="done").count() == 2
    assert get_case(case.id).stage == "in_progress"
