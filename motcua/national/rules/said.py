"""Sentences kept in the database without losing their template: a screen says them in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.kernel.messages import Message
from motcua.national.types import Reason


def keep(says: str) -> dict[str, Any]:
    """Return a sentence as JSON."""
    if isinstance(says, Message):
        return {"template": says.template, "params": {key: str(value) for key, value in says.params.items()}}
    return {"template": says, "params": {}}


def recall(kept: Mapping[str, Any]) -> Message:
    """Return the sentence again."""
    return Message(kept["template"], kept["params"])


def to_json(reason: Reason) -> dict[str, Any]:
    """Return a reason as JSON."""
    return {"code": reason.code, "field": reason.field, "says": keep(reason.says)}


def from_json(kept: Mapping[str, Any]) -> Reason:
    """Return the reason again."""
    return Reason(kept["code"], kept["field"], recall(kept["says"]))
