"""From a row of a file to a record: columns renamed, texts read as the numbers and yes or no that the schema wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_YES = frozenset({"true", "1", "có", "x", "yes"})
_NO = frozenset({"false", "0", "không", "no"})


def make_reader(schema: Mapping[str, Any], columns: Mapping[str, str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from a row to a record. `columns`: name in the file -> field, where they differ.

    What cannot be read stays as it is: the schema then refuses it with the row.
    """
    casts = {
        name: _CASTS[kind]
        for name, shape in schema.get("properties", {}).items()
        if isinstance(kind := shape.get("type"), str) and kind in _CASTS
    }

    def read(row: Mapping[str, Any]) -> dict[str, Any]:
        record = {columns.get(name, name): value for name, value in row.items()} if columns else dict(row)
        for name, value in record.items():
            cast = casts.get(name)
            if cast is not None and value is not None:
                record[name] = cast(value)
        return record

    return read


def _to_text(value: Any) -> Any:
    """A code that a spreadsheet took for a number is a text again; its leading zeros are gone and will be noticed."""
    if isinstance(value, str | bool):
        return value
    return str(value) if isinstance(value, int) else value


def _to_integer(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _to_boolean(value: Any) -> Any:
    text = str(value).strip().lower()
    return True if text in _YES else False if text in _NO else value


def _to_array(value: Any) -> Any:
    return [part.strip() for part in value.split(";") if part.strip()] if isinstance(value, str) else value


_CASTS: Mapping[str, Callable[[Any], Any]] = {
    "string": _to_text, "integer": _to_integer, "number": _to_number, "boolean": _to_boolean, "array": _to_array
}  # fmt: skip
