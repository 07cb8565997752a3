"""What the office sees of money: charges by code, what was paid too much, refunds."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When

from motcua.payments.models import Charge, Entry, Refund
from motcua.payments.queries.charges import PAYER_CREDIT, PAYER_DEBIT, to_charge_infos
from motcua.payments.types import ChargeInfo, RefundNotFound, RefundRow

AT_MOST = 100


def list_charges_by_code(case_code: str, *, agency_codes: Collection[str]) -> tuple[ChargeInfo, ...]:
    """Return the charges of the dossier with this code that one of the agencies collects."""
    code = case_code.strip().upper()[:80]
    return to_charge_infos(Charge.objects.filter(case_code=code, agency_code__in=agency_codes).order_by("pk")[:20])


def list_overpaid(agency_codes: Collection[str]) -> tuple[ChargeInfo, ...]:
    """Return the charges on which more came in than was due, oldest first, at most a hundred."""
    signed = Case(When(Q(kind__in=PAYER_DEBIT), then=F("amount_vnd")), default=-F("amount_vnd"))
    ids = (
        Entry.objects.filter(charge__agency_code__in=agency_codes, kind__in=PAYER_DEBIT + PAYER_CREDIT)
        .values("charge_id")
        .annotate(total=Sum(signed))
        .filter(total__lt=0)
        .order_by("charge_id")
        .values_list("charge_id", flat=True)[:AT_MOST]
    )
    return to_charge_infos(Charge.objects.filter(pk__in=list(ids)).order_by("pk"))


def list_refunds(agency_codes: Collection[str]) -> tuple[RefundRow, ...]:
    """Return the refunds of the agencies, what waits first, then the newest."""
    rows = Refund.objects.filter(charge__agency_code__in=agency_codes).order_by(
        F("sent_at").desc(nulls_first=True), "-pk"
    )
    return _to_rows(rows[:AT_MOST])


def get_refund_row(refund_uuid: UUID) -> RefundRow:
    """Return one refund. Raises: RefundNotFound."""
    rows = _to_rows(Refund.objects.filter(uuid=refund_uuid).order_by("pk"))
    if not rows:
        raise RefundNotFound()
    return rows[0]


def _to_rows(rows: QuerySet[Refund]) -> tuple[RefundRow, ...]:
    return tuple(
        RefundRow(
            uuid=row.uuid,
            charge_uuid=row.charge.uuid,
            case_code=row.charge.case_code,
            agency_code=row.charge.agency_code,
            payer_name=row.charge.payer_name,
            amount_vnd=row.amount_vnd,
            reason=row.reason,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            approved_at=row.approved_at,
            sent_at=row.sent_at,
            needs_second=row.needs_second,
            attempt=row.attempt,
            by_gateway=bool(row.movement),
            gateway_said=row.gateway_said,
            sent_way=row.sent_way,
        )
        for row in rows.select_related("charge")
    )
