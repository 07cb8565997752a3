"""Boxed expressions, functions, and the limits that keep them bounded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from motcua.process.dmn import load_model
from motcua.process.tests.dmn_models import (
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
)

D = Decimal


def box(name: str, *parts: str, **attributes: str) -> str:
    marks = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{marks}>{''.join(parts)}</{name}>"


def entry(name: str, value: str, kind: str = "") -> str:
    mark = f' typeRef="{kind}"' if kind else ""
    return f'<contextEntry><variable name="{name}"{mark}/>{value}</contextEntry>'


def result_cell(value: str) -> str:
    return f"<contextEntry>{value}</contextEntry>"


def invocation(function: str, **bindings: str) -> str:
    parts = "".join(
        f'<binding><parameter name="{name}"/>{literal(value)}</binding>' for name, value in bindings.items()
    )
    return f"<invocation>{literal(function)}{parts}</invocation>"


def function(parameters: str, body: str, kind: str = "FEEL") -> str:
    return f'<functionDefinition kind="{kind}">{parameters}{body}</functionDefinition>'


def value_of(logic: str, kind: str = "", a: Any = None, types: str = "") -> Any:
    return ask(definitions(types, input_data("a"), decision("r", logic, kind, needs(inputs=["a"]))), "r", {"a": a})


def test_contexts_see_their_earlier_entries() -> None:
    logic = box("context", entry("Giá gốc", literal("a * 2")), entry("Thuế - phí", literal("Giá gốc / 10")),
                entry("tổng", literal("Giá gốc + Thuế - phí")))  # fmt: skip
    assert value_of(logic, a=50) == {"Giá gốc": D(100), "Thuế - phí": D(10), "tổng": D(110)}


def test_members_with_signs_in_their_names_need_no_declared_type() -> None:
    first = decision("p", box("context", entry("x-y", literal("3")), entry("phí/lần", literal("4"))))
    second = decision("r", literal("p.x-y * p.phí/lần"), "", needs(["p"]))
    assert ask(definitions(first, second), "r") == D(12)


def test_a_context_with_a_result_cell_gives_its_value() -> None:
    logic = box("context", entry("x", literal("a + 1")), result_cell(literal("x * x")))
    assert value_of(logic, a=2) == D(9)


def test_context_entries_keep_their_types() -> None:
    logic = box("context", entry("x", literal('"text"'), "number"), entry("y", literal("[7]"), "number"))
    assert value_of(logic) == {"x": None, "y": D(7)}


def test_functions_in_contexts_close_over_their_scope_and_call_themselves() -> None:
    body = literal("if n <= 1 then a else n * fact(n - 1)")
    logic = box("context", entry("fact", function(parameter("n", "number"), body)), result_cell(literal("fact(5)")))
    assert value_of(logic, a=2) == D(240)


def test_function_arguments_are_coerced_and_misfits_become_null() -> None:
    body = literal('if n = null then "none" else n + 1')
    logic = box("context", entry("f", function(parameter("n", "number"), body)),
                entry("one", literal("f([1])")), entry("two", literal('f("x")')), entry("three", literal("f(n: 4)")),
                entry("wrong", literal("f(1, 2)")), entry("name", literal("f(m: 4)")))  # fmt: skip
    xml = definitions(decision("r", logic))
    shown = look(xml, "r").value
    assert {key: shown[key] for key in ("one", "two", "three", "wrong", "name")} == {
        "one": D(2), "two": "none", "three": D(5), "wrong": None, "name": None,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_in_other_languages_are_refused_by_name(kind: str) -> None:
    body = box("context", entry("class", literal('"java.lang.Math"')))
    xml = definitions(decision("r", function(parameter("x"), body, kind)))
    assert [problem.code for problem in load_model(xml).problems] == ["dmn.function_kind"]
    result = look(xml, "r")
    assert result.value is None
    assert kind in result.issues[0].message_vi


def test_relations_lists_and_conditionals() -> None:
    row = box("row", literal('"x"'), literal("a"))
    relation = box("relation", '<column name="Tên gọi"/><column name="n" typeRef="number"/>', row, row)
    assert value_of(relation, a=3) == [{"Tên gọi": "x", "n": D(3)}] * 2
    assert value_of(box("list", literal("a"), box("list", literal("1"))), a=3) == [D(3), [D(1)]]
    choice = box("conditional", box("if", literal("a &gt; 1".replace("&gt;", ">"))), box("then", literal('"yes"')),
                 box("else", literal('"no"')))  # fmt: skip
    assert [value_of(choice, a=given) for given in (2, 1, None)] == ["yes", "no", "no"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[1, 2, 3]", [D(2), D(4), D(6)]),
        ("1..3", [D(2), D(4), D(6)]),
        ("[1..3]", [D(2), D(4), D(6)]),
        ("3..1", [D(6), D(4), D(2)]),
        ("[]", []),
        ("a", [D(10)]),
        ("null", None),
    ],
)
def test_for_runs_over_lists_single_values_and_ranges(source: str, expected: Any) -> None:
    logic = box("for", box("in", literal(source)), box("return", literal("Mục i * 2")), iteratorVariable="Mục i")
    assert value_of(logic, a=5) == expected


def test_for_knows_what_it_did_so_far() -> None:
    body = literal("if count(partial) = 0 then 1 else partial[-1] * i")
    logic = box("for", box("in", literal("1..5")), box("return", body), iteratorVariable="i")
    assert value_of(logic) == [D(1), D(2), D(6), D(24), D(120)]


@pytest.mark.parametrize(
    ("name", "items", "expected"),
    [
        ("some", "[1, 5]", True), ("some", "[1, 2]", False), ("some", "[]", False), ("some", "[1, null]", None),
        ("some", "[null, 5]", True), ("every", "[4, 5]", True), ("every", "[1, 5]", False), ("every", "[]", True),
        ("every", "[5, null]", None), ("every", "[null, 1]", False),
    ],
)  # fmt: skip
def test_quantifiers_are_three_valued(name: str, items: str, expected: Any) -> None:
    logic = box(name, box("in", literal(items)), box("satisfies", literal("i > 3")), iteratorVariable="i")
    assert value_of(logic) is expected


def test_filters_see_item_and_its_components() -> None:
    people = '[{họ tên: "A", tuổi: 70}, {họ tên: "B", tuổi: 20}]'
    by_name = box("filter", box("in", literal(people)), box("match", literal("tuổi > 60")))
    assert [person["họ tên"] for person in value_of(by_name)] == ["A"]
    by_item = box("filter", box("in", literal("[1, 2, 3]")), box("match", literal("item > a")))
    assert value_of(by_item, a=1) == [D(2), D(3)]
    assert value_of(box("filter", box("in", literal("5")), box("match", literal("item = 5")))) == [D(5)]
    by_place = box("filter", box("in", literal("[7, 8, 9]")), box("match", literal("a")))
    assert [value_of(by_place, a=place) for place in (1, -1, 4, 0)] == [D(7), D(9), None, None]


def test_filters_read_component_names_with_blanks_from_types() -> None:
    types = item("tPeople", many=True, parts=component("họ - tên", "string") + component("tuổi", "number"))
    xml = definitions(
        types,
        input_data("Người dân", "tPeople"),
        decision(
            "r",
            box("filter", box("in", literal("Người dân")), box("match", literal('họ - tên = "A"'))),
            "tPeople",
            needs(inputs=["Người dân"]),
        ),
    )
    given = [{"họ - tên": "A", "tuổi": 1}, {"họ - tên": "B", "tuổi": 2}]
    assert ask(xml, "r", {"Người dân": given}) == [{"họ - tên": "A", "tuổi": D(1)}]


def test_invocations_by_name() -> None:
    area = knowledge("Diện tích", parameter("dài", "number") + parameter("rộng", "number"), literal("dài * rộng"))
    required = '<knowledgeRequirement><requiredKnowledge href="#k_Diện tích"/></knowledgeRequirement>'
    good = decision("r", invocation("Diện tích", rộng="2", dài="5"), "number", required)
    assert ask(definitions(area, good), "r") == D(10)
    for bindings in ({"dài": "5"}, {"dài": "5", "cao": "1"}, {"dài": "5", "rộng": "2", "cao": "1"}):
        xml = definitions(area, decision("r", invocation("Diện tích", **bindings), "", required))
        result = look(xml, "r")
        assert result.value is None
        assert [issue.code for issue in result.issues] == ["dmn.parameters"]


def test_the_type_at_the_name_of_a_called_function_says_nothing_about_the_function() -> None:
    double = knowledge("double", parameter("n"), literal("n * 2"))
    called = literal("double", "number") + f'<binding><parameter name="n"/>{literal("4")}</binding>'
    logic = decision("r", box("invocation", called), "number", needs(knowledge=["double"]))
    assert ask(definitions(double, logic), "r") == D(8)


def test_invocations_of_built_ins_and_of_function_values() -> None:
    assert value_of(invocation("abs", n="-3")) == D(3)
    assert value_of(invocation("starts with", string='"phường"', match='"ph"')) is True
    logic = box("context", entry("f", literal("function(x, y) x - y")), result_cell(invocation("f", y="1", x="9")))
    assert value_of(logic) == D(8)
    result = look(definitions(decision("r", invocation("1 + 1", x="1"))), "r")
    assert [issue.code for issue in result.issues] == ["dmn.not_a_function"]


def test_knowledge_models_call_each_other_and_themselves() -> None:
    first = knowledge("fib", parameter("n"), literal("if n < 2 then n else fib(n - 1) + fib(n - 2)"))
    second = knowledge("twice", parameter("n"), literal("2 * fib(n)"), required=needs(knowledge=["fib"]))
    logic = decision("r", literal("twice(10)"), "number", needs(knowledge=["twice"]))
    assert ask(definitions(first, second, logic), "r") == D(110)
    unseen = decision("s", literal("fib(10)"), "", needs(knowledge=["twice"]))
    assert look(definitions(first, second, unseen), "s").value is None


def test_functions_of_functions() -> None:
    apply = knowledge("apply", parameter("f") + parameter("x"), literal("f(f(x))"))
    add = knowledge("add two", parameter("n", "number"), literal("n + 2"))
    required = needs(knowledge=["apply", "add two"])
    xml = definitions(
        apply, add, decision("r", literal("[apply(add two, 1), apply(function(n) n * n, 3)]"), "", required)
    )
    assert ask(xml, "r") == [D(5), D(81)]


def test_the_result_of_a_knowledge_model_keeps_its_type() -> None:
    wrong = knowledge("f", parameter("x"), literal("x", "number"))
    typed = knowledge("g", parameter("x"), literal("x"), "tNumbers")
    types = item(
        "tNumbers", parts='<functionItem outputTypeRef="number"><parameters name="x" typeRef="Any"/></functionItem>'
    )
    logic = literal('[f("a"), f([1]), g("a"), g([2])]')
    xml = definitions(types, wrong, typed, decision("r", logic, "", needs(knowledge=["f", "g"])))
    assert look(xml, "r").value == [None, D(1), None, D(2)]


def test_endless_recursion_stops_with_a_reason() -> None:
    endless = knowledge("f", parameter("n"), literal("f(n + 1)"))
    result = look(definitions(endless, decision("r", literal("f(1)"), "", needs(knowledge=["f"]))), "r")
    assert result.value is None
    assert result.issues


def test_recursion_of_fifty_calls_works() -> None:
    total = knowledge("total", parameter("n"), literal("if n = 0 then 0 else n + total(n - 1)"))
    assert ask(definitions(total, decision("r", literal("total(50)"), "", needs(knowledge=["total"]))), "r") == D(1275)


@pytest.mark.slow
def test_loops_in_loops_stop_with_a_reason() -> None:
    inner = box("for", box("in", literal("1..600")), box("return", literal("1")), iteratorVariable="j")
    outer = box("for", box("in", literal("1..600")), box("return", inner), iteratorVariable="i")
    result = look(definitions(decision("r", outer)), "r")
    assert result.value is None
    assert [issue.code for issue in result.issues] == ["dmn.too_long"]


def test_expressions_in_other_languages_are_refused_by_name() -> None:
    text = '<literalExpression expressionLanguage="https://example.org/javascript"><text>1+1</text></literalExpression>'
    xml = definitions(decision("r", text))
    (problem,) = load_model(xml).problems
    assert problem.code == "dmn.language"
    assert "javascript" in problem.message_vi
    assert look(xml, "r").value is None


def test_the_language_of_a_model_is_that_of_its_expressions_unless_they_say_another() -> None:
    own = '<literalExpression expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/"><text>2</text></literalExpression>'
    xml = definitions(decision("r", literal("1")), decision("s", own))
    foreign = xml.replace(b"<definitions ", b'<definitions expressionLanguage="urn:other" ')
    assert [problem.code for problem in load_model(foreign).problems] == ["dmn.language"]
    assert look(foreign, "s").value == D(2)


def test_a_decision_without_logic_is_null() -> None:
    assert ask(definitions(decision("r", "")), "r") is None
    assert ask(definitions(decision("r", "<literalExpression><text></text></literalExpression>")), "r") is None


def test_names_of_all_kinds_can_be_read() -> None:
    for name in ("Thu nhập / tháng", "a+b", "phí & lệ phí", "🐎", "số 1.2", "x'y", "if-only", "ngày cấp"):
        logic = decision(
            "r",
            literal(f"{name} + 1"),
            "",
            '<informationRequirement><requiredInput href="#n"/></informationRequirement>',
        )
        data = (
            f'<inputData id="n" name={quoteattr(name)}><variable name={quoteattr(name)} typeRef="number"/></inputData>'
        )
        assert ask(definitions(data, logic), "r", {name: 4}) == D(5), name
