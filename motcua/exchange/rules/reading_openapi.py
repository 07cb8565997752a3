"""An OpenAPI description as people read it: each operation, what it takes, what it gives. None is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
MAX_OPERATIONS = 200
MAX_FIELDS = 200
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is sent or comes back: "a.b" lies inside, "[]" in a list."""

    name: str
    kind: str
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str, tuple[Field, ...]], ...]  # status, description, fields


def list_operations(described: Mapping[str, Any]) -> list[Operation]:
    """Return the operations of a description; what cannot be read is left out."""
    found: list[Operation] = []
    for path, item in _mapping(described.get("paths")).items():
        for method in METHODS:
            operation = _mapping(_mapping(item).get(method))
            if operation and len(found) < MAX_OPERATIONS:
                shared = _list(_mapping(item).get("parameters"))
                found.append(_read_operation(described, method.upper(), str(path), operation, shared))
    return found


def _read_operation(
    whole: Mapping[str, Any], method: str, path: str, said: Mapping[str, Any], shared: list[Any]
) -> Operation:
    parameters = [_follow(whole, each) for each in (*shared, *_list(said.get("parameters")))]
    answers = []
    for status, answer in _mapping(said.get("responses")).items():
        read = _follow(whole, answer)
        answers.append((str(status), _text(read.get("description")), _read_content(whole, read)))
    return Operation(
        method=method,
        path=path,
        summary=_text(said.get("summary") or said.get("description")),
        parameters=tuple(_read_parameter(whole, each) for each in parameters if each),
        body=_read_content(whole, _follow(whole, said.get("requestBody"))),
        answers=tuple(answers),
    )


def _read_parameter(whole: Mapping[str, Any], said: Mapping[str, Any]) -> Field:
    kind = _kind(_follow(whole, said.get("schema")))
    name = f"{_text(said.get('name'))} ({_text(said.get('in'))})"
    return Field(name, kind, _text(said.get("description")), said.get("required") is True)


def _read_content(whole: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[Field, ...]:
    contents = list(_mapping(said.get("content")).values())
    fields: list[Field] = []
    if contents:
        _walk(whole, _follow(whole, _mapping(contents[0]).get("schema")), "", fields, _DEPTH)
    return tuple(fields)


def _walk(whole: Mapping[str, Any], schema: Mapping[str, Any], prefix: str, fields: list[Field], depth: int) -> None:
    if depth <= 0 or len(fields) >= MAX_FIELDS:
        return
    if "items" in schema:
        _walk(whole, _follow(whole, schema["items"]), f"{prefix}[]", fields, depth - 1)
    required = _list(schema.get("required"))
    for name, inner in _mapping(schema.get("properties")).items():
        if len(fields) >= MAX_FIELDS:
            return
        read, full = _follow(whole, inner), f"{prefix}.{name}" if prefix else str(name)
        told = _text(read.get("description") or read.get("title"))
        fields.append(Field(full, _kind(read), told, name in required))
        _walk(whole, read, full, fields, depth - 1)


def _follow(whole: Mapping[str, Any], said: Any) -> Mapping[str, Any]:
    """Return what a reference inside the description leads to; one that leads elsewhere leads nowhere."""
    for _ in range(5):
        here = _mapping(said)
        where = here.get("$ref")
        if not isinstance(where, str):
            return here
        if not where.startswith("#/"):
            return {}
        said = whole
        for part in where[2:].split("/"):
            said = _mapping(said).get(part.replace("~1", "/").replace("~0", "~"))
    return {}


def _kind(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type")
    named = ", ".join(str(each) for each in kinds) if isinstance(kinds, list) else _text(kinds)
    form = _text(schema.get("format"))
    return f"{named} ({form})" if form else named


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value[:500] if isinstance(value, str) else ""
