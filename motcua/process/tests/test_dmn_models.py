"""Whole models: types and conversions, inputs, decision services, imports, references."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from motcua.process.dmn import DecisionModelError, load_model, parse_decisions
from motcua.process.feel import compile_expression
from motcua.process.tests.dmn_models import (
    ALL_NAMESPACES,
    ask,
    component,
    decision,
    definitions,
    input_data,
    item,
    knowledge,
    literal,
    look,
    needs,
    parameter,
    service,
)

D = Decimal
OTHER = "https://example.vn/other"
THIRD = "https://example.vn/third"


def feel(text: str) -> Any:
    return compile_expression(text).value({})


def codes(xml: bytes, **options: Any) -> set[tuple[str, str]]:
    with pytest.raises(DecisionModelError) as caught:
        parse_decisions(xml, **options)
    assert all(problem.message_vi for problem in caught.value.problems)
    return {(problem.element_id, problem.code) for problem in caught.value.problems}


@pytest.mark.parametrize("standard", ALL_NAMESPACES)
def test_all_versions_of_the_standard_are_read(standard: str) -> None:
    logic = decision("r", literal("a + 1"), "feel:number", needs(inputs=["a"]))
    assert ask(definitions(input_data("a", "feel:number"), logic, standard=standard), "r", {"a": 1}) == D(2)


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("number", "[5]", "5"),
        ("number", '"5"', "null"),
        ("number", "[1, 2]", "null"),
        ("string", '["a"]', '"a"'),
        ("tNumbers", "5", "[5]"),
        ("tNumbers", "[1, 2]", "[1, 2]"),
        ("tNumbers", '["a"]', "null"),
        ("tNumbers", '"a"', "null"),
        ("date and time", '@"2026-02-03"', '@"2026-02-03T00:00:00Z"'),
        ("date", '@"2026-02-03T10:00:00"', "null"),
        ("Any", "[5]", "[5]"),
        ("context", "{a: 1}", "{a: 1}"),
        ("context", "1", "null"),
        ("tSmall", "5", "5"),
        ("tSmall", "50", "null"),
        ("tSmalls", "[1, 5]", "[1, 5]"),
        ("tSmalls", "[1, 50]", "null"),
        ("tPair", "[1, 2]", "[1, 2]"),
        ("tPair", "[1, 2, 3]", "null"),
        ("tWord", '"ab"', '"ab"'),
        ("tWord", '"abcd"', "null"),
        ("tPerson", '{họ tên: "A", tuổi: 3}', '{họ tên: "A", tuổi: 3}'),
        ("tPerson", '{họ tên: "A", tuổi: 3, more: 1}', '{họ tên: "A", tuổi: 3, more: 1}'),
        ("tPerson", '{họ tên: "A"}', "null"),
        ("tPerson", '{họ tên: "A", tuổi: 500}', "null"),
        ("tPerson", "{họ tên: null, tuổi: 5}", "{họ tên: null, tuổi: 5}"),
        ("tPeople", '{họ tên: "A", tuổi: 3}', '[{họ tên: "A", tuổi: 3}]'),
        ("range<number>", "[1..5]", "[1..5]"),
        ("range<number>", '["a".."b"]', "null"),
        ("list<list<number>>", "[[1], [2, 3]]", "[[1], [2, 3]]"),
        ("context<a: number, b: list<string>>", '{a: 1, b: ["x"]}', '{a: 1, b: ["x"]}'),
        ("context<a: number>", '{a: "x"}', "null"),
        ("days and time duration", '@"P1D"', '@"P1D"'),
        ("years and months duration", '@"P1D"', "null"),
        ("tDates", '@"2026-06-01"', '@"2026-06-01"'),
        ("tDates", '@"2025-06-01"', "null"),
        (
            "tTree",
            "{value: 1, children: [{value: 2, children: []}]}",
            "{value: 1, children: [{value: 2, children: []}]}",
        ),
        ("tTree", '{value: 1, children: [{value: "x", children: []}]}', "null"),
    ],
)
def test_results_keep_their_types(kind: str, expression: str, expected: str) -> None:
    types = (
        item("tNumbers", "number", many=True)
        + item("tSmall", "number", allowed="[0..10]")
        + item("tSmalls", "number", allowed="< 10", many=True)
        + item("tPair", "number", constraint="count(?) = 2", many=True)
        + item("tWord", "string", constraint="string length(?) < 4")
        + item("tPerson", parts=component("họ tên", "string") + component("tuổi", "number", allowed="[0..150]"))
        + item("tPeople", "tPerson", many=True)
        + item("tDates", "date", allowed='>= date("2026-01-01")')
        + item("tTree", parts=component("value", "number") + component("children", "tTree", many=True))
    )
    result = look(definitions(types, decision("r", literal(expression), kind)), "r")
    assert result.value == feel(expected)
    assert bool(result.issues) == (expected == "null")


def test_inputs_are_converted_and_checked() -> None:
    types = item("tKind", "string", allowed='"person", "firm"')
    xml = definitions(
        types,
        input_data("kind", "tKind"),
        input_data("day", "date and time"),
        input_data("many", "tNone"),
        decision("k", literal('if kind = null then "none" else kind'), "", needs(inputs=["kind"])),
        decision("d", literal("day.hour"), "", needs(inputs=["day"])),
    )
    model = load_model(xml)
    assert model.evaluate("k", {"kind": "firm"}).value == "firm"
    refused = model.evaluate("k", {"kind": "city"})
    assert refused.value == "none"
    assert [(issue.element_id, issue.code) for issue in refused.issues] == [("i_kind", "dmn.type")]
    missing = model.evaluate("k", {})
    assert [issue.code for issue in missing.issues] == ["dmn.input_missing"]
    assert not model.evaluate("k", {"kind": None}).issues
    assert model.evaluate("d", {"day": datetime.date(2026, 3, 4)}).value == D(0)
    assert ("i_many", "unknown_type") in {(problem.element_id, problem.code) for problem in model.problems}


def test_instances_of_the_model_s_types() -> None:
    types = item("t Person", parts=component("tuổi", "number")) + item("tMany", "t Person", many=True)
    logic = literal("[{tuổi: 1} instance of t Person, {x: 1} instance of t Person, [{tuổi: 1}] instance of tMany]")
    assert ask(definitions(types, decision("r", logic)), "r") == [True, False, True]


def test_component_names_with_blanks_are_read_after_a_dot() -> None:
    types = item("tApplicant", parts=component("Monthly Income", "number") + component(
        "home - address", parts=component("phường/xã", "string")))  # fmt: skip
    logic = literal("string(Applicant.Monthly Income * 12) + Applicant.home - address.phường/xã")
    xml = definitions(
        types, input_data("Applicant", "tApplicant"), decision("r", logic, "", needs(inputs=["Applicant"]))
    )
    given = {"Applicant": {"Monthly Income": 2, "home - address": {"phường/xã": "X"}}}
    assert ask(xml, "r", given) == "24X"


def test_decisions_see_only_what_they_require() -> None:
    xml = definitions(input_data("a"), decision("p", literal("1")), decision("r", literal("[p, a]"), "", needs(["p"])))
    assert look(xml, "r", {"a": 5}).value == [D(1), None]


SERVICES = (
    input_data("a", "number"),
    decision("base", literal("a * 10"), "number", needs(inputs=["a"])),
    decision("middle", literal("base + 1"), "number", needs(["base"])),
    decision("top", literal("middle + a"), "number", needs(["middle"], ["a"])),
    service("whole", ["top"], ["a"], encapsulated=["middle", "base"]),
    service("upper", ["top"], ["a"], ["base"], ["middle"]),
    service("both", ["top", "middle"], ["a"], ["base"]),
    service("typed", ["top"], ["a"], encapsulated=["middle", "base"], kind="string"),
)


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("whole", {"a": 2}, D(23)),
        ("upper", {"a": 2, "base": 100}, D(103)),
        ("both", {"a": 2, "base": 100}, {"top": D(103), "middle": D(101)}),
        ("typed", {"a": 2}, None),
        ("upper", {"a": 2}, None),
        ("whole", {"a": "x"}, None),
    ],
)
def test_decision_services(name: str, inputs: dict[str, Any], expected: Any) -> None:
    assert parse_decisions(definitions(*SERVICES)).evaluate_service(name, inputs).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("whole(2)", D(23)),
        ("whole(a: 2)", D(23)),
        ("upper(2, 100)", D(103)),
        ("upper(base: 100, a: 2)", D(103)),
        ("both(2, 100).middle", D(101)),
        ("whole()", None),
        ("whole(1, 2)", None),
        ("whole(b: 2)", None),
        ("whole([2])", D(23)),
        ("for i in 1..3 return whole(i)", [D(12), D(23), D(34)]),
        ("sort([3, 1], function(x, y) whole(x) < whole(y))", [D(1), D(3)]),
    ],
)
def test_decision_services_as_functions(text: str, expected: Any) -> None:
    caller = decision("r", literal(text), "", needs(knowledge=["whole", "upper", "both"]))
    assert look(definitions(*SERVICES, caller), "r").value == expected


def test_decision_services_by_invocation() -> None:
    logic = (
        f'<invocation>{literal("upper")}<binding><parameter name="base"/>{literal("7")}</binding>'
        f'<binding><parameter name="a"/>{literal("1")}</binding></invocation>'
    )
    assert ask(definitions(*SERVICES, decision("r", logic, "", needs(knowledge=["upper"]))), "r") == D(9)


OTHER_MODEL = definitions(
    item("tFee", parts=component("Số tiền", "number")),
    input_data("a", "number"),
    decision("Biểu phí", literal("{Số tiền: a * 2}"), "tFee", needs(inputs=["a"])),
    knowledge("add one", parameter("n", "number"), literal("n + 1"), required=needs(knowledge=["inner"])),
    knowledge("inner", parameter("n"), literal("n")),
    service("svc", ["Biểu phí"], ["a"]),
    namespace=OTHER,
)


def importing(name: str, *parts: str, uri: str = OTHER) -> bytes:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    return definitions(f'<import name="{name}" namespace="{uri}" importType="{kind}"/>', *parts)


@pytest.mark.parametrize(("name", "dot"), [("luật khác", "luật khác."), ("m", "m."), ("", "")])
def test_imports_by_name_and_without_one(name: str, dot: str) -> None:
    required = needs([f"{OTHER}#d_Biểu phí"], [f"{OTHER}#i_a"], [f"{OTHER}#k_add one", f"{OTHER}#k_svc"])
    logic = literal(f"{{x: {dot}Biểu phí.Số tiền, y: {dot}add one({dot}a), z: {dot}svc(5).Số tiền}}")
    xml = importing(name, decision("r", logic, "", required))
    inputs = {name: {"a": 4}} if name else {"a": 4}
    assert ask(xml, "r", inputs, imports={"x.dmn": OTHER_MODEL}) == {"x": D(8), "y": D(5), "z": D(10)}
    assert ask(xml, "r", {"a": 4}, imports={"x.dmn": OTHER_MODEL})["x"] == D(8)


def test_imported_types_and_decisions() -> None:
    xml = importing(
        "m", decision("r", literal('{Số tiền: "x"}'), "m.tFee"), decision("s", literal("{Số tiền: 1}"), "m.tFee")
    )
    model = load_model(xml, imports={"": OTHER_MODEL})
    assert not model.problems
    assert model.evaluate("r", {}).value is None
    assert model.evaluate("s", {}).value == {"Số tiền": D(1)}
    assert model.evaluate("m.Biểu phí", {"a": 1}).value == {"Số tiền": D(2)}


def test_one_model_imported_by_two_ways_keeps_two_inputs() -> None:
    uses = needs([f"{OTHER}#d_Biểu phí"])
    left = importing("base", decision("left", literal("base.Biểu phí.Số tiền"), "", uses)).replace(
        b"https://example.vn/decisions", b"urn:left"
    )
    right = left.replace(b"urn:left", b"urn:right").replace(b"left", b"right")
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    top = definitions(
        f'<import name="L" namespace="urn:left" importType="{kind}"/>',
        f'<import name="R" namespace="urn:right" importType="{kind}"/>',
        decision("r", literal("[L.left, R.right]"), "", needs(["urn:left#d_left", "urn:right#d_right"])),
    )
    inputs = {"L": {"base": {"a": 1}}, "R": {"base": {"a": 10}}}
    assert ask(top, "r", inputs, imports={"l": left, "r": right, "o": OTHER_MODEL}) == [D(2), D(20)]


def test_faulty_imports_are_refused_by_name() -> None:
    plain = decision("r", literal("1"))
    assert codes(importing("m", plain, uri=THIRD)) == {("m", "import_missing")}
    again = importing("m", plain, uri="https://example.vn/decisions")
    assert codes(again, imports={"x": again}) == {("m", "import_cycle")}
    foreign = importing("m", plain).replace(
        b'https://www.omg.org/spec/DMN/20230324/MODEL/"/>', b'http://www.dmg.org/PMML-4_2"/>'
    )
    assert codes(foreign, imports={"x": OTHER_MODEL}) == {("m", "import_kind")}
    lost = importing("m", decision("r", literal("1"), "", needs([f"{OTHER}#nowhere"])))
    assert codes(lost, imports={"x": OTHER_MODEL}) == {("d_r", "unknown_reference")}


def test_references_in_full_to_the_own_model() -> None:
    xml = definitions(
        decision("p", literal("3")), decision("r", literal("p"), "", needs(["https://example.vn/decisions#d_p"]))
    )
    assert ask(xml, "r") == D(3)


def test_cycles_are_refused_with_their_elements_and_leave_the_others_alone() -> None:
    xml = definitions(
        decision("a", literal("b"), "", needs(["b"])),
        decision("b", literal("a"), "", needs(["a"])),
        decision("c", literal("1")),
    )
    assert codes(xml) == {("d_a", "requirement_cycle"), ("d_b", "requirement_cycle")}
    assert [issue.code for issue in look(xml, "a").issues] == ["dmn.cycle"]
    assert look(xml, "c").value == D(1)


def test_broken_parts_do_not_spoil_the_others() -> None:
    xml = definitions(
        decision("bad", literal("1 +", identity="x7")),
        decision("lost", literal("2"), "tNowhere", needs(["nowhere"])),
        decision("good", literal("3")),
    )
    assert codes(xml) == {("x7", "feel.syntax"), ("d_lost", "unknown_type"), ("d_lost", "unknown_reference")}
    model = load_model(xml)
    assert model.evaluate("good", {}).value == D(3)
    assert [issue.element_id for issue in model.evaluate("bad", {}).issues] == ["x7"]
    with pytest.raises(KeyError):
        model.evaluate("nothing", {})


def test_types_that_go_round_are_refused() -> None:
    types = item("tA", "tB") + item("tB", "tA") + item("tList", "tList", many=True)
    assert codes(definitions(types)) == {(name, "type_cycle") for name in ("tA", "tB", "tList")}


@pytest.mark.slow
def test_a_long_chain_of_decisions_needs_no_deep_stack() -> None:
    chain = [decision("p0", literal("0"))]
    chain += [decision(f"p{n}", literal(f"p{n - 1} + 1"), "", needs([f"p{n - 1}"])) for n in range(1, 1500)]
    assert ask(definitions(*chain), "p1499") == D(1499)


def test_the_clock_is_an_argument() -> None:
    model = parse_decisions(definitions(decision("r", literal("string(today())"))))
    now = datetime.datetime(2026, 2, 3, 23, 0, tzinfo=datetime.UTC)
    assert model.evaluate("r", {}, now=now).value == "2026-02-03"


def test_models_describe_themselves() -> None:
    xml = definitions(item("tK", "string", allowed='"x"'), input_data("k", "tK"), *SERVICES)
    model = parse_decisions(xml)
    assert [(info.name, info.type_ref) for info in model.inputs] == [("k", "tK"), ("a", "number")]
    assert model.inputs[0].allowed is not None
    assert model.inputs[0].allowed.constants == ("x",)
    assert [info.name for info in model.decisions] == ["base", "middle", "top"]
    assert model.decisions[2].requires == ("i_a", "d_middle")
    assert [info.parameters for info in model.services][1] == ("i_a", "d_base")
