"""Begin to pay, and take in what is told of it: by callback, by question, by statement. Told twice, counted once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from motcua.outbox.public import publish
from motcua.payments.actions.charges import announce_settled, lock_charge
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.models import CallbackRefusal, Charge, Entry, Payment, PaymentTold
from motcua.payments.queries.charges import to_charge_info
from motcua.payments.queries.payments import to_payment_infos
from motcua.payments.rules.references import make_reference
from motcua.payments.types import (
    EntryKind,
    Helper,
    MoneyReceived,
    MoneyTakenBack,
    NothingToPay,
    PaymentEvent,
    PaymentInfo,
    Way,
)

UNKNOWN_KINDS = (EntryKind.PAID_UNKNOWN, EntryKind.PAID_UNKNOWN_GATEWAY)
EXPIRES_AFTER = timedelta(minutes=15)
Source = Literal["callback", "question", "statement", "till"]
Outcome = Literal["ok", "repeated", "unknown", "amount"]
_ENTRY_OF: Mapping[tuple[str, Way], EntryKind] = {
    ("paid", "vnpay"): EntryKind.PAID_GATEWAY,
    ("paid", "vietqr"): EntryKind.PAID_BANK,
    ("charged_back", "vnpay"): EntryKind.CHARGED_BACK,
    ("charged_back", "vietqr"): EntryKind.CHARGED_BACK_BANK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of a message: `payment` is None when nobody's reference was in it."""

    outcome: Outcome
    payment: PaymentInfo | None


def start_payment(charge_uuid: UUID, *, way: Way, key: str, helper: Helper | None = None, now: datetime) -> PaymentInfo:
    """Begin to pay what is open on a charge; the same key begins once and returns the first answer.

    `helper` pays in the payer's place and stands on the receipt beside the payer. Raises: ChargeNotFound, NothingToPay.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        known = Payment.objects.select_related("charge").filter(charge=charge, key=key).first()
        if known is not None:
            return to_payment_infos([known], now=now)[0]
        info = to_charge_info(charge)
        if info.is_settled:
            raise NothingToPay()
        payment = Payment.objects.create(
            charge=charge,
            way=way,
            reference=make_reference(secrets.randbits(50)),
            amount_vnd=info.open_vnd,
            key=key,
            created_at=now,
            expires_at=now + EXPIRES_AFTER,
            helper_name=helper.name.strip()[:200] if helper else "",
            helper_role=helper.role.strip()[:100] if helper else "",
        )
    return to_payment_infos([payment], now=now)[0]


def hear(reference: str, event: PaymentEvent, *, source: Source, raw: Mapping[str, str], now: datetime) -> Heard:
    """Take in a checked message about a payment and write the ledger. Any order, any number of times.

    A paid amount that differs from the order's is written as it is: the money came. `outcome` says "amount" then.
    A clock of the other side that runs ahead does not date an entry into our future, one that is behind not before the
    order was made: the day on which both sides are held against each other stays the right one.
    """
    with transaction.atomic():
        payment = Payment.objects.select_related("charge").filter(reference=reference).first()
        if payment is None:
            return Heard(outcome="unknown", payment=None)
        charge = lock_charge(payment.charge.uuid)
        if source != "statement":  # a statement knows the day, not the hour
            event = replace(event, happened_at=max(event.happened_at, payment.created_at))
        event = replace(event, happened_at=min(event.happened_at, now))
        told = PaymentTold(
            payment=payment,
            kind=event.kind,
            external_id=event.external_id,
            amount_vnd=event.amount_vnd,
            happened_at=event.happened_at,
            told_at=now,
            told_by=source,
            raw={name: _clean(value) for name, value in raw.items()},
        )
        is_new = _insert_once(told)
        if is_new:
            _write(charge, payment, event, now)
        infos = to_payment_infos([payment], now=now)
    if not is_new:
        return Heard(outcome="repeated", payment=infos[0])
    is_right = event.kind != "paid" or event.amount_vnd == payment.amount_vnd
    return Heard(outcome="ok" if is_right else "amount", payment=infos[0])


def is_unknown_returned(external_id: str) -> bool:
    """Tell whether money of nobody went back to where it came from."""
    return Entry.objects.filter(reference=f"{EntryKind.UNKNOWN_RETURNED}:{external_id}").exists()


def hear_unknown(event: PaymentEvent, *, agency_code: str, note: str, now: datetime) -> bool:
    """Write money that came to the bank without a reference that is ours; return whether it is new."""
    with transaction.atomic():
        entry = NewEntry(
            kind=EntryKind.PAID_UNKNOWN,
            amount_vnd=event.amount_vnd,
            agency_code=agency_code,
            reference=f"{EntryKind.PAID_UNKNOWN}:{event.external_id}",
            happened_at=event.happened_at,
            note=note,
        )
        return bool(post([entry], now=now))


def identify_money(external_id: str, *, charge_uuid: UUID, actor: str, now: datetime) -> bool:
    """Say whose charge the unknown money was for; return whether it moved (False: it was moved before).

    Raises: ChargeNotFound; NothingToPay when no such money came in.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        came = Entry.objects.filter(reference__in=[f"{kind}:{external_id}" for kind in UNKNOWN_KINDS]).first()
        if came is None or is_unknown_returned(external_id):
            raise NothingToPay()
        entry = NewEntry(
            kind=EntryKind.IDENTIFIED,
            amount_vnd=came.amount_vnd,
            agency_code=charge.agency_code,
            reference=f"{EntryKind.IDENTIFIED}:{external_id}",
            happened_at=came.happened_at,
            charge_id=charge.pk,
            actor=actor,
        )
        if not post([entry], now=now):
            return False
        announce_money(charge, reference=entry.reference, amount_vnd=came.amount_vnd, now=now)
    return True


def refuse_callback(driver: str, *, reason: str, raw: Mapping[str, str], is_clock: bool = False, now: datetime) -> None:
    """Keep a message that was not believed, values cut short."""
    kept = {_clean(name)[:60]: _clean(value)[:300] for name, value in list(raw.items())[:60]}
    if is_clock:
        kept["clock"] = "skewed"
    CallbackRefusal.objects.create(driver=driver[:20], reason=reason[:200], raw=kept, received_at=now)


def announce_money(charge: Charge, *, reference: str, amount_vnd: int, now: datetime) -> None:
    """Tell that money came in, and, when nothing is left to pay, that too."""
    publish(
        MoneyReceived(
            charge_uuid=charge.uuid, case_uuid=charge.case_uuid, entry_reference=reference, amount_vnd=amount_vnd
        ),
        now=now,
    )
    info = to_charge_info(charge)
    if info.is_settled:
        announce_settled(info, now=now)


def announce_taken_back(charge: Charge, *, reference: str, amount_vnd: int, now: datetime) -> None:
    """Tell that money left again: its receipt is cancelled by it."""
    publish(
        MoneyTakenBack(
            charge_uuid=charge.uuid, case_uuid=charge.case_uuid, entry_reference=reference, amount_vnd=amount_vnd
        ),
        now=now,
    )


def _clean(text: str) -> str:
    """Return the text without signs that the database cannot hold."""
    return "".join(sign for sign in text if sign.isprintable())


def _insert_once(told: PaymentTold) -> bool:
    """Insert unless this movement was told before. The charge is locked, so nobody tells it at the same time;
    told of another charge at once, the unique constraint keeps it out, and the ledger's reference too."""
    if PaymentTold.objects.filter(external_id=told.external_id, kind=told.kind).exists():
        return False
    PaymentTold.objects.bulk_create([told], ignore_conflicts=True)
    return True


def _write(charge: Charge, payment: Payment, event: PaymentEvent, now: datetime) -> None:
    kind = next((entry for (name, way), entry in _ENTRY_OF.items() if (name, way) == (event.kind, payment.way)), None)
    if kind is None or not event.amount_vnd:
        return
    reference = f"{kind}:{event.external_id}"
    entry = NewEntry(
        kind=kind,
        amount_vnd=event.amount_vnd,
        agency_code=charge.agency_code,
        reference=reference,
        happened_at=event.happened_at,
        charge_id=charge.pk,
    )
    if not post([entry], now=now):
        return
    if event.kind == "paid":
        announce_money(charge, reference=reference, amount_vnd=event.amount_vnd, now=now)
    else:
        announce_taken_back(charge, reference=reference, amount_vnd=event.amount_vnd, now=now)
