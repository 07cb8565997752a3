"""The VNPay gateway, version 2.1.0: an address to pay at, its notification (IPN), its questions (querydr, refund)."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.kernel.messages import N_
from motcua.payments.adapters.base import BackAnswer, BackOrder, Begun, Driver, Order, Reply, Told
from motcua.payments.adapters.http import post_json
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
_TAKEN = frozenset({"00", "94"})  # 94: this number was asked for before
_REFUSED = frozenset({"02", "03", "04", "13", "91", "93", "95", "97"})


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
            "vnp_OrderInfo": vnpay.plain_text(order.text),
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
        query = body.decode("utf-8", "replace")
        if not (
            vnpay.is_signed(params, secret=self.secret) or vnpay.is_signed_as_sent(query, params, secret=self.secret)
        ):
            raise CallbackRefused(N_("chữ ký không đúng"), is_forged=True)
        if params.get("vnp_TmnCode") != self.terminal:
            raise CallbackRefused(N_("không phải điểm thu của cơ quan này"))
        return Told(reference=params.get("vnp_TxnRef", ""), event=vnpay.read_event(params, now=now))

    def reply(self, outcome: str) -> Reply:
        code, message = _ANSWERS.get(outcome, _ANSWERS["other"])
        return Reply(body={"RspCode": code, "Message": message})

    def ask(self, order: Order, *, now: datetime) -> tuple[PaymentEvent, ...]:
        request = {
            "vnp_RequestId": uuid.uuid4().hex,
            "vnp_Version": vnpay.VERSION,
            "vnp_Command": "querydr",
            "vnp_TmnCode": self.terminal,
            "vnp_TxnRef": order.reference,
            "vnp_TransactionDate": vnpay.format_moment(order.created_at),
            "vnp_CreateDate": vnpay.format_moment(now),
            "vnp_IpAddr": order.client_ip,
            "vnp_OrderInfo": vnpay.plain_text(order.text),
        }
        answer = self._ask_signed(request, vnpay.QUERY_ASKED, vnpay.QUERY_ANSWERED)
        if answer.get("vnp_TxnRef") != order.reference:
            raise GatewayAway(N_("câu trả lời của cổng thanh toán không đúng chữ ký"))
        event = _read_answer(answer, now=now)
        return (event,) if event is not None else ()

    def give_back(self, order: Order, back: BackOrder, *, now: datetime) -> BackAnswer:
        request = {
            "vnp_RequestId": back.number,
            "vnp_Version": vnpay.VERSION,
            "vnp_Command": "refund",
            "vnp_TmnCode": self.terminal,
            "vnp_TransactionType": "02" if back.is_whole else "03",
            "vnp_TxnRef": order.reference,
            "vnp_Amount": str(back.amount_vnd * 100),
            "vnp_TransactionNo": back.movement,
            "vnp_TransactionDate": vnpay.format_moment(order.created_at),
            "vnp_CreateBy": vnpay.plain_text(back.by),
            "vnp_CreateDate": vnpay.format_moment(now),
            "vnp_IpAddr": order.client_ip,
            "vnp_OrderInfo": vnpay.plain_text(back.text),
        }
        answer = self._ask_signed(request, vnpay.REFUND_ASKED, vnpay.REFUND_ANSWERED)
        code = answer.get("vnp_ResponseCode", "")
        says = f"{code} {answer.get('vnp_Message', '')}".strip()
        if code in _REFUSED:
            return BackAnswer(is_taken=False, says=says)
        if code not in _TAKEN:
            raise GatewayAway(N_("cổng thanh toán không trả lời được"))
        return BackAnswer(is_taken=True, external_id=answer.get("vnp_TransactionNo", ""), says=says)

    def _ask_signed(
        self, request: Mapping[str, str], asked: Sequence[str], answered: Sequence[str]
    ) -> Mapping[str, str]:
        """Send a signed question and return the answer, its signature checked. Raises: GatewayAway."""
        signed = dict(request) | {"vnp_SecureHash": vnpay.sign_in_order(request, asked, secret=self.secret)}
        answer = {name: "" if value is None else str(value) for name, value in self._post(signed).items()}
        expected = vnpay.sign_in_order(answer, answered, secret=self.secret)
        if not hmac.compare_digest(answer.get("vnp_SecureHash", "").lower().encode(), expected.encode()):
            raise GatewayAway(N_("câu trả lời của cổng thanh toán không đúng chữ ký"))
        return answer

    def _post(self, request: Mapping[str, str]) -> dict[str, object]:
        return post_json(self.query_url, request, timeout_seconds=self.timeout_seconds)


def _read_answer(texts: Mapping[str, str], *, now: datetime) -> PaymentEvent | None:
    is_pending = texts.get("vnp_TransactionStatus") == "01"
    is_refund = texts.get("vnp_TransactionType") in ("02", "03")  # the order's last transaction is our own refund
    if texts.get("vnp_ResponseCode") == "91" or is_pending or is_refund:
        return None
    if texts.get("vnp_ResponseCode") != "00":
        raise GatewayAway(N_("cổng thanh toán không trả lời được"))
    return vnpay.read_event(texts, now=now)
