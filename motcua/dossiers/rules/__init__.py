"""The law of a dossier: its national state, who may do what and when. Pure: no Django, no clock, no network."""

from __future__ import annotations

from motcua.dossiers.rules.limits import (
    DRAFT_LIFETIME,
    MAX_FILES_PER_DRAFT,
    MAX_FILES_PER_FIELD,
    MAX_REAPPOINTMENTS,
    MAX_SUPPLEMENT_REQUESTS,
    SUPPLEMENT_ANSWER_WORKDAYS,
)
from motcua.dossiers.rules.printed import (
    DECISION_OF_OUTCOME,
    SLIP_NAMES,
    format_result_no,
    format_slip_no,
    read_result_fields,
)
from motcua.dossiers.rules.states import (
    NATIONAL_TRANSITIONS,
    OUTCOMES,
    STAGES,
    derive_national_state,
    is_national_transition,
)
from motcua.dossiers.rules.steps import (
    ALLOWED,
    find_reception_due,
    may_answer_supplement,
    may_appraise,
    may_name_items,
    may_reappoint,
    may_refuse,
    may_request_supplement,
    may_withdraw,
)
from motcua.dossiers.rules.typed import (
    find_conflicts,
    is_page_stale,
    text_of,
)

__all__ = [
    "ALLOWED",
    "DECISION_OF_OUTCOME",
    "DRAFT_LIFETIME",
    "MAX_FILES_PER_DRAFT",
    "MAX_FILES_PER_FIELD",
    "MAX_REAPPOINTMENTS",
    "MAX_SUPPLEMENT_REQUESTS",
    "NATIONAL_TRANSITIONS",
    "OUTCOMES",
    "SLIP_NAMES",
    "STAGES",
    "SUPPLEMENT_ANSWER_WORKDAYS",
    "derive_national_state",
    "find_conflicts",
    "find_reception_due",
    "format_result_no",
    "format_slip_no",
    "is_national_transition",
    "is_page_stale",
    "may_answer_supplement",
    "may_appraise",
    "may_name_items",
    "may_reappoint",
    "may_refuse",
    "may_request_supplement",
    "may_withdraw",
    "read_result_fields",
    "text_of",
]
