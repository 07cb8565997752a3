"""The expression language: what it computes, what it refuses, and that nothing typed can break it."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.process.feel import FeelError, compile_expression, evaluate_condition
from motcua.process.feel.lexer import MAX_CHARACTERS

VARIABLES: dict[str, Any] = {
    "outcome": "accept",
    "n": 3,
    "f": 0.1,
    "yes": True,
    "form": {"house": {"kind": "villa"}, "floors": 4},
    "papers": ["a", "b"],
    "tên": "Lan",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('=outcome = "accept"', True),
        ('outcome != "accept"', False),
        ("n + 1 = 4", True),
        ("f + 0.2 = 0.3", True),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 - 2 - 3", 5),
        ("-n * 2", -6),
        ("7 / 2", 3.5),
        ("1 / 0", None),
        ('form.house.kind in ("villa", "flat")', True),
        ('form.house.kind in ["flat"]', False),
        ("n in [1..3]", True),
        ("n in (3..5]", False),
        ("n in [1..3)", False),
        ("form.floors between 2 and 7 and yes", True),
        ('"b" in papers', True),
        ('papers in ("a")', None),
        ('papers[1] in ("a")', True),
        ('list contains(papers, "c")', False),
        ("count(papers)", 2),
        ("not(yes)", False),
        ("not(n > 2 or yes)", False),
        ('if n > 2 then "nhiều" else "ít"', "nhiều"),
        ("if missing then 1 else 2", 2),
        ('"a" + "b" = "ab"', True),
        ('string length("đó")', 2),
        ('starts with(outcome, "acc") and ends with(outcome, "ept") and contains(outcome, "ce")', True),
        ("is defined(missing)", False),
        ("is defined(n)", True),
        ("sum(1, 2, 3) = max([6, 2]) and min(1, 2) = 1", True),
        ('tên = "Lan"', True),
        ('"\\q" = "\\\\q"', True),
        ("null", None),
    ],
)
def test_evaluates(expression: str, value: Any) -> None:
    assert compile_expression(expression).evaluate(VARIABLES) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("missing = null", True),
        ("missing != null", False),
        ("n = null", False),
        ("missing > 1", None),
        ("missing > 1 or true", True),
        ("missing > 1 or false", None),
        ("missing > 1 and false", False),
        ("missing > 1 and true", None),
        ("not(missing > 1)", None),
        ('n = "3"', None),
        ('n > "3"', None),
        ("yes = 1", None),
        ("outcome + 1", None),
        ("outcome.inner.deep", None),
        ("form = 1", None),
        ("3 and true", None),
    ],
)
def test_unknown_is_neither_true_nor_false(expression: str, value: Any) -> None:
    result = compile_expression(expression).evaluate(VARIABLES)
    assert result == value if isinstance(value, bool) else result is None
    assert evaluate_condition(expression, VARIABLES) is (value is True)


@pytest.mark.parametrize(
    "expression",
    [
        "", "=", " ", "1 +", "(1", "[1, 2", "1 2", "a..b", "a.", "if a then b", "n in [1..2", "between", "a between 1",
        "__import__('os')", "${outcome == 'x'}", "#{x}", 'a = "open', "x -> y", "1 = = 2", "in [1]", "then", "@",
        "\x00", "1 .. 2", "a; b", "{a: }", "{: 1}", "a[", "f(1", "f(a: 1, 2)", "for x return x", "some x in y",
        "function(a b", "x instance of", "@x", '"\\uD83D"', "5(1)", "/* open", "[1..2", "(1,2)", "a ? b",
    ],
)  # fmt: skip
def test_refuses_what_it_cannot_read(expression: str) -> None:
    with pytest.raises(FeelError) as caught:
        compile_expression(expression)
    assert caught.value.reason_vi.endswith((".", "”."))


@pytest.mark.slow
def test_refuses_what_is_too_big() -> None:
    for huge in ("1" + " + 1" * 5_000, "(" * 300 + "1" + ")" * 300, "a" * (MAX_CHARACTERS + 1), "-" * 300 + "1",
                 "not(" * 300, "[" * 300, "{a:" * 300, "if " * 300, "function(a)" * 300, "x[" * 9_000):  # fmt: skip
        with pytest.raises(FeelError):
            compile_expression(huge)


def test_knows_the_variables_it_reads() -> None:
    read = compile_expression('form.house.kind = "x" and (n > 1 or count(papers) = 0)').paths
    assert read == {("form", "house", "kind"), ("n",), ("papers",)}


@pytest.mark.slow
@given(st.decimals(-(10**6), 10**6, places=3), st.decimals(-(10**6), 10**6, places=3))
def test_computes_as_decimals_do(a: Decimal, b: Decimal) -> None:
    variables = {"a": a, "b": b}
    assert evaluate_condition("a + b = b + a and (a + b) - b = a", variables)
    assert evaluate_condition("a < b", variables) == (a < b)
    assert evaluate_condition("a * b = c", {**variables, "c": a * b})


@pytest.mark.slow
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FeelError):
        compile_expression(text).evaluate(VARIABLES)


_PARTS = st.lists(
    st.sampled_from(
        ["a", "1", '"x"', "and", "or", "not", "(", ")", "[", "]", ",", "..", ".", "in", "if", "then", "else", "+", "-",
         "*", "/", "=", "!=", "<", "between", "true", "null", "count"]
    ),
    max_size=60,
)  # fmt: skip


@pytest.mark.slow
@given(_PARTS, st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=5))
def test_any_sequence_of_words_is_read_or_refused(parts: list[str], value: Any) -> None:
    with contextlib.suppress(FeelError):
        compile_expression(" ".join(parts)).evaluate({"a": value})


@given(st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_de_morgan_holds_with_unknowns(a: bool | None, b: bool | None) -> None:
    variables = {"a": a, "b": b}
    left = compile_expression("not(a and b)").evaluate(variables)
    right = compile_expression("not(a) or not(b)").evaluate(variables)
    assert left == right
