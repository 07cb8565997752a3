"""Cash at the counter: a shift is opened, takes money, is counted and closed; two closings at once are one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.payments.actions.charges import lock_charge
from motcua.payments.actions.paying import announce_money
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.actions.refunds import lock_refund, mark_sent, sent_reference
from motcua.payments.models import CashLine, Charge, Entry, Till
from motcua.payments.queries.charges import read_open_vnd
from motcua.payments.queries.tills import read_expected_vnd, to_till_info
from motcua.payments.types import AmountInvalid, EntryKind, Helper, RefundRefused, TillClosed, TillInfo, TillNotFound


def open_till(*, agency_code: str, cashier_id: int, cashier_name: str, now: datetime) -> TillInfo:
    """Open the shift of one cashier at one agency; one that is open already is returned."""
    with transaction.atomic():
        till = Till(agency_code=agency_code, cashier_id=cashier_id, cashier_name=cashier_name, opened_at=now)
        Till.objects.bulk_create([till], ignore_conflicts=True)
        found = Till.objects.get(agency_code=agency_code, cashier_id=cashier_id, closed_at__isnull=True)
    return to_till_info(found)


def take_cash(
    charge_uuid: UUID,
    *,
    till_uuid: UUID,
    amount_vnd: int,
    key: str,
    helper: Helper | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Take cash for a charge, at most what is open; the same key takes once. Return whether it was taken now.

    `helper` hands the cash over in the payer's place and stands on the receipt.
    Raises: ChargeNotFound, TillNotFound, TillClosed, AmountInvalid.
    """
    with transaction.atomic():
        till = _lock_till(till_uuid)
        charge = lock_charge(charge_uuid)
        reference = f"{EntryKind.PAID_CASH}:{key}"
        if Entry.objects.filter(reference=reference).exists():
            return False
        if not 0 < amount_vnd <= read_open_vnd([charge.pk])[charge.pk]:
            raise AmountInvalid(amount_vnd)
        _move_cash(till, charge, EntryKind.PAID_CASH, amount_vnd, reference, actor, now, helper=helper)
        announce_money(charge, reference=reference, amount_vnd=amount_vnd, now=now)
    return True


def pay_refund_in_cash(refund_uuid: UUID, *, till_uuid: UUID, actor: Actor, now: datetime) -> bool:
    """Pay an agreed refund from a drawer; paid twice, it went once. Return whether it was paid now.

    Raises: TillNotFound, TillClosed, RefundRefused; AmountInvalid when the drawer does not hold so much.
    """
    with transaction.atomic():
        till = _lock_till(till_uuid)
        refund = lock_refund(refund_uuid)
        if refund.sent_at is not None:
            return False
        if refund.charge.agency_code != till.agency_code:
            raise RefundRefused(N_("khoản hoàn này của cơ quan khác"))
        if refund.movement:
            raise RefundRefused(N_("khoản này đang được hoàn qua cổng thanh toán"))
        if refund.amount_vnd > read_expected_vnd(till.pk):
            raise AmountInvalid(refund.amount_vnd)
        reference = sent_reference(refund)
        _move_cash(till, refund.charge, EntryKind.REFUND_SENT_CASH, refund.amount_vnd, reference, actor, now)
        mark_sent(refund, "cash", actor, now)
    return True


def close_till(till_uuid: UUID, *, counted_vnd: int, note: str, actor: Actor, now: datetime) -> TillInfo:
    """Count and close a shift. What lies in the drawer leaves it; more or less than the ledger says is a difference.

    Raises: TillNotFound, TillClosed (the second of two closings is told), AmountInvalid.
    """
    if counted_vnd < 0:
        raise AmountInvalid(counted_vnd)
    with transaction.atomic():
        till = _lock_till(till_uuid)
        expected = read_expected_vnd(till.pk)
        amounts = (
            (EntryKind.TILL_OVER, counted_vnd - expected),
            (EntryKind.TILL_SHORT, expected - counted_vnd),
            (EntryKind.TILL_CLOSED, counted_vnd),
        )
        entries = [
            NewEntry(
                kind=kind, amount_vnd=amount, agency_code=till.agency_code, reference=f"{kind}:{till.uuid}",
                happened_at=now, note=note, actor=actor.id,
            )
            for kind, amount in amounts
            if amount > 0
        ]  # fmt: skip
        post(entries, now=now)
        till.closed_at, till.expected_vnd, till.counted_vnd, till.note = now, expected, counted_vnd, note[:500]
        till.save(update_fields=["closed_at", "expected_vnd", "counted_vnd", "note"])
        record_decision(
            actor,
            subject=f"till:{till.uuid}",
            action="close_till",
            details={"expected_vnd": expected, "counted_vnd": counted_vnd},
            now=now,
        )
    return to_till_info(till)


def _lock_till(till_uuid: UUID) -> Till:
    till = Till.objects.select_for_update(of=("self",), no_key=True).filter(uuid=till_uuid).first()
    if till is None:
        raise TillNotFound()
    if till.closed_at is not None:
        raise TillClosed()
    return till


def _move_cash(
    till: Till,
    charge: Charge,
    kind: EntryKind,
    amount_vnd: int,
    reference: str,
    actor: Actor,
    now: datetime,
    *,
    helper: Helper | None = None,
) -> None:
    entry = NewEntry(
        kind=kind, amount_vnd=amount_vnd, agency_code=till.agency_code, reference=reference, happened_at=now,
        charge_id=charge.pk, actor=actor.id,
    )  # fmt: skip
    post([entry], now=now)
    written = Entry.objects.only("pk").get(reference=reference)
    signed = amount_vnd if kind == EntryKind.PAID_CASH else -amount_vnd
    CashLine.objects.create(
        till=till, entry=written, amount_vnd=signed, helper_name=helper.name.strip()[:200] if helper else "",
        helper_role=helper.role.strip()[:100] if helper else "",
    )  # fmt: skip
