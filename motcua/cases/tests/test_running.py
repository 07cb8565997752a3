"""Decisions, calls, messages and signals between cases, errors of services, and steps that cannot be taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM
from motcua.cases.models import CalledVersion, DecisionText, Incident, ServiceCall, SignalListener, Timer
from motcua.cases.public import (
    CaseInfo,
    broadcast_signal,
    complete_service,
    deploy_process,
    fail_service,
    fire_due_timers,
    get_case,
    get_decision_texts,
    list_open_incidents,
    list_tasks,
    list_timeline,
    open_case,
    receive_message,
    retry_incident,
)
from motcua.cases.queries.processes import forget_all, get_process_definitions
from motcua.cases.tests.factories import MONDAY, make_command, make_office
from motcua.outbox.public import drain
from motcua.process.public import ProcessDefinitionError
from motcua.process.tests import drawings as d

pytestmark = pytest.mark.django_db

FEE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="test">
 <inputData id="i" name="floors"><variable name="floors" typeRef="number"/></inputData>
 <decision id="level" name="level"><variable name="level" typeRef="string"/>
  <informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>
  <literalExpression><text>if floors &gt; 7 then "high" else "low"</text></literalExpression></decision>
</definitions>"""
ASK = (
    '<bpmn:businessRuleTask id="ask" name="ask"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="level" resultVariable="height" /></bpmn:extensionElements>'
    "</bpmn:businessRuleTask>"
)
DECIDED = (
    d.start(), ASK, d.gateway("x", default="x__low"), d.user("high"), d.user("low"), d.end(),
    d.chain("start", "ask", "x", "low", "end"), d.flow("x", "high", '=height = "high"'), d.chain("high", "end"),
)  # fmt: skip


def deploy(key: str, *parts: str, decisions: dict[str, bytes] | None = None, head: str = "", **names: Any) -> int:
    xml = d.drawing(*parts, process_id=key, head=head, **names)
    return deploy_process(key, xml=xml, decisions=decisions, now=MONDAY).id


def open_on(version_id: int, **values: Any) -> CaseInfo:
    agency = values.pop("agency_id", None) or make_office().agency.id
    return open_case(make_command(agency, process_version_id=version_id, **values), actor=SYSTEM, now=MONDAY)


def steps(case: CaseInfo) -> list[str]:
    return [task.element_id for task in list_tasks(case.id, only_open=True)]


@pytest.mark.slow
def test_a_decision_travels_with_its_version_and_is_asked() -> None:
    version = deploy("decided", *DECIDED, decisions={"level": FEE})
    assert steps(open_on(version, variables={"floors": 9})) == ["high"]
    assert steps(open_on(version, variables={"floors": 2})) == ["low"]
    assert get_decision_texts(version) == {"level": FEE}
    assert deploy("decided", *DECIDED, decisions={"level": FEE}) == version
    changed = FEE.replace(b"7", b"1")
    assert deploy("decided", *DECIDED, decisions={"level": changed}) != version
    forget_all()
    assert steps(open_on(version, variables={"floors": 2})) == ["low"]


def test_a_version_without_its_decision_is_refused_and_its_texts_stay() -> None:
    with pytest.raises(ProcessDefinitionError) as caught:
        deploy("undecided", *DECIDED)
    assert caught.value.problems[0].code == "unknown_decision"
    version = deploy("decided-2", *DECIDED, decisions={"level": FEE})
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionText.objects.filter(process_version=version).update(dmn_xml="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionText.objects.create(process_version_id=version, name="level", sha256="x", dmn_xml="x")


def test_a_call_stays_with_the_version_of_its_deployment() -> None:
    other = (d.start(), d.user("b"), d.end(), d.chain("start", "b", "end"))
    first = deploy("called", *other)
    caller = (d.start(), d.call("c", "called"), d.end(), d.chain("start", "c", "end"))
    version = deploy("caller", *caller)
    assert list(CalledVersion.objects.values_list("process_version", "called_version")) == [(version, first)]
    case = open_on(version)
    second = (d.start(), d.user("renamed"), d.end(), d.chain("start", "renamed", "end"))
    deploy("called", *second)
    assert steps(case) == ["b"]
    assert steps(open_on(version)) == ["b"]
    assert deploy("caller", *caller) != version
    with pytest.raises(IntegrityError), transaction.atomic():
        CalledVersion.objects.create(process_version_id=version, key="x", called_version_id=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalledVersion.objects.create(process_version_id=version, key="called", called_version_id=first)


def test_a_call_of_nothing_or_of_itself_is_refused() -> None:
    for key in ("nowhere", "itself"):
        with pytest.raises(ProcessDefinitionError) as caught:
            deploy("itself", d.start(), d.call("c", key), d.end(), d.chain("start", "c", "end"))
        assert caught.value.problems[0].code == "unknown_process"


@pytest.mark.slow
def test_a_message_reaches_the_case_that_it_names() -> None:
    asks = (d.start(), d.throw("t", d.message("opinion"), correlation="=to"), d.end(), d.chain("start", "t", "end"))
    waits = (d.start(), d.catch("w", d.message("opinion")), d.user("read"), d.end(),
             d.chain("start", "w", "read", "end"))  # fmt: skip
    waiting = open_on(deploy("waits", *waits, messages=("opinion",)))
    sender = deploy("asks", *asks, messages=("opinion",))
    open_on(sender, variables={"to": "H29.9-260302-9999"})
    drain(now=MONDAY)
    assert steps(waiting) == []
    open_on(sender, variables={"to": waiting.code})
    drain(now=MONDAY)
    assert steps(waiting) == ["read"]
    by_uuid = open_on(deploy("waits", *waits, messages=("opinion",)))
    open_on(sender, variables={"to": str(by_uuid.uuid)})
    drain(now=MONDAY)
    assert steps(by_uuid) == ["read"]


@pytest.mark.slow
def test_a_signal_reaches_every_open_case_that_listens() -> None:
    head = d.declare(signals=("storm",))
    hears = (d.start(), d.user("a"), d.boundary("on", "a", d.signal("storm")), d.user("shelter"), d.end(),
             d.chain("start", "a", "end"), d.chain("on", "shelter", "end"))  # fmt: skip
    version = deploy("hears", *hears, head=head)
    cases = [open_on(version), open_on(version)]
    assert SignalListener.objects.count() == 2
    open_on(deploy("says", d.start(), d.end_with("e", d.signal("storm")), d.chain("start", "e"), head=head))
    drain(now=MONDAY)
    assert [steps(case) for case in cases] == [["shelter"], ["shelter"]]
    assert SignalListener.objects.count() == 0
    assert broadcast_signal("storm", payload={}, now=MONDAY) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SignalListener.objects.create(case_id=cases[0].id, name="x")
        SignalListener.objects.create(case_id=cases[0].id, name="x")


def test_a_repeating_timer_fires_again_and_again() -> None:
    parts = (d.start(), d.user("a"), d.boundary("r", "a", d.timer(cycle="R2/PT1H"), interrupting=False), d.user("b"),
             d.end(), d.chain("start", "a", "end"), d.chain("r", "b", "end"))  # fmt: skip
    case = open_on(deploy("repeats", *parts))
    for hours in (1, 2):
        assert fire_due_timers(now=MONDAY + timedelta(hours=hours, minutes=1)) == 1
        assert steps(case) == ["a"] + ["b"] * hours
    assert fire_due_timers(now=MONDAY + timedelta(hours=9)) == 0
    assert Timer.objects.filter(case_id=case.id, fired_at=None).count() == 0


FAILING = (
    d.start(), d.service("s"), d.boundary("on", "s", d.error("E1")), d.user("mend"), d.end(),
    d.chain("start", "s", "end"), d.chain("on", "mend", "end"),
)  # fmt: skip


def test_an_error_of_a_service_is_caught_or_becomes_an_incident() -> None:
    version = deploy("failing", *FAILING, head=d.declare(errors=("E1",)))
    case = open_on(version)
    token = ServiceCall.objects.get(case_id=case.id).token
    fail_service(case.id, token, code="E1", now=MONDAY)
    assert steps(case) == ["mend"]
    fail_service(case.id, token, code="E1", now=MONDAY)
    assert steps(case) == ["mend"]
    other = open_on(version)
    fail_service(other.id, ServiceCall.objects.get(case_id=other.id).token, code="E2", now=MONDAY)
    (incident,) = list_open_incidents().items
    assert (incident.case_code, incident.code, incident.element_id) == (other.code, "process.error_uncaught", "s")
    assert any(entry.kind == "incident" for entry in list_timeline(other.id, audience="office"))


STUCK = (
    d.start(), d.service("s"), d.gateway("x"), d.user("a"), d.user("b"), d.end(), d.chain("start", "s", "x"),
    d.flow("x", "a", "=n = 1"), d.flow("x", "b", "=n = 2"), d.chain("a", "end"), d.chain("b", "end"),
)  # fmt: skip


def test_a_step_that_cannot_be_taken_keeps_the_answer_for_another_try() -> None:
    case = open_on(deploy("stuck", *STUCK))
    complete_service(case.id, ServiceCall.objects.get(case_id=case.id).token, outputs={"n": 3}, now=MONDAY)
    assert ServiceCall.objects.get(case_id=case.id).state == "done"
    (incident,) = list_open_incidents().items
    assert incident.code == "process.stuck"
    again = retry_incident(incident.uuid, actor=SYSTEM, now=MONDAY)
    assert (again.tries, again.resolved_at) == (2, None)
    Incident.objects.filter(uuid=incident.uuid).update(event={"kind": "service", "token": "t1", "outputs": {"n": 2}})
    assert retry_incident(incident.uuid, actor=SYSTEM, now=MONDAY).resolved_at == MONDAY
    assert steps(case) == ["b"]
    assert list_open_incidents().items == ()


def test_a_timer_that_leads_nowhere_fires_once_and_waits_for_the_operator() -> None:
    parts = (d.start(), d.catch("c", d.timer("PT1H")), *STUCK[2:6], d.chain("start", "c", "x"), *STUCK[7:])
    case = open_on(deploy("late-stuck", *parts))
    later = MONDAY + timedelta(hours=2)
    assert fire_due_timers(now=later) == 1
    assert fire_due_timers(now=later) == 0
    (incident,) = list_open_incidents().items
    assert incident.case_id == case.id
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(uuid=incident.uuid).update(resolved_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(uuid=incident.uuid).update(tries=0)


def test_a_message_that_nobody_expects_writes_nothing() -> None:
    case = open_on(deploy("stuck", *STUCK))
    before = len(list_timeline(case.id, audience="office"))
    with pytest.raises(Exception, match="message_not_expected"):
        receive_message(case.id, "x", payload={}, actor=SYSTEM, now=MONDAY)
    assert len(list_timeline(case.id, audience="office")) == before
    assert get_case(case.id).revision == case.revision


def test_the_list_of_incidents_asks_twice_whatever_its_length(django_assert_num_queries: Any) -> None:
    version = deploy("failing", *FAILING, head=d.declare(errors=("E1",)))
    for _ in range(3):
        case = open_on(version)
        fail_service(case.id, ServiceCall.objects.get(case_id=case.id).token, code="E2", now=MONDAY)
    with django_assert_num_queries(2):
        assert len(list_open_incidents().items) == 3


def test_many_definitions_come_in_one_query(django_assert_num_queries: Any) -> None:
    ids = [deploy(f"many-{number}", d.start(), d.end(), d.chain("start", "end")) for number in range(3)]
    forget_all()
    with django_assert_num_queries(1):
        found = get_process_definitions([*ids, 10**9])
    assert [found[one].key for one in ids] == ["many-0", "many-1", "many-2"]
