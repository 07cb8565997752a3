"""How people pay: one driver for each way, offered when the operator has given its account. Cash needs none."""

from __future__ import annotations

import os

MOTCUA_COLLECTING_AGENCY = os.environ.get("MOTCUA_COLLECTING_AGENCY", "CHUNG")  # holds the account; empty: each
MOTCUA_VIETQR_BANK = os.environ.get("MOTCUA_VIETQR_BANK", "")  # BIN of the bank that keeps the collecting account
MOTCUA_VIETQR_ACCOUNT = os.environ.get("MOTCUA_VIETQR_ACCOUNT", "")  # number of that account
MOTCUA_VIETQR_NAME = os.environ.get("MOTCUA_VIETQR_NAME", "")  # its holder, as the payer's bank shows it
MOTCUA_VIETQR_SECRET = os.environ.get("MOTCUA_VIETQR_SECRET", "")  # signs the bank's notices of money that came in
MOTCUA_VIETQR_HISTORY_URL = os.environ.get("MOTCUA_VIETQR_HISTORY_URL", "")  # where the bank is asked
MOTCUA_VNPAY_PAY_URL = os.environ.get("MOTCUA_VNPAY_PAY_URL", "")  # where payers are sent to
MOTCUA_VNPAY_QUERY_URL = os.environ.get("MOTCUA_VNPAY_QUERY_URL", "")  # where an order's state is asked (querydr)
MOTCUA_VNPAY_TERMINAL = os.environ.get("MOTCUA_VNPAY_TERMINAL", "")  # vnp_TmnCode
MOTCUA_VNPAY_SECRET = os.environ.get("MOTCUA_VNPAY_SECRET", "")  # vnp_HashSecret

PAYMENT_DRIVERS: dict[str, dict[str, str]] = {}  # dotted path of a driver -> its values
if MOTCUA_VIETQR_ACCOUNT:
    PAYMENT_DRIVERS["motcua.payments.adapters.vietqr.VietqrDriver"] = {
        "bank_bin": MOTCUA_VIETQR_BANK,
        "account_no": MOTCUA_VIETQR_ACCOUNT,
        "account_name": MOTCUA_VIETQR_NAME,
        "secret": MOTCUA_VIETQR_SECRET,
        "history_url": MOTCUA_VIETQR_HISTORY_URL,
    }
if MOTCUA_VNPAY_TERMINAL:
    PAYMENT_DRIVERS["motcua.payments.adapters.vnpay.VnpayDriver"] = {
        "pay_url": MOTCUA_VNPAY_PAY_URL,
        "query_url": MOTCUA_VNPAY_QUERY_URL,
        "terminal": MOTCUA_VNPAY_TERMINAL,
        "secret": MOTCUA_VNPAY_SECRET,
    }

# The demonstration's other side: `motcua simulate_payments`, whose keys are no secret.
MOTCUA_PAYMENT_SIMULATOR = os.environ.get("MOTCUA_PAYMENT_SIMULATOR", "")  # its address; offered in the demonstration
SIMULATED_TERMINAL = "TRINHDIEN"
SIMULATED_SECRET = "demonstration-only"
SIMULATED_DRIVERS: dict[str, dict[str, str]] = {
    "motcua.payments.adapters.vietqr.VietqrDriver": {
        "bank_bin": "970415",
        "account_no": "0000000000001",
        "account_name": "UBND TRINH DIEN",
        "secret": SIMULATED_SECRET,
        "history_url": f"{MOTCUA_PAYMENT_SIMULATOR}/bank/history",
    },
    "motcua.payments.adapters.vnpay.VnpayDriver": {
        "pay_url": f"{MOTCUA_PAYMENT_SIMULATOR}/vnpay/pay",
        "query_url": f"{MOTCUA_PAYMENT_SIMULATOR}/vnpay/query",
        "terminal": SIMULATED_TERMINAL,
        "secret": SIMULATED_SECRET,
    },
}
