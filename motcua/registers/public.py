"""The face of the registers: facts the city keeps, in two times, each reading noted."""

from __future__ import annotations

from motcua.registers.actions.case_records import (
    CaseOutcome,
    WaitingNote,
    apply_case_rules,
    dismiss_case_record,
    settle_case_record,
)
from motcua.registers.actions.describing import assign_owner, describe_register, describe_registers
from motcua.registers.actions.loading import Source, load_register
from motcua.registers.actions.merging import merge_records, move_key, unmerge_records
from motcua.registers.actions.readings import (
    note_report,
    read_linked,
    read_matching,
    read_one,
    read_own_slices,
    read_records,
    search_records,
)
from motcua.registers.actions.renumbering import RenumberReport, renumber_parcels
from motcua.registers.actions.splitting import split_record
from motcua.registers.actions.writing import change_record, correct_record, end_record, patch_record, write_record
from motcua.registers.adapters.files import find_encoding
from motcua.registers.queries.case_gaps import KeyGap, find_key_gaps
from motcua.registers.queries.listing import OwnSlice, iterate_current
from motcua.registers.queries.loads import list_rejected_rows
from motcua.registers.queries.reading import find_linked, find_records, get_record, list_history
from motcua.registers.queries.registers import get_register, list_registers
from motcua.registers.queries.searching import find_matching
from motcua.registers.queries.stewards import list_waiting
from motcua.registers.queries.subjects import find_subject_spans
from motcua.registers.rules.case_rules import read_case_rules
from motcua.registers.rules.renumbering import Renumbering
from motcua.registers.rules.words import list_codes, say_code, say_value
from motcua.registers.types import (
    BatchLoaded,
    CaseRecordNotFound,
    FieldProblem,
    KeyInfo,
    KeyTaken,
    LinkInfo,
    LoadRefused,
    LoadReport,
    MergeRefused,
    Reading,
    ReadingRefused,
    RecordInfo,
    RecordInvalid,
    RecordNotFound,
    RecordSlice,
    RecordsMerged,
    RecordSplit,
    RecordsUnmerged,
    RecordWritten,
    RegisterInfo,
    RegisterInvalid,
    RegisterNotFound,
    Relation,
    SearchRefused,
    Wanted,
)

__all__ = [
    "BatchLoaded", "CaseOutcome", "CaseRecordNotFound", "FieldProblem", "KeyGap", "KeyInfo", "KeyTaken", "LinkInfo",
    "LoadRefused", "LoadReport", "MergeRefused", "OwnSlice", "Reading", "ReadingRefused", "RecordInfo",
    "RecordInvalid", "RecordNotFound", "RecordSlice", "RecordSplit", "RecordWritten", "RecordsMerged",
    "RecordsUnmerged", "RegisterInfo", "RegisterInvalid", "RegisterNotFound", "Relation", "RenumberReport",
    "Renumbering", "SearchRefused", "Source", "WaitingNote", "Wanted", "apply_case_rules", "assign_owner",
    "change_record", "correct_record", "describe_register", "describe_registers", "dismiss_case_record",
    "end_record", "find_encoding", "find_key_gaps", "find_linked", "find_matching", "find_records",
    "find_subject_spans", "get_record", "get_register", "iterate_current", "list_codes", "list_history",
    "list_registers", "list_rejected_rows", "list_waiting", "load_register", "merge_records", "move_key",
    "note_report", "patch_record", "read_case_rules", "read_linked", "read_matching", "read_one", "read_own_slices",
    "read_records", "renumber_parcels", "say_code", "say_value", "search_records", "settle_case_record",
    "split_record", "unmerge_records", "write_record",
]  # fmt: skip
