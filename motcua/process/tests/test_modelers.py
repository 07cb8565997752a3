"""What the free desktop modelers of both ages write: attributes of tasks, forms, conditions, decisions, mappings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from motcua.process.bpmn.juel import to_feel
from motcua.process.feel import FeelError, compile_expression
from motcua.process.public import (
    ComputationFailed,
    CreateTask,
    DecisionCompleted,
    ErrorThrown,
    ProcessDefinitionError,
    RunDecision,
    RunService,
    parse_process,
    parse_processes,
)
from motcua.process.tests import drawings as d
from motcua.process.tests.game import play


@pytest.mark.parametrize(
    ("written", "variables", "value"),
    [
        ("${approved}", {"approved": True}, True),
        ("${approved == true}", {"approved": False}, False),
        ("${!approved}", {"approved": False}, True),
        ("#{not approved}", {"approved": True}, False),
        ("${amount > 1000 && kind eq 'land'}", {"amount": 2000, "kind": "land"}, True),
        ("${a || b and c}", {"a": False, "b": True, "c": True}, True),
        ("${(a || b) && c}", {"a": True, "b": False, "c": False}, False),
        ("${form.floors ge 3}", {"form": {"floors": 3}}, True),
        ('${name != "it\'s"}', {"name": "x"}, True),
        ("${empty name}", {"name": ""}, True),
        ("${x * 2 + 1 - 3 / 3}", {"x": 3}, 6),
        ("${-x}", {"x": 3}, -3),
        ("${x > 1 ? 'a' : 'b'}", {"x": 2}, "a"),
        ("${done/all >= 0.5}", {"done": 1, "all": 2}, True),
    ],
)
def test_simple_expressions_of_the_older_tool_mean_the_same(
    written: str, variables: dict[str, Any], value: Any
) -> None:
    found = compile_expression(to_feel(written)).evaluate(variables)
    assert (int(found) if isinstance(found, Decimal) else found) == value


@pytest.mark.parametrize(
    "written",
    [
        "${bean.run()}", "${list[0]}", "Xin chào ${name}", "${a} ${b}", "${", "${}", "${a ==}", "${a b}", "${x % 2}",
        "${execution.getVariable('x')}", "${" + "(" * 100 + "a" + ")" * 100 + "}", "${" + "!" * 100 + "a}",
        "${a ? b}", "${'x}", "${a instanceof b}",
    ],
)  # fmt: skip
def test_other_expressions_of_the_older_tool_are_refused_by_name(written: str) -> None:
    with pytest.raises(FeelError):
        to_feel(written)


def test_a_user_task_of_the_older_tool() -> None:
    task = (
        '<bpmn:userTask id="a" name="a" camunda:candidateGroups="counter" camunda:formKey="embedded:app:f.html"'
        ' camunda:dueDate="${deadline}"><bpmn:extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="title">${subject}</camunda:inputParameter>'
        '<camunda:inputParameter name="fixed">một</camunda:inputParameter>'
        '<camunda:outputParameter name="kept">${answer}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>"
    )
    parts = (d.start(), task, d.gateway("x", default="x__end"), d.user("b"), d.end(), d.chain("start", "a", "x", "end"),
             d.flow("x", "b", "${kept == 'yes'}"), d.chain("b", "end"))  # fmt: skip
    game = play(*parts, variables={"subject": "Đất", "deadline": "2026-12-01"})
    (command,) = game.said(CreateTask)
    assert (command.role, command.screen, command.due) == ("counter", "embedded:app:f.html", "2026-12-01")
    assert command.inputs == {"title": "Đất", "fixed": "một"}
    assert game.do("a", answer="yes", other=1).open == ["b"]
    assert game.vars["kept"] == "yes"


def test_a_user_task_of_the_newer_tool() -> None:
    held = (
        '<zeebe:assignmentDefinition candidateGroups="=&#34;leader&#34;" /><zeebe:formDefinition formId="sign" />'
        '<zeebe:taskSchedule dueDate="=due" /><zeebe:priorityDefinition priority="50" /><zeebe:userTask />'
        '<zeebe:ioMapping><zeebe:input source="=a.b" target="x" /></zeebe:ioMapping>'
    )
    game = play(d.start(), d.task("t", extensions=held), d.end(), d.chain("start", "t", "end"),
                variables={"a": {"b": 4}, "due": "2026-12-01T08:00:00+07:00"})  # fmt: skip
    (command,) = game.said(CreateTask)
    assert (command.role, command.screen, command.inputs) == ("leader", "sign", {"x": 4})
    assert command.due.startswith("2026-12-01T08:00:00")


def test_the_standards_own_owner_of_a_task() -> None:
    owner = (
        '<bpmn:userTask id="a"><bpmn:potentialOwner id="o"><bpmn:resourceAssignmentExpression><bpmn:formalExpression>'
        "user(lan), group(leader)</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"
        "</bpmn:userTask>"
    )
    definition = parse_process(d.drawing(d.start(), owner, d.end(), d.chain("start", "a", "end")))
    assert definition.roles == ("leader",)


RULES = (
    '<bpmn:businessRuleTask id="r" camunda:decisionRef="level" camunda:resultVariable="h" />',
    '<bpmn:businessRuleTask id="r"><bpmn:extensionElements><zeebe:calledDecision decisionId="level" '
    'resultVariable="h" /><zeebe:ioMapping><zeebe:input source="=n" target="floors" /></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:businessRuleTask>",
)


@pytest.mark.parametrize("rule", RULES)
def test_a_business_rule_asks_its_decision(rule: str) -> None:
    parts = (d.start(), rule, d.gateway("x", default="x__end"), d.user("b"), d.end(), d.chain("start", "r", "x", "end"),
             d.flow("x", "b", '=h = "high" and n > 0'), d.chain("b", "end"))  # fmt: skip
    game = play(*parts, variables={"n": 9})
    (command,) = game.said(RunDecision)
    assert (command.decision, command.result_variable) == ("level", "h")
    assert command.inputs in ({"n": 9}, {"floors": 9})
    assert game.give(DecisionCompleted(command.token, "high")).open == ["b"]
    asked: list[Any] = []

    def decide(decision: str, inputs: Any) -> str:
        asked.append((decision, dict(inputs)))
        return "low"

    assert play(*parts, variables={"n": 9}, decide=decide).ended == ""
    assert asked[0][0] == "level"


def test_services_of_both_tools_and_an_error_boundary() -> None:
    newer = (
        '<bpmn:serviceTask id="s"><bpmn:extensionElements><zeebe:taskDefinition type="=&#34;send&#34;" retries="3" />'
        '<zeebe:taskHeaders><zeebe:header key="to" value="x" /></zeebe:taskHeaders></bpmn:extensionElements>'
        "</bpmn:serviceTask>"
    )
    game = play(d.start(), newer, d.end(), d.chain("start", "s", "end"))
    assert game.said(RunService) == [RunService("t1", "s", "send", {"to": "x"})]
    older = '<bpmn:sendTask id="s" camunda:type="external" camunda:topic="send" />'
    parts = (d.start(), older, d.boundary("on", "s", d.error()), d.user("m"), d.end(), d.chain("start", "s", "end"),
             d.chain("on", "m", "end"))  # fmt: skip
    game = play(*parts)
    assert game.give(ErrorThrown("t1", "any")).open == ["m"]


@pytest.mark.parametrize("language", ["groovy", "javascript", ""])
def test_foreign_scripts_are_refused_and_feel_is_not(language: str) -> None:
    body = "<bpmn:script>1 + 1</bpmn:script>"
    foreign = f'<bpmn:scriptTask id="s" scriptFormat="{language}" camunda:resultVariable="n">{body}</bpmn:scriptTask>'
    with pytest.raises(ProcessDefinitionError) as caught:
        parse_process(d.drawing(d.start(), foreign, d.end(), d.chain("start", "s", "end")))
    assert [problem.code for problem in caught.value.problems] == ["script_language"]
    assert language in caught.value.problems[0].message_vi
    own = f'<bpmn:scriptTask id="s" scriptFormat="feel" camunda:resultVariable="n">{body}</bpmn:scriptTask>'
    parts = (d.start(), own, d.gateway("x", default="x__end"), d.user("b"), d.end(), d.chain("start", "s", "x", "end"),
             d.flow("x", "b", "=n = 2"), d.chain("b", "end"))  # fmt: skip
    assert play(*parts).open == ["b"]


def test_a_script_inside_a_mapping_is_refused() -> None:
    held = (
        '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:script scriptFormat="groovy">1</camunda:script>'
        "</camunda:inputParameter></camunda:inputOutput>"
    )
    with pytest.raises(ProcessDefinitionError) as caught:
        parse_process(d.drawing(d.start(), d.task("t", extensions=held), d.end(), d.chain("start", "t", "end")))
    assert "script_language" in {problem.code for problem in caught.value.problems}


def test_a_call_of_the_older_tool() -> None:
    called = parse_process(d.drawing(d.start(), d.user("b"), d.end(), d.chain("start", "b", "end"), process_id="other"))
    call = (
        '<bpmn:callActivity id="c" calledElement="other"><bpmn:extensionElements><camunda:in variables="all" />'
        '<camunda:out source="answer" target="kept" /></bpmn:extensionElements></bpmn:callActivity>'
    )
    parts = (d.start(), call, d.gateway("x", default="x__end"), d.user("m"), d.end(), d.chain("start", "c", "x", "end"),
             d.flow("x", "m", "=kept = 5"), d.chain("m", "end"))  # fmt: skip
    game = play(*parts, library={"other": called})
    assert game.do("b", answer=5).open == ["m"]


def test_data_objects_are_data_of_the_case() -> None:
    data = (
        '<bpmn:dataObject id="o" /><bpmn:dataObjectReference id="dr" name="so_nha" dataObjectRef="o" />'
        '<bpmn:dataObjectReference id="dr2" name="Bản vẽ" dataObjectRef="o" />'
        '<bpmn:dataStoreReference id="ds" name="Kho" />'
    )
    task = '<bpmn:task id="a"><bpmn:dataInputAssociation id="i"><bpmn:sourceRef>dr</bpmn:sourceRef>'
    task += "</bpmn:dataInputAssociation></bpmn:task>"
    game = play(data, d.start(), task, d.user("b"), d.end(), d.chain("start", "a", "b", "end"),
                variables={"so_nha": 12, "khac": 1})  # fmt: skip
    assert game.vars == {"so_nha": 12}
    assert [held.name for held in game.definition.data] == ["so_nha"]


def test_decoration_changes_nothing() -> None:
    notes = (
        '<bpmn:textAnnotation id="n"><bpmn:text>ghi chú</bpmn:text></bpmn:textAnnotation><bpmn:group id="g" />'
        '<bpmn:association id="as" sourceRef="a" targetRef="n" /><bpmn:documentation>x</bpmn:documentation>'
        '<bpmn:extensionElements><vendor:thing xmlns:vendor="urn:v" x="1" /></bpmn:extensionElements>'
        '<vendor:loose xmlns:vendor="urn:v" />'
    )
    game = play(notes, d.start(), d.user("a"), d.end(), d.chain("start", "a", "end"))
    assert game.open == ["a"]


def test_several_pools_are_several_processes() -> None:
    other = '<bpmn:process id="q" isExecutable="true">' + "".join(
        (d.start("s2"), d.user("a2"), d.end("e2"), d.chain("s2", "a2", "e2"))
    )
    xml = d.drawing(d.start(), d.user("a"), d.end(), d.chain("start", "a", "end"), head=f"{other}</bpmn:process>")
    assert [definition.key for definition in parse_processes(xml)] == ["q", "p"]
    assert parse_process(xml, process_id="p").key == "p"
    with pytest.raises(ProcessDefinitionError):
        parse_process(xml, process_id="none")
    broken = xml.replace(b'id="a2"', b'id="a2" isForCompensation="true"')
    with pytest.raises(ProcessDefinitionError):
        parse_processes(broken)


def test_references_with_a_prefix_and_a_default_namespace() -> None:
    xml = d.drawing(d.start(), d.catch("c", d.message("m")), d.end(), d.chain("start", "c", "end"), messages=("m",))
    prefixed = xml.replace(b'messageRef="msg_m"', b'messageRef="tns:msg_m"')
    assert parse_process(prefixed).messages == ("m",)
    plain = xml.replace(b"<bpmn:", b"<").replace(b"</bpmn:", b"</").replace(b"xmlns:bpmn=", b"xmlns=")
    assert parse_process(plain).messages == ("m",)
    assert parse_process(xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")).messages == ("m",)


def test_today_is_the_day_of_the_step_and_a_failing_script_is_named() -> None:
    parts = (d.start(), d.script("s", "=string(today())", "day"), d.gateway("x", default="x__end"), d.user("b"),
             d.end(), d.chain("start", "s", "x", "end"), d.flow("x", "b", '=today() = date("2026-11-20")'),
             d.chain("b", "end"), d.user("c"), d.flow("x", "c", "=day = null"), d.chain("c", "end"))  # fmt: skip
    game = play(*parts)
    assert (game.open, game.vars) == (["b"], {"day": "2026-11-20"})
    with pytest.raises(ComputationFailed) as caught:
        play(d.start(), d.script("s", '=date("hôm nay")', "day"), d.end(), d.chain("start", "s", "end"))
    assert caught.value.element_id == "s"
