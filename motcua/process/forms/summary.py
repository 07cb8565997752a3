"""Read the answers back: for the review page, the dossier and the papers made of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from motcua.kernel.money import format_vnd
from motcua.process.forms.clean import visible_pages
from motcua.process.forms.moments import read_moment, time_part
from motcua.process.forms.settle import settle
from motcua.process.forms.types import (
    NO_CHOICES,
    NO_FILES,
    Choices,
    Field,
    Files,
    Form,
    SummaryPage,
    SummaryRow,
    SummaryTable,
)
from motcua.process.forms.walk import Asked, walk

MAX_ROWS = 100


def summarise(
    form: Form, data: Mapping[str, Any], *, files: Files = NO_FILES, choices: Choices = NO_CHOICES
) -> tuple[SummaryPage, ...]:
    """Return the asked questions with their answers as text, page by page; a list also as a table.

    `files`: component key or paper code → file names. `choices`: kind → value → label (wards).
    """
    walked = walk(form, data)
    pages = []
    for page in visible_pages(form, data):
        asked = [walked.asked[item.key] for item in page.fields if item.has_value and item.key in walked.asked]
        rows = tuple(_row(part, files, choices) for part in asked if part.field.label)
        if rows:
            pages.append(SummaryPage(page.key, page.title, rows))
    return tuple(pages)


def _row(asked: Asked, files: Files, choices: Choices) -> SummaryRow:
    item = settle(asked.field, asked.scope)
    if item.type != "dynamiclist":
        return SummaryRow(item.label, show_value(item, asked.value, files=files, choices=choices), item.key)
    return SummaryRow(item.label, show_value(item, _counted(asked), choices=choices), item.key, _table(asked, choices))


def _counted(asked: Asked) -> list[Any]:
    """Return the rows that count, with what is asked in each and nothing else."""
    return [_row_values(row) for row in asked.rows if any(part.counts for part in row)]


def _row_values(row: list[Asked]) -> dict[str, Any]:
    return {part.field.key: _counted(part) if part.field.type == "dynamiclist" else part.value for part in row}


def _table(asked: Asked, choices: Choices) -> SummaryTable | None:
    rows = [row for row in asked.rows if any(part.counts for part in row)]
    columns = [item for item in asked.field.fields if item.has_value and item.label]
    if not rows or not columns:
        return None
    shown = []
    for row in rows[:MAX_ROWS]:
        by_key = {part.field.key: part for part in row}
        shown.append(tuple(_cell(by_key.get(item.key), choices) for item in columns))
    return SummaryTable(tuple(_heading(item, rows) for item in columns), tuple(shown))


def _heading(item: Field, rows: list[list[Asked]]) -> str:
    """Return the label as the first row that asks the question shows it."""
    first = next((part for row in rows for part in row if part.field.key == item.key), None)
    return item.label if first is None or not item.texts else settle(item, first.scope).label


def _cell(asked: Asked | None, choices: Choices) -> str:
    if asked is None:
        return ""
    item = settle(asked.field, asked.scope)
    value = _counted(asked) if item.type == "dynamiclist" else asked.value
    return show_value(item, value, choices=choices)


def show_value(item: Field, value: Any, *, files: Files = NO_FILES, choices: Choices = NO_CHOICES) -> str:
    """Return one answer as people read it."""
    if item.type == "filepicker":
        names = files.get(item.key) or (files.get(item.paper) if item.paper else None) or ()
        return "; ".join(names)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if item.type == "dynamiclist":
        return _show_rows(item, value, choices)
    if isinstance(value, list):
        return "; ".join(_label(item, str(part), choices) for part in value[:200])
    if item.type == "number" or (item.type == "expression" and isinstance(value, (int, float))):
        return _show_number(item, value)
    if item.type == "datetime":
        return _show_moment(item, str(value))
    if item.type == "expression":
        return _show_moment(item, str(value))
    if item.kind == "phone":
        return str(value).replace("+84", "0", 1) if str(value).startswith("+84") else str(value)
    return _label(item, str(value), choices)


def _show_rows(item: Field, value: Any, choices: Choices) -> str:
    """Return the rows of a list as numbered sentences: "1) Nguyễn Thị Lan, 01/02/1990; 2) …"."""
    lines = []
    for number, row in enumerate(value[:MAX_ROWS] if isinstance(value, list) else (), start=1):
        cells = [_show_cell(inner, row, choices) for inner in item.fields if inner.has_value and inner.label]
        lines.append(f"{number}) {', '.join(cell for cell in cells if cell)}".strip())
    return "; ".join(lines)


def _show_cell(inner: Field, row: Any, choices: Choices) -> str:
    value = row
    if isinstance(row, Mapping) and inner.key not in row:
        for step in inner.path:
            value = value.get(step) if isinstance(value, Mapping) else None
    else:
        value = row.get(inner.key) if isinstance(row, Mapping) else None
    return show_value(inner, value, choices=choices)


def _show_moment(item: Field, value: str) -> str:
    if item.type == "datetime" and item.subtype == "time":
        return time_part(value, subtype="time", time_format=item.time_format)
    moment = read_moment(value, item.time_format) if item.subtype == "datetime" else None
    if moment is not None:
        return f"{moment[1]:%H:%M} {moment[0]:%d/%m/%Y}"
    parts = value.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and all(part.isdigit() for part in parts) else value


def _label(item: Field, value: str, choices: Choices) -> str:
    for option in item.options:
        if option.value == value:
            return option.label
    return choices.get(item.kind, {}).get(value, value)


def _show_number(item: Field, value: Any) -> str:
    if item.as_text and isinstance(value, str):
        value = float(value) if value.replace(".", "").lstrip("-").isdigit() and value.count(".") < 2 else value
    if not isinstance(value, (int, float)) or not isfinite(value):
        return str(value)
    if item.kind == "money" and value >= 0:
        return format_vnd(int(value))
    number = Decimal(str(value)).normalize()
    text = f"{number:,f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{item.prefix} {text} {item.suffix}".strip()
