"""A day is the city's: the date of a moment as it is stored is the day of Greenwich until seven in the morning."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCAL = {"motcua/process/feel/builtins_temporal.py"}  # its moment is handed in by the city's clock


def list_stored_days(source: str) -> list[int]:
    """Return the lines that take `.date()` of what is called a moment: `…_at`, `now`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and ast.unparse(node.func.value).rpartition(".")[2].endswith(("_at", "now", "now()"))
    ]


def test_no_day_is_taken_from_a_stored_moment() -> None:
    found = {}
    for path in sorted((ROOT / "motcua").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "tests" not in path.parts and name not in LOCAL and ".date()" in (source := path.read_text("utf-8")):
            found[name] = list_stored_days(source)
    assert not {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize("source", ["x = row.opened_at.date()", "f(now.date())", "y = clock.now().date()"])
def test_the_search_sees_it(source: str) -> None:
    assert list_stored_days(source) == [1]
