"""Decision tables: each hit policy, defaults, allowed values, and the index against a plain scan of the rows."""

from __future__ import annotations

import string
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.process.dmn import load_model, parse_decisions
from motcua.process.dmn.cells import parse_cell
from motcua.process.dmn.columns import Column
from motcua.process.feel import compile_unary_tests
from motcua.process.tests.dmn_models import ask, decision, definitions, input_data, needs, one_table, table

D = Decimal
BANDS = [(["< 10"], ['"low"']), (["[10..20]"], ['"middle"']), (["> 15"], ['"high"'])]
PRIORITIES = {"name": "x", "values": '"high","middle","low"'}


@pytest.mark.parametrize(
    ("policy", "aggregation", "given", "expected"),
    [
        ("UNIQUE", "", 5, "low"),
        ("UNIQUE", "", 18, None),
        ("FIRST", "", 18, "middle"),
        ("ANY", "", 18, None),
        ("ANY", "", 12, "middle"),
        ("PRIORITY", "", 18, "high"),
        ("OUTPUT ORDER", "", 18, ["high", "middle"]),
        ("RULE ORDER", "", 18, ["middle", "high"]),
        ("COLLECT", "", 18, ["middle", "high"]),
        ("COLLECT", "COUNT", 18, D(2)),
        ("COLLECT", "MIN", 18, "high"),
        ("COLLECT", "MAX", 18, "middle"),
    ],
)
def test_hit_policies(policy: str, aggregation: str, given: int, expected: Any) -> None:
    model = one_table(["a"], [PRIORITIES], BANDS, policy=policy, aggregation=aggregation)
    assert model.evaluate("r", {"a": given}).value == expected


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("ANY", "", None),
        ("PRIORITY", "", None),
        ("OUTPUT ORDER", "", []),
        ("RULE ORDER", "", []),
        ("COLLECT", "", []),
        ("COLLECT", "COUNT", D(0)),
        ("COLLECT", "SUM", None),
        ("COLLECT", "MIN", None),
    ],
)
def test_nothing_matches(policy: str, aggregation: str, expected: Any) -> None:
    rules = [(["1"], ["10"]), (["2"], ["20"])]
    model = one_table(["a"], [{"values": "10, 20"}], rules, policy=policy, aggregation=aggregation)
    assert model.evaluate("r", {"a": 9}).value == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", D(35)), ("MIN", D(5)), ("MAX", D(20)), ("COUNT", D(3))])
def test_aggregations(aggregation: str, expected: Decimal) -> None:
    rules = [(["> 0"], ["10"]), (["> 1"], ["20"]), (["> 2"], ["a / 2"]), (["> 90"], ["1000"])]
    model = one_table(["a"], [{}], rules, policy="COLLECT", aggregation=aggregation)
    assert model.evaluate("r", {"a": 10}).value == expected


def test_a_violated_unique_table_says_which_rules() -> None:
    result = one_table(["a"], [{}], BANDS).evaluate("r", {"a": 18})
    assert result.value is None
    assert [(issue.element_id, issue.code) for issue in result.issues] == [("t", "dmn.not_unique")]
    assert "2, 3" in result.issues[0].message_vi


def test_several_outputs_and_their_order() -> None:
    outputs = [{"name": "Fee level", "values": '"big","small"'}, {"name": "days", "values": "3, 5"}]
    rules = [(["> 0"], ['"small"', "3"]), (["> 5"], ['"big"', "5"]), (["> 7"], ['"big"', "3"])]
    model = one_table(["a"], outputs, rules, policy="OUTPUT ORDER")
    shown = [(item["Fee level"], item["days"]) for item in model.evaluate("r", {"a": 9}).value]
    assert shown == [("big", D(3)), ("big", D(5)), ("small", D(3))]


def test_default_outputs_stand_in_when_nothing_matches() -> None:
    outputs = [{"name": "x", "default": '"none"'}, {"name": "y"}]
    model = one_table(["a"], outputs, [(["1"], ['"one"', "1"])])
    assert model.evaluate("r", {"a": 2}).value == {"x": "none", "y": None}
    assert one_table(["a"], [{"default": "a + 1"}], [(["1"], ["0"])]).evaluate("r", {"a": 2}).value == D(3)


def test_values_outside_of_what_is_allowed_give_null() -> None:
    model = one_table([("a", "", '"x","y"')], [{"values": "1, 2"}], [(["-"], ['if a = "x" then 1 else 7'])])
    assert model.evaluate("r", {"a": "x"}).value == D(1)
    assert [issue.code for issue in model.evaluate("r", {"a": "y"}).issues] == ["dmn.not_allowed"]
    refused = model.evaluate("r", {"a": "z"})
    assert refused.value is None
    assert [issue.code for issue in refused.issues] == ["dmn.not_allowed"]


@pytest.mark.parametrize(
    ("cell", "given", "matches"),
    [
        ("-", None, True),
        ("", 3, True),
        ("null", None, True),
        ("null", 0, False),
        ("not(null)", 1, True),
        ("? > b", 4, True),
        ("> b", 3, False),
        ("b, b + 1", 4, True),
        ("odd(?)", 5, True),
        ("[1..b)", 3, False),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ('"a"', "a", True),
        ("? in [1, 2, 3]", 2, True),
        ("[1, 2, 3]", 2, True),
        ("true", True, True),
        ("1", True, False),
        ("false", None, False),
        ("< 5", None, False),
        ("count(?) > 1", [1, 2], True),
        ('date("2026-01-01")', "2026-01-01", False),
        ('>= date("2026-01-01")', "@2026-02-01", True),
        ("list contains(?, 2)", [1, 2], True),
    ],
)
def test_cells(cell: str, given: Any, matches: bool) -> None:
    import datetime

    value = datetime.date.fromisoformat(given[1:]) if isinstance(given, str) and given.startswith("@") else given
    model = one_table(["a"], [{"default": "false"}], [([cell], ["true"])], names=("a", "b"))
    assert model.evaluate("r", {"a": value, "b": 3}).value is matches


def test_tables_without_inputs_and_without_rules() -> None:
    assert one_table([], [{}], [([], ["7"])]).evaluate("r", {"a": 1}).value == D(7)
    assert one_table(["a"], [{"default": "1"}], []).evaluate("r", {"a": 1}).value == D(1)


def test_output_names_with_blanks_are_read_by_other_decisions() -> None:
    outputs = [{"name": "Phí phải nộp"}, {"name": "Số ngày - tối đa"}]
    first = decision("Biểu phí", table(["a"], outputs, [(["-"], ["10", "3"])]), "tPhí", needs(inputs=["a"]))
    types = (
        '<itemDefinition name="tPhí"><itemComponent name="Phí phải nộp"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="Số ngày - tối đa"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    )
    second = (
        '<decision id="s" name="s"><variable name="s"/><informationRequirement><requiredDecision href="#d_Biểu phí"/>'
        "</informationRequirement><literalExpression><text>Biểu phí.Phí phải nộp * Biểu phí.Số ngày - tối đa</text>"
        "</literalExpression></decision>"
    )
    assert ask(definitions(types, input_data("a"), first, second), "s", {"a": 1}) == D(30)


def test_a_broken_cell_is_refused_with_its_rule_and_never_matches() -> None:
    rules = [(["1"], ['"one"']), (["))"], ['"broken"']), (["-"], ['"rest"'])]
    xml = definitions(
        input_data("a"), decision("r", table(["a"], [{}], rules, policy="FIRST"), "", needs(inputs=["a"]))
    )
    model = load_model(xml)
    assert [(problem.element_id, problem.code) for problem in model.problems] == [("r2", "feel.syntax")]
    assert model.evaluate("r", {"a": 5}).value == "rest"


def test_tables_are_shown_with_parsed_cells() -> None:
    rules = [(["[1..5), > 9"], ["1"]), (["not(7)"], ["2"]), (["-"], ["3"]), (["? > 1"], ["4"])]
    (shown,) = one_table(["a"], [{}], rules, policy="FIRST").tables
    assert (shown.id, shown.owner_id, shown.name, shown.hit_policy) == ("t", "d_r", "r", "FIRST")
    cells = [rule.cells[0] for rule in shown.rules]
    assert [cell.kind for cell in cells] == ["intervals", "constants", "any", "opaque"]
    assert (cells[0].intervals[0].low, cells[0].intervals[0].high_closed) == (D(1), False)
    assert (cells[0].intervals[1].low, cells[0].intervals[1].high) == (D(9), None)
    assert cells[1].is_negated
    assert cells[1].constants == (D(7),)


numbers = st.decimals(-20, 20, places=1)
words = st.text(string.ascii_lowercase[:3], max_size=2)


@st.composite
def cells(draw: st.DrawFn) -> str:
    kind = draw(
        st.sampled_from(["any", "number", "text", "logic", "null", "less", "more", "range", "words", "not", "ask"])
    )
    low, high, word = draw(numbers), draw(numbers), draw(words)
    return {
        "any": "-",
        "number": f"{low}, {high}",
        "text": f'"{word}"',
        "logic": draw(st.sampled_from(["true", "false"])),
        "null": "null",
        "less": draw(st.sampled_from(["<", "<="])) + f" {low}",
        "more": draw(st.sampled_from([">", ">="])) + f' "{word}"',
        "range": f"{draw(st.sampled_from('[('))}{low}..{high}{draw(st.sampled_from('])'))}",
        "words": f'["a".."{word}"]',
        "not": f'not({low}, "{word}", [{low}..{high}])',
        "ask": f"? = {low}",
    }[kind]


values = st.one_of(
    numbers, words, st.booleans(), st.none(), st.lists(numbers, max_size=2), st.dates().map(lambda day: day)
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(cells(), min_size=1, max_size=12), st.lists(values, min_size=1, max_size=8))
def test_the_index_of_a_column_equals_a_scan_of_its_cells(texts: list[str], asked: list[Any]) -> None:
    from motcua.process.feel.values import to_value

    parsed = [parse_cell(text) for text in texts]
    tests = [compile_unary_tests(text) for text in texts]
    column = Column(parsed, tests)
    near = [end + step for cell in parsed for item in cell.intervals for end in (item.low, item.high)
            if isinstance(end, Decimal) for step in (D(0), D("0.001"), D("-0.001"))]  # fmt: skip
    for value in [to_value(item) for item in asked] + near:
        mask = column.find(value)
        for bit, test in column.opaque:
            if test.matches(value, {}) is not True:
                mask &= ~bit
        scanned = sum(1 << row for row, test in enumerate(tests) if test.matches(value, {}) is True)
        assert mask == scanned, (value, texts)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cells(), cells(), st.integers(0, 3)), min_size=1, max_size=8), values, values)
def test_a_unique_table_answers_exactly_when_one_row_matches(
    drawn: list[tuple[str, str, int]], first: Any, second: Any
) -> None:
    rules = [((left, right), (str(answer),)) for left, right, answer in drawn]
    found = [answer for left, right, answer in drawn if one_cell(left, first) and one_cell(right, second)]
    model = one_table(["a", "b"], [{}], rules, names=("a", "b"))
    result = model.evaluate("r", {"a": first, "b": second})
    assert result.value == (D(found[0]) if len(found) == 1 else None)
    assert bool(result.issues) == (len(found) > 1)


def one_cell(text: str, value: Any) -> bool:
    from motcua.process.feel.values import to_value

    return compile_unary_tests(text).matches(to_value(value), {}) is True


def test_a_table_with_a_missing_cell_is_refused() -> None:
    broken = table(["a"], [{}], [([], ["1"])])
    model = load_model(definitions(input_data("a"), decision("r", broken, "", needs(inputs=["a"]))))
    assert [problem.code for problem in model.problems] == ["dmn.cells"]
    assert model.evaluate("r", {"a": 1}).value is None


@pytest.mark.parametrize(("policy", "aggregation"), [("MAYBE", ""), ("COLLECT", "AVERAGE")])
def test_unknown_policies_are_refused_by_name(policy: str, aggregation: str) -> None:
    broken = table(["a"], [{}], [(["1"], ["1"])], policy, aggregation)
    model = load_model(definitions(input_data("a"), decision("r", broken, "", needs(inputs=["a"]))))
    assert [problem.code for problem in model.problems] == ["dmn.hit_policy"]


def test_a_table_of_several_columns_is_not_folded() -> None:
    broken = table(["a"], [{"name": "x"}, {"name": "y"}], [(["1"], ["1", "2"])], "COLLECT", "SUM")
    model = load_model(definitions(input_data("a"), decision("r", broken, "", needs(inputs=["a"]))))
    assert [problem.code for problem in model.problems] == ["dmn.aggregation"]


@pytest.mark.slow
def test_a_table_of_two_thousand_rules_is_ready_within_seconds() -> None:
    rules = [((f"[{n}..{n + 500}]",), (str(n),)) for n in range(2000)]
    model = one_table(["a"], [{}], rules, policy="COLLECT", aggregation="COUNT")
    started = time.process_time()
    assert model.evaluate("r", {"a": 1000}).value == D(501)
    assert time.process_time() - started < 5


def test_the_orientation_of_a_table_changes_nothing() -> None:
    drawn = table(["a"], [{}], [(["1"], ['"one"'])]).replace(
        "<decisionTable ", '<decisionTable preferredOrientation="CrossTable" '
    )
    xml = definitions(input_data("a"), decision("r", drawn, "", needs(inputs=["a"])))
    assert parse_decisions(xml).evaluate("r", {"a": 1}).value == "one"
