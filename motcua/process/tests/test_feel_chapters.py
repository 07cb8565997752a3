"""FEEL by the chapters of the standard: tables of expressions and the values that they must have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motcua.process.feel import compile_expression
from motcua.process.feel.values import format_value

_FILE = json.loads((Path(__file__).parent / "vectors" / "feel_chapters.json").read_text("utf-8"))
_CASES = [
    pytest.param(expression, wanted, id=f"{chapter.split(':')[0]}: {expression}")
    for chapter, rows in _FILE["chapters"].items()
    for expression, wanted in rows
]


@pytest.mark.parametrize(("expression", "wanted"), _CASES)
def test_means_what_the_standard_says(expression: str, wanted: str) -> None:
    found = compile_expression(expression, names=_FILE["names"]).value(_FILE["variables"])
    # Written out as literals, values of different kinds never look alike.
    assert format_value(found) == format_value(compile_expression(wanted).value({}))


def test_the_tables_speak_of_every_function() -> None:
    from motcua.process.feel.registry import BUILTINS

    spoken = " ".join(expression for rows in _FILE["chapters"].values() for expression, _ in rows)
    assert [name for name in BUILTINS if f"{name}(" not in spoken and name != "is defined"] == []
