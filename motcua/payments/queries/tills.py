"""Shifts of cash and what lies in their drawers."""

from __future__ import annotations

from django.db.models import Sum

from motcua.payments.models import CashLine, Till
from motcua.payments.types import TillInfo


def find_open_till(*, agency_code: str, cashier_id: int) -> TillInfo | None:
    """Return the cashier's open shift at an agency, or None."""
    till = Till.objects.filter(agency_code=agency_code, cashier_id=cashier_id, closed_at__isnull=True).first()
    return to_till_info(till) if till is not None else None


def read_expected_vnd(till_id: int) -> int:
    return int(CashLine.objects.filter(till=till_id).aggregate(total=Sum("amount_vnd"))["total"] or 0)


def to_till_info(till: Till) -> TillInfo:
    return TillInfo(
        uuid=till.uuid,
        agency_code=till.agency_code,
        cashier_name=till.cashier_name,
        opened_at=till.opened_at,
        closed_at=till.closed_at,
        expected_vnd=read_expected_vnd(till.pk) if till.expected_vnd is None else till.expected_vnd,
        counted_vnd=till.counted_vnd,
    )
