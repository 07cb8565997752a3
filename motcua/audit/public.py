"""The face of audit: what happened, in a log that shows any change to it."""

from __future__ import annotations

from motcua.audit.actions import chain_pending, record_all, record_decision, record_read
from motcua.audit.queries import find_head, list_decisions_of, list_reads_of, verify_chain
from motcua.audit.types import (
    SYSTEM,
    Actor,
    ActorKind,
    AuditEntryInfo,
    AuditHead,
    AuditRecord,
    VerifyReport,
)

__all__ = [
    "SYSTEM",
    "Actor",
    "ActorKind",
    "AuditEntryInfo",
    "AuditHead",
    "AuditRecord",
    "VerifyReport",
    "chain_pending",
    "find_head",
    "list_decisions_of",
    "list_reads_of",
    "record_all",
    "record_decision",
    "record_read",
    "verify_chain",
]
