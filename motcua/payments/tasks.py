"""Background work of payments: receipts follow the money, papers follow the receipts."""

from __future__ import annotations

from datetime import datetime

from motcua.outbox.public import register_periodic, subscribe
from motcua.payments.actions.callbacks import ask_waiting
from motcua.payments.actions.gateway_refunds import send_gateway_refund, send_waiting_refunds
from motcua.payments.actions.receipts import (
    cancel_receipts_of_money,
    issue_receipt_of_money,
    issue_zero_receipt,
    sign_receipt,
    sign_waiting_receipts,
)
from motcua.payments.queries.receipts import get_receipt
from motcua.payments.types import ChargeSettled, MoneyReceived, MoneyTakenBack, ReceiptIssued, RefundApproved

ASK_EVERY_SECONDS = 60
SIGN_EVERY_SECONDS = 120


@subscribe(MoneyReceived, name="payments.issue_receipt")
def handle_money_received(event: MoneyReceived, *, now: datetime) -> None:
    """Issue the receipt of money that came in. Delivered twice, it changes nothing."""
    issue_receipt_of_money(
        event.charge_uuid, entry_reference=event.entry_reference, amount_vnd=event.amount_vnd, now=now
    )


@subscribe(MoneyTakenBack, name="payments.cancel_receipt")
def handle_money_taken_back(event: MoneyTakenBack, *, now: datetime) -> None:
    """Cancel the receipt of money that is gone. Delivered twice, it changes nothing."""
    cancel_receipts_of_money(event.charge_uuid, now=now)


@subscribe(ChargeSettled, name="payments.issue_zero_receipt")
def handle_charge_settled(event: ChargeSettled, *, now: datetime) -> None:
    """Issue the receipt of zero đồng where nothing was due. Delivered twice, it changes nothing."""
    issue_zero_receipt(event.charge_uuid, now=now)


@subscribe(ReceiptIssued, name="payments.sign_receipt", asks_network=True)
def handle_receipt_issued(event: ReceiptIssued, *, now: datetime) -> None:
    """Draw, sign and keep the paper. Delivered twice, it changes nothing; without a key it is tried again.

    Of zero đồng, which hardly anybody asks for, the paper is drawn when somebody does, or in a quiet minute.
    """
    if get_receipt(event.receipt_uuid).amount_vnd:
        sign_receipt(event.receipt_uuid, now=now)


@register_periodic("payments.sign_receipts", SIGN_EVERY_SECONDS)
def sign_receipts_of_zero(*, now: datetime) -> None:
    """Draw a few of the receipts that nobody asked for yet, so that they lie in the payer's vault too."""
    sign_waiting_receipts(now=now)


@subscribe(RefundApproved, name="payments.send_gateway_refund", asks_network=True)
def handle_refund_approved(event: RefundApproved, *, now: datetime) -> None:
    """Give back by the gateway what came by it. Delivered twice, it goes once; an unanswered one is tried again."""
    send_gateway_refund(event.refund_uuid, now=now)


@register_periodic("payments.send_refunds", 600)
def send_refunds_again(*, now: datetime) -> None:
    """Try again the refunds that the gateway did not answer."""
    send_waiting_refunds(now=now)


@register_periodic("payments.ask_waiting", ASK_EVERY_SECONDS)
def ask_waiting_payments(*, now: datetime) -> None:
    """Ask gateways of orders that nothing was told of: a callback may be lost."""
    ask_waiting(now=now)
