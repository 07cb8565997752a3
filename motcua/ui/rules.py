"""How a field of a process form is shown: control, keyboard, what was typed, what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from motcua.process.public import Choices, Field, FieldError, date_parts
from motcua.ui.types import FieldView

CONTROLS = {
    "textfield": "input",
    "textarea": "textarea",
    "number": "input",
    "datetime": "date",
    "select": "select",
    "radio": "radios",
    "checkbox": "checkbox",
    "checklist": "checkboxes",
    "text": "text",
    "filepicker": "file",
}
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
    value = values.get(field.key)
    listed = None if field.options or not field.kind else (choices or {}).get(field.kind)
    attributes = build_attributes(field)
    return FieldView(
        control="select" if listed else CONTROLS.get(field.type, "input"),
        key=field.key,
        label=field.label,
        hint=field.description,
        error=errors.get(field.key, ""),
        value=text_of(value),
        value_list=list_of(value),
        date_parts=split_date(field, values),
        choices=tuple(listed.items()) if listed else tuple((item.value, item.label) for item in field.options),
        files=tuple(files.get(field.key) or files.get(field.paper) or ()),
        type=attributes.pop("type", "text"),
        width=attributes.pop("width", ""),
        attributes=attributes,
        suffix=field.suffix,
        accept=field.accept or DEFAULT_ACCEPT,
        is_multiple=field.multiple,
        is_optional=not field.required and field.type != "checkbox",
        is_checked=value is True or value in ("true", "on", "1"),
        is_birthday=field.fact == "applicant.birth_on",
        maxlength=field.max_length if field.type == "textarea" else None,
        paragraphs=list_paragraphs(field) if field.type == "text" else (),
    )


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


def text_of(value: object) -> str:
    return "" if value is None or isinstance(value, bool | list | tuple) else str(value)


def list_of(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def split_date(field: Field, values: Mapping[str, Any]) -> dict[str, str]:
    """Return day, month and year: as just typed (KEY-day …), or from the kept value."""
    if field.type != "datetime":
        return {}
    parts = ("day", "month", "year")
    typed = {part: text_of(values.get(f"{field.key}-{part}")) for part in parts}
    return typed if any(typed.values()) else dict(zip(parts, date_parts(values.get(field.key)), strict=True))


def list_paragraphs(field: Field) -> tuple[str, ...]:
    """Return static text as plain paragraphs: marks of Markdown are dropped, never run as HTML."""
    lines = (line.strip().lstrip("#").replace("**", "").strip() for line in (field.text or field.label).split("\n"))
    return tuple(line for line in lines if line)


def group_fields(fields: Iterable[Field]) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return (section, fields) runs in the order of the page; a section without a name is no section."""
    return tuple((section, tuple(run)) for section, run in groupby(fields, key=lambda field: field.section))


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


def error_items(errors: Errors) -> list[tuple[str, str]]:
    """Return (key, sentence) pairs for the summary on top of the page."""
    return list(errors_by_key(errors).items())
