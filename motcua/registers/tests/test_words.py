"""Each code of a shipped register has its words; what is said of a value is what people write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motcua.registers.rules.words import list_codes, say_code, say_value

SCHEMAS = sorted((Path(__file__).resolve().parents[1] / "data").glob("*/schema.json"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_no_code_is_shown_as_it_is_stored(path: Path) -> None:
    for field, shape in json.loads(path.read_text("utf-8"))["properties"].items():
        for code, words in list_codes(field, shape):
            assert words != code and words == say_code(field, code), (field, code)


@pytest.mark.parametrize(("value", "shape", "said"), [
    (None, {}, ""), (True, {}, "Có"), ("1990-05-17", {"format": "date"}, "17/05/1990"), ("x", {"format": "date"}, "x"),
    ("male", {"enum": ["male"]}, "Nam"), ("male", {}, "male"), (["a", "b"], {}, "a; b"), ({"sex": "female"},
    {"properties": {"sex": {"enum": ["female"]}}}, "Nữ"),
])  # fmt: skip
def test_a_value_is_said_in_words(value: Any, shape: dict[str, Any], said: str) -> None:
    assert say_value("sex", value, shape) == said
