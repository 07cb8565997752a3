"""The signing rules of the VNPay gateway, version 2.1.0: how a request is signed, a message checked and answered.

Source: VNPay integration rules 2.1.0.
All vnp_ parameters but the signature, empty ones left out, sorted by name, values URL-encoded with "+" for a blank,
joined by "&", HMAC-SHA512 in hex. Amounts travel as đồng × 100, moments as yyyyMMddHHmmss at GMT+7.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus

from motcua.kernel.messages import N_
from motcua.payments.types import CallbackRefused, PaymentEvent

VERSION = "2.1.0"
LOCAL = timezone(timedelta(hours=7))
_UNSIGNED = ("vnp_SecureHash", "vnp_SecureHashType")


def join_signed(params: Mapping[str, str]) -> str:
    """Return the text that is signed, which is also the query of the address."""
    kept = sorted((name, value) for name, value in params.items() if name.startswith("vnp_") and name not in _UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in kept if value != "")


def sign(params: Mapping[str, str], *, secret: str) -> str:
    """Return `vnp_SecureHash` of the parameters."""
    return hmac.new(secret.encode(), join_signed(params).encode(), hashlib.sha512).hexdigest()


def is_signed(params: Mapping[str, str], *, secret: str) -> bool:
    """Tell whether the message carries the true signature; the comparison takes the same time for any wrong one."""
    given = params.get("vnp_SecureHash", "").lower()
    return hmac.compare_digest(given.encode(), sign(params, secret=secret).encode())


def format_moment(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y%m%d%H%M%S")


def parse_moment(text: str) -> datetime:
    """Read yyyyMMddHHmmss at GMT+7. Raises: CallbackRefused."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=LOCAL)
    except ValueError as error:
        raise CallbackRefused(N_("thời điểm không đọc được")) from error


def parse_amount(text: str) -> int:
    """Read đồng × 100. Raises: CallbackRefused for anything else than whole đồng."""
    if not text.isascii() or not text.isdigit() or len(text) > 15 or int(text) % 100:
        raise CallbackRefused(N_("số tiền không đọc được"))
    return int(text) // 100


def read_event(params: Mapping[str, str], *, now: datetime) -> PaymentEvent:
    """Read what a checked message says. `vnp_ResponseCode` and `vnp_TransactionStatus` must both say success.

    Raises: CallbackRefused.
    """
    is_paid = params.get("vnp_ResponseCode") == "00" and params.get("vnp_TransactionStatus", "00") == "00"
    number = params.get("vnp_TransactionNo", "")
    if is_paid and (not number or number == "0"):
        raise CallbackRefused(N_("thiếu mã giao dịch"))
    paid_at = params.get("vnp_PayDate", "")
    return PaymentEvent(
        kind="paid" if is_paid else "failed",
        external_id=f"vnpay:{number}" if is_paid else f"vnpay:{params.get('vnp_TxnRef', '')}:failed:{number}",
        amount_vnd=parse_amount(params.get("vnp_Amount", "")),
        happened_at=parse_moment(paid_at) if paid_at else now,
    )
