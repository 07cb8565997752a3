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
    RefundRefused,
    TillClosed,
    TillNotFound,
    WayNotOffered,
)
from motcua.payments.types.values import (
    WAYS,
    AccountKind,
    BalanceRow,
    ChargeInfo,
    ChargeLine,
    Difference,
    EntryKind,
    Movement,
    Payer,
    PaymentEvent,
    PaymentEventKind,
    PaymentInfo,
    PaymentState,
    ReconcileReport,
    RefundInfo,
    StatementLine,
    TillInfo,
    Way,
)

__all__ = [
    "AccountKind", "AmountInvalid", "BalanceRow", "CallbackRefused", "ChargeInfo",
    "ChargeLine", "ChargeNotFound", "ChargeSettled", "Difference", "EntryKind",
    "GatewayAway", "MoneyReceived", "Movement", "NothingToPay", "Payer",
    "PaymentEvent", "PaymentEventKind", "PaymentInfo", "PaymentNotFound", "PaymentState",
    "PaymentsError", "QrInvalid", "ReceiptIssued", "ReconcileReport", "RefundInfo",
    "RefundRefused", "RefundSent", "StatementLine", "TillClosed", "TillInfo",
    "TillNotFound", "WAYS", "Way", "WayNotOffered",
]  # fmt: skip
