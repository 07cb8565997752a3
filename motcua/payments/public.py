"""The face of payments: what is owed, how it is paid, what the ledger says."""

from __future__ import annotations

from motcua.payments.actions.charges import cancel_charge, raise_charge
from motcua.payments.actions.paying import hear, hear_unknown, identify_money, refuse_callback, start_payment
from motcua.payments.actions.refunds import approve_refund, ask_refund, send_refund
from motcua.payments.actions.tills import close_till, give_back_cash, open_till, take_cash
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge, list_charges_of_cases
from motcua.payments.queries.drivers import get_driver, load_drivers
from motcua.payments.queries.payments import get_payment, list_payments_of
from motcua.payments.queries.tills import find_open_till
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
    EntryKind,
    MoneyReceived,
    NothingToPay,
    Payer,
    PaymentEvent,
    PaymentInfo,
    PaymentNotFound,
    RefundInfo,
    RefundRefused,
    RefundSent,
    TillClosed,
    TillInfo,
    TillNotFound,
    Way,
    WayNotOffered,
)

__all__ = [
    "AccountKind", "AmountInvalid", "BalanceRow", "CallbackRefused", "ChargeInfo", "ChargeLine", "ChargeNotFound",
    "ChargeSettled", "EntryKind", "MoneyReceived", "NothingToPay", "Payer", "PaymentEvent", "PaymentInfo",
    "PaymentNotFound", "RefundInfo", "RefundRefused", "RefundSent", "TillClosed", "TillInfo", "TillNotFound", "WAYS",
    "Way", "WayNotOffered",
    "approve_refund", "ask_refund", "cancel_charge", "close_till", "find_open_till", "get_charge", "get_driver",
    "get_payment", "give_back_cash", "hear", "hear_unknown", "identify_money", "list_balances",
    "list_charges_of_cases", "list_payments_of", "load_drivers", "open_till", "raise_charge", "refuse_callback",
    "send_refund", "start_payment", "take_cash",
]  # fmt: skip
