"""How a field of a process form is shown: control, keyboard, what was typed, what is wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from motcua.process.forms.markup import clean_html, render_markdown
from motcua.process.forms.moments import read_moment, time_part
from motcua.process.forms.template import show as show_cell
from motcua.process.public import Choices, Field, FieldError, date_parts, read_answer_at, show_value
from motcua.ui.types import FieldView, TableView

CONTROLS = {
    "textfield": "input",
    "textarea": "textarea",
    "number": "input",
    "datetime": "date",
    "select": "select",
    "radio": "radios",
    "checkbox": "checkbox",
    "checklist": "checkboxes",
    "taglist": "checkboxes",
    "text": "text",
    "html": "text",
    "image": "image",
    "separator": "separator",
    "table": "table",
    "expression": "output",
    "dynamiclist": "list",
    "filepicker": "file",
}
GRID = 16  # columns of a row, as form-js counts them
TEXT_ATTRIBUTES: dict[str, dict[str, str]] = {
    # kind of answer -> attributes that open the right keyboard; browsers fill in only the typist's own facts
    "personal_id": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
    "tax_code": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
    "phone": {"inputmode": "tel", "type": "tel", "autocomplete": "off", "width": "15"},
    "email": {"inputmode": "email", "type": "email", "autocomplete": "off"},
    "person_name": {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "words"},
    "money": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
}
OWN_FACTS = {  # Source: WCAG 2.2, 1.3.5 (AA): facts about the person who types
    "applicant.full_name": "name",
    "applicant.phone": "tel",
    "applicant.email": "email",
    "applicant.address": "street-address",
    "applicant.birth_on": "bday",
}
SAYS_OPTIONAL = re.compile(r"nếu có|không bắt buộc|tùy chọn|tuỳ chọn|optional", re.IGNORECASE)
DEFAULT_ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


def field_view(
    field: Field,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    files: Mapping[str, Sequence[Any]] | None = None,
    choices: Choices | None = None,
) -> FieldView:
    """Say how to show one field with what was typed, what is wrong and what was uploaded.

    `files`: key of the field or code of its paper -> files at hand. `choices`: kind -> value -> text, for lists
    that the form does not hold (wards); a field of such a kind becomes a list to choose from.
    """
    values, errors, files = values or {}, errors or {}, files or {}
    value = read_answer_at(values, field.key) if field.key else None
    value = field.value if value is None else value
    listed = None if field.options or not field.kind else (choices or {}).get(field.kind)
    attributes = build_attributes(field)
    control = choose_control(field, is_listed=bool(listed))
    return FieldView(
        control=control,
        key=field.key,
        label=field.label,
        hint=field.description,
        error=errors.get(field.key, ""),
        value=show_value(field, value, choices=choices or {}) if control == "output" else text_of(value, field),
        value_list=list_of(value),
        date_parts=split_date(field, value, values),
        choices=tuple(listed.items()) if listed else tuple((item.value, item.label) for item in field.options),
        files=tuple(files.get(field.key) or files.get(field.paper) or ()),
        type=attributes.pop("type", "text"),
        width=attributes.pop("width", ""),
        attributes=attributes,
        suffix=field.suffix,
        prefix=field.prefix,
        accept=field.accept or DEFAULT_ACCEPT,
        is_multiple=field.multiple,
        is_optional=is_said_optional(field),
        is_checked=value is True or value in ("true", "on", "1"),
        is_birthday=field.fact == "applicant.birth_on",
        maxlength=field.max_length if field.type == "textarea" else None,
        html=Markup(show_html(field)) if control == "text" else Markup(""),  # noqa: S704  made safe by process.forms
        table=show_table(field) if control == "table" else None,
        source=field.text if control == "image" else "",
        raw=value if control == "output" else None,
    )


def is_said_optional(field: Field) -> bool:
    """Say whether the page adds "(không bắt buộc)" to a label: not when the author's own words say it already."""
    may_be_left = not field.required and field.type not in ("checkbox", "dynamiclist")
    return may_be_left and not SAYS_OPTIONAL.search(field.label)


def choose_control(field: Field, *, is_listed: bool) -> str:
    """Choose what a question is shown as; an answer that can only be read is shown, not put into a control."""
    if field.readonly or field.disabled:
        return "output"
    if is_listed:
        return "select"
    if field.type == "datetime" and field.subtype != "date":
        return "time" if field.subtype == "time" else "moment"
    return CONTROLS.get(field.type, "input")


def show_html(field: Field) -> str:
    """Return the safe HTML of a shown text; `place_fields` has already made it, a bare field is made safe here."""
    if field.type == "html":
        return clean_html(field.text)
    return field.text if field.text.startswith("<") and field.is_placed else render_markdown(field.text or field.label)


def show_table(field: Field) -> TableView:
    """Return the headings and cells of a table; rows past its page are shown on demand."""
    columns, rows = field.value or ((), ())
    cells = tuple(tuple(show_cell(cell) for cell in row) for row in rows)
    count = field.table.row_count if field.table else 0
    first = cells[:count] if count else cells
    return TableView(tuple(column.label for column in columns), first, cells[len(first) :])


def build_attributes(field: Field) -> dict[str, str]:
    """Choose keyboard, browser memory and width by the kind of answer."""
    attributes = dict(TEXT_ATTRIBUTES.get(field.kind, {}))
    if field.type == "number" and field.kind != "money":
        attributes |= {"inputmode": "decimal" if field.decimals else "numeric", "width": "10"}
    if field.fact in OWN_FACTS:
        attributes["autocomplete"] = OWN_FACTS[field.fact]
    if field.type == "textfield" and field.max_length and field.max_length <= 12:
        attributes.setdefault("width", "10")
    return attributes


def text_of(value: object, field: Field | None = None) -> str:
    """Return what stands in a control; a number has the comma that people here write."""
    if value is None or isinstance(value, bool | list | tuple | dict):
        return ""
    if isinstance(value, float) or (field is not None and field.type == "number" and field.as_text):
        return str(value).replace(".", ",") if str(value).count(".") == 1 else str(value)
    if field is not None and field.type == "datetime" and field.subtype == "time":
        return time_part(value, subtype="time", time_format=field.time_format)
    return str(value)


def list_of(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def split_date(field: Field, value: object, values: Mapping[str, Any]) -> dict[str, str]:
    """Return day, month and year (and time): as just typed (KEY-day …), or from the kept value."""
    if field.type != "datetime":
        return {}
    parts = ("day", "month", "year")
    typed = {part: text_of(values.get(f"{field.key}-{part}")) for part in parts}
    found = typed if any(typed.values()) else dict(zip(parts, moment_parts(field, value), strict=True))
    if field.subtype == "datetime":
        found["time"] = time_part(value, subtype="datetime", time_format=field.time_format)
    return found


def moment_parts(field: Field, value: object) -> tuple[str, str, str]:
    """Return day, month and year of a kept value, by the city's clock."""
    if field.subtype == "datetime" and (moment := read_moment(value, field.time_format)) is not None:
        return date_parts(moment[0].isoformat())
    return date_parts(value)


def group_fields(fields: Iterable[Field]) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return (section, fields) runs in the order of the page; a section without a name is no section."""
    return tuple((section, tuple(run)) for section, run in groupby(fields, key=lambda field: field.section))


def lay_out(fields: Iterable[Field]) -> tuple[tuple[Field, str], ...]:
    """Return each field with the class of its column: side by side where the form says so, on wide screens only."""
    placed: list[tuple[Field, str]] = []
    for row, run in groupby(fields, key=lambda field: field.row_id):
        together = list(run)
        if not row or len(together) == 1:
            placed += [(field, "") for field in together]
            continue
        taken = sum(field.columns for field in together)
        free = [field for field in together if not field.columns]
        share = max((GRID - taken) // len(free), 2) if free else 0
        for number, field in enumerate(together):
            start = " mc-field--first" if number == 0 else ""
            placed.append((field, f" mc-field--{min(field.columns or share, GRID)}{start}"))
    return tuple(placed)


Errors = Iterable[FieldError | tuple[str, str]] | Mapping[str, str]


def errors_by_key(errors: Errors) -> dict[str, str]:
    """Return the first sentence for each field, in the order of the page."""
    if isinstance(errors, Mapping):
        return dict(errors)
    found: dict[str, str] = {}
    for error in errors:
        key, sentence = error if isinstance(error, tuple) else (error.key, error.message_vi)
        found.setdefault(key, sentence)
    return found


def row_number(address: str) -> int | None:
    """Return in which row of a list a field stands, counted from 1; None outside lists."""
    found = re.search(r"\[([0-9]{1,3})\][^\[\]]*$", address)
    return int(found[1]) + 1 if found else None


def error_items(errors: Errors) -> list[tuple[str, str]]:
    """Return (key, sentence) pairs for the summary on top of the page."""
    return list(errors_by_key(errors).items())
