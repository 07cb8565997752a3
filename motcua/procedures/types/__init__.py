"""What the catalogue hands out, and how it fails."""

from __future__ import annotations

from motcua.procedures.types.answers import PaperSource
from motcua.procedures.types.catalogue import (
    CHANNELS,
    ApplicantKind,
    Audience,
    Channel,
    ChannelRow,
    ClockRule,
    Competence,
    CompetenceRule,
    Doubt,
    EligibilityMessage,
    Fee,
    FeeChannel,
    FeeLine,
    FeeRow,
    FieldCount,
    FieldInfo,
    FilingRule,
    ImportProblem,
    ImportReport,
    LegalBasis,
    Level,
    LifeEventInfo,
    LinkedProcedure,
    LoadReport,
    Mark,
    OnlineLevel,
    PackageProblem,
    Paper,
    PaperKind,
    ProcedureDetail,
    ProcedureSummary,
    ResultTemplate,
    SearchMissInfo,
    SearchPage,
    Source,
    Term,
    TermUnit,
    WaivedCategory,
    WaivedProcedure,
)
from motcua.procedures.types.failures import (
    ImportPathInvalid,
    PackageInvalid,
    ProcedureNotFileable,
    ProcedureVersionNotFound,
)

__all__ = [
    "ApplicantKind", "Audience", "CHANNELS", "Channel", "ChannelRow", "ClockRule", "Competence", "CompetenceRule",
    "Doubt", "EligibilityMessage", "Fee", "FeeChannel", "FeeLine", "FeeRow", "FieldCount", "FieldInfo", "FilingRule",
    "ImportPathInvalid", "ImportProblem", "ImportReport", "LegalBasis", "Level", "LifeEventInfo", "LinkedProcedure",
    "LoadReport", "Mark", "OnlineLevel", "PackageInvalid", "PackageProblem", "Paper", "PaperKind", "PaperSource",
    "ProcedureDetail", "ProcedureNotFileable", "ProcedureSummary", "ProcedureVersionNotFound", "ResultTemplate",
    "SearchMissInfo", "SearchPage", "Source", "Term", "TermUnit",
    "WaivedCategory", "WaivedProcedure",
]  # fmt: skip
