"""Whoever silences a checker says why, on the same line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SILENCED = re.compile(r"#\s*type:\s*ignore")
WITH_REASON = re.compile(r"# type: ignore\[[a-z-]+(, [a-z-]+)*\]  # \S+")


@pytest.mark.slow
def test_every_silenced_type_error_has_its_code_and_reason() -> None:
    own = Path(__file__)
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("motcua", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != own
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if SILENCED.search(line) and not WITH_REASON.search(line)
    ]
    assert not wrong, "no reason:\n" + "\n".join(wrong)
