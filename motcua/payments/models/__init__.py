"""Tables of money. Whole đồng; the ledger and what was told from outside are append-only (trigger)."""

from __future__ import annotations

from motcua.payments.models.ledger import Account, Charge, Entry
from motcua.payments.models.matching import Resolution, Statement, StatementRow
from motcua.payments.models.paying import CallbackRefusal, CashLine, Payment, PaymentTold, Refund, Till
from motcua.payments.models.receipts import Receipt, ReceiptChange, ReceiptSeries

__all__ = [
    "Account",
    "CallbackRefusal",
    "CashLine",
    "Charge",
    "Entry",
    "Payment",
    "PaymentTold",
    "Receipt",
    "ReceiptChange",
    "ReceiptSeries",
    "Refund",
    "Resolution",
    "Statement",
    "StatementRow",
    "Till",
]
