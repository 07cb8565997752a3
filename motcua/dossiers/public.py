"""The face of dossiers: file, follow, decide, verify."""

from __future__ import annotations

from motcua.dossiers.actions.apologies import apologise
from motcua.dossiers.actions.decisions import (
    Hand,
    accept_dossier,
    appraise_dossier,
    deliver_result,
    refuse_dossier,
    request_supplement,
    return_to_appraisal,
    sign_result,
)
from motcua.dossiers.actions.draft_files import add_draft_file, remove_draft_file
from motcua.dossiers.actions.drafts import (
    adopt_draft,
    choose_applicant,
    delete_draft,
    purge_drafts,
    restore_draft,
    save_page,
    start_draft,
)
from motcua.dossiers.actions.endings import note_stopped, withdraw_dossier
from motcua.dossiers.actions.filing import file_draft
from motcua.dossiers.actions.results import ResultPaper, issue_result, prepare_result
from motcua.dossiers.actions.slips import store_slip_pdf
from motcua.dossiers.actions.supplements import (
    add_supplement_file,
    answer_supplement,
    remove_supplement_file,
    save_supplement,
)
from motcua.dossiers.queries.dossiers import get_folder, list_dossiers_of, open_folder
from motcua.dossiers.queries.drafts import find_draft, find_draft_by_code, get_live_draft, list_drafts_of
from motcua.dossiers.queries.preparing import Preparation, prepare_filing
from motcua.dossiers.queries.register import list_register, list_register_for_print
from motcua.dossiers.queries.verification import track_by_code, verify_file, verify_result
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.types import (
    DossierFiled,
    DossierFolder,
    DossierInfo,
    DossierNotFound,
    DossierRow,
    DraftIncomplete,
    DraftInfo,
    DraftNotFound,
    DraftRow,
    Filed,
    FileVerification,
    NationalState,
    NotAllowedNow,
    PublicStatus,
    RegisterRow,
    ResultIssued,
    ResultVerification,
    SavedPage,
    StaleDraft,
    SupplementItems,
)

__all__ = [
    "DossierFiled",
    "DossierFolder",
    "DossierInfo",
    "DossierNotFound",
    "DossierRow",
    "DraftIncomplete",
    "DraftInfo",
    "DraftNotFound",
    "DraftRow",
    "FileVerification",
    "Filed",
    "Hand",
    "NationalState",
    "NotAllowedNow",
    "Preparation",
    "PublicStatus",
    "RegisterRow",
    "ResultIssued",
    "ResultPaper",
    "ResultVerification",
    "SavedPage",
    "StaleDraft",
    "SupplementItems",
    "accept_dossier",
    "add_draft_file",
    "add_supplement_file",
    "adopt_draft",
    "answer_supplement",
    "apologise",
    "appraise_dossier",
    "choose_applicant",
    "delete_draft",
    "deliver_result",
    "derive_national_state",
    "file_draft",
    "find_draft",
    "find_draft_by_code",
    "get_folder",
    "get_live_draft",
    "issue_result",
    "list_dossiers_of",
    "list_drafts_of",
    "list_register",
    "list_register_for_print",
    "note_stopped",
    "open_folder",
    "prepare_filing",
    "prepare_result",
    "purge_drafts",
    "refuse_dossier",
    "remove_draft_file",
    "remove_supplement_file",
    "request_supplement",
    "restore_draft",
    "return_to_appraisal",
    "save_page",
    "save_supplement",
    "sign_result",
    "start_draft",
    "store_slip_pdf",
    "track_by_code",
    "verify_file",
    "verify_result",
    "withdraw_dossier",
]
