"""What the match of a day looks at: the ledger, the statements, the orders, the codes in the words of transfers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from motcua.kernel.clock import HCM, local_date
from motcua.payments.models import CallbackRefusal, Entry, Payment, PaymentTold, Refund, StatementRow, Till
from motcua.payments.queries.charges import read_open_vnd
from motcua.payments.queries.payments import to_event
from motcua.payments.rules.matching import LedgerItem, Order, Sides
from motcua.payments.types import EntryKind, LineKind, PaymentEvent, StatementLine

WINDOW = timedelta(
    days=4
)  # a movement of late evening stands in the statement of a later day; a long weekend lies between
CODES_FOR = timedelta(days=30)  # a transfer that is sent back comes within weeks
_SHOWN = (
    EntryKind.PAID_BANK, EntryKind.PAID_UNKNOWN, EntryKind.PAID_GATEWAY, EntryKind.CHARGED_BACK, EntryKind.SETTLED,
    EntryKind.TILL_BANKED, EntryKind.TO_TREASURY, EntryKind.REFUND_SENT_BANK, EntryKind.REFUND_SENT_GATEWAY,
    EntryKind.PAID_UNKNOWN_GATEWAY, EntryKind.CHARGED_BACK_BANK, EntryKind.REVERSED_BANK, EntryKind.REVERSED_GATEWAY,
    EntryKind.ADDED_BANK, EntryKind.ADDED_GATEWAY, EntryKind.REFUND_RETURNED, EntryKind.UNKNOWN_RETURNED,
    EntryKind.BANK_FEE, EntryKind.GATEWAY_FEE,
)  # fmt: skip
_KINDS: dict[str, LineKind] = {
    "money": "money", "charged_back": "charged_back", "refunded": "refunded", "settlement": "settlement",
    "fee": "fee",
}  # fmt: skip


def gather_sides(on: date) -> Sides:
    """Return everything that the match of a day looks at: a fixed number of queries."""
    rows = list(StatementRow.objects.filter(on__range=(on - WINDOW, on + WINDOW)).order_by("pk"))
    lines = {source: [_to_line(row) for row in rows if row.source == source] for source in ("bank", "gateway")}
    entries = list(
        Entry.objects.select_related("charge")
        .filter(kind__in=_SHOWN, happened_at__gte=_start(on - WINDOW), happened_at__lt=_start(on + WINDOW))
        .order_by("pk")
    )
    references = {row.reference for row in rows if row.reference}
    orders = _read_orders(references, on)
    day = [line for line in lines["bank"] if line.on == on]
    gateway_day = [line for line in lines["gateway"] if line.on == on]
    forged, clock = _read_refusals(on)
    return Sides(
        on=on,
        ledger=[_to_item(entry) for entry in entries],
        gateway=lines["gateway"],
        bank=lines["bank"],
        orders=orders,
        tills=_read_tills(on) if any(line.amount_vnd > 0 for line in day) else {},
        refunds=_read_refunds(on),
        identified=_read_identified(line.external_id for line in (*day, *gateway_day)),
        forged=forged,
        clock=clock,
    )


def till_code(till_uuid: UUID) -> str:
    """Return what a cashier writes on the transfer of a shift's cash."""
    return f"CT{till_uuid.hex[:10].upper()}"


def refund_code(refund_uuid: UUID, attempt: int = 1) -> str:
    """Return what is written on the transfer of a refund; another sign at the end once the bank had sent it back."""
    return f"HT{refund_uuid.hex[:10].upper()}" + (chr(ord("G") + attempt % 20) if attempt > 1 else "")


def return_code(external_id: str) -> str:
    """Return what is written on the transfer that sends money of nobody back."""
    return f"TL{hashlib.sha256(external_id.encode()).hexdigest()[:10].upper()}"


def find_refund_by_code(code: str, *, on: date) -> UUID | None:
    """Return the refund whose transfer carries this code."""
    sent = Refund.objects.filter(asked_at__gte=_start(on - CODES_FOR)).values_list("uuid", "attempt").order_by("-pk")
    return next((found for found, attempt in sent if refund_code(found, attempt) == code), None)


def _start(on: date) -> datetime:
    return datetime.combine(on, time.min, HCM)


def _to_line(row: StatementRow) -> StatementLine:
    return StatementLine(
        external_id=row.external_id,
        amount_vnd=row.amount_vnd,
        on=row.on,
        text=row.text,
        reference=row.reference,
        kind=_KINDS[row.kind],
    )


def _to_item(entry: Entry) -> LedgerItem:
    rest = external = entry.reference.partition(":")[2]
    if entry.kind == EntryKind.REFUND_SENT_BANK:
        number, _colon, attempt = rest.partition(":")
        external = refund_code(UUID(number), int(attempt or 1))
    elif entry.kind == EntryKind.UNKNOWN_RETURNED:
        external = return_code(rest)
    elif entry.kind == EntryKind.REFUND_SENT_GATEWAY:
        external = entry.note
    return LedgerItem(
        kind=EntryKind(entry.kind),
        external_id=external,
        amount_vnd=entry.amount_vnd,
        on=local_date(entry.happened_at),
        case_code=entry.charge.case_code if entry.charge is not None else "",
    )


def _read_orders(references: Collection[str], on: date) -> dict[str, Order]:
    """Return the orders that statements name or that were told of on the day, and those of the same charges."""
    told_on = PaymentTold.objects.filter(
        happened_at__gte=_start(on), happened_at__lt=_start(on + timedelta(days=1))
    ).values_list("payment__charge_id", flat=True)
    named = Payment.objects.filter(reference__in=references).values_list("charge_id", flat=True)
    charges = sorted({*told_on, *named})
    payments = list(Payment.objects.select_related("charge").filter(charge__in=charges).order_by("pk"))
    events: dict[int, list[tuple[PaymentEvent, str]]] = {}
    for row in PaymentTold.objects.filter(payment__in=payments).order_by("pk"):
        events.setdefault(row.payment_id, []).append((to_event(row), row.told_by))
    stands = read_open_vnd(charges)
    return {
        payment.reference: Order(
            reference=payment.reference,
            charge_id=payment.charge_id,
            case_code=payment.charge.case_code,
            amount_vnd=payment.amount_vnd,
            expires_at=payment.expires_at,
            charge_open_vnd=stands[payment.charge_id],
            told=tuple(events.get(payment.pk, ())),
        )
        for payment in payments
    }


def _read_tills(on: date) -> dict[str, int]:
    closed = Till.objects.filter(closed_at__gte=_start(on - timedelta(days=14)), closed_at__lt=_start(on + WINDOW))
    return {till_code(till.uuid): till.counted_vnd or 0 for till in closed.order_by("pk")}


def _read_refunds(on: date) -> dict[str, int]:
    sent = Entry.objects.select_related("charge").filter(
        kind__in=[EntryKind.REFUND_SENT_BANK, EntryKind.UNKNOWN_RETURNED],
        happened_at__gte=_start(on - CODES_FOR), happened_at__lt=_start(on + WINDOW),
    ).order_by("pk")  # fmt: skip
    return {item.external_id: item.amount_vnd for item in map(_to_item, sent)}


def _read_identified(external_ids: Iterable[str]) -> frozenset[str]:
    wanted = [f"{EntryKind.IDENTIFIED}:{each}" for each in external_ids]
    wanted += [f"{EntryKind.UNKNOWN_RETURNED}:{each[len(EntryKind.IDENTIFIED) + 1 :]}" for each in wanted]
    found = Entry.objects.filter(reference__in=wanted).values_list("reference", flat=True)
    return frozenset(each.partition(":")[2] for each in found)


def _read_refusals(on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return why messages of the day were not believed: forged or broken ones, and those of another time."""
    rows = CallbackRefusal.objects.filter(
        received_at__gte=_start(on), received_at__lt=_start(on + timedelta(days=1))
    ).order_by("pk")[:200]
    said: tuple[list[str], list[str]] = ([], [])
    for row in rows:
        words = f"{row.driver} {row.raw.get('vnp_TxnRef', '')}: {row.reason}".replace("  ", " ")
        said["clock" in row.raw].append(words)
    return tuple(said[0]), tuple(said[1])
