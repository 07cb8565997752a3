"""The message log as evidence: each line's digest covers the one before it, so that none is changed, moved or lost.

A digest covers SHA-512 of request and answer, never their content: personal data can be forgotten, the proof stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC

import orjson

from motcua.exchange.types import LoggedMessage

GENESIS = "0" * 64
_COVERED = tuple(field.name for field in fields(LoggedMessage) if field.name != "digest")


def digest_message(message: LoggedMessage) -> str:
    """Return the SHA-256 of a line, its own digest left out."""
    content = {name: getattr(message, name) for name in _COVERED}
    content["at"] = message.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def seal(message: LoggedMessage, *, seq: int, previous: str) -> LoggedMessage:
    """Return the line at its place, linked to the one before it."""
    linked = replace(message, seq=seq, previous=previous)
    return replace(linked, digest=digest_message(linked))


def find_break(messages: Iterable[LoggedMessage], *, previous: str = GENESIS) -> int | None:
    """Return the number of the first line that does not fit the one before it, or whose content was changed."""
    number: int | None = None
    for message in messages:
        is_next = number is None or message.seq == number + 1
        if not is_next or message.previous != previous or digest_message(message) != message.digest:
            return message.seq
        number, previous = message.seq, message.digest
    return None
