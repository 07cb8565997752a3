"""The paper of a refund in cash: who receives it signs it, the cashier keeps it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from motcua.documents.public import render_pdf
from motcua.kernel.clock import to_local
from motcua.kernel.money import amount_in_words, format_vnd
from motcua.payments.models import CashLine, Refund
from motcua.payments.queries.reconciling import refund_code
from motcua.payments.types import RefundNotFound
from motcua.places.public import find_agency_by_code

TEMPLATE = Path(__file__).resolve().parents[1] / "paper" / "cash_voucher.typ"


def draw_cash_voucher(refund_uuid: UUID) -> bytes:
    """Return the PDF of the voucher of a refund that went out in cash, the same bytes each time.

    Raises: RefundNotFound for a refund that did not go in cash; RenderFailed.
    """
    refund = Refund.objects.select_related("charge").filter(uuid=refund_uuid, sent_way="cash").order_by("pk").first()
    if refund is None or refund.sent_at is None:
        raise RefundNotFound()
    charge = refund.charge
    line = CashLine.objects.select_related("till").filter(
        entry__charge=charge, entry__kind="refund_sent_cash", entry__reference__contains=str(refund.uuid)
    ).order_by("pk").first()  # fmt: skip
    agency = find_agency_by_code(charge.agency_code)
    data = {
        "agency": agency.name if agency is not None else charge.agency_code,
        "case_code": charge.case_code,
        "no": refund_code(refund.uuid, refund.attempt),
        "payer": charge.payer_name,
        "payer_code": charge.payer_code,
        "reason": refund.reason,
        "amount": format_vnd(refund.amount_vnd),
        "words": amount_in_words(refund.amount_vnd),
        "cashier": line.till.cashier_name if line is not None else "",
        "paid_at": f"{to_local(refund.sent_at):%Y-%m-%dT%H:%M}",
    }
    return render_pdf(TEMPLATE, data)
