"""What the rules of a `records.toml` may read of a dossier and its result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_MONTH = re.compile(r"^(?:tháng )?(\d{1,2})/(\d{4})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A result as it is issued; its number is empty while it is only a proposal."""

    no: str
    on: date
    agency_code: str
    agency_name: str


def build_context(
    answers: Mapping[str, Any],
    *,
    result_fields: Mapping[str, object],
    applicant: Mapping[str, Any],
    dossier_no: str,
    received_on: date,
    issue: Issue,
) -> dict[str, Any]:
    """Return what the rules may read: answers, result, dossier, issued, applicant."""
    return {
        "answers": {key: value for key, value in answers.items() if value != ""},
        "result": {key: read for key, value in result_fields.items() if (read := read_typed(value)) != ""},
        "dossier": {"no": dossier_no, "received_on": received_on.isoformat()},
        "issued": {
            "no": issue.no, "on": issue.on.isoformat(), "year": issue.on.year,
            "agency_code": issue.agency_code, "agency_name": issue.agency_name,
        },
        "applicant": dict(applicant),
    }  # fmt: skip


def read_typed(value: object) -> object:
    """Return what an official typed; a day or month as papers write it becomes a date."""
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str):
        return text
    if found := _DAY.match(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := _MONTH.match(text):
        return f"{found[2]}-{int(found[1]):02d}-01"
    return text
