"""The face of payments: what is owed, how it is paid, what the ledger says."""

from __future__ import annotations

from motcua.payments.actions.callbacks import ask_waiting, begin, handle_callback
from motcua.payments.actions.charges import cancel_charge, raise_charge, waive_charge
from motcua.payments.actions.gateway_refunds import send_gateway_refund, send_waiting_refunds
from motcua.payments.actions.paying import hear, hear_unknown, identify_money, refuse_callback, start_payment
from motcua.payments.actions.receipt_changes import ask_receipt_change, decide_receipt_change
from motcua.payments.actions.receipts import sign_receipt, sign_receipt_xml, sign_waiting_receipts
from motcua.payments.actions.reconciling import compare_day, reconcile, refund_doubles
from motcua.payments.actions.refunds import approve_refund, ask_refund, send_refund
from motcua.payments.actions.resolving import approve_resolution, drop_resolution, resolve_difference
from motcua.payments.actions.statements import import_statement
from motcua.payments.actions.tills import close_till, open_till, pay_refund_in_cash, take_cash
from motcua.payments.adapters.vietqr import sign_notice
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge, list_charges_of_cases
from motcua.payments.queries.drivers import get_driver, load_drivers
from motcua.payments.queries.office import get_refund_row, list_charges_by_code, list_overpaid, list_refunds
from motcua.payments.queries.payments import get_payment, list_payments_of
from motcua.payments.queries.receipt_changes import get_receipt_change, list_office_receipts, list_receipt_changes
from motcua.payments.queries.receipts import find_receipt_by_pdf, get_receipt, get_receipt_by_code, list_receipts
from motcua.payments.queries.reconciling import refund_code, return_code, till_code
from motcua.payments.queries.tills import find_open_till
from motcua.payments.queries.vouchers import draw_cash_voucher
from motcua.payments.rules.receipts import make_xml as make_receipt_xml
from motcua.payments.rules.resolving import list_acts
from motcua.payments.rules.vietqr import read_payload
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
    Helper,
    MoneyReceived,
    MoneyTakenBack,
    NothingToPay,
    Payer,
    PaymentEvent,
    PaymentInfo,
    PaymentNotFound,
    QrInvalid,
    ReceiptChangeInfo,
    ReceiptChangeRefused,
    ReceiptInfo,
    ReceiptIssued,
    ReceiptNotFound,
    ReceiptRefused,
    ReceiptSigned,
    ReconcileReport,
    RefundApproved,
    RefundInfo,
    RefundNotFound,
    RefundRefused,
    RefundRow,
    RefundSent,
    ResolutionInfo,
    ResolutionRefused,
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
    "ChargeSettled", "Difference", "EntryKind", "Helper", "MoneyReceived", "MoneyTakenBack", "NothingToPay", "Payer",
    "PaymentEvent", "PaymentInfo", "PaymentNotFound", "QrInvalid", "ReceiptChangeInfo", "ReceiptChangeRefused",
    "ReceiptInfo", "ReceiptIssued", "ReceiptNotFound", "ReceiptRefused", "ReceiptSigned", "ReconcileReport",
    "RefundApproved", "RefundInfo", "RefundNotFound", "RefundRefused", "RefundRow", "RefundSent", "ResolutionInfo",
    "ResolutionRefused", "StatementInfo", "StatementRefused", "TillClosed", "TillInfo", "TillNotFound", "WAYS",
    "Way", "WayNotOffered", "approve_refund", "approve_resolution", "ask_receipt_change", "ask_refund",
    "ask_waiting", "begin", "cancel_charge", "close_till", "compare_day", "decide_receipt_change",
    "draw_cash_voucher", "drop_resolution", "find_open_till", "find_receipt_by_pdf", "get_charge", "get_driver",
    "get_payment", "get_receipt", "get_receipt_by_code", "get_receipt_change", "get_refund_row", "handle_callback",
    "hear", "hear_unknown", "identify_money", "import_statement", "list_acts", "list_balances",
    "list_charges_by_code", "list_charges_of_cases", "list_office_receipts", "list_overpaid", "list_payments_of",
    "list_receipt_changes", "list_receipts", "list_refunds", "load_drivers", "make_receipt_xml", "open_till",
    "pay_refund_in_cash", "raise_charge", "read_payload", "reconcile", "refund_code", "refund_doubles",
    "refuse_callback", "resolve_difference", "return_code", "send_gateway_refund", "send_refund",
    "send_waiting_refunds", "sign_notice", "sign_receipt", "sign_receipt_xml", "sign_waiting_receipts",
    "start_payment", "take_cash", "till_code", "waive_charge",
]  # fmt: skip
