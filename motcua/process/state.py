"""The state of a running process: plain JSON data, small, and the few ways in which it changes.

Shape: {"v": 1, "seq": 4, "stage": "submitted", "outcome": "", "ended": false,
        "vars": {"outcome": "accept"},                 only what the definition reads
        "tokens": {"t3": "receive"},                    waiting work: token -> element
        "waits": {"t4": ["t3", "withdraw"]},            what may interrupt it: token -> (work, element)
        "joins": {"join": {"flow_1": 1}}}               arrivals at a join
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from motcua.process.feel.values import to_plain, to_value
from motcua.process.types import ProcessStepError

VERSION = 1
MAX_BYTES = 32 * 1024
_MAX_DEPTH = 12


def new_state() -> dict[str, Any]:
    """Make the state before the first step."""
    return {
        "v": VERSION, "seq": 0, "stage": "", "outcome": "", "ended": False,
        "vars": {}, "tokens": {}, "waits": {}, "joins": {},
    }  # fmt: skip


def copy_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a stored state to work on; Raises: ProcessStepError for one of another shape."""
    if state.get("v") != VERSION:
        raise ProcessStepError("process.state_unreadable", "Không đọc được trạng thái hồ sơ. Hãy báo người vận hành.")
    return copy.deepcopy(dict(state))


def next_id(state: dict[str, Any]) -> str:
    """Give the next name for something that waits; names are never used twice in a case."""
    state["seq"] += 1
    return f"t{state['seq']}"


def age(token: str) -> int:
    """Order tokens by when they were made."""
    return int(token[1:])


def keep_read(variables: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """Keep of the variables only what is read, so that a state stays small and holds no needless personal data."""
    kept: dict[str, Any] = {}
    for path in sorted(paths, key=len, reverse=True):
        _keep_path(variables, kept, path)
    return kept


def _keep_path(source: Mapping[str, Any], target: dict[str, Any], path: tuple[str, ...]) -> None:
    for position, name in enumerate(path):
        if name not in source:
            return
        value = source[name]
        if position == len(path) - 1 or not isinstance(value, Mapping):
            target[name] = _plain(value, 0)
            return
        source, target = value, target.setdefault(name, {})


def _plain(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    return value if isinstance(value, int) else to_plain(to_value(value))


def check_size(state: Mapping[str, Any]) -> None:
    """Refuse a state that grew beyond reason; Raises: ProcessStepError."""
    try:
        size = len(orjson.dumps(state))
    except (TypeError, ValueError) as error:
        raise ProcessStepError(
            "process.state_unwritable", "Dữ liệu của bước này không lưu được. Hãy báo người quản lý quy trình."
        ) from error
    if size > MAX_BYTES:
        raise ProcessStepError(
            "process.state_too_large", "Dữ liệu của bước này quá lớn. Hãy báo người quản lý quy trình."
        )
