"""What is written to run for ever, or to fill the memory, stops in time and says so."""

from __future__ import annotations

import time
from typing import Any

import pytest

from motcua.process.feel import FeelIssue, compile_expression, compile_unary_tests
from motcua.process.feel.operators import MAX_TEXT
from motcua.process.feel.values import FeelFunction, to_plain

_DOUBLED = "for i in 0..60 return if i = 0 then [1, 2] else [partial[-1], partial[-1]]"
VARIABLES: dict[str, Any] = {"s": "a" * 3_000, "l": list(range(20_000))}


def codes(text: str) -> tuple[Any, set[str]]:
    issues: list[FeelIssue] = []
    started = time.monotonic()
    found = compile_expression(text).evaluate(VARIABLES, issues=issues)
    assert time.monotonic() - started < 60  # a guard against running for ever, not a measure
    return found, {issue.code for issue in issues}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..1000000, b in 1..1000000 return a * b",
        'for d in @"-999999999-01-01"..@"999999999-12-31" return d',
        "for i in 1..100000 return for j in partial return partial",
        f"string({_DOUBLED})", f"({_DOUBLED}) = ({_DOUBLED})",
        "for i in 0..60 return if i = 0 then [1, 2] else concatenate(partial[-1], partial[-1])",
        "for i in l return index of(l, i)",
        "for i in l return -1 in l",
        r'matches(s, "^(a+)\1+\1+b$")',
    ],
)  # fmt: skip
def test_stops_what_takes_too_long(text: str) -> None:
    assert codes(text) == (None, {"feel.too_long"})


@pytest.mark.parametrize(
    "text",
    [
        "{f: function(n) f(n), g: f(1)}.g",
        "{f: function(n) [f(n + 1), f(n + 1)], g: f(1)}.g",
    ],
)
def test_stops_a_function_that_never_ends(text: str) -> None:
    assert codes(text) == (None, {"feel.too_deep"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('matches(s, "^(a+)+$")', True),
        ('matches(s, "^(a|aa)+b$")', False),
        ('matches(s, "(.*)(.*)(.*)(.*)(.*)x")', False),
        ('matches(s, "(((((a?){30}){30}){30}){30})")', None),
        ('matches(s, "a{100000}")', None),
        ("9 ** 9 ** 9 ** 9 ** 9", None),
        ("exp(1e6)", None),
        ("substring(s, -1e6000, 2)", None),
        ("modulo(1e6144, 3)", 1),
        ('duration("P1D") * 1e6000', None),
        ("number(s)", None),
    ],
)
def test_answers_in_time(text: str, found: Any) -> None:
    assert codes(text)[0] == found


def test_a_text_does_not_grow_without_end() -> None:
    found, said = codes(
        'count((for i in 0..60 return if i = 0 then "0123456789" else partial[-1] + partial[-1])[item != null])'
    )
    assert 10 * 2 ** (found - 1) <= MAX_TEXT
    assert said == {"feel.no_result"}


@pytest.mark.slow
def test_a_value_that_is_endless_when_walked_has_no_plain_form() -> None:
    item: list[Any] = []
    for _ in range(60):
        item = [item, item]
    assert to_plain(item) is None


@pytest.mark.slow
def test_functions_of_a_model_share_the_budget_and_the_end_of_who_calls_them() -> None:
    counted = 0

    def call(_run: object, _arguments: list[Any]) -> Any:
        nonlocal counted
        counted += 1
        return compile_expression("count(for i in 1..100000 return i)").value({})

    issues: list[FeelIssue] = []
    variables = {"model": FeelFunction(("x",), call)}
    assert compile_expression("for i in 1..1000 return model(i)").value(variables, issues=issues) is None
    assert [issue.code for issue in issues] == ["feel.too_long"]
    assert counted < 10


@pytest.mark.slow
def test_unary_tests_stop_as_well() -> None:
    issues: list[FeelIssue] = []
    tests = compile_unary_tests("some x in 1..1e30 satisfies x = ?")
    assert tests.matches("a", {}, issues=issues) is None
    assert issues[-1].code == "feel.too_long"
