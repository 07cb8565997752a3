"""What of a record a grant lets through: named fields only, "a.b" inside, "*" for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_ALL = "*"


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
