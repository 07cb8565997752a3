"""Attempts to pay and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from motcua.payments.models import CashLine, Entry, Payment, PaymentTold
from motcua.payments.rules.folding import fold_state, received_vnd
from motcua.payments.types import EntryKind, Helper, PaymentEvent, PaymentEventKind, PaymentInfo, PaymentNotFound, Way

TAKEN_BACK = (
    EntryKind.CHARGED_BACK, EntryKind.CHARGED_BACK_BANK, EntryKind.REVERSED_BANK, EntryKind.REVERSED_GATEWAY
)  # fmt: skip


def get_payment(payment_uuid: UUID, *, now: datetime) -> PaymentInfo:
    """Return one attempt. Raises: PaymentNotFound."""
    payment = Payment.objects.select_related("charge").filter(uuid=payment_uuid).first()
    if payment is None:
        raise PaymentNotFound()
    return to_payment_infos([payment], now=now)[0]


def list_payments_of(charge_id: int, *, now: datetime) -> tuple[PaymentInfo, ...]:
    """Return the attempts on a charge, newest first: two queries."""
    rows = list(Payment.objects.select_related("charge").filter(charge_id=charge_id).order_by("-pk"))
    return to_payment_infos(rows, now=now)


def is_gone(entry_reference: str) -> bool:
    """Tell whether the money of an entry was taken back: under its own number, or, by a bank, under another one.

    An entry that was mended by less than all of it is still there.
    """
    external_id = entry_reference.partition(":")[2]
    came = Entry.objects.filter(reference=entry_reference).values_list("amount_vnd", flat=True).first() or 0
    back = Entry.objects.filter(reference__in=[f"{kind}:{external_id}" for kind in TAKEN_BACK])
    if came and sum(back.values_list("amount_vnd", flat=True)) >= came:
        return True
    paid = PaymentTold.objects.filter(external_id=external_id, kind="paid").select_related("payment").first()
    if paid is None:
        return False
    events = read_events([paid.payment])[paid.payment_id]
    return any(event.kind == "charged_back" for event in events) and received_vnd(events) <= 0


def find_helper(entry_reference: str) -> Helper | None:
    """Return who paid in the payer's place what an entry says; None when the payer did, or nobody was named."""
    told = PaymentTold.objects.filter(external_id=entry_reference.partition(":")[2], kind="paid")
    names = told.values_list("payment__helper_name", "payment__helper_role").first()
    if names is None:
        names = (
            CashLine.objects.filter(entry__reference=entry_reference).values_list("helper_name", "helper_role").first()
        )
    return Helper(name=names[0], role=names[1]) if names is not None and names[0] else None


def to_payment_infos(payments: Sequence[Payment], *, now: datetime) -> tuple[PaymentInfo, ...]:
    told = read_events(payments)
    return tuple(_to_info(payment, told.get(payment.pk, []), now) for payment in payments)


def read_events(payments: Iterable[Payment]) -> Mapping[int, list[PaymentEvent]]:
    found: dict[int, list[PaymentEvent]] = {}
    for row in PaymentTold.objects.filter(payment__in=list(payments)).order_by("pk"):
        found.setdefault(row.payment_id, []).append(to_event(row))
    return found


def to_event(row: PaymentTold) -> PaymentEvent:
    return PaymentEvent(
        kind=_KINDS[row.kind], external_id=row.external_id, amount_vnd=row.amount_vnd, happened_at=row.happened_at
    )


_KINDS: Mapping[str, PaymentEventKind] = {
    "paid": "paid", "failed": "failed", "expired": "expired", "charged_back": "charged_back", "refunded": "refunded"
}  # fmt: skip
_WAYS: Mapping[str, Way] = {"vietqr": "vietqr", "vnpay": "vnpay", "cash": "cash"}


def _to_info(payment: Payment, events: list[PaymentEvent], now: datetime) -> PaymentInfo:
    return PaymentInfo(
        id=payment.pk,
        uuid=payment.uuid,
        charge_uuid=payment.charge.uuid,
        way=_WAYS[payment.way],
        reference=payment.reference,
        amount_vnd=payment.amount_vnd,
        state=fold_state(events, expires_at=payment.expires_at, now=now),
        received_vnd=received_vnd(events),
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        helper=Helper(name=payment.helper_name, role=payment.helper_role) if payment.helper_name else None,
    )
