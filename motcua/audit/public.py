"""The face of audit: what happened, in a log that shows any change to it."""

from __future__ import annotations

from motcua.audit.types import SYSTEM, Actor, AuditEntryInfo, AuditHead, AuditRecord, VerifyReport

__all__ = ["SYSTEM", "Actor", "AuditEntryInfo", "AuditHead", "AuditRecord", "VerifyReport"]
