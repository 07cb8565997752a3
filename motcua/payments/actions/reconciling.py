"""The daily match: write what a statement tells and nobody else told, then name what is left."""

from __future__ import annotations

from datetime import date, datetime, time

from motcua.kernel.clock import HCM
from motcua.payments.actions.paying import hear, hear_unknown
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.models import StatementRow
from motcua.payments.queries.reconciling import gather_sides
from motcua.payments.rules.matching import Step, compare, plan
from motcua.payments.types import EntryKind, PaymentEvent, PaymentEventKind, ReconcileReport

_TOLD: dict[str, PaymentEventKind] = {"paid": "paid", "charged_back": "charged_back"}
_POSTED = {
    "settled": EntryKind.SETTLED,
    "till_banked": EntryKind.TILL_BANKED,
    "to_treasury": EntryKind.TO_TREASURY,
}


def compare_day(on: date) -> ReconcileReport:
    """Name the differences of a day and write nothing."""
    matched, differences = compare(gather_sides(on))
    return ReconcileReport(on=on, matched=matched, differences=differences)


def reconcile(on: date, *, now: datetime) -> ReconcileReport:
    """Write what the day's statements tell and needs no person, then name what is left. Run twice, it writes once."""
    applied = 0
    for step in plan(gather_sides(on)):
        if step.line.on == on:
            applied += _apply(step, now)
    matched, differences = compare(gather_sides(on))
    return ReconcileReport(on=on, matched=matched, applied=applied, differences=differences)


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
