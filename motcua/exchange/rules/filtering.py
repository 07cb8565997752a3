"""What of a record a grant lets through: named fields only, "a.b" inside, "*" for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from motcua.exchange.rules.texts import dump_json, read_json
from motcua.exchange.types import Answer

_ALL = "*"
# Headers of a provider's answer that say nothing of the record's other fields (an ETag does: it hashes them).
_HARMLESS = frozenset(
    {"content-type", "content-language", "location", "cache-control", "pragma", "expires", "retry-after", "allow",
     "age", "x-cache", "date"}
)  # fmt: skip
_PROBLEM = frozenset({"type", "title", "status", "code", "error", "message", "detail", "timestamp", "path", "instance"})
_OK, _MOVED, _WRONG = 200, 300, 400


def filter_fields(data: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the granted part of a record; no fields grant nothing. Lists are filtered element by element."""
    tree: dict[str, Any] = {}
    for field in fields:
        node = tree
        for part in field.split("."):
            node = node.setdefault(part, {})
        node[_ALL] = {}
    if _ALL in tree:
        return dict(data)
    return _filter(data, tree)


def _filter(data: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, inner in tree.items():
        value = data.get(name)
        if name not in data or not inner:
            continue
        if _ALL in inner:
            kept[name] = value
        elif isinstance(value, Mapping):
            kept[name] = _filter(value, inner)
        elif isinstance(value, list):
            kept[name] = [_filter(item, inner) for item in value if isinstance(item, Mapping)]
    return kept


def filter_answer(answer: Answer, fields: Iterable[str]) -> Answer:
    """Return the granted part of a provider's answer: of a record, of a list of records; of an error its description.

    Raises: ValueError for content that cannot be filtered.
    """
    headers = {name: value for name, value in answer.headers.items() if name.lower() in _HARMLESS}
    if answer.status >= _WRONG:
        return Answer(status=answer.status, headers=headers, body=_filter_problem(answer.body))
    if answer.status < _OK or answer.status >= _MOVED or not answer.body:
        return Answer(status=answer.status, headers=headers, body=b"")
    kept = _filter_content(read_json(answer.body), tuple(fields))
    return Answer(status=answer.status, headers=headers, body=dump_json(kept))


def _filter_content(content: Any, fields: tuple[str, ...]) -> Any:
    if isinstance(content, list):
        return [_filter_content(each, fields) for each in content]
    if isinstance(content, Mapping):
        return filter_fields(content, fields)
    raise ValueError("neither a record nor a list of records")


def _filter_problem(body: bytes) -> bytes:
    """Return what describes an error, in words only; content of another kind is left out."""
    try:
        told = read_json(body)
    except ValueError:
        return b""
    if not isinstance(told, Mapping):
        return b""
    return dump_json({name: value for name, value in told.items() if name in _PROBLEM and _is_plain(value)})


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
