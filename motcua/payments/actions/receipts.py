"""Receipts: issued once for what came in, numbers without gaps, cancelled and replaced with a trace.

The number is taken under the lock of its series and in the transaction that writes the receipt: a crash gives it back.
Issuing hangs on the event that was saved with the money, so nothing is lost between the two.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.audit.public import SYSTEM, Actor, record_decision
from motcua.documents.public import SigningKeyMissing, sign_pdf, sign_xml, store_document
from motcua.kernel.codes import make_verification_code
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.payments.actions.charges import lock_charge
from motcua.payments.models import Charge, Receipt, ReceiptSeries
from motcua.payments.queries.charges import to_charge_info
from motcua.payments.queries.payments import find_helper, is_gone
from motcua.payments.queries.receipts import draw_receipt_pdf, get_receipt, to_receipt_info
from motcua.payments.rules.receipts import FORM_SIGN, LAST_NO, make_payload, make_xml, series_of
from motcua.payments.types import (
    Payer,
    ReceiptInfo,
    ReceiptIssued,
    ReceiptNotFound,
    ReceiptRefused,
    ReceiptSigned,
    ReceiptsUsedUp,
)
from motcua.places.public import find_agency_by_code

SIGNED_A_ROUND = 40
TAKEN_BACK_REASON = "Ngân hàng đã lấy lại khoản tiền mà biên lai này chứng nhận"


def issue_receipt_of_money(
    charge_uuid: UUID, *, entry_reference: str, amount_vnd: int, now: datetime
) -> ReceiptInfo | None:
    """Issue the receipt of money that is still there; None when a bank took it back before anybody came to it.

    Raises: ChargeNotFound, ReceiptsUsedUp.
    """
    with transaction.atomic():
        lock_charge(charge_uuid)
        if is_gone(entry_reference):
            return None
        return issue_receipt(charge_uuid, entry_reference=entry_reference, amount_vnd=amount_vnd, now=now)


def cancel_receipts_of_money(charge_uuid: UUID, *, now: datetime) -> int:
    """Cancel the receipts of a charge whose money is gone; return how many. Again it finds none."""
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        valid = Receipt.objects.filter(charge=charge, cancelled_at__isnull=True).order_by("pk")
        gone = [row for row in valid if is_gone(row.entry_reference)]
        for row in gone:
            _cancel(row, TAKEN_BACK_REASON, SYSTEM, now)
    return len(gone)


def issue_receipt(charge_uuid: UUID, *, entry_reference: str, amount_vnd: int, now: datetime) -> ReceiptInfo:
    """Issue the receipt of one ledger entry; asked again it returns the valid one.

    Raises: ChargeNotFound, ReceiptsUsedUp.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        known = Receipt.objects.filter(entry_reference=entry_reference).order_by("-pk").first()
        if known is not None:
            return to_receipt_info(known)
        payload = _payload(charge, amount_vnd, entry_reference)
        return _write(charge, reference=entry_reference, amount_vnd=amount_vnd, payload=payload, replaces=None, now=now)


def issue_zero_receipt(charge_uuid: UUID, *, now: datetime) -> ReceiptInfo | None:
    """Issue the receipt of a charge on which nothing was due; None for a charge that money settled.

    Source: Decision 411/NQ-HĐND, Art. 1 (a receipt of zero đồng is due); in force 2025-09-29. Raises: ChargeNotFound.
    """
    with transaction.atomic():
        charge = lock_charge(charge_uuid)
        if to_charge_info(charge).due_vnd:
            return None
        return issue_receipt(charge_uuid, entry_reference=f"waived:{charge.uuid}", amount_vnd=0, now=now)


def sign_receipt(receipt_uuid: UUID, *, now: datetime) -> int:
    """Draw the PDF, sign it with the agency's key and keep it; return its file. The first one kept stays.

    Raises: ReceiptNotFound, SigningKeyMissing, RenderFailed (the outbox tries again).
    """
    receipt = get_receipt(receipt_uuid)
    if receipt.pdf_file_id is not None:
        return receipt.pdf_file_id
    pdf = sign_pdf(
        draw_receipt_pdf(receipt),
        agency_code=receipt.agency_code,
        signer_name=str(receipt.payload["agency"]),
        reason=f"Biên lai {receipt.series} số {receipt.printed_no}",
        now=now,
    )
    name = f"bien-lai-{receipt.series}-{receipt.printed_no}.pdf"
    file = store_document(pdf, filename=name, media_type="application/pdf", purpose="fee_receipt", now=now)
    with transaction.atomic():
        if Receipt.objects.filter(uuid=receipt_uuid, pdf_file__isnull=True).update(pdf_file_id=file.id):
            _announce_signed(receipt_uuid, now=now)
    return get_receipt(receipt_uuid).pdf_file_id or file.id


def sign_waiting_receipts(*, now: datetime) -> int:
    """Draw and sign receipts that have no paper yet (those of zero đồng wait for this), the oldest first; say how many.

    A few at a time, so that nobody waits behind papers that hardly anybody asks for. One that cannot be signed for want
    of its agency's key is left for the next time and holds up no other.
    """
    done, keyless = 0, set[str]()
    while done < SIGNED_A_ROUND:
        waiting = Receipt.objects.filter(pdf_file__isnull=True).exclude(series__agency_code__in=keyless)
        found = waiting.order_by("pk").values_list("uuid", "series__agency_code").first()
        if found is None:
            break
        try:
            sign_receipt(found[0], now=now)
        except SigningKeyMissing:
            keyless.add(found[1])
            continue
        done += 1
    return done


def _announce_signed(receipt_uuid: UUID, *, now: datetime) -> None:
    row = Receipt.objects.select_related("charge").get(uuid=receipt_uuid)
    publish(
        ReceiptSigned(
            receipt_uuid=row.uuid, charge_uuid=row.charge.uuid, case_uuid=row.charge.case_uuid,
            lookup_code=row.lookup_code,
        ),
        now=now,
    )  # fmt: skip


def sign_receipt_xml(receipt_uuid: UUID, *, now: datetime) -> int:
    """Write the receipt as XML, sign it (XAdES) with the agency's key and keep it; return its file. The first stays.

    Raises: ReceiptNotFound, SigningKeyMissing (the outbox tries again).
    """
    receipt = get_receipt(receipt_uuid)
    if receipt.xml_file_id is not None:
        return receipt.xml_file_id
    signed = sign_xml(make_xml(receipt), agency_code=receipt.agency_code, now=now)
    name = f"bien-lai-{receipt.series}-{receipt.printed_no}.xml"
    file = store_document(signed, filename=name, media_type="application/xml", purpose="fee_receipt", now=now)
    with transaction.atomic():
        Receipt.objects.filter(uuid=receipt_uuid, xml_file__isnull=True).update(xml_file_id=file.id)
    return get_receipt(receipt_uuid).xml_file_id or file.id


def cancel_receipt(receipt_uuid: UUID, *, reason: str, actor: Actor, now: datetime) -> ReceiptInfo:
    """Cancel a receipt; its number stays, with the reason. Raises: ReceiptNotFound, ReceiptRefused."""
    with transaction.atomic():
        row = _lock_valid(receipt_uuid, reason)
        _cancel(row, reason, actor, now)
    return to_receipt_info(row)


def replace_receipt(receipt_uuid: UUID, *, payer: Payer, reason: str, actor: Actor, now: datetime) -> ReceiptInfo:
    """Cancel a receipt and issue another for the same money, with the payer's data mended; each names the other.

    Raises: ReceiptNotFound, ReceiptRefused, ReceiptsUsedUp.
    """
    if not payer.name.strip():
        raise ReceiptRefused(N_("hãy ghi tên người nộp"))
    with transaction.atomic():
        charge_uuid = Receipt.objects.filter(uuid=receipt_uuid).values_list("charge__uuid", flat=True).first()
        if charge_uuid is None:
            raise ReceiptNotFound()
        charge = lock_charge(charge_uuid)
        row = _lock_valid(receipt_uuid, reason)
        _cancel(row, reason, actor, now)
        payload = dict(row.payload) | {"payer": payer.name.strip()[:500], "payer_code": payer.code.strip()[:40]}
        return _write(
            charge, reference=row.entry_reference, amount_vnd=row.amount_vnd, payload=payload, replaces=row, now=now
        )


def _payload(charge: Charge, amount_vnd: int, entry_reference: str) -> dict[str, Any]:
    agency = find_agency_by_code(charge.agency_code)
    name = agency.name if agency is not None else charge.agency_code
    helper = find_helper(entry_reference)
    return make_payload(to_charge_info(charge), amount_vnd=amount_vnd, agency_name=name, helper=helper)


def _write(
    charge: Charge, *, reference: str, amount_vnd: int, payload: dict[str, Any], replaces: Receipt | None, now: datetime
) -> ReceiptInfo:
    series, number = _take_number(charge.agency_code, now)
    row = Receipt.objects.create(
        series=series, no=number, charge=charge, entry_reference=reference,
        lookup_code=make_verification_code(secrets.token_bytes(10)), amount_vnd=amount_vnd, payload=payload,
        issued_at=now, replaces=replaces,
    )  # fmt: skip
    publish(
        ReceiptIssued(
            receipt_uuid=row.uuid, charge_uuid=charge.uuid, case_uuid=charge.case_uuid, lookup_code=row.lookup_code
        ),
        now=now,
    )
    return to_receipt_info(row)


def _take_number(agency_code: str, now: datetime) -> tuple[ReceiptSeries, int]:
    """Take the next number of the year's series, its row locked until the transaction ends."""
    key = {"agency_code": agency_code, "form_sign": FORM_SIGN, "series": series_of(now)}
    ReceiptSeries.objects.bulk_create([ReceiptSeries(**key)], ignore_conflicts=True)
    series = ReceiptSeries.objects.select_for_update(of=("self",), no_key=True).get(**key)
    number = series.next_no
    if number > LAST_NO:
        raise ReceiptsUsedUp()
    series.next_no = number + 1
    series.save(update_fields=["next_no"])
    return series, number


def _lock_valid(receipt_uuid: UUID, reason: str) -> Receipt:
    row = Receipt.objects.select_for_update(of=("self",), no_key=True).filter(uuid=receipt_uuid).first()
    if row is None:
        raise ReceiptNotFound()
    if row.cancelled_at is not None:
        raise ReceiptRefused(N_("biên lai này đã bị hủy từ trước"))
    if not reason.strip():
        raise ReceiptRefused(N_("hãy ghi lý do hủy"))
    return row


def _cancel(row: Receipt, reason: str, actor: Actor, now: datetime) -> None:
    row.cancelled_at, row.cancelled_reason = now, reason.strip()[:500]
    row.save(update_fields=["cancelled_at", "cancelled_reason"])
    record_decision(
        actor,
        subject=f"receipt:{row.uuid}",
        action="payments.cancel_receipt",
        details={"no": row.no, "reason": row.cancelled_reason},
        now=now,
    )
