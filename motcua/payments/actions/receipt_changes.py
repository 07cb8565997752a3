"""Cancel or replace a receipt by two people: one asks with a reason, another agrees or refuses; all stays readable."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.payments.actions.receipts import cancel_receipt, replace_receipt
from motcua.payments.models import Receipt, ReceiptChange
from motcua.payments.queries.receipt_changes import to_change_info
from motcua.payments.types import Payer, ReceiptChangeInfo, ReceiptChangeRefused, ReceiptInfo, ReceiptNotFound

ChangeKind = Literal["cancel", "replace"]


def ask_receipt_change(
    receipt_uuid: UUID, *, kind: ChangeKind, reason: str, payer: Payer | None = None, actor: Actor, now: datetime
) -> ReceiptChangeInfo:
    """Ask to cancel a receipt, or to replace it by one with the payer's data mended; another has to agree.

    Raises: ReceiptNotFound, ReceiptChangeRefused.
    """
    if not reason.strip():
        raise ReceiptChangeRefused(N_("hãy ghi lý do"))
    if kind == "replace" and (payer is None or not payer.name.strip()):
        raise ReceiptChangeRefused(N_("hãy ghi tên người nộp"))
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update(of=("self",), no_key=True).filter(uuid=receipt_uuid).first()
        if receipt is None:
            raise ReceiptNotFound()
        if receipt.cancelled_at is not None:
            raise ReceiptChangeRefused(N_("biên lai này đã bị hủy từ trước"))
        if ReceiptChange.objects.filter(receipt=receipt, decided_at__isnull=True).exists():
            raise ReceiptChangeRefused(N_("biên lai này đang có một đề nghị chờ duyệt"))
        change = ReceiptChange.objects.create(
            receipt=receipt, kind=kind, reason=reason.strip()[:500], asked_by=_name(actor),
            asked_by_name=actor.name[:200], asked_at=now,
            payer_name=payer.name.strip()[:500] if payer and kind == "replace" else "",
            payer_code=payer.code.strip()[:40] if payer and kind == "replace" else "",
        )  # fmt: skip
        _record(actor, change, f"payments.ask_receipt_{kind}", now)
    return to_change_info(change)


def decide_receipt_change(change_uuid: UUID, *, agrees: bool, actor: Actor, now: datetime) -> ReceiptInfo | None:
    """Agree to another's wish, or refuse it; return the receipt that is now cancelled or new, None when refused.

    Raises: ReceiptChangeRefused for one's own wish or one already decided; ReceiptRefused, ReceiptsUsedUp.
    """
    with transaction.atomic():
        change = (
            ReceiptChange.objects.select_related("receipt").select_for_update(of=("self",), no_key=True)
            .filter(uuid=change_uuid).first()
        )  # fmt: skip
        if change is None:
            raise ReceiptChangeRefused(N_("không tìm thấy đề nghị này"))
        if change.decided_at is not None:
            raise ReceiptChangeRefused(N_("đề nghị này đã có người quyết định"))
        if change.asked_by == _name(actor):
            raise ReceiptChangeRefused(N_("người đề nghị không được tự duyệt; hãy nhờ người khác"))
        change.decided_by, change.decided_at, change.is_agreed = _name(actor), now, agrees
        change.save(update_fields=["decided_by", "decided_at", "is_agreed"])
        _record(actor, change, "payments.agree_receipt_change" if agrees else "payments.refuse_receipt_change", now)
        return _carry_out(change, actor, now) if agrees else None


def _carry_out(change: ReceiptChange, actor: Actor, now: datetime) -> ReceiptInfo:
    if change.kind == "cancel":
        return cancel_receipt(change.receipt.uuid, reason=change.reason, actor=actor, now=now)
    payer = Payer(name=change.payer_name, code=change.payer_code)
    return replace_receipt(change.receipt.uuid, payer=payer, reason=change.reason, actor=actor, now=now)


def _name(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _record(actor: Actor, change: ReceiptChange, action: str, now: datetime) -> None:
    record_decision(
        actor,
        subject=f"receipt:{change.receipt.uuid}",
        action=action,
        details={"no": change.receipt.no, "reason": change.reason},
        now=now,
    )
