"""The table of elements in the documentation: each row names a test, and the test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from motcua.process.bpmn.activities import ACTIVITIES

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "reference" / "bpmn.md"
_ROW = re.compile(r"^\| (?P<what>.+?) \| (?P<treated>chạy|giữ|từ chối) \| (?P<file>\w+\.py)::(?P<test>\w+) \|$")


def test_every_row_names_a_test_that_exists() -> None:
    rows = [match for line in PAGE.read_text().splitlines() if (match := _ROW.match(line))]
    assert len(rows) >= 45
    named: dict[str, set[str]] = {}
    for row in rows:
        named.setdefault(row["file"], set()).add(row["test"])
    for file, tests in named.items():
        tree = ast.parse((HERE / file).read_text())
        assert tests <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, file


def test_every_element_that_is_read_stands_in_the_table() -> None:
    text = PAGE.read_text()
    assert all(name in text for name in ACTIVITIES)
