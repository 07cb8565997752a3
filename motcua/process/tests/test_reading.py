"""Reading drawings: what is understood, and every fault that is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.process.bpmn.build import MAX_ELEMENTS
from motcua.process.public import ProcessDefinition, ProcessDefinitionError, parse_process
from motcua.process.tests import drawings as d

SIMPLE = (d.start(), d.end(), d.chain("start", "a", "end"))


def problems_of(xml: bytes, **options: Any) -> set[tuple[str, str]]:
    with pytest.raises(ProcessDefinitionError) as caught:
        parse_process(xml, **options)
    assert all(problem.message_vi.endswith(".") for problem in caught.value.problems)
    assert caught.value.message.startswith("Chưa dùng được quy trình này.")
    return {(problem.code, problem.element_id) for problem in caught.value.problems}


def codes_of(xml: bytes) -> set[str]:
    return {code for code, _ in problems_of(xml)}


def test_reads_a_one_stop_process() -> None:
    definition = parse_process(d.one_stop())
    receive = definition.get_element("receive")
    assert (receive.kind, receive.role, receive.screen, receive.share_workdays) == ("user", "counter", "s", 1)
    assert receive.outcomes == ("accept", "supplement", "refuse")
    assert set(definition.end_outcomes) == {"approved", "rejected", "returned", "stopped", "withdrawn"}
    assert definition.roles == ("counter", "specialist")
    assert definition.topics == ("prepare",)
    assert set(definition.messages) == {"withdraw", "supplement_received"}
    assert definition.paths == {("outcome",)}


def test_reads_what_the_older_tool_writes() -> None:
    task = '<bpmn:userTask id="a" name="a" camunda:candidateGroups="leader" camunda:formKey="dossiers.sign" />'
    worker = '<bpmn:serviceTask id="b" name="b" camunda:type="external" camunda:topic="do" />'
    xml = d.drawing(d.start(), task, worker, d.end(), d.chain("start", "a", "b", "end"))
    definition = parse_process(xml)
    assert (definition.get_element("a").role, definition.get_element("a").screen) == ("leader", "dossiers.sign")
    assert definition.get_element("b").topic == "do"


def test_takes_the_role_from_the_lane() -> None:
    lanes = (
        '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="Một cửa (counter)"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        '</bpmn:lane><bpmn:lane id="l2" name="leader"><bpmn:childLaneSet id="c"><bpmn:lane id="l3" name="city_leader">'
        "<bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    xml = d.drawing(
        lanes, d.start(), d.user("a", role=""), d.user("b", role=""), d.end(), d.chain("start", "a", "b", "end")
    )
    definition = parse_process(xml)
    assert definition.get_element("a").role == "counter"
    assert definition.get_element("b").role == "city_leader"


def test_prefers_the_process_marked_as_executable() -> None:
    other = '<bpmn:process id="other"><bpmn:task id="x" /></bpmn:process>'
    xml = d.drawing(d.user("a"), *SIMPLE, head=other)
    assert parse_process(xml).key == "p"


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("missing_start", (d.user("a"), d.end(), d.chain("a", "end"))),
        ("missing_end", (d.start(), d.user("a"), d.chain("start", "a"))),
        ("several_starts", (d.start(), d.start("s2"), d.end(), d.chain("start", "end"), d.chain("s2", "end"))),
        ("dangling_flow", (d.user("a"), *SIMPLE, d.flow("a", "nowhere"))),
        ("unreachable", (d.user("a"), *SIMPLE, d.user("island"), d.chain("island", "end"))),
        ("no_outgoing", (d.user("a"), *SIMPLE, d.user("stop"), d.chain("a", "stop"))),
        ("no_way_to_end", (d.user("a"), *SIMPLE, d.user("x"), d.user("y"), d.chain("a", "x", "y", "x"))),
        ("start_has_incoming", (d.user("a"), *SIMPLE, d.chain("a", "start"))),
        ("end_has_outgoing", (d.user("a"), *SIMPLE, d.chain("end", "a"))),
        ("task_without_role", (d.user("a", role=""), *SIMPLE)),
        ("several_roles", (d.user("a", role="counter,leader"), *SIMPLE)),
        ("outcome_twice", (d.user("a", outcomes="x|x"), *SIMPLE)),
        ("property_unreadable", (d.user("a", share_workdays="hai"), *SIMPLE)),
        ("service_without_topic", (d.service("a", topic=""), *SIMPLE)),
        ("expression_unreadable", (d.script("a", "=1 +", "x"), *SIMPLE)),
        ("script_without_result", (d.script("a", "=1", ""), *SIMPLE)),
        ("script_language", ('<bpmn:scriptTask id="a" scriptFormat="javascript" />', *SIMPLE)),
        ("gateway_without_default", (d.gateway("a"), *SIMPLE, d.flow("a", "end", "=true", "f2"))),
        ("gateway_without_default", (d.gateway("a", default="nowhere"), *SIMPLE, d.flow("a", "end", "=true", "f2"))),
        ("flow_without_condition", (d.gateway("a", default="a__end"), *SIMPLE, d.flow("a", "end", flow_id="f2"))),
        ("condition_misplaced", (d.gateway("a", "parallel"), *SIMPLE, d.flow("a", "end", "=true", "f2"))),
        ("duplicate_id", (d.user("a"), d.user("a"), *SIMPLE)),
        ("message_without_name", (d.catch("a", "<bpmn:messageEventDefinition />"), *SIMPLE)),
        ("message_without_name", ('<bpmn:receiveTask id="a" />', *SIMPLE)),
        ("timer_without_time", (d.catch("a", d.timer()), *SIMPLE)),
        ("timer_unreadable", (d.catch("a", d.timer("15 ngày")), *SIMPLE)),
        ("timer_unreadable", (d.catch("a", d.timer(date="2026-13-01")), *SIMPLE)),
        ("timer_unreadable", (d.catch("a", d.timer(cycle="0 0 9 * * MON-FRI")), *SIMPLE)),
        ("timer_unreadable", (d.catch("a", d.timer(cycle="R3/PT0S")), *SIMPLE)),
        ("property_unreadable", (d.catch("a", d.timer("P1D"), counts="moon"), *SIMPLE)),
        ("boundary_host", (d.gateway("a"), *SIMPLE, d.boundary("b", "a", d.timer("P1D")), d.chain("b", "end"))),
        ("event_gateway_few", (d.gateway("a", "eventBased"), *SIMPLE)),
        ("event_gateway_target", (d.gateway("a", "eventBased"), *SIMPLE, d.flow("a", "end", flow_id="f2"))),
        ("flow_into_boundary", (d.user("a"), *SIMPLE, d.boundary("b", "a", d.timer("P1D")), d.chain("b", "end"),
                                d.chain("start", "b"))),
    ],
)  # fmt: skip
def test_names_the_fault(code: str, parts: tuple[str, ...]) -> None:
    assert code in codes_of(d.drawing(*parts))


@pytest.mark.parametrize(
    "element",
    [
        '<bpmn:adHocSubProcess id="a" />',
        '<bpmn:transaction id="a" />',
        '<bpmn:complexGateway id="a" />',
        '<bpmn:userTask id="a" isForCompensation="true" />',
        '<bpmn:intermediateThrowEvent id="a"><bpmn:compensateEventDefinition /></bpmn:intermediateThrowEvent>',
        '<bpmn:endEvent id="a"><bpmn:cancelEventDefinition /></bpmn:endEvent>',
        '<bpmn:intermediateCatchEvent id="a" />',
        '<bpmn:intermediateCatchEvent id="a"><bpmn:signalEventDefinition /><bpmn:messageEventDefinition />'
        "</bpmn:intermediateCatchEvent>",
        '<bpmn:intermediateCatchEvent id="a"><bpmn:errorEventDefinition /></bpmn:intermediateCatchEvent>',
        '<bpmn:startEvent id="a"><bpmn:conditionalEventDefinition /></bpmn:startEvent>',
        '<bpmn:eventBasedGateway id="a" eventGatewayType="Parallel" />',
        '<bpmn:serviceTask id="a" camunda:class="vn.example.Job" />',
        '<bpmn:serviceTask id="a" camunda:expression="${bean.run()}" />',
        '<bpmn:userTask id="a"><bpmn:extensionElements><camunda:taskListener event="create" />'
        "</bpmn:extensionElements></bpmn:userTask>",
        '<bpmn:userTask id="a"><bpmn:multiInstanceLoopCharacteristics behavior="One"><bpmn:loopCardinality>2'
        "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
        '<bpmn:callActivity id="a"><bpmn:extensionElements><zeebe:calledElement processId="=other" />'
        "</bpmn:extensionElements></bpmn:callActivity>",
        '<bpmn:task id="a"><bpmn:dataInputAssociation id="i"><bpmn:transformation>x</bpmn:transformation>'
        "</bpmn:dataInputAssociation></bpmn:task>",
        '<bpmn:somethingNew id="a" />',
    ],
)
def test_refuses_by_name_what_it_cannot_run(element: str) -> None:
    assert ("unsupported", "a") in problems_of(d.drawing(element, *SIMPLE))


def test_reports_all_faults_at_once() -> None:
    xml = d.drawing(d.user("a", role=""), d.service("b", topic=""), d.end(), d.chain("a", "b", "end"))
    assert {"missing_start", "task_without_role", "service_without_topic"} <= codes_of(xml)


def test_a_refused_element_is_not_reported_again_by_its_flows() -> None:
    assert codes_of(d.drawing('<bpmn:complexGateway id="a" />', *SIMPLE)) == {"unsupported"}


def test_checks_roles_and_screens_against_the_platform() -> None:
    xml = d.drawing(d.user("a", role="wizard", screen="castle"), *SIMPLE)
    parse_process(xml)
    found = problems_of(xml, known_roles=("counter",), known_screens=("dossiers.receive",))
    assert found == {("unknown_role", "a"), ("unknown_screen", "a")}


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><definitions>&b;</definitions>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "xml"),
    [
        ("xml_doctype", BOMB),
        ("xml_doctype", EXTERNAL),
        ("xml_doctype", BOMB.decode().encode("utf-16")),
        ("xml_encoding", BOMB.decode().encode("utf-16-le")),
        ("xml_encoding", b'<?xml version="1.0" encoding="UTF-7"?><x/>'),
        ("xml_encoding", b'<?xml version="1.0" encoding="rot13"?><x/>'),
        ("xml_encoding", b'<?xml version="1.0" encoding="UTF-8"?><x>\xff</x>'),
        ("xml_doctype", b'<?xml version="1.0"?><!-- x --><?y z?> <!DOCTYPE x><x/>'),
        ("xml_encoding", b""),
        ("xml_encoding", b"%PDF-1.7"),
        ("xml_too_large", b"<x>" + b" " * (2 * 1024 * 1024)),
        ("xml_unreadable", b"<x><y></x>"),
        ("xml_unreadable", b"<x>" * 2_000),
        ("not_bpmn", b"<html></html>"),
        ("no_process", d.drawing().replace(b"process", b"collaboration")),
        ("several_processes", d.drawing(head='<bpmn:process id="q" isExecutable="true" />')),
        ("too_many_elements", d.drawing(*(d.user(f"u{n}") for n in range(MAX_ELEMENTS + 1)))),
    ],
)
def test_refuses_the_whole_file(code: str, xml: bytes) -> None:
    assert codes_of(xml) == {code}


@pytest.mark.slow
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_refused_by_one_error(xml: bytes) -> None:
    with pytest.raises(ProcessDefinitionError):
        parse_process(xml)


@pytest.mark.slow
@given(st.data())
def test_a_damaged_drawing_is_read_or_refused(data: st.DataObject) -> None:
    xml = d.one_stop()
    start = data.draw(st.integers(0, len(xml)))
    size = data.draw(st.integers(0, 60))
    damaged = xml[:start] + data.draw(st.binary(max_size=5)) + xml[start + size :]
    try:
        assert isinstance(parse_process(damaged), ProcessDefinition)
    except ProcessDefinitionError as error:
        assert error.problems


def everything() -> bytes:
    """One drawing with nearly all that is understood, to be damaged."""
    inner = (d.start("is"), d.task("t", d.several("=list", item="x", result="=y", into="z")), d.end("ie"),
             d.chain("is", "t", "ie"))  # fmt: skip
    return d.drawing(
        d.start(), d.gateway("i", "inclusive", default="i__sub"), d.sub("sub", *inner), d.call("call", "other"),
        d.gateway("j", "inclusive"), d.throw("out", d.link("L")), d.catch("back", d.link("L")),
        d.catch("c", d.condition("=n > 1")), d.throw("sig", d.signal("fire")), d.throw("esc", d.escalation("X")),
        d.user("u", stage="in_progress"), d.boundary("r", "u", d.timer(cycle="R3/PT1H"), interrupting=False),
        d.boundary("e", "sub", d.error("E1")), d.end(), d.end_with("fail", d.error("E1")),
        d.handler("h", d.message("m"), d.end("he"), d.chain("h_start", "he")),
        d.chain("start", "i", "sub", "j", "out"), d.flow("i", "call", "=${n}"), d.chain("call", "j"),
        d.chain("back", "c", "sig", "esc", "u", "end"), d.chain("r", "end"), d.chain("e", "fail"),
        messages=("m",), head=d.declare(signals=("fire",), errors=("E1",), escalations=("X",)),
    )  # fmt: skip


PIECES = ("=", '"', "<", "/>", "id", "sub", "<bpmn:subProcess>", "]]>", "&#0;", "${", "R9/P1D", "true", "\u202e")


def test_the_drawing_with_everything_is_read() -> None:
    assert len(parse_process(everything().replace(b"=${n}", b"${n}")).elements) > 20


@pytest.mark.slow
@given(st.data())
def test_a_damaged_drawing_with_everything_is_read_or_refused(data: st.DataObject) -> None:
    xml = everything().decode()
    for _ in range(data.draw(st.integers(1, 4))):
        start, size = data.draw(st.integers(0, len(xml))), data.draw(st.integers(0, 40))
        xml = xml[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=4)) + xml[start + size :]
    try:
        assert isinstance(parse_process(xml.encode(errors="replace")), ProcessDefinition)
    except ProcessDefinitionError as error:
        assert all(problem.code and problem.message_vi for problem in error.problems)
