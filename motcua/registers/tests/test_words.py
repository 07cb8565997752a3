"""Each code of a shipped register has its words; what is said of a value is what people write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motcua.registers.rules.words import list_codes, say_code, say_value
from motcua.registers.types import RegisterInfo

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


def test_a_field_is_called_as_its_schema_says_in_the_readers_language_where_it_does() -> None:
    people = RegisterInfo(
        id=1, code="p", name="P", owner="", steward="", sensitivity="personal", legal_ground="", retention="",
        version=1, keys=(), relations=(), subject_key="", subject_keys=(), links=(), quality=(), upgrades=(),
        schema={"properties": {
            "full_name": {"title": "Họ và tên", "x-title-en": "Full name"},
            "homes": {"items": {"properties": {"ward": {"title": "Phường"}}}}, "odd": True,
        }},
    )  # fmt: skip
    assert people.get_title("full_name") == "Họ và tên" == people.get_title("full_name", language="vi")
    assert people.get_title("full_name", language="en") == "Full name"
    assert people.get_title("homes.ward", language="en") == "Phường"
    for unknown in ("odd", "none", "full_name.x", "homes.x.y", "", "."):
        assert people.get_title(unknown) == unknown
