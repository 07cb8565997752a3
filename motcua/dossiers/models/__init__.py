"""Tables of dossiers: drafts, what was filed, slips, results. What must always hold is a constraint here."""

from __future__ import annotations

from motcua.dossiers.models.decided import Appraisal, DraftResult, Result
from motcua.dossiers.models.drafts import Draft, DraftFile
from motcua.dossiers.models.facts import Correction, DossierFact
from motcua.dossiers.models.filed import (
    Dossier,
    LinkedRegistration,
    NumberSeries,
    Paper,
    Slip,
    SupplementFile,
    SupplementRequest,
)
from motcua.dossiers.models.reuse import ReusedPaper
from motcua.dossiers.models.signing import ShownDraft
from motcua.dossiers.models.sparing import SparedPaper
from motcua.dossiers.models.words import PARTY_KINDS, RESULT_CHANNELS, SHA256_PATTERN

__all__ = [
    "Correction",
    "DossierFact",
    "Appraisal",
    "Dossier",
    "Draft",
    "DraftFile",
    "DraftResult",
    "LinkedRegistration",
    "NumberSeries",
    "PARTY_KINDS",
    "Paper",
    "RESULT_CHANNELS",
    "Result",
    "ReusedPaper",
    "SHA256_PATTERN",
    "ShownDraft",
    "Slip",
    "SparedPaper",
    "SupplementFile",
    "SupplementRequest",
]
