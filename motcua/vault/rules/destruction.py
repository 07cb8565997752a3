"""The record of a deletion: what was destroyed, how it can be checked; no title and no name of a person. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedPaper:
    """One paper that opens no more. `stored_sha256` names the enciphered bytes that stay behind, unreadable."""

    paper: str
    stored_sha256: str
    key_fingerprint: str


def fingerprint(wrapped: bytes) -> str:
    """Return the SHA-256 of an enciphered key: proves which one was destroyed, opens nothing."""
    return hashlib.sha256(wrapped).hexdigest()


def make_record(
    deletion: UUID,
    *,
    vault: UUID,
    scope: Literal["paper", "vault"],
    papers: Sequence[DestroyedPaper],
    person_key: dict[str, Any] | None,
    asked_at: datetime,
    executed_at: datetime,
) -> dict[str, Any]:
    """Return what is signed and logged. `person_key`: generation, kek_id and fingerprint, when the whole vault went."""
    return {
        "format": "motcua-vault-deletion-1",
        "deletion": str(deletion),
        "vault": str(vault),
        "scope": scope,
        "asked_at": asked_at.isoformat(),
        "executed_at": executed_at.isoformat(),
        "method": "AES-256-GCM; khóa mở nội dung đã bị hủy, bản mã còn lại không mở được",
        "papers": [asdict(item) for item in papers],
        "person_key": person_key,
        "not_covered": "Bản lưu của cơ quan theo pháp luật về lưu trữ không nằm trong kho này.",
    }


def to_signed_bytes(record: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: JSON with sorted keys, so that anybody can make them again."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
