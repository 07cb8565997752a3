"""How an entry and its place are hashed, and when a reading may be seen. Pure.

A change of the hashing is a new version of the chain, never an edit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from motcua.audit.types import AuditEntryInfo, DelayInfo, DelayLimits, NewDelay
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_

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


def find_delay_problem(wish: NewDelay, *, limits: DelayLimits, now: datetime) -> str:
    """Return the sentence that says why a decision may not delay like this; empty when it may."""
    if not (wish.decision_no.strip() and wish.authority.strip() and wish.party and wish.reader.strip()):
        return N_("Hãy ghi đủ số quyết định, cơ quan ban hành, người được hoãn báo và cơ quan đọc dữ liệu.")
    if wish.until_at <= now:
        return N_("Ngày hết hoãn phải sau hôm nay.")
    if wish.until_at > now + limits.max_decision:
        return N_(
            "Một quyết định chỉ được hoãn tối đa %(days)s ngày. Hãy chọn ngày sớm hơn; nếu cần thêm, phải có quyết "
            "định mới.",
            days=limits.max_decision.days,
        )
    if wish.decided_on > local_date(now):
        return N_("Ngày ban hành quyết định không được ở tương lai.")
    if wish.reads_from < now - limits.max_backdate:
        return N_(
            "Chỉ được hoãn hiện các lượt đọc từ %(days)s ngày gần đây trở lại: lượt đọc cũ hơn người dân đã xem được.",
            days=limits.max_backdate.days,
        )
    if wish.reads_from >= wish.until_at:
        return N_("Ngày bắt đầu phải trước ngày hết hoãn.")
    return ""


def covers(delay: DelayInfo, entry: AuditEntryInfo) -> bool:
    """Return whether the decision speaks of this reading: its reader, and its time."""
    is_reader = delay.reader in (entry.actor.agency_code, entry.actor.id)
    return is_reader and delay.reads_from <= entry.at < delay.ends_at


def find_visible_at(entry: AuditEntryInfo, delays: Iterable[DelayInfo], *, limits: DelayLimits) -> datetime:
    """Return when a reading comes into its subject's sight: always some time, at the latest `max_hidden` after it."""
    ends = [delay.ends_at for delay in delays if covers(delay, entry)]
    return min(max(ends), entry.at + limits.max_hidden) if ends else entry.at
