"""The runner of the conformance suite: how it reads cases and judges results."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from motcua.process.dmn import load_model
from motcua.process.dmn.tck import is_same, judge_case, read_tests
from motcua.process.feel import compile_expression
from motcua.process.tests.dmn_models import (
    decision,
    definitions,
    input_data,
    knowledge,
    literal,
    needs,
    parameter,
    service,
)

D = Decimal
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def cases(*inner: str) -> bytes:
    return (
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<modelName>m.dmn</modelName>{''.join(inner)}</testCases>"
    ).encode()


def case(inputs: str, results: str, attributes: str = "") -> str:
    return f'<testCase id="1" {attributes}>{inputs}{results}</testCase>'


def given(name: str, inner: str) -> str:
    return f'<inputNode name="{name}">{inner}</inputNode>'


def value(kind: str, text: str) -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def wanted(name: str, inner: str, attributes: str = "") -> str:
    return f'<resultNode name="{name}" {attributes}><expected>{inner}</expected></resultNode>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (value("decimal", "1.50"), "1.5"),
        (value("double", "1e3"), "1000"),
        (value("integer", " -7 "), "-7"),
        (value("boolean", "true"), "true"),
        (value("boolean", "0"), "false"),
        (value("string", " a "), '" a "'),
        (value("string", ""), '""'),
        ("<value>plain</value>", '"plain"'),
        (value("date", "2026-02-03"), '@"2026-02-03"'),
        (value("time", "10:11:12+07:00"), '@"10:11:12+07:00"'),
        (value("dateTime", "2026-02-03T10:11:12Z"), '@"2026-02-03T10:11:12Z"'),
        (value("duration", "P1DT2H"), '@"P1DT2H"'),
        (value("duration", "P1Y2M"), '@"P1Y2M"'),
        ('<value xsi:nil="true"/>', "null"),
        ('<list xsi:nil="true"/>', "null"),
        ("", "null"),
        ("<list/>", "[]"),
        (f"<list><item>{value('decimal', '1')}</item><item><list/></item></list>", "[1, []]"),
        (
            f'<component name="họ  tên">{value("string", "A")}</component><component name="b" xsi:nil="true"/>',
            '{họ tên: "A", b: null}',
        ),
    ],
)
def test_values_of_all_kinds_are_read(inner: str, expected: str) -> None:
    (read,) = read_tests(cases(case(given("x", inner), wanted("x", inner)))).cases
    known = compile_expression(expected).value({})
    assert read.inputs["x"] == known
    assert read.results[0].value == known


MODEL = load_model(
    definitions(
        input_data("a", "number"),
        decision("base", literal("a * 10"), "number", needs(inputs=["a"])),
        decision("top", literal("base + 1"), "number", needs(["base"])),
        knowledge("double", parameter("n", "number"), literal("n * 2")),
        service("one", ["top"], ["a"], encapsulated=["base"]),
        service("two", ["top", "base"], ["a"]),
    )
)


@pytest.mark.parametrize(
    ("attributes", "inputs", "results", "right"),
    [
        ("", given("a", value("decimal", "1")), wanted("top", value("decimal", "11")), [True]),
        ("", given("a", value("decimal", "1")), wanted("top", value("decimal", "11.000000001")), [True]),
        ("", given("a", value("decimal", "1")), wanted("top", value("decimal", "11.1")), [False]),
        ("", given("a", value("string", "1")), wanted("base", "", 'errorResult="true"'), [True]),
        ("", given("a", value("decimal", "1")), wanted("base", "", 'errorResult="true"'), [False]),
        ("", "", wanted("nothing", ""), [False]),
        (
            'type="decisionService" invocableName="one"',
            given("a", value("decimal", "2")),
            wanted("top", value("decimal", "21")),
            [True],
        ),
        (
            'type="decisionService" invocableName="two"',
            given("a", value("decimal", "2")),
            wanted("top", value("decimal", "21")) + wanted("base", value("decimal", "20")),
            [True, True],
        ),
        (
            'type="bkm" invocableName="double"',
            given("n", value("decimal", "2")),
            wanted("double", value("decimal", "4")),
            [True],
        ),
    ],
)
def test_cases_are_judged(attributes: str, inputs: str, results: str, right: list[bool]) -> None:
    (read,) = read_tests(cases(case(inputs, results, attributes))).cases
    assert [verdict.is_right for verdict in judge_case(MODEL, read, now=NOW)] == right


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (D(1), D("1.000000001"), True),
        (D("1e12"), D("1000000000001"), True),
        (D(1), "1", False),
        (None, False, False),
        ([D(1)], [D(1), D(2)], False),
        ({"a": D(1)}, {"a": D(1), "b": None}, False),
        ("a", "a", True),
        (True, D(1), False),
    ],
)
def test_results_are_compared_as_the_suite_does(left: Any, right: Any, same: bool) -> None:
    assert is_same(left, right) is same
