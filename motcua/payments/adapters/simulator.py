"""The other side, for trying: a gateway and a bank that speak the real protocols over HTTP, and fail on demand.

A process of its own, without our database: it knows only the keys. Money stands in its own memory; its reports are
what the daily match reads. Never for real money.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from motcua.kernel.clock import local_date
from motcua.payments.adapters.vietqr import sign_notice
from motcua.payments.rules import vnpay
from motcua.payments.rules.vietqr import read_payload
from motcua.payments.types import QrInvalid

FAULTS = ("lost", "doubled", "late", "reordered", "forged")
LATE_SECONDS = 5.0
_QUERY_NAMES = (
    "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount",
    "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus",
    "vnp_OrderInfo", "vnp_PromotionCode", "vnp_PromotionAmount",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over HTTP."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""


@dataclass(slots=True, kw_only=True)
class OrderBook:
    """One order at the gateway."""

    params: dict[str, str]
    number: str = ""
    paid_at: datetime | None = None
    has_failed: bool = False


@dataclass(slots=True, kw_only=True)
class Simulator:
    """Both of the other sides. `notify` is where our site listens; empty: nobody is told."""

    terminal: str
    secret: str
    bank_secret: str
    notify: str = ""
    faults: frozenset[str] = frozenset()
    late_seconds: float = LATE_SECONDS
    orders: dict[str, OrderBook] = field(default_factory=dict)
    movements: list[tuple[str, datetime, int, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    _held: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _serial: int = 0

    def answer(self, method: str, path: str, params: Mapping[str, str], body: bytes, *, now: datetime) -> Answer:
        """Answer one request."""
        pages = {
            ("GET", "/vnpay/pay"): lambda: self._show_order(params),
            ("POST", "/vnpay/confirm"): lambda: self._confirm(params, now),
            ("POST", "/vnpay/query"): lambda: self._tell_order(body, now),
            ("GET", "/vnpay/report.csv"): self._report,
            ("GET", "/bank"): lambda: self._show_bank(params),
            ("POST", "/bank/transfer"): lambda: self._transfer(params, now),
            ("GET", "/bank/statement.csv"): self._statement,
        }
        page = pages.get((method, path.rstrip("/")))
        return page() if page is not None else Answer(body=b"404", status=404)

    def _show_order(self, params: Mapping[str, str]) -> Answer:
        if not vnpay.is_signed(params, secret=self.secret) or params.get("vnp_TmnCode") != self.terminal:
            return Answer(body=_page("Sai chữ ký", "Cổng không nhận lệnh này."), status=400)
        reference = params["vnp_TxnRef"]
        with self._lock:
            self.orders.setdefault(reference, OrderBook(params=dict(params)))
        amount = int(params["vnp_Amount"]) // 100
        hidden = f'<input type="hidden" name="ref" value="{html.escape(reference)}">'
        form = (
            f'<form method="post" action="/vnpay/confirm">{hidden}<button name="do" value="pay">Trả tiền</button> '
            '<button name="do" value="fail">Không trả</button></form>'
        )
        return Answer(body=_page("Cổng thanh toán giả", f"Lệnh {html.escape(reference)}: {amount:,} đồng{form}"))

    def _confirm(self, params: Mapping[str, str], now: datetime) -> Answer:
        with self._lock:
            order = self.orders.get(params.get("ref", ""))
            if order is None:
                return Answer(body=_page("Không có lệnh này", ""), status=404)
            if order.paid_at is None:
                self._serial += 1
                order.number = f"{now:%y%m%d}{self._serial:06d}"
                order.has_failed = params.get("do") != "pay"
                order.paid_at = None if order.has_failed else now
        told = self._sign(self._say(order, now))
        query = urllib.parse.urlencode(told)
        self._send("GET", f"/thanh-toan/bao/vnpay/?{query}", b"", {})
        return Answer(body=b"", status=302, location=f"{order.params['vnp_ReturnUrl']}?{query}")

    def _say(self, order: OrderBook, now: datetime) -> dict[str, str]:
        code = "00" if order.paid_at is not None else "24"
        return {
            "vnp_TmnCode": self.terminal,
            "vnp_TxnRef": order.params["vnp_TxnRef"],
            "vnp_Amount": order.params["vnp_Amount"],
            "vnp_OrderInfo": order.params["vnp_OrderInfo"],
            "vnp_BankCode": "NCB",
            "vnp_PayDate": vnpay.format_moment(order.paid_at or now),
            "vnp_TransactionNo": order.number,
            "vnp_ResponseCode": code,
            "vnp_TransactionStatus": "00" if code == "00" else "02",
        }

    def _sign(self, params: dict[str, str]) -> dict[str, str]:
        return params | {"vnp_SecureHash": vnpay.sign(params, secret=self.secret)}

    def _tell_order(self, body: bytes, now: datetime) -> Answer:
        """Answer querydr; both hashes are over the values joined by a bar."""
        try:
            asked = {str(name): str(value) for name, value in json.loads(body).items()}
        except (ValueError, AttributeError):
            return Answer(body=b"{}", media_type="application/json", status=400)
        given = asked.pop("vnp_SecureHash", "")
        if not hmac.compare_digest(given.encode(), self._hash("|".join(asked.values())).encode()):
            return self._json({"vnp_ResponseCode": "97"})
        order = self.orders.get(asked.get("vnp_TxnRef", ""))
        said = {"vnp_TxnRef": asked.get("vnp_TxnRef", ""), "vnp_ResponseCode": "91"}
        if order is not None:
            said = self._say(order, now) | {"vnp_ResponseCode": "00"}
            if order.paid_at is None:
                said["vnp_TransactionStatus"] = "02" if order.has_failed else "01"
        return self._json(said | {"vnp_ResponseId": asked.get("vnp_RequestId", ""), "vnp_Command": "querydr"})

    def _json(self, said: dict[str, str]) -> Answer:
        signed = "|".join(said.get(name, "") for name in _QUERY_NAMES)
        return Answer(
            body=json.dumps(said | {"vnp_SecureHash": self._hash(signed)}).encode(), media_type="application/json"
        )

    def _hash(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha512).hexdigest()

    def _show_bank(self, params: Mapping[str, str]) -> Answer:
        code = html.escape(params.get("ma", ""))
        form = (
            '<form method="post" action="/bank/transfer"><label for="ma">Mã VietQR</label><br>'
            f'<textarea id="ma" name="ma" rows="5" cols="60">{code}</textarea><br>'
            '<label for="so">Số tiền khác (để trống: theo mã)</label> <input id="so" name="so">'
            "<button>Chuyển tiền</button>"
        )
        return Answer(body=_page("Ngân hàng giả", form + "</form>"))

    def _transfer(self, params: Mapping[str, str], now: datetime) -> Answer:
        try:
            order = read_payload(params.get("ma", "").strip())
            amount = int(params.get("so") or order.amount_vnd or 0)
        except (QrInvalid, ValueError):
            return Answer(body=_page("Mã không dùng được", "Hãy xem lại mã VietQR."), status=400)
        if not 0 < amount < 10**12:
            return Answer(body=_page("Sai số tiền", ""), status=400)
        with self._lock:
            self._serial += 1
            number = f"FT{now:%y%m%d}{self._serial:06d}"
            self.movements.append((number, now, amount, order.purpose or order.bill_no))
        notice = {"id": number, "amount": amount, "content": order.purpose or order.bill_no, "at": now.isoformat()}
        self._tell_bank(json.dumps(notice).encode(), now)
        return Answer(body=_page("Đã chuyển", f"{amount:,} đồng, mã {number}. Hãy quay lại trang thanh toán."))

    def _tell_bank(self, body: bytes, now: datetime) -> None:
        sent_at = int(now.timestamp())
        header = {"X-Signature": f"t={sent_at},v1={sign_notice(body, sent_at=sent_at, secret=self.bank_secret)}"}
        self._send("POST", "/thanh-toan/bao/vietqr/", body, header | {"Content-Type": "application/json"})

    def _report(self) -> Answer:
        rows = [
            f"{each.number},payment,{reference},{int(each.params['vnp_Amount']) // 100},{_day(each.paid_at)}"
            for reference, each in self.orders.items()
            if each.paid_at is not None
        ]
        return _csv(["id,type,order,amount,date", *rows])

    def _statement(self) -> Answer:
        rows = [f"{number},{_day(at)},{amount},{text}" for number, at, amount, text in self.movements]
        return _csv(["id,date,amount,text", *rows])

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Tell our site, or fail as asked: lost, doubled, late, reordered (each second first), forged beside it."""
        if not self.notify or "lost" in self.faults:
            return
        if "forged" in self.faults:
            self._post(method, path.replace("vnp_Amount=", "vnp_Amount=9"), body and body + b" ", headers)
        messages = [(path, body, headers)] * (2 if "doubled" in self.faults else 1)
        if "reordered" in self.faults:
            with self._lock:
                self._held.extend(messages)
                messages = list(reversed(self._held)) if len(self._held) > 1 else []
                self._held = [] if messages else self._held
        threading.Thread(target=self._deliver, args=(method, messages), daemon=True).start()

    def _deliver(self, method: str, messages: list[tuple[str, bytes, dict[str, str]]]) -> None:
        if "late" in self.faults:
            time.sleep(self.late_seconds)
        for path, body, headers in messages:
            self._post(method, path, body, headers)

    def _post(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        request = urllib.request.Request(  # noqa: S310  our own address, given on the command line
            f"{self.notify}{path}", data=body or None, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310  as above
                said = response.read(4096).decode("utf-8", "replace")
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            said = str(error)
        self.sent.append(said)


def _csv(lines: list[str]) -> Answer:
    return Answer(body=("\n".join(lines) + "\n").encode(), media_type="text/csv; charset=utf-8")


def _day(moment: datetime) -> str:
    return local_date(moment).isoformat()


def _page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>Chỉ để thử, không có tiền thật.</p><div>{body}</div></html>"
    ).encode()
