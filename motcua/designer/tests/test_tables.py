"""The exact check of decision tables against asking every combination one by one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, product
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.designer.rules.tables.boxes import find_uncovered
from motcua.designer.rules.tables.check import check_table, lay_grid
from motcua.designer.tests.samples import table
from motcua.designer.types import Finding
from motcua.process.dmn import TableInfo, parse_decisions
from motcua.process.feel import compile_unary_tests

NUMBERS = ["-", "1", "2", "not(2)", "&lt; 2", "&gt;= 2", "[1..3]", "]1..3[", "(2..3]", "1, 3", "&gt; 3"]
WORDS = ["-", '"a"', '"b"', '"a","b"', 'not("a")', 'not("a","b")']
TRUTHS = ["-", "true", "false", "not(true)"]
COLUMNS = (("n", "number", ""), ("w", "string", ""), ("b", "boolean", ""))
POINTS = {"n": ["0", "1", "1.5", "2", "2.5", "3", "4"], "w": ['"a"', '"b"', '"z"'], "b": ["true", "false"]}
ROWS = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(WORDS), st.sampled_from(TRUTHS), st.just("1")),
    min_size=1,
    max_size=6,
)


def read(rows: Sequence[tuple[str, ...]], **options: object) -> TableInfo:
    model = parse_decisions(table(tuple(rows), columns=COLUMNS, inputs=("n", "w", "b"), **options))  # type: ignore[arg-type]  # options of one table
    return model.tables[0]


def findings(rows: Sequence[tuple[str, ...]], **options: object) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_table(read(rows, **options), "decisions/x.dmn")}


def matching(info: TableInfo, point: tuple[str, ...]) -> list[int]:
    """Ask every cell of every row by evaluation."""
    scope = {name: value for name, value in zip("nwb", point, strict=True)}
    values = [Decimal(scope["n"]), scope["w"].strip('"'), scope["b"] == "true"]
    return [
        number
        for number, rule in enumerate(info.rules)
        if all(
            compile_unary_tests(cell.text).matches(value, {}) for cell, value in zip(rule.cells, values, strict=True)
        )
    ]


@settings(max_examples=120, deadline=None)
@given(ROWS)
@pytest.mark.slow
def test_missing_cases_and_overlaps_are_those_of_asking_every_combination(rows: Sequence[tuple[str, ...]]) -> None:
    info = read(rows)
    asked = [matching(info, point) for point in product(*POINTS.values())]
    grid = lay_grid(info)
    assert (find_uncovered(grid.domain, grid.boxes) is not None) == any(not found for found in asked)
    codes = [finding.element_id for finding in check_table(info, "decisions/x.dmn") if finding.code == "rules_overlap"]
    pairs = {pair for found in asked for pair in combinations(found, 2)}
    assert sorted(codes) == sorted(info.rules[second].id for _, second in pairs)


def test_a_missing_case_is_said_in_words() -> None:
    found = findings([("&lt;= 2", "-", "-", "1"), ("&gt; 2", '"a"', "-", "2")])["table_incomplete"]
    assert "n trên 2" in found.message_vi
    assert "w khác “a”" in found.message_vi
    assert found.element_id == "t"


def test_two_rows_that_meet_are_said_with_an_example() -> None:
    found = findings([("[1..3]", "-", "-", "1"), ("[3..5]", "-", "-", "2"), ("-", "-", "-", "9")][:2], default="0")
    assert found["rules_overlap"].element_id == "r1"
    assert "Dòng 1 và dòng 2" in found["rules_overlap"].message_vi
    assert "n là 3" in found["rules_overlap"].message_vi


@pytest.mark.parametrize(
    ("policy", "second", "codes"),
    [
        ("ANY", "1", set()),
        ("ANY", "2", {"rules_overlap"}),
        ("UNIQUE", "1", {"rules_overlap"}),
        ("FIRST", "2", {"rule_never_used"}),
        ("COLLECT", "2", set()),
        ("RULE ORDER", "2", set()),
    ],
)
def test_what_an_overlap_means_hangs_on_the_hit_policy(policy: str, second: str, codes: set[str]) -> None:
    assert set(findings([("-", "-", "-", "1"), ("1", "-", "-", second)], policy=policy)) == codes


def test_a_default_output_answers_what_no_row_does() -> None:
    assert findings([("1", "-", "-", "1")], default="0") == {}


def test_values_allowed_bound_what_must_be_answered() -> None:
    def codes(allowed: str) -> set[str]:
        columns = (("channel", "string", allowed),)
        model = parse_decisions(table((('"online"', "1"), ('"post"', "2")), columns=columns))
        return {finding.code for finding in check_table(model.tables[0], "decisions/x.dmn")}

    assert codes('"online","post"') == set()
    assert codes('"online","post","in_person"') == {"table_incomplete"}
    assert codes("") == {"table_incomplete"}


def test_between_two_neighbouring_whole_numbers_is_only_a_warning() -> None:
    assert findings([("&lt;= 5", "-", "-", "1"), ("&gt;= 6", "-", "-", "2")])["table_incomplete"].severity == "warning"
    assert findings([("&lt;= 5", "-", "-", "1"), ("&gt;= 7", "-", "-", "2")])["table_incomplete"].severity == "error"


def test_days_follow_one_another_without_a_gap() -> None:
    columns = (("filed_on", "date", ""),)
    rows = (('&lt;= date("2025-06-30")', "1"), ('&gt;= date("2025-07-01")', "2"))
    model = parse_decisions(table(rows, columns=columns))
    assert list(check_table(model.tables[0], "decisions/x.dmn")) == []
    model = parse_decisions(table(((rows[0]), ('&gt; date("2025-07-01")', "2")), columns=columns))
    assert "01/07/2025" in next(check_table(model.tables[0], "decisions/x.dmn")).message_vi


def test_a_cell_that_only_evaluation_can_tell_is_said_not_guessed() -> None:
    found = findings([("&gt; w", "-", "-", "1"), ("1", "-", "-", "2")])
    assert set(found) == {"table_maybe_incomplete"}
    assert found["table_maybe_incomplete"].severity == "warning"


@pytest.mark.slow
def test_forty_rows_of_six_columns_take_no_second() -> None:
    columns = tuple((f"c{n}", "boolean", "") for n in range(6))
    rows = tuple((*("true" if bit else "false" for bit in bits), "1") for bits in product((0, 1), repeat=6))
    model = parse_decisions(table(rows[:40], columns=columns, inputs=tuple(name for name, *_ in columns)))
    started = perf_counter()
    assert [finding.code for finding in check_table(model.tables[0], "decisions/x.dmn")] == ["table_incomplete"]
    assert perf_counter() - started < 1
