"""JSON as others wrote it: numbers of any length stay what they are."""

from __future__ import annotations

import json
from typing import Any

import orjson


def read_json(body: bytes) -> Any:
    """Read JSON without rounding long numbers. Raises: ValueError, also for what is nested too deep."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def dump_json(content: Any) -> bytes:
    """Write JSON; a number that is longer than a machine word is written too."""
    try:
        return orjson.dumps(content)
    except TypeError:  # a long number: the fast writer has none
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
