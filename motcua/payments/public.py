"""The face of payments: what is owed, how it is paid, what the ledger says."""

from __future__ import annotations

from motcua.payments.actions.callbacks import ask_waiting, begin, handle_callback
from motcua.payments.actions.charges import cancel_charge, raise_charge
from motcua.payments.actions.paying import hear, hear_unknown, identify_money, refuse_callback, start_payment
from motcua.payments.actions.receipts import cancel_receipt, replace_receipt, sign_receipt
from motcua.payments.actions.reconciling import compare_day, reconcile
from motcua.payments.actions.refunds import approve_refund, ask_refund, send_refund
from motcua.payments.actions.statements import import_statement
from motcua.payments.actions.tills import close_till, give_back_cash, open_till, take_cash
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge, list_charges_of_cases
from motcua.payments.queries.drivers import get_driver, load_drivers
from motcua.payments.queries.office import get_refund_row, list_charges_by_code, list_overpaid, list_refunds
from motcua.payments.queries.payments import get_payment, list_payments_of
from motcua.payments.queries.receipts import get_receipt_by_code, list_receipts
from motcua.payments.queries.reconciling import refund_code, till_code
from motcua.payments.queries.tills import find_open_till
from motcua.payments.rules.receipts import make_xml as make_receipt_xml
from motcua.payments.types import (
    WAYS,
    AccountKind,
    AmountInvalid,
    BalanceRow,
    CallbackRefused,
    ChargeInfo,
    ChargeLine,
    ChargeNotFound,
    ChargeSettled,
    Difference,
    EntryKind,
    MoneyReceived,
    NothingToPay,
    Payer,
    PaymentEvent,
    PaymentInfo,
    PaymentNotFound,
    ReceiptInfo,
    ReceiptIssued,
    ReceiptNotFound,
    ReceiptRefused,
    ReconcileReport,
    RefundInfo,
    RefundNotFound,
    RefundRefused,
    RefundRow,
    RefundSent,
    StatementInfo,
    StatementRefused,
    TillClosed,
    TillInfo,
    TillNotFound,
    Way,
    WayNotOffered,
)  # fmt: skip

__all__ = [
    "AccountKind", "AmountInvalid", "BalanceRow", "CallbackRefused", "ChargeInfo", "ChargeLine", "ChargeNotFound",
    "ChargeSettled", "Difference", "EntryKind", "MoneyReceived", "NothingToPay", "Payer", "PaymentEvent",
    "PaymentInfo", "PaymentNotFound", "ReceiptInfo", "ReceiptIssued", "ReceiptNotFound", "ReceiptRefused",
    "ReconcileReport", "RefundInfo", "RefundNotFound", "RefundRefused", "RefundRow", "RefundSent", "StatementInfo",
    "StatementRefused", "TillClosed", "TillInfo", "TillNotFound", "WAYS", "Way", "WayNotOffered", "approve_refund",
    "ask_refund", "ask_waiting", "begin", "cancel_charge", "cancel_receipt", "close_till", "compare_day",
    "find_open_till", "get_charge", "get_driver", "get_payment", "get_receipt_by_code", "get_refund_row",
    "give_back_cash", "handle_callback", "hear", "hear_unknown", "identify_money", "import_statement",
    "list_balances", "list_charges_by_code", "list_charges_of_cases", "list_overpaid", "list_payments_of",
    "list_receipts", "list_refunds", "load_drivers", "make_receipt_xml", "open_till", "raise_charge", "reconcile",
    "refund_code", "refuse_callback", "replace_receipt", "send_refund", "sign_receipt", "start_payment",
    "take_cash", "till_code",
]  # fmt: skip
