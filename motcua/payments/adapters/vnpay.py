"""The VNPay gateway, version 2.1.0: an address to pay at, its notification (IPN), its question interface (querydr)."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.kernel.messages import N_
from motcua.payments.adapters.base import Begun, Driver, Order, Reply, Told
from motcua.payments.rules import vnpay
from motcua.payments.types import CallbackRefused, GatewayAway, PaymentEvent, Way

_ANSWERS = {
    "ok": ("00", "Confirm Success"),
    "unknown": ("01", "Order not Found"),
    "repeated": ("02", "Order already confirmed"),
    "amount": ("04", "Invalid Amount"),
    "signature": ("97", "Invalid Checksum"),
    "other": ("99", "Unknown error"),
}
_MAX_ANSWER_BYTES = 64 * 1024
_QUERY_SIGNED = (
    "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount",
    "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus",
    "vnp_OrderInfo", "vnp_PromotionCode", "vnp_PromotionAmount",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VnpayDriver(Driver):
    """One merchant's account at the gateway."""

    pay_url: str
    query_url: str
    terminal: str
    secret: str
    timeout_seconds: float = 10.0
    way: Way = "vnpay"

    def begin(self, order: Order) -> Begun:
        params = {
            "vnp_Version": vnpay.VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self.terminal,
            "vnp_Amount": str(order.amount_vnd * 100),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": order.reference,
            "vnp_OrderInfo": order.text,
            "vnp_OrderType": "other",
            "vnp_Locale": "vn",
            "vnp_ReturnUrl": order.return_url,
            "vnp_IpAddr": order.client_ip,
            "vnp_CreateDate": vnpay.format_moment(order.created_at),
            "vnp_ExpireDate": vnpay.format_moment(order.expires_at) if order.expires_at else "",
        }
        query = vnpay.join_signed(params)
        return Begun(redirect_url=f"{self.pay_url}?{query}&vnp_SecureHash={vnpay.sign(params, secret=self.secret)}")

    def read_callback(
        self, params: Mapping[str, str], *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Told:
        if not vnpay.is_signed(params, secret=self.secret):
            raise CallbackRefused(N_("chữ ký không đúng"), is_forged=True)
        if params.get("vnp_TmnCode") != self.terminal:
            raise CallbackRefused(N_("không phải điểm thu của cơ quan này"))
        return Told(reference=params.get("vnp_TxnRef", ""), event=vnpay.read_event(params, now=now))

    def reply(self, outcome: str) -> Reply:
        code, message = _ANSWERS.get(outcome, _ANSWERS["other"])
        return Reply(body={"RspCode": code, "Message": message})

    def ask(self, order: Order, *, now: datetime) -> PaymentEvent | None:
        request = {
            "vnp_RequestId": uuid.uuid4().hex,
            "vnp_Version": vnpay.VERSION,
            "vnp_Command": "querydr",
            "vnp_TmnCode": self.terminal,
            "vnp_TxnRef": order.reference,
            "vnp_TransactionDate": vnpay.format_moment(order.created_at),
            "vnp_CreateDate": vnpay.format_moment(now),
            "vnp_IpAddr": order.client_ip,
            "vnp_OrderInfo": order.text,
        }
        signed = "|".join(request.values())
        answer = self._post(request | {"vnp_SecureHash": self._hash(signed)})
        given = str(answer.get("vnp_SecureHash", "")).lower()
        expected = self._hash("|".join(str(answer.get(name, "")) for name in _QUERY_SIGNED))
        if not hmac.compare_digest(given.encode(), expected.encode()) or answer.get("vnp_TxnRef") != order.reference:
            raise GatewayAway(N_("câu trả lời của cổng thanh toán không đúng chữ ký"))
        return _read_answer(answer, now=now)

    def _hash(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha512).hexdigest()

    def _post(self, request: Mapping[str, str]) -> dict[str, object]:
        message = urllib.request.Request(  # noqa: S310  the address is the operator's setting, not a payer's
            self.query_url, json.dumps(request).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(message, timeout=self.timeout_seconds) as response:  # noqa: S310  as above
                answer = json.loads(response.read(_MAX_ANSWER_BYTES))
        except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
            raise GatewayAway(N_("không hỏi được cổng thanh toán")) from error
        if not isinstance(answer, dict):
            raise GatewayAway(N_("không hỏi được cổng thanh toán"))
        return answer


def _read_answer(answer: Mapping[str, object], *, now: datetime) -> PaymentEvent | None:
    texts = {name: str(value) for name, value in answer.items()}
    if texts.get("vnp_ResponseCode") == "91" or texts.get("vnp_TransactionStatus") == "01":
        return None  # not found yet, or not finished
    if texts.get("vnp_ResponseCode") != "00":
        raise GatewayAway(N_("cổng thanh toán không trả lời được"))
    return vnpay.read_event(texts, now=now)
