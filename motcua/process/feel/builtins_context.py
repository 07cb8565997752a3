"""Functions on contexts. Source: OMG DMN 1.5, 10.3.4.8 (context functions)."""

from __future__ import annotations

from typing import Any

from motcua.process.feel.registry import builtin


@builtin("get value", "m: context, key: string")
def _get_value(context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "context: context, keys: list")
def _get_value_by_keys(context: dict[str, Any], keys: list[Any]) -> Any:
    if not keys:
        return None
    found: Any = context
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str):
            return None
        found = found.get(key)
    return found


@builtin("get entries", "m: context")
def _get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(entries: list[Any]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def _context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def _context_put_by_keys(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    chain = [context]
    for key in keys[:-1]:
        inner = chain[-1].get(key, {})
        if not isinstance(inner, dict):
            return None
        chain.append(inner)
    made = value
    for context_at, key in zip(reversed(chain), reversed(keys), strict=True):
        made = {**context_at, key: made}
    return made  # type: ignore[no-any-return]  # a context: there is at least one key


@builtin("context merge", "contexts: list")
def _context_merge(contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for each in contexts:
        if not isinstance(each, dict):
            return None
        merged |= each
    return merged
