"""A record as a form: one input for each field that is a text, a number or a choice; lists stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motcua.registers.rules.rows import make_reader
from motcua.registers.rules.words import list_codes
from motcua.registers.types import RegisterInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInput:
    """One field on the form."""

    name: str
    title: str
    value: str
    choices: tuple[tuple[str, str], ...]
    is_required: bool
    error: str


def to_inputs(info: RegisterInfo, data: Mapping[str, Any], *, errors: Mapping[str, str]) -> tuple[RecordInput, ...]:
    """Return the inputs of a record, the required ones first."""
    required = set(info.schema.get("required", ()))
    inputs = [
        RecordInput(
            name=name,
            title=info.get_title(name),
            value=str(data.get(name, "")),
            choices=list_codes(name, shape),
            is_required=name in required,
            error=errors.get(name, ""),
        )
        for name, shape in info.schema.get("properties", {}).items()
        if shape.get("type") not in ("array", "object", "boolean")
    ]
    return tuple(sorted(inputs, key=lambda each: not each.is_required))


def read_record_form(info: RegisterInfo, posted: Mapping[str, Any], *, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as typed: empty inputs are no fields; what has no input stays."""
    typed = dict(before)
    for each in to_inputs(info, before, errors={}):
        if each.name in posted:
            typed.pop(each.name, None)
            if value := str(posted[each.name]).strip():
                typed[each.name] = value
    return make_reader(info.schema, {})(typed)
