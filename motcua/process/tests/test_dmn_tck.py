"""The runner of the conformance suite: how it reads cases and judges results."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
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
SUITE = Path(__file__).resolve().parents[4] / "shared" / "real" / "dmn"


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


def run_command(path: Path, **options: Any) -> str:
    from motcua.designer.management.commands.dmn_tck import Command

    out = io.StringIO()
    Command(stdout=out).handle(path=str(path), csv=options.get("csv", ""), failures=options.get("failures", False))
    return out.getvalue()


def test_the_command_reads_a_suite_as_published(tmp_path: Path) -> None:
    folder = tmp_path / "TestCases" / "compliance-level-3" / "9001-own"
    folder.mkdir(parents=True)
    other = definitions(decision("q", literal("5")), namespace="urn:o")
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    main = definitions(
        f'<import name="o" namespace="urn:o" importType="{kind}"/>',
        decision("p", literal("o.q + 1"), "", needs(["urn:o#d_q"])),
        decision("broken", literal("1 +")),
    )
    (folder / "9001-own.dmn").write_bytes(main)
    (folder / "other.dmn").write_bytes(other)
    first = cases(case("", wanted("p", value("decimal", "6")))).replace(b"m.dmn", b"9001-own.dmn")
    second = cases(case("", wanted("broken", value("decimal", "1")))).replace(b"m.dmn", b"")
    (folder / "9001-own-test-01.xml").write_bytes(first)
    (folder / "9001-own-test-02.xml").write_bytes(second)
    (folder / "9001-own-test-03.xml").write_bytes(b"<broken")
    table = tmp_path / "out.csv"
    shown = run_command(tmp_path, csv=str(table), failures=True)
    assert "compliance-level-3: 1/3" in shown
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "level,test,case,result,status,reason"
    assert lines[1] == "compliance-level-3,9001-own/9001-own-test-01,1,p,SUCCESS,"
    assert [line.split(",")[4] for line in lines[1:]] == ["SUCCESS", "ERROR", "ERROR"]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SUITE.is_dir(), reason="the given real data do not lie beside the project")
def test_level_two_of_the_published_suite_passes() -> None:
    assert "compliance-level-2: 116/116 (100.00 %)" in run_command(SUITE)
