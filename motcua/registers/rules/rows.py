"""From a row of a file to a record: columns named as people name them, texts read as the schema wants. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from motcua.kernel.text import fold
from motcua.registers.rules.words import list_codes

Cast = Callable[[Any], Any]
_YES = frozenset({"true", "1", "có", "x", "yes"})
_NO = frozenset({"false", "0", "không", "no"})
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:[ T]00:00(?::00)?)?")
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_WHOLE = re.compile(r"-?[0-9]{1,18}(?:\.0+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3}){2,6}")
_COMMA = re.compile(r"-?[0-9]{1,18},(?:[0-9]{1,2}|[0-9]{4,9})")  # with three it may be a thousand
_EXCEL_START = date(1899, 12, 30)
_EXCEL_DAYS = range(61, 73_051)  # 1 March 1900 to 31 December 2099: before, its calendar has a day too many
_EXCEL_TEXT = re.compile(r"[1-7][0-9]{4}")  # from 1927 on


def make_reader(schema: Mapping[str, Any], columns: Mapping[str, str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from a row to a record. `columns`: name in the file -> field, where they differ.

    A column may also be called as the schema titles the field. What cannot be read stays as it is: the schema then
    refuses it with the row.
    """
    shapes: Mapping[str, Any] = schema.get("properties", {})
    casts = {name: cast for name, shape in shapes.items() if (cast := _choose_cast(name, shape)) is not None}
    titles = _list_titles(shapes)
    known: dict[str, str] = {}

    def name_of(column: str) -> str:
        return columns.get(column) or (column if column in shapes else titles.get(_fold_title(column), column))

    def read(row: Mapping[str, Any]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for column, value in row.items():
            name = known.get(column)
            if name is None:
                name = known[column] = name_of(str(column))
            if name in record:  # two columns of the file mean one field: the schema refuses the second by its own name
                name = str(column) if str(column) not in record else f"{column} (2)"
            cast = casts.get(name)
            record[name] = cast(value) if cast is not None and value is not None else value
        return record

    return read


def _list_titles(shapes: Mapping[str, Any]) -> dict[str, str]:
    """Return fields by how they are called, without tones and case; a title of two fields names none."""
    found: dict[str, list[str]] = {}
    for name, shape in shapes.items():
        title = str(shape.get("title", name)) if isinstance(shape, Mapping) else name
        for said in {_fold_title(name), _fold_title(title)}:
            found.setdefault(said, []).append(name)
    return {said: names[0] for said, names in found.items() if len(names) == 1}


def _fold_title(text: str) -> str:
    """Return a title without tones and case, and without the signs that forms put on what must be filled in."""
    return fold(text).strip(" *:()")


def _choose_cast(name: str, shape: Any) -> Cast | None:
    if not isinstance(shape, Mapping):
        return None
    kind, choices = shape.get("type"), shape.get("enum", ())
    if kind == "string" and shape.get("format") == "date":
        return _to_date
    if choices and all(isinstance(each, str) for each in choices):
        by_words = {fold(words): code for code, words in reversed(list_codes(name, shape))}
        return lambda value: _to_code(value, frozenset(choices), by_words)
    return _CASTS.get(kind) if isinstance(kind, str) else None


def _to_text(value: Any) -> Any:
    """A code that a spreadsheet took for a number is a text again; its leading zeros are gone and will be noticed."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int) else value


def _to_code(value: Any, known: frozenset[str], by_words: Mapping[str, str]) -> Any:
    """A choice may be written in its words; what is neither a code nor its words stays."""
    text = _to_text(value)
    if not isinstance(text, str) or text.strip() in known:
        return text
    return by_words.get(fold(text).strip(), text)


def _to_date(value: Any) -> Any:
    """Read a day as people and spreadsheets write it: 17/05/1990, 17-5-1990, a count of days; ISO stays."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_excel(value)
    if not isinstance(value, str) or (len(value) == len("1990-05-17") and value[4] == "-" == value[7]):
        return value
    text = value.strip()
    if _EXCEL_TEXT.fullmatch(text):
        return _from_excel(int(text))
    if found := _DAY.fullmatch(text):
        return _make_day(found[3], found[2], found[1], value)
    if found := _ISO.fullmatch(text):
        return _make_day(found[1], found[2], found[3], value)
    return value


def _make_day(year: str, month: str, day: str, value: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return value


def _from_excel(value: float) -> Any:
    return (_EXCEL_START + timedelta(days=int(value))).isoformat() if value in _EXCEL_DAYS else value


def _to_integer(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        if _WHOLE.fullmatch(text):
            return int(text.partition(".")[0])
        return int(text.replace(".", "")) if _GROUPED.fullmatch(text) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _GROUPED.fullmatch(text):
        return int(text.replace(".", ""))
    try:
        read = float(text.replace(",", ".") if _COMMA.fullmatch(text) else text)
    except ValueError:
        return value
    return read if math.isfinite(read) else value


def _to_boolean(value: Any) -> Any:
    text = str(value).strip().lower()
    return True if text in _YES else False if text in _NO else value


def _to_array(value: Any) -> Any:
    return [part.strip() for part in value.split(";") if part.strip()] if isinstance(value, str) else value


_CASTS: Mapping[str, Cast] = {
    "string": _to_text, "integer": _to_integer, "number": _to_number, "boolean": _to_boolean, "array": _to_array
}  # fmt: skip
