"""Give money back: asked by one, above a limit agreed by another, sent once.

Money that came by a gateway goes back by it, without an official's hand: to the very movement that is too much. Other
money goes by a transfer or in cash, and an official writes that it went.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.payments.actions.charges import lock_charge
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.models import Refund
from motcua.payments.queries.charges import read_open_vnd
from motcua.payments.queries.refunds import find_way_back
from motcua.payments.rules.limits import needs_second_person, refundable_vnd
from motcua.payments.types import EntryKind, RefundApproved, RefundInfo, RefundRefused, RefundSent

SentWay = Literal["bank", "gateway", "cash"]
_SENT = {"bank": EntryKind.REFUND_SENT_BANK, "gateway": EntryKind.REFUND_SENT_GATEWAY}


def ask_refund(charge_uuid: UUID, *, amount_vnd: int, reason: str, key: str, actor: Actor, now: datetime) -> RefundInfo:
    """Decide to give back what was paid too much; below the limit that is enough, above it another must agree.

    The same key asks once. Raises: ChargeNotFound, RefundRefused when less than that was paid too much.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        known = Refund.objects.filter(key=key).first()
        if known is not None:
            return _to_info(known)
        waiting = sum(
            Refund.objects.filter(charge=charge, approved_at__isnull=True).values_list("amount_vnd", flat=True)
        )
        if not 0 < amount_vnd <= refundable_vnd(read_open_vnd([charge.pk])[charge.pk], decided_vnd=waiting):
            raise RefundRefused(N_("số tiền vượt quá số đã nộp thừa"))
        if not reason.strip():
            raise RefundRefused(N_("hãy ghi lý do hoàn"))
        is_big = needs_second_person(amount_vnd)
        payment_id, movement = find_way_back(charge, amount_vnd) or (None, "")
        refund = Refund.objects.create(
            charge=charge, amount_vnd=amount_vnd, reason=reason.strip()[:500], key=key, asked_by=_name(actor),
            asked_at=now, needs_second=is_big, payment_id=payment_id, movement=movement,
        )  # fmt: skip
        _record(actor, refund, "ask_refund", now)
        if not is_big:
            _approve(refund, actor, now)
    return _to_info(refund)


def approve_refund(refund_uuid: UUID, *, actor: Actor, now: datetime) -> RefundInfo:
    """Agree to a refund that another asked for. Raises: RefundRefused for one's own, or for one already agreed."""
    with transaction.atomic():
        refund = _lock(refund_uuid)
        if refund.approved_at is not None:
            raise RefundRefused(N_("khoản hoàn này đã được duyệt"))
        if refund.asked_by == _name(actor):
            raise RefundRefused(N_("người đề nghị không được tự duyệt; hãy nhờ người khác"))
        _approve(refund, actor, now)
    return _to_info(refund)


def send_refund(refund_uuid: UUID, *, way: SentWay, external_id: str, actor: Actor, now: datetime) -> RefundInfo:
    """Write that the money went back; written twice it went once. Raises: RefundRefused while not agreed."""
    with transaction.atomic():
        refund = lock_refund(refund_uuid)
        if refund.sent_at is not None:
            return _to_info(refund)
        if way == "cash":
            raise RefundRefused(N_("tiền mặt được trả từ một ca thu; hãy dùng nút chi tiền mặt"))
        if way == "bank" and refund.movement:
            raise RefundRefused(N_("khoản này đang được hoàn qua cổng thanh toán"))
        post([_entry(refund, _SENT[way], sent_reference(refund), now, note=external_id)], now=now)
        mark_sent(refund, way, actor, now)
    return _to_info(refund)


def return_refund(refund_uuid: UUID, *, external_id: str, happened_at: datetime, now: datetime) -> bool:
    """Write that a bank sent the money of a refund back: it is to be sent once more. Told twice, written once."""
    with transaction.atomic():
        refund = Refund.objects.select_for_update(of=("self",), no_key=True).get(uuid=refund_uuid)
        reference = f"{EntryKind.REFUND_RETURNED}:{external_id}"
        entry = replace(_entry(refund, EntryKind.REFUND_RETURNED, reference, now), happened_at=happened_at)
        if not post([entry], now=now):
            return False
        refund.sent_at, refund.sent_way, refund.attempt = None, "", refund.attempt + 1
        refund.save(update_fields=["sent_at", "sent_way", "attempt"])
    return True


def mark_sent(refund: Refund, way: SentWay, actor: Actor, now: datetime) -> None:
    """Mark a locked refund as sent, and tell."""
    refund.sent_at, refund.sent_way = now, way
    refund.save(update_fields=["sent_at", "sent_way"])
    _record(actor, refund, "send_refund", now)
    publish(
        RefundSent(refund_uuid=refund.uuid, case_uuid=refund.charge.case_uuid, amount_vnd=refund.amount_vnd), now=now
    )


def lock_refund(refund_uuid: UUID) -> Refund:
    """Return a refund that may go out, its row locked. Raises: RefundRefused."""
    refund = _lock(refund_uuid)
    if refund.approved_at is None:
        raise RefundRefused(N_("khoản hoàn này chưa được người thứ hai duyệt"))
    return refund


def sent_reference(refund: Refund) -> str:
    """Return the reference of the entry that sends it; another one after the bank had sent it back."""
    return f"refund_sent:{refund.uuid}" + (f":{refund.attempt}" if refund.attempt > 1 else "")


def _approve(refund: Refund, actor: Actor, now: datetime) -> None:
    refund.approved_by, refund.approved_at = _name(actor), now
    refund.save(update_fields=["approved_by", "approved_at"])
    post([_entry(refund, EntryKind.REFUND_DECIDED, f"refund_decided:{refund.uuid}", now)], now=now)
    _record(actor, refund, "approve_refund", now)
    publish(RefundApproved(refund_uuid=refund.uuid, case_uuid=refund.charge.case_uuid), now=now)


def _lock(refund_uuid: UUID) -> Refund:
    refund = (
        Refund.objects.select_related("charge").select_for_update(of=("self",), no_key=True).filter(uuid=refund_uuid)
    ).first()
    if refund is None:
        raise RefundRefused(N_("không tìm thấy khoản hoàn"))
    return refund


def _entry(refund: Refund, kind: EntryKind, reference: str, now: datetime, *, note: str = "") -> NewEntry:
    return NewEntry(
        kind=kind,
        amount_vnd=refund.amount_vnd,
        agency_code=refund.charge.agency_code,
        reference=reference,
        happened_at=now,
        charge_id=refund.charge.pk,
        note=note or refund.reason,
    )


def _name(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _record(actor: Actor, refund: Refund, action: str, now: datetime) -> None:
    record_decision(
        actor,
        subject=f"case:{refund.charge.case_uuid}",
        action=action,
        details={"amount_vnd": refund.amount_vnd, "refund": str(refund.uuid)},
        now=now,
    )


def _to_info(refund: Refund) -> RefundInfo:
    return RefundInfo(
        uuid=refund.uuid,
        charge_uuid=refund.charge.uuid,
        amount_vnd=refund.amount_vnd,
        reason=refund.reason,
        is_approved=refund.approved_at is not None,
        is_sent=refund.sent_at is not None,
        needs_second=refund.needs_second,
        way=refund.sent_way or ("gateway" if refund.movement else ""),
    )
