"""What payments hand out, tell and refuse."""

from __future__ import annotations

from motcua.payments.types.events import ChargeSettled, MoneyReceived, ReceiptIssued, RefundSent
from motcua.payments.types.failures import (
    AmountInvalid,
    CallbackRefused,
    ChargeNotFound,
    GatewayAway,
    NothingToPay,
    PaymentNotFound,
    PaymentsError,
    QrInvalid,
    ReceiptNotFound,
    ReceiptRefused,
    ReceiptsUsedUp,
    RefundNotFound,
    RefundRefused,
    StatementRefused,
    TillClosed,
    TillNotFound,
    WayNotOffered,
)
from motcua.payments.types.receipts import ReceiptInfo
from motcua.payments.types.reconciling import (
    Difference,
    DifferenceKind,
    LineKind,
    ReconcileReport,
    StatementInfo,
    StatementLine,
    StatementSource,
)
from motcua.payments.types.values import (
    WAYS,
    AccountKind,
    BalanceRow,
    ChargeInfo,
    ChargeLine,
    EntryKind,
    Movement,
    Payer,
    PaymentEvent,
    PaymentEventKind,
    PaymentInfo,
    PaymentState,
    RefundInfo,
    RefundRow,
    TillInfo,
    Way,
)

__all__ = [
    "AccountKind", "AmountInvalid", "BalanceRow", "CallbackRefused", "ChargeInfo",
    "ChargeLine", "ChargeNotFound", "ChargeSettled", "Difference", "DifferenceKind", "EntryKind",
    "GatewayAway", "LineKind", "MoneyReceived", "Movement", "NothingToPay", "Payer",
    "PaymentEvent", "PaymentEventKind", "PaymentInfo", "PaymentNotFound", "PaymentState",
    "PaymentsError", "QrInvalid", "ReceiptInfo", "ReceiptIssued",
    "ReceiptNotFound", "ReceiptRefused", "ReceiptsUsedUp", "ReconcileReport", "RefundInfo",
    "RefundNotFound", "RefundRefused", "RefundRow", "RefundSent", "StatementInfo",
    "StatementLine", "StatementRefused", "StatementSource", "TillClosed", "TillInfo",
    "TillNotFound", "WAYS", "Way", "WayNotOffered",
]  # fmt: skip
