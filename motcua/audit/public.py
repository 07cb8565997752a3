"""The face of audit: what happened, in a log that shows any change to it, and who may see which reading when."""

from __future__ import annotations

from motcua.audit.actions.delays import delay_readings, lift_delay
from motcua.audit.actions.log import chain_pending, record_all, record_decision, record_read
from motcua.audit.queries.log import find_head, list_decisions_of, list_reads_of, verify_chain
from motcua.audit.queries.readings import iterate_readings, list_delays, list_readings, read_limits
from motcua.audit.types import (
    SYSTEM,
    Actor,
    ActorKind,
    AuditEntryInfo,
    AuditHead,
    AuditRecord,
    DelayInfo,
    DelayLimits,
    DelayRefused,
    NewDelay,
    ReadingFilter,
    SeenReading,
    SubjectSpans,
    VerifyReport,
)

__all__ = [
    "SYSTEM",
    "Actor",
    "ActorKind",
    "AuditEntryInfo",
    "AuditHead",
    "AuditRecord",
    "DelayInfo",
    "DelayLimits",
    "DelayRefused",
    "NewDelay",
    "ReadingFilter",
    "SeenReading",
    "SubjectSpans",
    "VerifyReport",
    "chain_pending",
    "delay_readings",
    "find_head",
    "iterate_readings",
    "lift_delay",
    "list_decisions_of",
    "list_delays",
    "list_readings",
    "list_reads_of",
    "read_limits",
    "record_all",
    "record_decision",
    "record_read",
    "verify_chain",
]
