"""How a field of a process form is shown: the one place of ui that knows form-js names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from motcua.ui.types import FieldFailure, FieldView

CONTROLS = {
    "textfield": "input",
    "textarea": "textarea",
    "number": "number",
    "datetime": "date",
    "date": "date",
    "select": "select",
    "radio": "radios",
    "checkbox": "checkbox",
    "checklist": "checkboxes",
    "text": "text",
    "file": "file",
    "filepicker": "file",
    "group": "group",
}
TEXT_ATTRIBUTES: dict[str, dict[str, str]] = {
    # kind of fact -> attributes that open the right keyboard and let the browser fill it in (WCAG 1.3.5)
    "personal_id": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
    "tax_code": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
    "phone": {"inputmode": "tel", "type": "tel", "autocomplete": "tel", "width": "15"},
    "email": {"inputmode": "email", "type": "email", "autocomplete": "email"},
    "person_name": {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "words"},
    "area": {"autocomplete": "off"},
    "money": {"inputmode": "numeric", "autocomplete": "off", "width": "15"},
}
OWN_FACTS = {  # facts about the person who types: only these may be filled from the browser's own memory
    "applicant.full_name": "name",
    "applicant.phone": "tel",
    "applicant.email": "email",
    "applicant.address": "street-address",
    "applicant.birth_on": "bday",
}


def field_view(
    field: Any,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    files: Mapping[str, Sequence[Any]] | None = None,
) -> FieldView:
    """Say how to show one field of a process form with what was typed, what is wrong and what was uploaded."""
    values, errors, files = values or {}, errors or {}, files or {}
    validate = as_mapping(getattr(field, "validate", None))
    properties = as_mapping(getattr(field, "properties", None))
    key = str(field.key)
    value = values.get(key)
    control = CONTROLS.get(str(field.type), "input")
    attributes = build_attributes(properties, validate, control)
    maxlength = validate.get("maxLength")
    return FieldView(
        control=control,
        key=key,
        label=str(field.label or ""),
        hint=str(getattr(field, "description", None) or ""),
        error=errors.get(key, ""),
        value=text_of(value),
        value_list=list_of(value),
        date_parts=split_date(key, values) if control == "date" else {},
        choices=list_choices(getattr(field, "values", None) or ()),
        files=tuple(files.get(key) or files.get(str(properties.get("paper", ""))) or ()),
        type=attributes.pop("type", "text"),
        width=attributes.pop("width", ""),
        attributes=attributes,
        is_required=bool(validate.get("required")),
        is_checked=value is True or text_of(value) in {"true", "on", "1"},
        is_birthday=properties.get("fact") == "applicant.birth_on",
        maxlength=int(maxlength) if maxlength else None,
        paragraphs=list_paragraphs(field) if control == "text" else (),
    )


def build_attributes(properties: Mapping[str, Any], validate: Mapping[str, Any], control: str) -> dict[str, str]:
    """Choose keyboard, browser memory and width by the kind of fact that the field holds."""
    kind = str(properties.get("kind") or validate.get("validationType") or "")
    attributes = dict(TEXT_ATTRIBUTES.get(kind, {}))
    if control == "number":
        attributes |= {"inputmode": "decimal" if validate.get("decimals") else "numeric", "width": "10"}
    own = OWN_FACTS.get(str(properties.get("fact", "")))
    if own:
        attributes["autocomplete"] = own
    return attributes


def text_of(value: object) -> str:
    if value is None:
        return ""
    return "true" if value is True else "" if value is False else str(value)


def list_of(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(item) for item in value) if isinstance(value, Iterable) else ()


def split_date(key: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return day, month and year as typed (KEY-day …), or from the clean value in ISO form."""
    typed = {part: text_of(values.get(f"{key}-{part}")) for part in ("day", "month", "year")}
    if any(typed.values()):
        return typed
    year, _, rest = text_of(values.get(key)).partition("-")
    month, _, day = rest.partition("-")
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


def list_choices(items: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    def pair(item: Any) -> tuple[str, str]:
        if isinstance(item, tuple):
            return str(item[0]), str(item[1])
        choice = as_mapping(item)
        return str(choice["value"]), str(choice["label"])

    return tuple(pair(item) for item in items)


def list_paragraphs(field: Any) -> tuple[str, ...]:
    """Return static text as plain paragraphs: marks of Markdown are dropped, never run as HTML."""
    text = str(getattr(field, "text", None) or field.label or "")
    lines = (line.strip().lstrip("#").replace("**", "").strip() for line in text.split("\n"))
    return tuple(line for line in lines if line)


def as_mapping(value: object) -> Mapping[str, Any]:
    """Read a mapping or a frozen dataclass alike."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    names = getattr(value, "__dataclass_fields__", {})
    return {camel(name): getattr(value, name) for name in names}


def camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


def errors_by_key(errors: Iterable[FieldFailure] | Mapping[str, str]) -> dict[str, str]:
    """Return the first sentence for each field, in the order of the page."""
    if isinstance(errors, Mapping):
        return dict(errors)
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.key, error.message_vi)
    return found


def error_items(errors: Iterable[FieldFailure] | Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (key, sentence) pairs for the summary on top of the page."""
    return list(errors_by_key(errors).items())
