"""The rule vectors on the server; `motcua/ui/tests/test_form_vectors.py` runs the same file in a browser."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from motcua.process.public import (
    Field,
    check_form,
    clean_page,
    parse_form,
    place_fields,
    read_answer_at,
    show_value,
    visible_data,
)

READ = json.loads((Path(__file__).parent / "vectors" / "form_rules.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(READ["today"])


def flatten(fields: tuple[Field, ...]) -> list[Field]:
    return [part for item in fields for part in (item, *(inner for row in item.rows for inner in flatten(row)))]


@pytest.mark.parametrize("vector", READ["vectors"], ids=lambda vector: vector["name"])
def test_the_server_follows_the_vector(vector: dict[str, Any]) -> None:
    form, expected = parse_form(vector["form"]), vector["expect"]
    result = clean_page(form, "p", vector["post"], today=TODAY)
    assert {error.key: error.message_vi for error in result.errors} == expected["errors"]
    placed = {item.key: item for item in flatten(place_fields(form, "p", result.kept, with_hidden=True)) if item.key}
    assert sorted(key for key, item in placed.items() if item.is_hidden) == sorted(expected["hidden"])
    good = visible_data(form, visible_data(form, result.values))
    for key, pair in expected["computed"].items():
        if pair is not None:
            value, shown = pair
            assert placed[key].value == value
            assert (show_value(placed[key], value) or "–") == shown
            if not expected["errors"]:
                assert read_answer_at(good, key) == value
    found = check_form(form, visible_data(form, result.kept), today=TODAY)
    assert {error.key for error in found} <= set(expected["errors"])
