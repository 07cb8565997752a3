"""What an issued result says to the registers, by the `records.toml` that was frozen with its procedure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.audit.public import SYSTEM
from motcua.dossiers.models import Dossier, Result
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.places.public import get_agency
from motcua.procedures.public import find_package_file
from motcua.registers.public import apply_case_rules

RECORDS = "records.toml"
_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_MONTH = re.compile(r"^(?:tháng )?(\d{1,2})/(\d{4})$", re.IGNORECASE)


def record_result(dossier: Dossier, result: Result, *, result_fields: Mapping[str, object], now: datetime) -> None:
    """Write what the result says; call it in the transaction that issues it. A rejection says nothing.

    Raises: RegisterInvalid, RegisterNotFound for rules that publishing should have refused.
    """
    rules = find_package_file(dossier.procedure_version_id, RECORDS) if result.decision == "approved" else None
    if rules is None:
        return
    agency = get_agency(dossier.agency_id)
    apply_case_rules(
        rules,
        context=build_context(dossier, result, result_fields=result_fields, agency=(agency.code, agency.name)),
        case_ref=dossier.dossier_no,
        source=N_("Hồ sơ %(no)s", no=dossier.dossier_no),
        actor=SYSTEM,
        now=now,
    )


def build_context(
    dossier: Dossier, result: Result, *, result_fields: Mapping[str, object], agency: tuple[str, str]
) -> dict[str, Any]:
    """Return what the rules of `records.toml` may read: answers, result, dossier, issued, applicant."""
    on = local_date(result.issued_at)
    return {
        "answers": {key: value for key, value in dossier.form_data.items() if value != ""},
        "result": {key: read for key, value in result_fields.items() if (read := _read_typed(value)) != ""},
        "dossier": {"no": dossier.dossier_no, "received_on": local_date(dossier.received_at).isoformat()},
        "issued": {
            "no": result.no, "on": on.isoformat(), "year": on.year, "agency_code": agency[0], "agency_name": agency[1]
        },
        "applicant": {**dossier.applicant, "kind": dossier.applicant_kind},
    }  # fmt: skip


def _read_typed(value: object) -> object:
    """Return what an official typed; a day or month as papers write it becomes a date."""
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str):
        return text
    if found := _DAY.match(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if found := _MONTH.match(text):
        return f"{found[2]}-{int(found[1]):02d}-01"
    return text
