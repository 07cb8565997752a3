"""How an entry and its place are hashed. Pure; a change here is a new version of the chain, never an edit."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

GENESIS = "0" * 64
SALT_BYTES = 16
_VERSION = "motcua-audit-1"


def to_plain(value: object) -> Any:
    """Return details as JSON that the database gives back unchanged: no floats, no NUL, no half characters.

    Raises: TypeError for a value that has no such form.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, datetime):
        return to_instant(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(to_plain(str(key))): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    raise TypeError(f"The log cannot keep a {type(value).__name__}.")


def to_instant(at: datetime) -> str:
    """Return a moment in the one form that is hashed: UTC, microseconds. Raises: ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("A moment must carry its zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_private(salt: bytes, *, actor_name: str, details: object) -> str:
    """Return the salted digest of the personal values, which alone stands in the chain."""
    return hashlib.sha256(salt + _canonical([actor_name, details])).hexdigest()


def hash_link(seq: int, *, prev_hash: str, facts: dict[str, str]) -> str:
    """Return the hash that binds an entry's facts to its place behind `prev_hash`."""
    return hashlib.sha256(_canonical([_VERSION, seq, prev_hash, facts])).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
