"""The signing rules of the VNPay gateway, version 2.1.0: how a request is signed, a message checked and answered.

Source: VNPay integration rules 2.1.0.
All vnp_ parameters but the signature, empty ones left out, sorted by name, values URL-encoded with "+" for a blank,
joined by "&", HMAC-SHA512 in hex. Amounts travel as đồng × 100, moments as yyyyMMddHHmmss at GMT+7.
The samples of the rules encode a few signs differently (PHP "~", Java "*", .NET lower-case hex, JavaScript "!'()"),
so a message that came is held against the bytes that came, not only against our own encoding of them. What we send
keeps to signs that all of them encode alike. Questions and refunds are signed over their values in a fixed order,
joined by "|".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus, unquote_plus

from motcua.kernel.messages import N_
from motcua.payments.types import CallbackRefused, PaymentEvent

VERSION = "2.1.0"
LOCAL = timezone(timedelta(hours=7))
_UNSIGNED = ("vnp_SecureHash", "vnp_SecureHashType")
_ODD = re.compile(r"[^0-9A-Za-z ._-]+")
QUERY_ASKED = (
    "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate",
    "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
)  # fmt: skip
REFUND_ASKED = (
    "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType", "vnp_TxnRef", "vnp_Amount",
    "vnp_TransactionNo", "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
)  # fmt: skip
QUERY_ANSWERED = (
    "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount",
    "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus",
    "vnp_OrderInfo", "vnp_PromotionCode", "vnp_PromotionAmount",
)  # fmt: skip
REFUND_ANSWERED = QUERY_ANSWERED[:13]


def join_signed(params: Mapping[str, str]) -> str:
    """Return the text that is signed, which is also the query of the address."""
    kept = sorted((name, value) for name, value in params.items() if name.startswith("vnp_") and name not in _UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in kept if value != "")


def sign(params: Mapping[str, str], *, secret: str) -> str:
    """Return `vnp_SecureHash` of the parameters."""
    return _hash(join_signed(params), secret=secret)


def is_signed(params: Mapping[str, str], *, secret: str) -> bool:
    """Tell whether the message carries the true signature; the comparison takes the same time for any wrong one."""
    given = params.get("vnp_SecureHash", "").lower()
    return hmac.compare_digest(given.encode(), sign(params, secret=secret).encode())


def is_signed_as_sent(query: str, params: Mapping[str, str], *, secret: str) -> bool:
    """Tell the same of the query as it came, whatever way its writer encodes; a name that comes twice is refused.

    `params` are what will be believed: they must be what the query says.
    """
    pairs = [part.partition("=") for part in query.split("&") if part]
    read = {unquote_plus(name): unquote_plus(value) for name, _equals, value in pairs}
    if len(read) != len(pairs) or read != dict(params):
        return False
    kept = sorted(
        (unquote_plus(name), f"{name}={value}", bool(value))
        for name, _equals, value in pairs
        if unquote_plus(name).startswith("vnp_") and unquote_plus(name) not in _UNSIGNED
    )
    given = params.get("vnp_SecureHash", "").lower().encode("utf-8", "replace")
    # the rules leave empty values out; the PHP sample of the same rules signs them too
    texts = ("&".join(pair for _name, pair, is_full in kept if is_full), "&".join(pair for _name, pair, _full in kept))
    return any([hmac.compare_digest(given, _hash(text, secret=secret).encode()) for text in texts])


def _hash(text: str, *, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha512).hexdigest()


def sign_in_order(values: Mapping[str, str], names: Sequence[str], *, secret: str) -> str:
    """Return the hash of a question, a refund or their answers: the values by name in this order, joined by "|"."""
    return _hash("|".join(values.get(name, "") for name in names), secret=secret)


def plain_text(text: str) -> str:
    """Return words for an order that every encoder writes alike: no marks, no signs."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return " ".join(_ODD.sub(" ", bare).split())[:255]


def format_moment(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y%m%d%H%M%S")


def parse_moment(text: str) -> datetime:
    """Read yyyyMMddHHmmss at GMT+7. Raises: CallbackRefused."""
    if not (text.isascii() and text.isdigit() and len(text) == 14):
        raise CallbackRefused(N_("thời điểm không đọc được"))
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
