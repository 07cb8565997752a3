"""Give money back: asked by one, above a limit agreed by another, sent once."""

from __future__ import annotations

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
from motcua.payments.rules.limits import needs_second_person, refundable_vnd
from motcua.payments.types import EntryKind, RefundInfo, RefundRefused, RefundSent

SentWay = Literal["bank", "gateway"]
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
        refund = Refund.objects.create(
            charge=charge, amount_vnd=amount_vnd, reason=reason.strip()[:500], key=key, asked_by=_name(actor),
            asked_at=now, needs_second=is_big,
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
        refund = _lock(refund_uuid)
        if refund.approved_at is None:
            raise RefundRefused(N_("khoản hoàn này chưa được người thứ hai duyệt"))
        if refund.sent_at is not None:
            return _to_info(refund)
        post([_entry(refund, _SENT[way], f"refund_sent:{refund.uuid}", now, note=external_id)], now=now)
        refund.sent_at, refund.sent_way = now, way
        refund.save(update_fields=["sent_at", "sent_way"])
        _record(actor, refund, "send_refund", now)
        publish(
            RefundSent(refund_uuid=refund.uuid, case_uuid=refund.charge.case_uuid, amount_vnd=refund.amount_vnd),
            now=now,
        )
    return _to_info(refund)


def _approve(refund: Refund, actor: Actor, now: datetime) -> None:
    refund.approved_by, refund.approved_at = _name(actor), now
    refund.save(update_fields=["approved_by", "approved_at"])
    post([_entry(refund, EntryKind.REFUND_DECIDED, f"refund_decided:{refund.uuid}", now)], now=now)
    _record(actor, refund, "approve_refund", now)


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
    )
