"""What a record may hold: its schema, its keys, its hash. Compiled once for each version of a register."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs
import orjson

from motcua.kernel.messages import N_
from motcua.kernel.text import to_nfc
from motcua.registers.types import FieldProblem, KeyInfo, LinkInfo, RegisterInvalid

Check = Callable[[Mapping[str, Any]], tuple[FieldProblem, ...]]
MAX_RECORD_BYTES = 256 * 1024
_MESSAGES = {
    "required": N_("thiếu thông tin bắt buộc"),
    "type": N_("không đúng kiểu dữ liệu"),
    "pattern": N_("không đúng dạng"),
    "format": N_("không đúng dạng"),
    "enum": N_("không thuộc danh mục"),
    "const": N_("không thuộc danh mục"),
    "minimum": N_("nhỏ hơn mức cho phép"),
    "maximum": N_("lớn hơn mức cho phép"),
    "minLength": N_("quá ngắn"),
    "maxLength": N_("quá dài"),
    "additionalProperties": N_("có trường không thuộc sổ này"),
}


def compile_check(schema: Mapping[str, Any]) -> Check:
    """Return a check of records against a JSON Schema 2020-12 (formats included). References lead nowhere outside.

    Raises: RegisterInvalid when the schema is none.
    """
    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        raise RegisterInvalid(str(error)[:200]) from error

    def check(data: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
        if validator.is_valid(data):
            return ()
        return tuple(_to_problem(error) for error in validator.iter_errors(data))

    return check


def _to_problem(error: jsonschema_rs.ValidationError) -> FieldProblem:
    kind = str(error.schema_path[-1]) if error.schema_path else ""
    message = _MESSAGES.get(kind, N_("không đúng quy định của sổ"))
    return FieldProblem(field=".".join(str(part) for part in error.instance_path)[:120], message=message)


def clean(value: Any) -> Any:
    """Return JSON data with every text in NFC, without blanks around it and without NUL, which no table stores."""
    if isinstance(value, str):
        text = value if value.isascii() else to_nfc(value)
        return (text.replace("\x00", "") if "\x00" in text else text).strip()
    if isinstance(value, Mapping):
        return {str(name): clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def hash_data(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the record in one written form: keys sorted, no blanks (close to RFC 8785)."""
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def find_keys(keys: tuple[KeyInfo, ...], data: Mapping[str, Any]) -> dict[str, str]:
    """Return the record's keys by name; a key with an empty part is none."""
    found = {}
    for key in keys:
        parts = [str(data.get(field, "") or "").strip() for field in key.fields]
        if all(parts):
            found[key.name] = "|".join(parts)[:200]
    return found


def find_links(links: tuple[LinkInfo, ...], data: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what a record is also looked up by: pairs of a link's name and a value."""
    found: set[tuple[str, str]] = set()
    for link in links:
        if link.is_joined:
            parts = [str(data.get(field, "") or "").strip() for field in link.fields]
            values = ["|".join(parts)] if all(parts) else []
        else:
            values = [value for field in link.fields for value in _list_values(data, field)]
        found.update((link.name, value[:200]) for value in values)
    return found


def _list_values(data: Mapping[str, Any], path: str) -> list[str]:
    name, _, rest = path.partition(".")
    value = data.get(name)
    if value is None:
        return []
    if rest:
        inner = value if isinstance(value, list) else []
        return [text for item in inner if isinstance(item, Mapping) for text in _list_values(item, rest)]
    values = value if isinstance(value, list) else [value]
    return [text for each in values if each is not None and (text := str(each).strip())]


def missing_keys(keys: tuple[KeyInfo, ...], found: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """Return a problem for each key that must be there and is not."""
    return tuple(
        FieldProblem(field=key.fields[0], message=N_("thiếu số dùng để tra cứu"))
        for key in keys
        if key.is_required and key.name not in found
    )
