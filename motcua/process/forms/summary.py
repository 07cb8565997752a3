"""Read the answers back: for the review page, the dossier and the papers made of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from motcua.kernel.money import format_vnd
from motcua.process.forms.clean import visible_data, visible_fields, visible_pages
from motcua.process.forms.types import NO_CHOICES, NO_FILES, Choices, Field, Files, Form, SummaryPage, SummaryRow


def summarise(
    form: Form, data: Mapping[str, Any], *, files: Files = NO_FILES, choices: Choices = NO_CHOICES
) -> tuple[SummaryPage, ...]:
    """Return the asked questions with their answers as text, page by page.

    `files`: component key or paper code → file names. `choices`: kind → value → label (wards).
    """
    shown = visible_data(form, data)
    pages = []
    for page in visible_pages(form, data):
        rows = tuple(
            SummaryRow(item.label, show_value(item, shown.get(item.key), files=files, choices=choices), item.key)
            for item in visible_fields(form, page.key, data)
            if item.is_input
        )
        if rows:
            pages.append(SummaryPage(page.key, page.title, rows))
    return tuple(pages)


def show_value(item: Field, value: Any, *, files: Files = NO_FILES, choices: Choices = NO_CHOICES) -> str:
    """Return one answer as people read it."""
    if item.type == "filepicker":
        names = files.get(item.key) or (files.get(item.paper) if item.paper else None) or ()
        return "; ".join(names)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list):
        return "; ".join(_label(item, str(part), choices) for part in value)
    if item.type == "number":
        return _show_number(item, value)
    if item.type == "datetime":
        return "/".join(reversed(str(value).split("-")))
    if item.kind == "phone":
        return str(value).replace("+84", "0", 1) if str(value).startswith("+84") else str(value)
    return _label(item, str(value), choices)


def _label(item: Field, value: str, choices: Choices) -> str:
    for option in item.options:
        if option.value == value:
            return option.label
    return choices.get(item.kind, {}).get(value, value)


def _show_number(item: Field, value: Any) -> str:
    if not isinstance(value, (int, float)) or not isfinite(value):
        return str(value)
    if item.kind == "money" and value >= 0:
        return format_vnd(int(value))
    number = Decimal(str(value)).normalize()
    text = f"{number:,f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{text} {item.suffix}".strip()
