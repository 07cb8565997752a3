"""Registers described by the GovStack Database API: what was sent, as our registers understand it.

Source: GovStack Digital Registries Building Block, Database API 1.3.0 (OpenAPI).
DatabaseSchema is like JSON Schema, with words of its own (primaryKey, triggers, incrementIndex); a "type" that JSON
Schema does not know says nothing, and what has properties is an object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from motcua.exchange.types import GovStackRefused
from motcua.kernel.messages import N_

MAX_FIELDS = 500
MAX_DEPTH = 6
MAX_DATABASES = 200  # of one member's system
NUMBER_FORMAT = "{code}{indexNoByCode}"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_NAME = re.compile(r"[^\x00-\x1f.*]{1,100}")  # of a field: "." and "*" have a meaning in grants
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_FORMATS = ("date", "date-time", "email", "time", "uri", "uuid")
# The words of DatabaseSchema with the type that the text gives each.
_WORDS: Mapping[str, type] = {
    "type": str, "description": str, "primaryKey": bool, "readOnly": bool, "incrementIndex": int, "id": int,
    "triggers": list, "required": list, "properties": Mapping,
}  # fmt: skip
_LIMITS = ("maxLength", "minLength", "maximum", "minimum", "maxItems", "minItems")


def read_request(said: Any) -> tuple[str, str, str, dict[str, Any]]:
    """Return group, catalogue, code and schema of a modify request. Raises: GovStackRefused with what is wrong."""
    if not isinstance(said, Mapping) or not isinstance(said.get("schema"), dict):
        raise _wrong(N_('nội dung phải là JSON có "code" và "schema"'))
    code, schema = said.get("code"), said["schema"]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise _wrong(N_('"code" gồm chữ, số, dấu cách, chấm, gạch; tối đa 60 ký tự'))
    if not isinstance(schema.get("properties"), dict) or not schema["properties"]:
        raise _wrong(N_('"schema.properties" phải nêu ít nhất một trường'))
    group, catalogue = (str(said.get(camel) or said.get(snake) or "")[:200] for camel, snake in _NAMES)
    return group.replace("\x00", ""), catalogue.replace("\x00", ""), code, schema


_NAMES = (("groupName", "group_name"), ("catalogName", "catalog_name"))


def to_json_schema(sent: Mapping[str, Any], *, depth: int = 0) -> dict[str, Any]:
    """Return the JSON Schema of records that a DatabaseSchema describes. Raises: GovStackRefused."""
    fields = sent.get("properties")
    odd = [name for name, kinds in _WORDS.items() if name in sent and not _is_of(sent[name], kinds)]
    if "required" not in odd and not all(isinstance(name, str) for name in sent.get("required", ())):
        odd.append("required")
    if odd:
        raise _wrong(N_("từ mô tả sai kiểu: %(names)s", names=", ".join(odd)))
    if depth > MAX_DEPTH:
        raise _wrong(N_("cấu trúc lồng nhau quá sâu"))
    if isinstance(fields, Mapping) and fields:
        return _to_object(sent, fields, depth)
    kind, shape = sent.get("type"), dict[str, Any]()
    if kind in _TYPES:
        shape["type"] = kind
    if sent.get("format") in _FORMATS:
        shape["format"] = sent["format"]
    if isinstance(sent.get("enum"), list) and sent["enum"]:
        shape["enum"] = sent["enum"][:1_000]
    shape.update({name: sent[name] for name in _LIMITS if type(sent.get(name)) is int and sent[name] >= 0})
    if isinstance(sent.get("items"), Mapping):
        shape["items"] = to_json_schema(sent["items"], depth=depth + 1)
    if isinstance(sent.get("description"), str):
        shape["description"] = sent["description"][:500]
    return shape


def find_keys(sent: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields by which a record is known: those marked as primary key, else one that is named id."""
    fields = sent["properties"]
    marked = [name for name, field in fields.items() if isinstance(field, Mapping) and field.get("primaryKey") is True]
    return tuple(marked or [name for name in fields if name.lower() == "id"][:1])


def find_templates(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields whose empty value is set by a trigger, with what it is set to."""
    found: dict[str, str] = {}
    for name, field in sent["properties"].items():
        for trigger in _mappings(field.get("triggers")) if isinstance(field, Mapping) else ():
            for action in _mappings(trigger.get("actions")):
                if action.get("type") == "set-value" and isinstance(action.get("value"), str):
                    found.setdefault(name, action["value"][:100])
    return found


def fill_templates(
    content: Mapping[str, Any], templates: Mapping[str, str], *, code: str, index: int
) -> dict[str, Any]:
    """Return content with its empty fields set as the schema's triggers say."""
    values = {"{code}": code, "{indexNoByCode}": str(index)}
    filled = dict(content)
    for name, template in templates.items():
        if filled.get(name) in (None, ""):
            for word, value in values.items():
                template = template.replace(word, value)
            filled[name] = template
    return filled


def describe(
    sent: Mapping[str, Any], *, code: str, name: str, owner: str, version: int, before: Mapping[str, Any] | None,
    steps: Sequence[Mapping[str, Any]] = (),
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """Return a register's description and schema; records of the version `before` lose the fields that went.

    `steps`: what led up to the version before.
    """
    keys = find_keys(sent)
    content = {
        "code": code, "name": name or code, "owner": owner, "steward": owner, "sensitivity": "personal",
        "legal_ground": "Sổ do cơ quan quản lý tự mô tả qua giao diện sổ dữ liệu",
        "retention": "Theo quy định của cơ quan quản lý sổ", "version": version,
        "keys": [{"name": key, "fields": [key], "is_required": True} for key in keys],
        "subject_key": keys[0] if keys else "",
    }  # fmt: skip
    if before is not None:
        gone = [name for name in before["properties"] if name not in sent["properties"]]
        content["upgrade"] = [*steps, *({"to": version, "drop": name} for name in gone)]
    return content, {**to_json_schema(sent), "title": name or code}


def list_flags(sent: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return schemaFlags: what is mandatory, what cannot be written."""
    fields = sent.get("properties", {})
    required = [name for name in sent.get("required", []) if name in fields]
    flags = [{"name": "mandatory", "path": f"/{name}"} for name in required]
    read_only = [name for name, field in fields.items() if isinstance(field, Mapping) and field.get("readOnly") is True]
    return flags + [{"name": "readOnly", "path": f"/{name}"} for name in read_only]


def is_served(asked: str | None, served: str) -> bool:
    """Tell whether an address's version is one that is served: the present one; of a described one, earlier ones too.

    An earlier version's client goes on: what it asked for is still answered, in the present shape.
    """
    if asked in (None, served):
        return True
    now, before = re.fullmatch(r"([1-9][0-9]{0,8})\.0", served), re.fullmatch(r"([1-9][0-9]{0,8})(\.0)?", asked or "")
    return bool(now and before and int(before[1]) <= int(now[1]))


def _is_of(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _to_object(sent: Mapping[str, Any], fields: Mapping[str, Any], depth: int) -> dict[str, Any]:
    wrong = [name for name, field in fields.items() if not _NAME.fullmatch(name) or not isinstance(field, Mapping)]
    if wrong or len(fields) > MAX_FIELDS:
        raise _wrong(N_("tên trường hoặc mô tả trường không hợp lệ: %(names)s", names=", ".join(wrong)[:200]))
    required = sent.get("required")
    named = [name for name in required if name in fields] if isinstance(required, Sequence) else []
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: to_json_schema(field, depth=depth + 1) for name, field in fields.items()},
        "required": named,
    }


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _wrong(reason: str) -> GovStackRefused:
    return GovStackRefused(400, N_("Mô tả sổ không hợp lệ: %(reason)s.", reason=reason))
