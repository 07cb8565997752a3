"""The office's register of receipts, and the wishes to cancel or replace them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q

from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.payments.models import Receipt, ReceiptChange
from motcua.payments.queries.receipts import to_receipt_infos
from motcua.payments.types import ReceiptChangeInfo, ReceiptInfo


def list_office_receipts(agency_codes: Collection[str], *, text: str = "", page: int = 1) -> Page[ReceiptInfo]:
    """Return a page of the receipts of these agencies, newest first; `text`: a number, a dossier or look-up code."""
    rows = Receipt.objects.filter(series__agency_code__in=list(agency_codes)).order_by("-pk")
    bare = text.strip().upper()[:80]
    if bare:
        number = Q(no=int(bare)) if bare.isascii() and bare.isdigit() and len(bare) <= 7 else Q(pk__in=[])
        rows = rows.filter(number | Q(charge__case_code=bare) | Q(lookup_code=bare[:24]))
    start, stop = page_window(page)
    return make_page(to_receipt_infos(rows[start:stop]), number=page, total=rows.order_by()[: COUNT_CAP + 1].count())


def list_receipt_changes(agency_codes: Collection[str]) -> tuple[tuple[ReceiptChangeInfo, ReceiptInfo], ...]:
    """Return the wishes that wait for another person, oldest first, each with its receipt."""
    rows = list(
        ReceiptChange.objects.filter(decided_at__isnull=True, receipt__series__agency_code__in=list(agency_codes))
        .select_related("receipt").order_by("pk")[:200]
    )  # fmt: skip
    receipts = _by_id(rows)
    return tuple((to_change_info(row), receipts[row.receipt_id]) for row in rows)


def get_receipt_change(change_uuid: UUID) -> tuple[ReceiptChangeInfo, ReceiptInfo] | None:
    """Return one wish with its receipt; None when there is none."""
    row = ReceiptChange.objects.filter(uuid=change_uuid).select_related("receipt").first()
    return (to_change_info(row), _by_id([row])[row.receipt_id]) if row is not None else None


def _by_id(rows: Sequence[ReceiptChange]) -> dict[int, ReceiptInfo]:
    found = Receipt.objects.filter(pk__in=[row.receipt_id for row in rows]).order_by("pk")
    return {receipt.id: receipt for receipt in to_receipt_infos(found)}


def to_change_info(row: ReceiptChange) -> ReceiptChangeInfo:
    return ReceiptChangeInfo(
        uuid=row.uuid,
        receipt_uuid=row.receipt.uuid,
        kind=row.kind,
        reason=row.reason,
        payer_name=row.payer_name,
        payer_code=row.payer_code,
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        is_agreed=row.is_agreed,
    )
