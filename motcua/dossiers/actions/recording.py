"""What an issued result says to the registers, by the `records.toml` that was frozen with its procedure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from motcua.audit.public import SYSTEM
from motcua.cases.public import add_timeline
from motcua.dossiers.models import Dossier, Result
from motcua.dossiers.rules.recorded import Issue, build_context
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_, join
from motcua.places.public import get_agency
from motcua.procedures.public import find_package_file
from motcua.registers.public import WaitingNote, apply_case_rules

RECORDS = "records.toml"


def record_result(dossier: Dossier, result: Result, *, result_fields: Mapping[str, object], now: datetime) -> None:
    """Write what the result says; call it in the transaction that issues it. A rejection says nothing.

    What a register could not take is told to the office with the reason, and to the applicant.
    Raises: RegisterInvalid, RegisterNotFound for rules that publishing should have refused.
    """
    rules = find_package_file(dossier.procedure_version_id, RECORDS) if result.decision == "approved" else None
    if rules is None:
        return
    agency = get_agency(dossier.agency_id)
    issue = Issue(no=result.no, on=local_date(result.issued_at), agency_code=agency.code, agency_name=agency.name)
    outcome = apply_case_rules(
        rules,
        context=build_context(
            dossier.form_data,
            result_fields=result_fields,
            applicant={**dossier.applicant, "kind": dossier.applicant_kind},
            dossier_no=dossier.dossier_no,
            received_on=local_date(dossier.received_at),
            issue=issue,
        ),
        case_ref=dossier.dossier_no,
        source=N_("Hồ sơ %(no)s", no=dossier.dossier_no),
        actor=SYSTEM,
        now=now,
    )
    for note in outcome.notes:
        _tell_waiting(dossier.case_id, note, now=now)


def _tell_waiting(case_id: int, note: WaitingNote, *, now: datetime) -> None:
    """Say that a record waits: nobody may believe that the register knows what the paper says."""
    add_timeline(
        case_id, kind="dossier.record_waits", audience="office", actor=SYSTEM, data={"register": note.register},
        text=N_(
            "Sổ %(register)s chưa ghi được kết quả này: %(reasons)s. Bản ghi đang chờ người quản lý dữ liệu của sổ.",
            register=note.register_name, reasons=join(note.reasons),
        ),
        now=now,
    )  # fmt: skip
    add_timeline(
        case_id, kind="dossier.record_waits", audience="applicant", actor=SYSTEM, data={"register": note.register},
        text=N_(
            "Kết quả đã cấp và có hiệu lực. Sổ %(register)s chưa có thông tin này vì còn thiếu dữ liệu; cơ quan "
            "quản lý sổ sẽ bổ sung, bạn không phải nộp thêm gì.",
            register=note.register_name,
        ),
        now=now,
    )  # fmt: skip
