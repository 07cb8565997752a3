"""The daily match: write what a statement tells and nobody else told, then name what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from motcua.audit.public import SYSTEM
from motcua.kernel.clock import HCM
from motcua.payments.actions.paying import hear, hear_unknown
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.actions.refunds import ask_refund, return_refund
from motcua.payments.models import Charge, Payment, Refund, StatementRow
from motcua.payments.queries.charges import to_charge_info
from motcua.payments.queries.reconciling import find_refund_by_code, gather_sides
from motcua.payments.queries.resolutions import list_resolutions, mark_resolved
from motcua.payments.rules.limits import refundable_vnd
from motcua.payments.rules.matching import Step, compare, plan
from motcua.payments.types import EntryKind, PaymentEvent, PaymentEventKind, ReconcileReport

DOUBLE, OVERPAID = "Nộp hai lần cho một khoản", "Nộp thừa"
_TOLD: dict[str, PaymentEventKind] = {"paid": "paid", "charged_back": "charged_back"}
_POSTED = {
    "settled": EntryKind.SETTLED,
    "till_banked": EntryKind.TILL_BANKED,
    "to_treasury": EntryKind.TO_TREASURY,
    "gateway_fee": EntryKind.GATEWAY_FEE,
}


def compare_day(on: date) -> ReconcileReport:
    """Name the differences of a day and write nothing."""
    matched, differences = compare(gather_sides(on))
    resolutions = list_resolutions(on)
    return ReconcileReport(
        on=on, matched=matched, differences=mark_resolved(differences, resolutions), resolutions=resolutions
    )


def reconcile(on: date, *, now: datetime) -> ReconcileReport:
    """Write what the day's statements tell and needs no person, then name what is left. Run twice, it writes once."""
    applied = 0
    for step in plan(gather_sides(on)):
        if step.line.on == on:
            applied += _apply(step, now)
    return replace(compare_day(on), applied=applied)


def refund_doubles(on: date, *, now: datetime) -> int:
    """Propose by rule to give back what came twice on a day; return how many proposals are new. Twice is once.

    Below the limit of four eyes the proposal is the decision; above it another person agrees first.
    """
    found = 0
    for difference in compare_day(on).differences:
        if difference.kind not in ("double_payment", "overpaid") or difference.is_explained:
            continue
        charge = Charge.objects.filter(pk__in=Payment.objects.filter(reference=difference.reference).values("charge"))
        for each in charge:
            found += _propose(each, difference.kind, on, now)
    return found


def _propose(charge: Charge, kind: str, on: date, now: datetime) -> bool:
    reason = DOUBLE if kind == "double_payment" else OVERPAID
    waiting = Refund.objects.filter(charge=charge, approved_at__isnull=True).values_list("amount_vnd", flat=True)
    amount = refundable_vnd(to_charge_info(charge).open_vnd, decided_vnd=sum(waiting))
    if not amount:
        return False
    ask_refund(
        charge.uuid, amount_vnd=amount, reason=reason, key=f"rule:{charge.uuid}:{on}:{kind}", actor=SYSTEM, now=now
    )
    return True


def _apply(step: Step, now: datetime) -> bool:
    line, kind = step.line, _TOLD.get(step.kind)
    happened_at = datetime.combine(line.on, time(12), HCM)  # statements know the day only
    event = PaymentEvent(
        kind=kind or "paid", external_id=line.external_id, amount_vnd=abs(line.amount_vnd), happened_at=happened_at
    )
    if kind is not None:
        return (
            hear(step.reference, event, source="statement", raw={"text": line.text[:300]}, now=now).outcome
            != "repeated"
        )
    agency_code = _agency_of(step)
    if step.kind == "refund_returned":
        refund_uuid = find_refund_by_code(step.reference, on=line.on)
        return refund_uuid is not None and return_refund(
            refund_uuid, external_id=line.external_id, happened_at=happened_at, now=now
        )
    if step.kind == "unknown":
        return hear_unknown(event, agency_code=agency_code, note=line.text, now=now)
    entry = NewEntry(
        kind=_POSTED[step.kind],
        amount_vnd=abs(line.amount_vnd),
        agency_code=agency_code,
        reference=f"{_POSTED[step.kind]}:{line.external_id}",
        happened_at=happened_at,
        note=f"{step.reference} {line.text}".strip(),
    )
    return bool(post([entry], now=now))


def _agency_of(step: Step) -> str:
    """Return whose account the statement is of."""
    rows = StatementRow.objects.filter(external_id=step.line.external_id, kind=step.line.kind)
    return str(rows.values_list("statement__agency_code", flat=True).order_by("pk").first() or "")
