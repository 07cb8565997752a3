"""The face of the catalogue: what may be asked, of whom, in how many working days, for how much."""

from __future__ import annotations

from motcua.procedures.actions.importing import import_procedures
from motcua.procedures.actions.misses import record_search_miss
from motcua.procedures.actions.packages import load_designed_procedures, publish_package, read_package_folder
from motcua.procedures.queries.catalogue import (
    find_package_file,
    find_procedure,
    get_form,
    get_package_files,
    get_procedure_version,
    get_procedure_versions,
    get_result_template,
    list_designed,
    list_fields,
    list_life_events,
    list_search_misses,
    list_versions,
)
from motcua.procedures.queries.decisions import (
    check_eligibility,
    compute_fee,
    get_decision,
    list_asked_groups,
    list_fee_table,
)
from motcua.procedures.queries.rights import find_competence, find_reception, list_filing_rules
from motcua.procedures.queries.search import search_procedures
from motcua.procedures.queries.waived import list_waived
from motcua.procedures.rules.answers import PaperSourceUnreadable, parse_paper_source
from motcua.procedures.rules.exemptions import groups_by_age, groups_by_statuses
from motcua.procedures.types import (
    CHANNELS,
    Audience,
    Channel,
    ChannelRow,
    Competence,
    CompetenceRule,
    Doubt,
    EligibilityMessage,
    Fee,
    FeeLine,
    FeeRow,
    FieldCount,
    FieldInfo,
    FilingRule,
    ImportPathInvalid,
    ImportProblem,
    ImportReport,
    LegalBasis,
    LifeEventInfo,
    LinkedProcedure,
    LoadReport,
    PackageInvalid,
    PackageProblem,
    Paper,
    PaperSource,
    ProcedureDetail,
    ProcedureNotFileable,
    ProcedureSummary,
    ProcedureVersionNotFound,
    ResultTemplate,
    SearchMissInfo,
    SearchPage,
    Term,
    WaivedCategory,
    WaivedProcedure,
)

__all__ = [
    "Audience", "CHANNELS", "Channel", "ChannelRow", "Competence", "CompetenceRule", "Doubt", "EligibilityMessage",
    "Fee", "FeeLine", "FeeRow", "FieldCount", "FieldInfo", "FilingRule", "ImportPathInvalid", "ImportProblem",
    "ImportReport", "LegalBasis", "LifeEventInfo", "LinkedProcedure", "LoadReport", "PackageInvalid", "PackageProblem",
    "Paper", "PaperSource", "PaperSourceUnreadable", "ProcedureDetail", "ProcedureNotFileable",
    "ProcedureSummary", "ProcedureVersionNotFound",
    "ResultTemplate", "SearchMissInfo", "SearchPage", "Term", "check_eligibility", "compute_fee", "find_competence",
    "find_package_file", "find_procedure", "find_reception", "get_decision", "get_form", "get_package_files",
    "get_procedure_version", "get_procedure_versions", "get_result_template", "import_procedures", "list_designed",
    "list_fee_table",
    "list_fields", "list_filing_rules", "list_life_events", "list_search_misses", "list_versions",
    "load_designed_procedures", "parse_paper_source", "publish_package", "read_package_folder",
    "record_search_miss", "search_procedures",
    "WaivedCategory", "WaivedProcedure", "groups_by_age", "groups_by_statuses", "list_asked_groups", "list_waived",
]  # fmt: skip
