"""The other side, for trying: a gateway and a bank that speak the real protocols over HTTP, and fail on demand.

A process of its own, without our database: it knows only the keys. Money stands in its own memory; its reports are
what the daily match reads. Never for real money.
"""

from __future__ import annotations

import hmac
import html
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from motcua.kernel.clock import local_date
from motcua.payments.adapters.vietqr import sign_notice
from motcua.payments.rules import vnpay
from motcua.payments.rules.vietqr import read_payload
from motcua.payments.types import QrInvalid

FAULTS = ("lost", "doubled", "late", "reordered", "forged", "skewed")
SKEW_SECONDS = 3_600  # how far "skewed" clocks of the other sides run ahead
LATE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over HTTP."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class OrderBook:
    """One order at the gateway."""

    params: dict[str, str]
    number: str = ""
    paid_at: datetime | None = None
    has_failed: bool = False
    is_charged_back: bool = False
    given_back: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)  # by number of the request


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
    _serial: int = field(default_factory=lambda: int(time.time()) % 86_400 * 10)  # started again: no number given twice
    _lost_one: bool = False

    def answer(self, method: str, path: str, params: Mapping[str, str], body: bytes, *, now: datetime) -> Answer:
        """Answer one request."""
        now = now + timedelta(seconds=SKEW_SECONDS if "skewed" in self.faults else 0)
        pages = {
            ("GET", "/vnpay/pay"): lambda: self._show_order(params),
            ("POST", "/vnpay/confirm"): lambda: self._confirm(params, now),
            ("POST", "/vnpay/query"): lambda: self._answer_merchant(body, now),
            ("POST", "/vnpay/chargeback"): lambda: self._charge_back(params),
            ("GET", "/vnpay/report.csv"): self._report,
            ("GET", "/bank"): lambda: self._show_bank(params),
            ("POST", "/bank/transfer"): lambda: self._transfer(params, now),
            ("POST", "/bank/history"): lambda: self._tell_history(body, now),
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

    def _answer_merchant(self, body: bytes, now: datetime) -> Answer:
        """Answer querydr and refund; their hashes are over the values joined by a bar."""
        try:
            asked = {str(name): str(value) for name, value in json.loads(body).items()}
        except (ValueError, AttributeError):
            return Answer(body=b"{}", media_type="application/json", status=400)
        is_refund = asked.get("vnp_Command") == "refund"
        names = vnpay.REFUND_ASKED if is_refund else vnpay.QUERY_ASKED
        expected = vnpay.sign_in_order(asked, names, secret=self.secret)
        if not hmac.compare_digest(asked.get("vnp_SecureHash", "").encode(), expected.encode()):
            return self._json({"vnp_ResponseCode": "97"}, vnpay.QUERY_ANSWERED)
        said = self._give_back(asked, now) if is_refund else self._tell_order(asked, now)
        said |= {"vnp_ResponseId": asked.get("vnp_RequestId", ""), "vnp_Command": asked.get("vnp_Command", "")}
        return self._json(said, vnpay.REFUND_ANSWERED if is_refund else vnpay.QUERY_ANSWERED)

    def _tell_order(self, asked: Mapping[str, str], now: datetime) -> dict[str, str]:
        order = self.orders.get(asked.get("vnp_TxnRef", ""))
        if order is None:
            return {"vnp_TxnRef": asked.get("vnp_TxnRef", ""), "vnp_ResponseCode": "91"}
        said = self._say(order, now) | {"vnp_ResponseCode": "00", "vnp_TransactionType": "01"}
        if order.paid_at is None:
            said["vnp_TransactionStatus"] = "02" if order.has_failed else "01"
        return said

    def _give_back(self, asked: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Give money back once for a number of a request, never more than came in."""
        same = ("vnp_TxnRef", "vnp_Amount", "vnp_TmnCode", "vnp_TransactionType")
        said = {name: asked.get(name, "") for name in same}
        with self._lock:
            order = self.orders.get(asked.get("vnp_TxnRef", ""))
            if order is None or order.paid_at is None or asked.get("vnp_TransactionNo") != order.number:
                return said | {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
            known = order.given_back.get(asked["vnp_RequestId"])
            if known is not None:
                return said | {"vnp_ResponseCode": "94", "vnp_TransactionNo": known[0], "vnp_Message": "Duplicate"}
            amount = vnpay.parse_amount(asked["vnp_Amount"])
            before = sum(each[1] for each in order.given_back.values())
            if amount + before > int(order.params["vnp_Amount"]) // 100 or order.is_charged_back:
                return said | {"vnp_ResponseCode": "02", "vnp_Message": "Amount exceeds the original"}
            self._serial += 1
            number = f"{now:%y%m%d}{self._serial:06d}"
            order.given_back[asked["vnp_RequestId"]] = (number, amount, now)
        return said | {"vnp_ResponseCode": "00", "vnp_TransactionNo": number, "vnp_TransactionStatus": "05",
                       "vnp_Message": "Accepted"}  # fmt: skip

    def _charge_back(self, params: Mapping[str, str]) -> Answer:
        order = self.orders.get(params.get("ref", ""))
        if order is None or order.paid_at is None:
            return Answer(body=b"404", status=404)
        order.is_charged_back = True
        return Answer(body=_page("Ngân hàng đã đòi lại", ""))

    def _json(self, said: dict[str, str], names: Sequence[str]) -> Answer:
        signature = vnpay.sign_in_order(said, names, secret=self.secret)
        if "lost" in self.faults and said.get("vnp_Command") == "refund" and not self._lost_one:
            self._lost_one = True  # carried out, but the answer never arrives
            return Answer(body=b"", status=504)
        return Answer(body=json.dumps(said | {"vnp_SecureHash": signature}).encode(), media_type="application/json")

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

    def _tell_history(self, body: bytes, now: datetime) -> Answer:
        """Tell the movements whose words hold a reference; the question is signed, the answer too."""
        match = re.fullmatch(rb'\{"reference": "([0-9A-Z]+)".*\}', body)
        found = [
            {"id": number, "amount": amount, "content": text, "at": at.isoformat()}
            for number, at, amount, text in self.movements
            if match is not None and match[1].decode() in text
        ]
        content, sent_at = json.dumps({"movements": found}).encode(), int(now.timestamp())
        header = f"t={sent_at},v1={sign_notice(content, sent_at=sent_at, secret=self.bank_secret)}"
        return Answer(body=content, media_type="application/json", headers=(("X-Signature", header),))

    def _report(self) -> Answer:
        rows = []
        for reference, each in self.orders.items():
            if each.paid_at is None:
                continue
            amount = int(each.params["vnp_Amount"]) // 100
            rows.append(f"{each.number},payment,{reference},{amount},{_day(each.paid_at)}")
            if each.is_charged_back:
                rows.append(f"{each.number},chargeback,{reference},{amount},{_day(each.paid_at)}")
            rows += [f"{number},refund,{reference},{back},{_day(at)}" for number, back, at in each.given_back.values()]
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
