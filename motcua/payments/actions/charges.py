"""Say what a case owes, take it back, and write what came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.outbox.public import publish
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.models import Charge, Entry
from motcua.payments.queries.charges import dump_line, find_charge_row, read_open_vnd, to_charge_info
from motcua.payments.types import AmountInvalid, ChargeInfo, ChargeLine, ChargeNotFound, ChargeSettled, EntryKind, Payer


def raise_charge(
    case_uuid: UUID,
    *,
    case_code: str,
    agency_code: str,
    payer: Payer,
    lines: Sequence[ChargeLine],
    purpose: str = "filing",
    actor: str = "",
    now: datetime,
) -> ChargeInfo:
    """Write what a case owes, once for a purpose: the sum by law, and beside it what is waived.

    A charge of zero đồng is written too, because a receipt is due. Asked again it returns the first.
    Source: Decision 411/NQ-HĐND, Art. 1; in force 2025-09-29.
    """
    with transaction.atomic():
        known = find_charge_row(case_uuid, purpose=purpose)
        if known is not None:
            return to_charge_info(known)
        gross, waived = sum(each.amount_vnd for each in lines), sum(each.waived_vnd for each in lines)
        charge = Charge(
            case_uuid=case_uuid,
            case_code=case_code,
            purpose=purpose,
            agency_code=agency_code,
            payer_name=payer.name,
            payer_code=payer.code,
            payer_kind=payer.party_kind,
            payer_id=payer.party_id,
            lines=[dump_line(each) for each in lines],
            gross_vnd=gross,
            waived_vnd=waived,
            raised_at=now,
        )
        Charge.objects.bulk_create([charge], ignore_conflicts=True)
        charge = find_charge_row(case_uuid, purpose=purpose) or charge
        entries = []
        for kind, amount in ((EntryKind.CHARGED, gross), (EntryKind.WAIVED, waived)):
            if amount:
                entries.append(_entry(charge, kind, amount, f"{kind}:{charge.uuid}", now=now, actor=actor))
        post(entries, now=now)
        info = to_charge_info(charge)
        if info.is_settled:
            announce_settled(info, now=now)
    return info


def waive_charge(charge_uuid: UUID, *, amount_vnd: int, reason: str, key: str, actor: str, now: datetime) -> ChargeInfo:
    """Waive what the law exempts and a register proved only after the charge was raised; the same key waives once.

    What was paid of it is then paid too much. Raises: ChargeNotFound, AmountInvalid for more than is due.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        info = to_charge_info(charge)
        reference = f"{EntryKind.WAIVED}:{charge.uuid}:{key}"
        if Entry.objects.filter(reference=reference).exists():
            return info
        if not 0 < amount_vnd <= info.due_vnd:
            raise AmountInvalid(amount_vnd)
        entry = _entry(charge, EntryKind.WAIVED, amount_vnd, reference, now=now, actor=actor, note=reason)
        if post([entry], now=now):
            info = to_charge_info(charge)
            if info.is_settled:
                announce_settled(info, now=now)
    return info


def cancel_charge(charge_uuid: UUID, *, amount_vnd: int, reason: str, actor: str, now: datetime) -> ChargeInfo:
    """Take back part or all of what was charged; money already paid is then overpaid, and to be refunded.

    Raises: ChargeNotFound, AmountInvalid.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        cancelled = read_open_vnd([charge.pk], kinds=(EntryKind.CANCELLED,))[charge.pk]
        if not 0 < amount_vnd <= charge.gross_vnd - charge.waived_vnd + cancelled:
            raise AmountInvalid(amount_vnd)
        reference = f"{EntryKind.CANCELLED}:{charge.uuid}:{-cancelled}"
        post([_entry(charge, EntryKind.CANCELLED, amount_vnd, reference, now=now, actor=actor, note=reason)], now=now)
        info = to_charge_info(charge)
        if info.is_settled:
            announce_settled(info, now=now)
    return info


def lock_charge(charge_uuid: UUID) -> Charge:
    """Return the charge with its row locked. Raises: ChargeNotFound."""
    charge = Charge.objects.select_for_update(of=("self",), no_key=True).filter(uuid=charge_uuid).first()
    if charge is None:
        raise ChargeNotFound()
    return charge


def announce_settled(charge: ChargeInfo, *, now: datetime) -> None:
    """Tell upper modules that nothing is left to pay."""
    publish(ChargeSettled(charge_uuid=charge.uuid, case_uuid=charge.case_uuid, amount_vnd=charge.due_vnd), now=now)


def _entry(
    charge: Charge, kind: EntryKind, amount_vnd: int, reference: str, *, now: datetime, actor: str, note: str = ""
) -> NewEntry:
    return NewEntry(
        kind=kind,
        amount_vnd=amount_vnd,
        agency_code=charge.agency_code,
        reference=reference,
        happened_at=now,
        charge_id=charge.pk,
        note=note,
        actor=actor,
    )
