"""Where answers stand: by path in the data, by address ("members[0].child.name") on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MAX_ROWS = 100
_PART = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})((?:\[[0-9]{1,3}\]){0,2})")
_INDEX = re.compile(r"\[([0-9]{1,3})\]")


def read_at(data: Any, path: Sequence[str | int]) -> Any:
    """Follow a path; what is not there is None."""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and 0 <= step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, Mapping) else None
        if data is None:
            return None
    return data


def has_at(data: Any, path: Sequence[str]) -> bool:
    """Tell whether something, be it null, stands at the path."""
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True


def write_at(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a value at the path; what stands in the way and is no mapping gives way."""
    for step in path[:-1]:
        inner = data.get(step)
        if not isinstance(inner, dict):
            inner = data[step] = {}
        data = inner
    data[path[-1]] = value


def drop_at(data: dict[str, Any], path: Sequence[str]) -> None:
    """Take the value at the path away, and mappings that it leaves empty."""
    if len(path) == 1:
        data.pop(path[0], None)
        return
    inner = data.get(path[0])
    if isinstance(inner, dict):
        drop_at(inner, path[1:])
        if not inner:
            del data[path[0]]


def copy_tree(value: Any) -> Any:
    """Copy mappings, so that writing into the copy leaves the original alone; lists are replaced whole, never in."""
    return {key: copy_tree(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def merge_answers(data: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with newer ones put in: groups merge, everything else (lists too) is replaced."""
    merged = dict(data)
    for key, value in newer.items():
        known = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[key] = merge_answers(known, value) if both else value  # type: ignore[arg-type]  # both says so
    return merged


def put_answers(data: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with others put in by the key of their question ("child.full_name")."""
    found: dict[str, Any] = copy_tree(data)
    for key, value in answers.items():
        write_at(found, key.split("."), value)
    return found


def read_answer_at(data: Mapping[str, Any], address: str) -> Any:
    """Return the answer at an address such as "members[0].full_name", or None."""
    return read_at(data, parse_address(address))


def parse_address(address: str) -> tuple[str | int, ...]:
    """Split an address; one that cannot be an address gives a path that leads nowhere."""
    steps: list[str | int] = []
    for part in address.split("."):
        found = _PART.fullmatch(part)
        if found is None:
            return (address,)
        steps.append(found[1])
        steps += [int(number) for number in _INDEX.findall(found[2])]
    return tuple(steps)


def root_of(address: str) -> str:
    """Return the address of the question that an error belongs to: a list for everything in its rows."""
    return address.partition("[")[0]
