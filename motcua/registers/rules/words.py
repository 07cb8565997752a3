"""What a record says, as people read it: codes in words, days as they are written here. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).resolve().parents[1] / "data" / "words.toml"


def say_code(field: str, code: str) -> str:
    """Return a code of a field in words; a code that nobody has put into words is itself."""
    words = _read_words()
    return str(words["field"].get(field, {}).get(code) or words["any"].get(code, code))


def list_codes(field: str, shape: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the values that a field may have, each with its words; () for a field that is no choice."""
    return tuple((str(code), say_code(field, str(code))) for code in shape.get("enum", ()))


def say_value(field: str, value: object, shape: Mapping[str, Any]) -> str:
    """Return one value of a record as people read it; "" for none. `shape`: what the register's schema says of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list):
        return "; ".join(say_value(field, part, shape.get("items", {})) for part in value)
    if isinstance(value, Mapping):
        inner = shape.get("properties", {})
        return ", ".join(say_value(key, part, inner.get(key, {})) for key, part in value.items())
    text = str(value)
    if shape.get("format") == "date":
        try:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        except ValueError:
            return text
    return say_code(field, text) if "enum" in shape else text


@cache
def _read_words() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text("utf-8"))
