"""What the browser computes too: the vectors of `vectors/feel_portable.json` bind both evaluators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motcua.process.feel import compile_expression, literal
from motcua.process.feel.portable import to_portable

_FILE = json.loads((Path(__file__).parent / "vectors" / "feel_portable.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", _FILE["vectors"], ids=lambda vector: vector["expression"])
def test_the_server_and_the_operations_agree_with_the_vector(vector: dict[str, Any]) -> None:
    expression = compile_expression(vector["expression"])
    value = expression.evaluate(_FILE["variables"])
    assert value == vector["value"]
    assert type(value) is type(vector["value"])
    assert to_portable(expression) == vector["portable"]


@pytest.mark.parametrize("text", _FILE["not_portable"])
def test_the_rest_stays_with_the_server(text: str) -> None:
    assert to_portable(compile_expression(text)) is None


def test_a_fixed_text_is_no_expression() -> None:
    assert to_portable(literal("x")) is None
