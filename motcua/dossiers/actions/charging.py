"""What a filed dossier owes: raised from the fee of its frozen procedure version, each line with its ground.

The sum is the one that was frozen with the dossier; the lines say how it came about. What the city takes to zero is
written as owed by law and waived, where the table names one amount. An amount that an official fixes raises nothing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from motcua.audit.public import SYSTEM
from motcua.cases.public import get_case
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries.preparing import FEE_CHANNELS, read_copies
from motcua.kernel.clock import local_date
from motcua.payments.public import (
    AmountInvalid,
    ChargeInfo,
    ChargeLine,
    Payer,
    ask_refund,
    cancel_charge,
    get_charge,
    list_charges_of_cases,
    raise_charge,
)
from motcua.places.public import get_agency
from motcua.procedures.public import Fee, FeeLine, ProcedureDetail, compute_fee, get_procedure_version, list_fee_table

PURPOSE = "filing"
REFUSED = "Hồ sơ không được tiếp nhận"


def ensure_charge(case_id: int, *, now: datetime) -> ChargeInfo | None:
    """Return what the dossier of this case owes, raised at the first call; None while an official fixes the amount."""
    dossier = Dossier.objects.get(case_id=case_id)
    if dossier.fee_vnd is None:
        return None
    case = get_case(case_id)
    known = list_charges_of_cases([case.uuid])
    if known:
        return known[0]
    return raise_charge(
        case.uuid,
        case_code=dossier.dossier_no,
        agency_code=get_agency(dossier.reception_agency_id).code,
        payer=Payer(
            name=dossier.applicant["name"],
            code=str(dossier.applicant.get("identifier") or ""),
            party_kind=dossier.applicant_kind,
            party_id=dossier.applicant_id,
        ),
        lines=list_charge_lines(dossier),
        purpose=PURPOSE,
        now=now,
    )


def give_back_on_refusal(case_id: int, *, now: datetime) -> None:
    """Take back what a dossier owed that was not received, and give back by rule what was paid. Twice is once.

    Above the limit the refund still waits for a person to agree.
    """
    for charge in list_charges_of_cases([get_case(case_id).uuid]):
        if charge.due_vnd:
            with suppress(AmountInvalid):  # taken back before
                cancel_charge(charge.uuid, amount_vnd=charge.due_vnd, reason=REFUSED, actor=SYSTEM.id, now=now)
        overpaid = -get_charge(charge.uuid).open_vnd
        if overpaid > 0:
            key = f"refusal:{charge.uuid}"
            ask_refund(charge.uuid, amount_vnd=overpaid, reason=REFUSED, key=key, actor=SYSTEM, now=now)


def list_charge_lines(dossier: Dossier) -> tuple[ChargeLine, ...]:
    """Return the lines of the fee; one line with the frozen sum when the table does not give that sum any more."""
    version = get_procedure_version(dossier.procedure_version_id)
    due = dossier.fee_vnd or 0
    fee = compute_fee(
        version,
        channel=FEE_CHANNELS[dossier.channel],
        applicant_kind="organisation" if dossier.applicant_kind == "organisation" else "person",
        on=local_date(dossier.received_at),
        copies=read_copies(dossier.procedure_version_id, dossier.form_data),
        answers=dossier.form_data,
    )
    if fee.amount_vnd != due or not fee.lines:
        return (ChargeLine(label=version.name[:200], amount_vnd=due, legal_ref=dossier.fee_reason),)
    return tuple(_to_line(line, fee, version=version, dossier=dossier) for line in fee.lines)


def _to_line(line: FeeLine, fee: Fee, *, version: ProcedureDetail, dossier: Dossier) -> ChargeLine:
    amount = line.amount_vnd or 0
    by_law = _find_by_law(line.label, version, dossier) if not amount else 0
    if not by_law:
        return ChargeLine(label=line.label, amount_vnd=amount, legal_ref=line.legal_ref)
    return ChargeLine(
        label=line.label,
        amount_vnd=by_law,
        waived_vnd=by_law,
        waived_reason=line.text or fee.reason_vi,
        waived_legal_ref=line.legal_ref,
    )


def _find_by_law(label: str, version: ProcedureDetail, dossier: Dossier) -> int:
    """Return what the table asks for this fee before the city's zero rate; 0 when it names none, or several."""
    rows = list_fee_table(version, channel=FEE_CHANNELS[dossier.channel], on=local_date(dossier.received_at))
    found = {row.amount_vnd for row in rows if row.label == label and row.amount_vnd}
    return found.pop() if len(found) == 1 else 0
