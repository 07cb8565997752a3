"""The OpenAPI description of a register of ours, made of its schema: what may be asked, what comes back.

Source: OpenAPI Specification 3.1.0.
Source: X-Road PR-REST 5.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.kernel.messages import N_

_FAULT = {
    "type": "object",
    "properties": {"type": {"type": "string"}, "message": {"type": "string"}, "detail": {"type": "string"}},
}
# What a narrowed schema keeps of its own words: none of them names a field.
_PLAIN = frozenset({"$schema", "type", "title", "description", "additionalProperties", "incrementIndex"})


def describe_openapi(schema: Mapping[str, Any], *, keys: Sequence[str], title: str, version: str) -> dict[str, Any]:
    """Return the description of a register's service behind the X-Road gateway."""
    shown = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "data": {"$ref": "#/components/schemas/Record"},
            "valid_from": {"type": "string", "format": "date-time"},
            "valid_to": {"type": ["string", "null"], "format": "date-time"},
            "known_from": {"type": "string", "format": "date-time"},
            "source": {"type": "string"},
        },
    }
    answers = _answers(shown)
    name = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "enum": list(keys)}}
    value = {"name": "value", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 200}}
    asked = {
        "type": "object",
        "required": ["key", "value"],
        "properties": {"key": {"type": "string", "enum": list(keys)}, "value": {"type": "string", "maxLength": 200}},
    }
    sentence = N_("Đọc một bản ghi theo số tra cứu; chỉ các trường đã được cấp.")
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": str(sentence)},
        "paths": {
            "/{key}/{value}": {
                "get": {
                    "operationId": "read",
                    "summary": str(sentence),
                    "parameters": [name, value],
                    "responses": answers,
                }
            },
            "/query": {
                "post": {
                    "operationId": "query",
                    "summary": str(N_("Như trên, số tra cứu nằm trong nội dung, không nằm trong địa chỉ.")),
                    "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
                    "responses": answers,
                }
            },
        },
        "components": {"schemas": {"Record": _strip(schema), "Fault": _FAULT}},
    }


def narrow_schema(schema: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Return a register's schema with the granted fields only; rules that may name others are left out."""
    if "*" in fields:
        return dict(schema)
    inside: dict[str, list[str]] = {}
    for field in fields:
        name, _, rest = field.partition(".")
        inside.setdefault(name, []).append(rest)
    properties = schema.get("properties", {})
    kept = {
        name: properties[name] if "" in rests else _narrow_value(properties[name], rests)
        for name, rests in inside.items()
        if name in properties
    }
    plain = {name: value for name, value in schema.items() if name in _PLAIN and isinstance(value, str | bool | int)}
    required = [name for name in schema.get("required", []) if name in kept]
    return {**plain, "properties": kept, "required": required}


def _narrow_value(value: Any, fields: Sequence[str]) -> dict[str, Any]:
    """Return what describes a part of a record, or a list of such parts."""
    if not isinstance(value, Mapping):
        return {}
    if isinstance(value.get("items"), Mapping):
        return {"type": "array", "items": narrow_schema(value["items"], fields)}
    return narrow_schema(value, fields)


def _answers(shown: Mapping[str, Any]) -> dict[str, Any]:
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    nothing = {"type": "object", "properties": {"message": {"const": "no record found"}}}
    return {
        "200": {"description": str(N_("Bản ghi")), "content": {"application/json": {"schema": shown}}},
        "400": {"description": str(N_("Yêu cầu không đúng giao thức")), "content": fault},
        "404": {
            "description": str(N_("Không có bản ghi")),
            "content": {"application/json": {"schema": nothing}},
        },
        "500": {"description": str(N_("Nền tảng từ chối hoặc không trả lời được")), "content": fault},
    }


def _strip(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("$schema", "$id")}
