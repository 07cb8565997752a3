"""What crosses the boundary of national."""

from __future__ import annotations

from motcua.national.types.events import PackageReceived
from motcua.national.types.failures import (
    DecisionUnknown,
    IntakeNotFound,
    IntakeSettled,
    IntakeStale,
    NationalError,
    NothingToResend,
    OnwardRefused,
    PackageUnreadable,
    SignatureRefused,
)
from motcua.national.types.values import (
    INTAKE_LABELS,
    INTAKE_STATES,
    KIND_LABELS,
    OUTCOMES,
    Acknowledgement,
    DayReport,
    Difference,
    DifferenceKind,
    IntakeFolder,
    IntakeRow,
    IntakeState,
    MessageRow,
    Outcome,
    Package,
    PackageFile,
    PackageParty,
    Reason,
    SentNote,
    StateReached,
    StatusNote,
    SyncReport,
    SyncStatus,
    ToldState,
)

__all__ = [
    "Acknowledgement", "DayReport", "DecisionUnknown", "Difference", "DifferenceKind", "INTAKE_LABELS",
    "INTAKE_STATES", "IntakeFolder", "IntakeNotFound", "IntakeRow", "IntakeSettled", "IntakeStale", "IntakeState",
    "KIND_LABELS", "MessageRow", "NationalError", "NothingToResend", "OUTCOMES", "OnwardRefused", "Outcome",
    "Package", "PackageFile", "PackageParty", "PackageReceived", "PackageUnreadable", "Reason", "SentNote",
    "SignatureRefused", "StateReached", "StatusNote", "SyncReport", "SyncStatus", "ToldState",
]  # fmt: skip
