"""What a filed dossier owes: raised from the fee of its frozen procedure version, each line with its ground.

The sum and the lines are those frozen with the dossier. What the law exempts and what the city takes to zero is written
as owed by law and waived, each on its own ground. An amount that an official fixes raises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from motcua.audit.public import SYSTEM
from motcua.cases.public import get_case
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries.fee_groups import compute_proved_fee
from motcua.dossiers.queries.preparing import FEE_CHANNELS, read_copies
from motcua.identity.public import PartyRef, get_party
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
    waive_charge,
)
from motcua.places.public import get_agency
from motcua.procedures.public import get_procedure_version

RECHECK_FOR = timedelta(days=30)
RECHECKS_A_ROUND = 50
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


def recheck_exemptions(*, now: datetime) -> int:
    """Waive what registers that were down at the filing prove now; return how many charges went down. Twice is once.

    The person was told at the filing; what was paid meanwhile becomes too much and goes back like any overpayment.
    """
    rows = Dossier.objects.filter(fee_lines__is_unchecked=True, received_at__gt=now - RECHECK_FOR, fee_vnd__gt=0)
    return sum(_recheck(dossier, now) for dossier in rows.order_by("-pk")[:RECHECKS_A_ROUND])


def _recheck(dossier: Dossier, now: datetime) -> bool:
    charges = list_charges_of_cases([get_case(dossier.case_id).uuid])
    if not charges or not charges[0].due_vnd:
        return False
    version = get_procedure_version(dossier.procedure_version_id)
    proved = compute_proved_fee(
        version,
        channel=FEE_CHANNELS[dossier.channel],
        applicant_kind="organisation" if dossier.applicant_kind == "organisation" else "person",
        copies=read_copies(dossier.procedure_version_id, dossier.form_data),
        answers=dossier.form_data,
        party=get_party(PartyRef(dossier.applicant_kind, dossier.applicant_id)),
        now=now,
    )
    if proved.groups.is_unchecked or proved.fee.amount_vnd is None:
        return False
    kept = dossier.fee_lines | {"is_unchecked": False}  # asked once: nobody is read again and again
    Dossier.objects.filter(pk=dossier.pk).update(fee_lines=kept)
    less = (dossier.fee_vnd or 0) - proved.fee.amount_vnd
    if less <= 0 or less > charges[0].due_vnd:
        return False
    proof = "; ".join(each.says for each in proved.groups.proofs.values())
    waive_charge(charges[0].uuid, amount_vnd=less, reason=proof, key="recheck", actor=SYSTEM.id, now=now)
    return True


def list_charge_lines(dossier: Dossier) -> tuple[ChargeLine, ...]:
    """Return the lines of the fee as they were frozen at the filing; of an older dossier, one line with its sum."""
    kept = dossier.fee_lines.get("lines", ())
    due = dossier.fee_vnd or 0
    if not kept or sum(each["amount_vnd"] or 0 for each in kept) != due:
        version = get_procedure_version(dossier.procedure_version_id)
        return (ChargeLine(label=version.name[:200], amount_vnd=due, legal_ref=dossier.fee_reason),)
    return tuple(_to_line(each) for each in kept)


def _to_line(line: Mapping[str, Any]) -> ChargeLine:
    amount = line["amount_vnd"] or 0
    by_law = line["by_law_vnd"] or 0
    if by_law <= amount:
        legal_ref = line["waived_ref"] or line["legal_ref"]  # a sum by law that nobody knows: the ground of the zero
        return ChargeLine(label=line["label"], amount_vnd=amount, legal_ref=legal_ref)
    return ChargeLine(
        label=line["label"],
        amount_vnd=by_law,
        legal_ref=line["legal_ref"],
        waived_vnd=by_law - amount,
        waived_reason=line["waived_text"],
        waived_legal_ref=line["waived_ref"],
        waived_by=line["waived_by"],
        proof=line["proof"],
    )
