"""What registers hand out, tell and refuse."""

from __future__ import annotations

from motcua.registers.types.events import BatchLoaded, RecordsMerged, RecordSplit, RecordsUnmerged, RecordWritten
from motcua.registers.types.failures import (
    CaseRecordNotFound,
    KeyTaken,
    LoadNotFound,
    LoadRefused,
    MergeRefused,
    ReadingRefused,
    RecordInvalid,
    RecordNotFound,
    RegisterInvalid,
    RegisterNotFound,
    SearchRefused,
)
from motcua.registers.types.values import (
    FieldProblem,
    KeyInfo,
    LinkInfo,
    LoadReport,
    QualityInfo,
    Reading,
    RecordInfo,
    RecordSlice,
    RegisterInfo,
    RejectedRowInfo,
    Relation,
    Sensitivity,
    Unread,
    Wanted,
)

__all__ = [
    "BatchLoaded", "CaseRecordNotFound", "FieldProblem", "KeyInfo", "KeyTaken", "LinkInfo", "LoadNotFound",
    "LoadRefused", "LoadReport", "MergeRefused", "QualityInfo", "Reading", "ReadingRefused", "RecordInfo",
    "RecordInvalid", "RecordNotFound", "RecordSlice", "RecordSplit", "RecordWritten", "RecordsMerged",
    "RecordsUnmerged", "RegisterInfo", "RegisterInvalid", "RegisterNotFound", "RejectedRowInfo", "Relation",
    "SearchRefused", "Sensitivity", "Unread", "Wanted",
]  # fmt: skip
