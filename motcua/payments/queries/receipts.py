"""Receipts: found, drawn as PDF."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from motcua.documents.public import make_qr_svg, render_pdf
from motcua.kernel.clock import local_date, to_local
from motcua.kernel.money import format_vnd
from motcua.payments.models import Receipt
from motcua.payments.types import ReceiptInfo, ReceiptNotFound

TEMPLATE = Path(__file__).resolve().parents[1] / "paper" / "receipt.typ"


def get_receipt(receipt_uuid: UUID) -> ReceiptInfo:
    """Return one receipt. Raises: ReceiptNotFound."""
    return _one(Receipt.objects.filter(uuid=receipt_uuid))


def get_receipt_by_code(code: str) -> ReceiptInfo:
    """Return the receipt that carries this look-up code, cancelled ones too. Raises: ReceiptNotFound."""
    return _one(Receipt.objects.filter(lookup_code=code.strip().upper()[:24]))


def find_receipt_by_pdf(file_id: int) -> ReceiptInfo | None:
    """Return the receipt whose signed PDF this file is; None when it is none."""
    return next(iter(to_receipt_infos(Receipt.objects.filter(pdf_file_id=file_id).order_by("pk")[:1])), None)


def list_receipts(charge_uuids: Collection[UUID]) -> tuple[ReceiptInfo, ...]:
    """Return the receipts of these charges, oldest first: two queries, however many."""
    return to_receipt_infos(Receipt.objects.filter(charge__uuid__in=list(charge_uuids)).order_by("pk"))


def to_receipt_infos(rows: QuerySet[Receipt]) -> tuple[ReceiptInfo, ...]:
    return _to_infos(list(_with_names(rows)))


def draw_receipt_pdf(receipt: ReceiptInfo) -> bytes:
    """Return the unsigned PDF of a receipt, the same bytes for the same receipt. Raises: RenderFailed."""
    address = f"{settings.PUBLIC_URL}/bien-lai/{receipt.lookup_code}/"
    payload = dict(receipt.payload)
    lines = [
        {
            "label": line["label"],
            "legal_ref": line["legal_ref"],
            "amount": format_vnd(line["amount_vnd"]),
            "waived": format_vnd(line["waived_vnd"]) if line["waived_vnd"] else "",
            "waived_reason": line["waived_reason"],
            "waived_ref": line.get("waived_legal_ref", ""),
        }
        for line in payload["lines"]
    ]
    data = payload | {
        "lines": lines,
        "amount": format_vnd(receipt.amount_vnd),
        "form_sign": receipt.form_sign,
        "series": receipt.series,
        "no": receipt.printed_no,
        "replaces_no": f"{receipt.replaces_no:07d}" if receipt.replaces_no is not None else "",
        "lookup_code": receipt.lookup_code,
        "lookup_url": address,
        "qr_svg": make_qr_svg(address),
        "on": local_date(receipt.issued_at).isoformat(),
        "issued_at": f"{to_local(receipt.issued_at):%Y-%m-%dT%H:%M}",
    }
    return render_pdf(TEMPLATE, data)


def to_receipt_info(row: Receipt) -> ReceiptInfo:
    return _one(Receipt.objects.filter(pk=row.pk))


def _with_names(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    return rows.select_related("series", "charge", "replaces")


def _one(rows: QuerySet[Receipt]) -> ReceiptInfo:
    row = _with_names(rows).order_by("pk").first()
    if row is None:
        raise ReceiptNotFound()
    return _to_infos([row])[0]


def _to_infos(rows: list[Receipt]) -> tuple[ReceiptInfo, ...]:
    replaced = dict(Receipt.objects.filter(replaces__in=[row.pk for row in rows]).values_list("replaces_id", "no"))
    return tuple(
        ReceiptInfo(
            id=row.pk,
            uuid=row.uuid,
            charge_uuid=row.charge.uuid,
            case_uuid=row.charge.case_uuid,
            case_code=row.charge.case_code,
            agency_code=row.series.agency_code,
            form_sign=row.series.form_sign,
            series=row.series.series,
            no=row.no,
            lookup_code=row.lookup_code,
            amount_vnd=row.amount_vnd,
            payload=row.payload,
            issued_at=row.issued_at,
            pdf_file_id=row.pdf_file_id,
            xml_file_id=row.xml_file_id,
            cancelled_at=row.cancelled_at,
            cancelled_reason=row.cancelled_reason,
            replaces_no=row.replaces.no if row.replaces is not None else None,
            replaced_by_no=replaced.get(row.pk),
        )
        for row in rows
    )
