"""The face of dossiers: file, follow, decide, verify."""

from __future__ import annotations

from motcua.dossiers.actions.apologies import apologise
from motcua.dossiers.actions.channel_filing import check_channel_filing, file_dossier_from_channel
from motcua.dossiers.actions.corrections import dispute_fact
from motcua.dossiers.actions.decisions import (
    Hand,
    accept_dossier,
    appraise_dossier,
    deliver_result,
    refuse_dossier,
    request_supplement,
    sign_result,
)
from motcua.dossiers.actions.draft_files import add_draft_file
from motcua.dossiers.actions.drafts import adopt_remembered, choose_applicant, start_draft
from motcua.dossiers.actions.endings import withdraw_dossier
from motcua.dossiers.actions.filing import file_draft
from motcua.dossiers.actions.supplements import answer_supplement, save_supplement
from motcua.dossiers.queries.corrections import list_corrections_of
from motcua.dossiers.queries.dossiers import (
    get_folder,
    list_dossiers_filed_for,
    list_dossiers_of,
    list_whole_dossiers,
)
from motcua.dossiers.queries.drafts import list_drafts_of
from motcua.dossiers.queries.measures import list_dossier_measures
from motcua.dossiers.queries.verification import track_by_code, verify_file, verify_result
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.types import (
    ChannelFiling,
    CorrectionInfo,
    DossierFiled,
    DossierFolder,
    DossierMeasure,
    DossierRow,
    DraftIncomplete,
    DraftInfo,
    Filed,
    FileVerification,
    NationalState,
    NotAllowedNow,
    PublicStatus,
    ResultInfo,
    ResultIssued,
    ResultVerification,
    SupplementItems,
)

__all__ = [
    "ChannelFiling", "CorrectionInfo", "DossierFiled", "DossierFolder", "DossierMeasure", "DossierRow",
    "DraftIncomplete", "DraftInfo", "FileVerification", "Filed", "Hand", "NationalState", "NotAllowedNow",
    "PublicStatus", "ResultInfo", "ResultIssued", "ResultVerification", "SupplementItems", "accept_dossier",
    "add_draft_file", "adopt_remembered", "answer_supplement",
    "apologise", "appraise_dossier", "check_channel_filing", "choose_applicant", "deliver_result",
    "derive_national_state", "dispute_fact", "file_dossier_from_channel", "file_draft", "get_folder",
    "list_corrections_of", "list_dossier_measures", "list_dossiers_filed_for", "list_dossiers_of", "list_drafts_of",
    "list_whole_dossiers",
    "refuse_dossier", "request_supplement", "save_supplement", "sign_result", "start_draft", "track_by_code",
    "verify_file", "verify_result", "withdraw_dossier",
]  # fmt: skip
