"""VietQR: a code that any bank's application reads, and the bank's notice of money that came in.

No public standard says how a bank tells a merchant of incoming money; banks offer web notices that differ in names
only. This one: JSON {"id", "amount", "content", "at"} signed by HMAC-SHA256 over the time stamp, a point and the
body, in the header `X-Signature: t=<unix seconds>,v1=<hex>`. Where the bank offers it, movements are asked for by
reference: {"reference": …} answered by {"movements": [notices]}, both signed the same way. The daily statement decides.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from motcua.kernel.messages import N_
from motcua.payments.adapters.base import Begun, Driver, Order, Reply, Told
from motcua.payments.adapters.http import ask_json
from motcua.payments.rules.references import find_reference
from motcua.payments.rules.vietqr import TransferOrder, make_payload
from motcua.payments.types import CallbackRefused, GatewayAway, PaymentEvent, Way

MAX_SKEW_SECONDS = 300
_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class VietqrDriver(Driver):
    """One collecting account at a bank."""

    bank_bin: str
    account_no: str
    account_name: str
    secret: str
    history_url: str = ""
    way: Way = "vietqr"

    def begin(self, order: Order) -> Begun:
        return Begun(
            qr_payload=make_payload(
                TransferOrder(
                    bank_bin=self.bank_bin,
                    account_no=self.account_no,
                    name=self.account_name,
                    amount_vnd=order.amount_vnd,
                    bill_no=order.reference,
                    purpose=order.reference,  # what the bank's statement shows
                )
            )
        )

    def read_callback(
        self, params: Mapping[str, str], *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Told:
        self._check_signature(body, headers.get("X-Signature", ""), now)
        try:
            return _read_notice(json.loads(body))
        except ValueError as error:
            raise CallbackRefused(N_("nội dung không đọc được")) from error

    def _check_signature(self, body: bytes, header: str, now: datetime) -> None:
        match = _HEADER.fullmatch(header)
        if match is None:
            raise CallbackRefused(N_("thiếu chữ ký"), is_forged=True)
        sent_at, given = match.groups()
        expected = sign_notice(body, sent_at=int(sent_at), secret=self.secret)
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise CallbackRefused(N_("chữ ký không đúng"), is_forged=True)
        if abs((now - datetime.fromtimestamp(int(sent_at), UTC)).total_seconds()) > MAX_SKEW_SECONDS:
            raise CallbackRefused(N_("thông báo quá cũ hoặc đồng hồ lệch quá 5 phút"), is_clock=True)

    def reply(self, outcome: str) -> Reply:
        return Reply(body={"result": outcome}, status=401 if outcome == "signature" else 200)

    def ask(self, order: Order, *, now: datetime) -> tuple[PaymentEvent, ...]:
        """Ask the bank for the movements that carry the order's reference; a bank without that asks for nothing."""
        if not self.history_url:
            return ()
        body = json.dumps({"reference": order.reference, "account": self.account_no}).encode()
        sent_at = int(now.timestamp())
        header = f"t={sent_at},v1={sign_notice(body, sent_at=sent_at, secret=self.secret)}"
        content, answer, headers = ask_json(self.history_url, body, headers={"X-Signature": header})
        try:
            self._check_signature(content, headers.get("X-Signature", ""), now)
            movements = answer.get("movements")
            told = [_read_notice(each) for each in movements] if isinstance(movements, list) else []
        except (CallbackRefused, ValueError) as error:
            raise GatewayAway(N_("câu trả lời của ngân hàng không đúng chữ ký")) from error
        return tuple(each.event for each in told if each.reference == order.reference)


def _read_notice(notice: object) -> Told:
    """Read one movement as a bank tells it. Raises: CallbackRefused, ValueError."""
    if not isinstance(notice, dict):
        raise CallbackRefused(N_("nội dung không đọc được"))
    try:
        amount, happened_at = notice["amount"], datetime.fromisoformat(notice["at"])
        text, external_id = str(notice["content"]), str(notice["id"])
    except (KeyError, TypeError) as error:
        raise CallbackRefused(N_("nội dung không đọc được")) from error
    is_whole = isinstance(amount, int) and not isinstance(amount, bool) and 0 < amount < 10**15
    if not is_whole or happened_at.tzinfo is None or not 0 < len(external_id) <= 120:
        raise CallbackRefused(N_("nội dung không đọc được"))
    event = PaymentEvent(kind="paid", external_id=f"bank:{external_id}", amount_vnd=amount, happened_at=happened_at)
    return Told(reference=find_reference(text), event=event)


def sign_notice(body: bytes, *, sent_at: int, secret: str) -> str:
    """Return the hex HMAC-SHA256 of a notice."""
    return hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
