"""What payments hand out, tell and refuse."""

from __future__ import annotations

from motcua.payments.types.events import (
    ChargeSettled,
    MoneyReceived,
    MoneyTakenBack,
    ReceiptIssued,
    ReceiptSigned,
    RefundApproved,
    RefundSent,
)
from motcua.payments.types.failures import (
    AmountInvalid,
    CallbackRefused,
    ChargeNotFound,
    GatewayAway,
    NothingToPay,
    PaymentNotFound,
    PaymentsError,
    QrInvalid,
    ReceiptChangeRefused,
    ReceiptNotFound,
    ReceiptRefused,
    ReceiptsUsedUp,
    RefundNotFound,
    RefundRefused,
    ResolutionRefused,
    StatementRefused,
    TillClosed,
    TillNotFound,
    WayNotOffered,
)
from motcua.payments.types.receipts import ReceiptChangeInfo, ReceiptInfo
from motcua.payments.types.reconciling import (
    ActCode,
    Difference,
    DifferenceKind,
    LineKind,
    ReconcileReport,
    ResolutionInfo,
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
    Helper,
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
    "AccountKind", "ActCode", "AmountInvalid", "BalanceRow", "CallbackRefused", "ChargeInfo",
    "ChargeLine", "ChargeNotFound", "ChargeSettled", "Difference", "DifferenceKind", "EntryKind",
    "GatewayAway", "LineKind", "MoneyReceived", "Movement", "NothingToPay", "Payer",
    "PaymentEvent", "PaymentEventKind", "PaymentInfo", "PaymentNotFound", "PaymentState",
    "PaymentsError", "QrInvalid", "ReceiptInfo", "ReceiptIssued", "ReceiptSigned",
    "ReceiptNotFound", "ReceiptRefused", "ReceiptsUsedUp", "ReconcileReport", "RefundInfo",
    "RefundNotFound", "RefundRefused", "RefundRow", "RefundSent", "StatementInfo",
    "StatementLine", "StatementRefused", "StatementSource", "TillClosed", "TillInfo",
    "TillNotFound", "WAYS", "Way", "WayNotOffered", "Helper", "MoneyTakenBack", "ReceiptChangeInfo",
    "RefundApproved", "ReceiptChangeRefused", "ResolutionInfo", "ResolutionRefused",
]  # fmt: skip
