"""The state of a running process: plain JSON data, small, and the few ways in which it changes.

Shape: {"v": 2, "seq": 4, "stage": "submitted", "outcome": "", "ended": false,
        "vars": {"outcome": "accept"},                 only what the definition reads
        "tokens": {"t3": "receive"},                    waiting work and open sub-processes: token -> element
        "waits": {"t4": ["t3", "withdraw"]},            what may happen beside it: token -> [owner, element, was];
                                                        the owner: a token of work, of a sub-process, or "" (the whole)
        "joins": {"join": {"flow_1": 1}}}               arrivals at a join of the top
Only while used:
        "in": {"t5": "t3"}                              the sub-process (or loop) in which a token lies
        "scopes": {"t3": {"vars": {}, "joins": {}}}     own variables; "p": the called process; "mi": the loop's count
                                                        {"n": all, "i": begun, "d": done, "out": []}; "i": place in it
        "keys": {"t6": "H29-1"}                         the correlation that a message must carry
        "cycles": {"t7": 2}                             how often a repeating timer still fires (-1: for ever)

Version 1 (flat processes only) lacks the second part and is read as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from motcua.kernel.messages import N_
from motcua.process.feel.values import to_plain, to_value
from motcua.process.types import ProcessStepError

VERSION = 2
MAX_BYTES = 32 * 1024  # of variables and simple work; each token of a multi-instance may add to it
MAX_TOKENS = 1_000
_BYTES_A_TOKEN = 256
_MAX_DEPTH = 12
_NESTED = ("in", "scopes", "keys", "cycles")

State = dict[str, Any]


def new_state() -> State:
    """Make the state before the first step."""
    return {
        "v": VERSION, "seq": 0, "stage": "", "outcome": "", "ended": False,
        "vars": {}, "tokens": {}, "waits": {}, "joins": {},
    }  # fmt: skip


def _from_version_1(state: State) -> State:
    return {**state, "v": 2}


_UPGRADES: dict[object, Callable[[State], State]] = {1: _from_version_1}


def copy_state(state: Mapping[str, Any]) -> State:
    """Copy a stored state to work on, upgraded to this version; Raises: ProcessStepError for one of another shape."""
    copied = dict(state)
    while copied.get("v") != VERSION:
        upgrade = _UPGRADES.get(copied.get("v"))
        if upgrade is None:
            raise ProcessStepError(
                "process.state_unreadable", N_("Không đọc được trạng thái hồ sơ. Hãy báo người vận hành.")
            )
        copied = upgrade(copied)
    for name in ("tokens", "waits", "in", "keys", "cycles"):
        copied[name] = dict(copied.get(name, ()))
    copied["joins"] = {gateway: dict(arrived) for gateway, arrived in copied["joins"].items()}
    copied["scopes"] = {token: _copy_scope(scope) for token, scope in copied.get("scopes", {}).items()}
    return copied


def _copy_scope(scope: Mapping[str, Any]) -> State:
    copied = dict(scope)
    if "joins" in copied:
        copied["joins"] = {gateway: dict(arrived) for gateway, arrived in copied["joins"].items()}
    if "mi" in copied:
        copied["mi"] = dict(copied["mi"])
        if "out" in copied["mi"]:
            copied["mi"]["out"] = list(copied["mi"]["out"])
    return copied


def tidy(state: State) -> None:
    """Drop the parts that hold nothing, so that a simple case stays small."""
    for name in _NESTED:
        if not state.get(name):
            state.pop(name, None)
    for scope in state.get("scopes", {}).values():
        for name in ("vars", "joins"):
            if name in scope and not scope[name]:
                del scope[name]


def age(token: str) -> int:
    """Order tokens by when they were made."""
    return int(token[1:])


def keep_read(variables: Mapping[str, Any], paths: frozenset[tuple[str, ...]]) -> dict[str, Any]:
    """Keep of the variables only what is read, so that a state stays small and holds no needless personal data."""
    kept: dict[str, Any] = {}
    for path in sorted(paths, key=len, reverse=True):
        if path[0] in variables:
            _keep_path(variables, kept, path)
    return kept


def _keep_path(source: Mapping[str, Any], target: dict[str, Any], path: tuple[str, ...]) -> None:
    for position, name in enumerate(path):
        if name not in source:
            return
        value = source[name]
        if position == len(path) - 1 or not isinstance(value, Mapping):
            target[name] = plain(value)
            return
        source, target = value, target.setdefault(name, {})


def plain(value: Any, depth: int = 0) -> Any:
    """Turn any value into JSON data; what is too deep becomes null."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    return to_plain(to_value(value))


def check_size(state: Mapping[str, Any]) -> None:
    """Refuse a state that grew beyond reason; Raises: ProcessStepError."""
    try:
        size = len(orjson.dumps(state))
    except (TypeError, ValueError) as error:
        raise ProcessStepError(
            "process.state_unwritable", N_("Dữ liệu của bước này không lưu được. Hãy báo người quản lý quy trình.")
        ) from error
    if size > MAX_BYTES + _BYTES_A_TOKEN * len(state.get("in", ())):
        raise ProcessStepError(
            "process.state_too_large", N_("Dữ liệu của bước này quá lớn. Hãy báo người quản lý quy trình.")
        )
