"""The other sides over real HTTP: the simulator speaks the protocols, our addresses answer as agreed, faults too."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.payments.actions.callbacks import ask_waiting, begin
from motcua.payments.actions.charges import cancel_charge
from motcua.payments.actions.gateway_refunds import send_gateway_refund, send_waiting_refunds
from motcua.payments.actions.paying import start_payment
from motcua.payments.actions.reconciling import compare_day, reconcile
from motcua.payments.actions.refunds import ask_refund, send_refund
from motcua.payments.actions.statements import import_statement
from motcua.payments.adapters.simulator import Simulator
from motcua.payments.adapters.vietqr import sign_notice
from motcua.payments.management.commands.simulate_payments import make_handler
from motcua.payments.models import CallbackRefusal, Entry
from motcua.payments.queries.charges import get_charge
from motcua.payments.queries.drivers import load_drivers
from motcua.payments.queries.office import get_refund_row
from motcua.payments.rules import vnpay
from motcua.payments.tests.factories import make_charge
from motcua.payments.types import ChargeInfo, EntryKind, PaymentInfo, RefundRefused, Way

SECRET = "bí mật"


@pytest.fixture
def other_side(live_server: Any, settings: Any) -> Iterator[Simulator]:
    simulator = Simulator(terminal="TEST", secret=SECRET, bank_secret=SECRET, notify=live_server.url, late_seconds=0.5)
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(simulator))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PAYMENT_DRIVERS = make_drivers(f"http://127.0.0.1:{server.server_port}")
    load_drivers.cache_clear()
    yield simulator
    load_drivers.cache_clear()
    server.shutdown()
    server.server_close()


def make_drivers(base: str) -> dict[str, dict[str, str]]:
    return {
        "motcua.payments.adapters.vietqr.VietqrDriver": {
            "bank_bin": "970415", "account_no": "1", "account_name": "THU", "secret": SECRET,
            "history_url": f"{base}/bank/history",
        },
        "motcua.payments.adapters.vnpay.VnpayDriver": {
            "pay_url": f"{base}/vnpay/pay", "query_url": f"{base}/vnpay/query", "terminal": "TEST", "secret": SECRET
        },
    }  # fmt: skip


def _begin(way: Way, amount: int = 100_000) -> tuple[ChargeInfo, PaymentInfo, str]:
    charge = make_charge(amount)
    payment = start_payment(charge.uuid, way=way, key="k", now=clock.now())
    begun = begin(payment, return_url="http://127.0.0.1:9/", client_ip="127.0.0.1")
    return charge, payment, begun.redirect_url or begun.qr_payload


def _fetch(url: str, data: dict[str, str] | None = None) -> str:
    body = urllib.parse.urlencode(data).encode() if data else None
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(urllib.request.Request(url, body), timeout=10) as response:
        return str(response.read().decode())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any) -> Any:
        return fp


def _wait_told(simulator: Simulator, count: int) -> None:
    for _ in range(200):
        if len(simulator.sent) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"told {simulator.sent}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["", "doubled", "late", "forged"])
def test_the_gateway_and_the_bank_tell_us_whatever_goes_wrong(other_side: Simulator, fault: str) -> None:
    other_side.faults = frozenset(filter(None, [fault]))
    charge, payment, address = _begin("vnpay")
    base = address.split("/vnpay/")[0]
    assert payment.reference in _fetch(address)
    _fetch(f"{base}/vnpay/confirm", {"ref": payment.reference, "do": "pay"})
    told = 2 if fault in ("doubled", "forged") else 1
    _wait_told(other_side, told)
    other, _, code = _begin("vietqr")
    _fetch(f"{base}/bank/transfer", {"ma": code})
    _wait_told(other_side, 2 * told)
    assert (get_charge(charge.uuid).open_vnd, get_charge(other.uuid).open_vnd) == (0, 0)
    assert Entry.objects.filter(kind__in=[EntryKind.PAID_BANK, EntryKind.PAID_GATEWAY]).count() == 2
    if fault == "forged":
        assert CallbackRefusal.objects.count() == 2
    elif fault != "doubled":
        assert json.loads(other_side.sent[0])["RspCode"] == "00"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_lost_callback_is_asked_for_and_the_statement_tells_the_rest(other_side: Simulator) -> None:
    other_side.faults = frozenset(["lost"])
    charge, payment, address = _begin("vnpay")
    base = address.split("/vnpay/")[0]
    later = clock.now() + timedelta(minutes=1)
    assert ask_waiting(now=later) == 0  # nothing happened yet
    _fetch(address)
    _fetch(f"{base}/vnpay/confirm", {"ref": payment.reference, "do": "pay"})
    assert ask_waiting(now=later + timedelta(seconds=30)) == 0  # asked a moment ago
    assert ask_waiting(now=later + timedelta(minutes=3)) == 1
    assert get_charge(charge.uuid).open_vnd == 0
    assert ask_waiting(now=later + timedelta(minutes=9)) == 0
    assert payment.reference in _fetch(f"{base}/vnpay/report.csv")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_notices_in_another_order_end_in_the_same_ledger(other_side: Simulator) -> None:
    other_side.faults = frozenset(["reordered"])
    charges = []
    for _ in range(2):
        charge, _payment, code = _begin("vietqr")
        charges.append(charge)
        address = load_drivers()["vnpay"].pay_url.split("/vnpay/")[0]  # type: ignore[attr-defined]  # our VNPay driver
        _fetch(f"{address}/bank/transfer", {"ma": code})
    _wait_told(other_side, 2)
    assert [get_charge(charge.uuid).open_vnd for charge in charges] == [0, 0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("faults", [(), ("lost",)])
def test_money_goes_back_by_the_gateway_once_even_when_its_answer_is_lost(
    other_side: Simulator, faults: tuple[str, ...]
) -> None:
    charge, payment, address = _begin("vnpay")
    base = address.split("/vnpay/")[0]
    _fetch(address)
    _fetch(f"{base}/vnpay/confirm", {"ref": payment.reference, "do": "pay"})
    _wait_told(other_side, 1)
    other_side.faults = frozenset(faults)
    now = clock.now()
    cancel_charge(charge.uuid, amount_vnd=100_000, reason="từ chối", actor="ann", now=now)
    refund = ask_refund(charge.uuid, amount_vnd=100_000, reason="từ chối", key="r", actor=SYSTEM, now=now)
    assert refund.is_approved and refund.way == "gateway"
    with pytest.raises(RefundRefused):
        send_refund(refund.uuid, way="bank", external_id="x", actor=SYSTEM, now=now)
    assert send_gateway_refund(refund.uuid, now=now) is not bool(faults)
    assert send_waiting_refunds(now=now + timedelta(minutes=20)) == len(faults)
    assert not send_gateway_refund(refund.uuid, now=now)
    order = other_side.orders[payment.reference]
    assert [amount for _number, amount, _at in order.given_back.values()] == [100_000]
    report = _fetch(f"{base}/vnpay/report.csv").encode()
    import_statement(report, name="r", source="gateway", agency_code="H29.1", actor=SYSTEM, now=now)
    assert reconcile(local_date(now), now=now).differences == ()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_refund_that_the_gateway_refuses_is_left_to_an_official(other_side: Simulator) -> None:
    charge, payment, address = _begin("vnpay")
    base = address.split("/vnpay/")[0]
    _fetch(address)
    _fetch(f"{base}/vnpay/confirm", {"ref": payment.reference, "do": "pay"})
    _wait_told(other_side, 1)
    _fetch(f"{base}/vnpay/chargeback", {"ref": payment.reference})
    now = clock.now()
    cancel_charge(charge.uuid, amount_vnd=100_000, reason="từ chối", actor="ann", now=now)
    refund = ask_refund(charge.uuid, amount_vnd=100_000, reason="từ chối", key="r", actor=SYSTEM, now=now)
    assert not send_gateway_refund(refund.uuid, now=now)
    row = get_refund_row(refund.uuid)
    assert not row.by_gateway and row.gateway_said.startswith("02")
    assert send_refund(refund.uuid, way="bank", external_id="x", actor=SYSTEM, now=now).is_sent


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_clock_an_hour_ahead_loses_no_money_and_is_named(other_side: Simulator) -> None:
    other_side.faults = frozenset(["skewed"])
    charge, _payment, code = _begin("vietqr")
    address = load_drivers()["vnpay"].pay_url.split("/vnpay/")[0]  # type: ignore[attr-defined]  # our VNPay driver
    _fetch(f"{address}/bank/transfer", {"ma": code})
    _wait_told(other_side, 1)
    assert CallbackRefusal.objects.get().raw["clock"] == "skewed" and get_charge(charge.uuid).open_vnd > 0
    other_side.faults = frozenset()
    later = clock.now() + timedelta(minutes=1)
    assert ask_waiting(now=later) == 1  # the bank is asked; what it wrote an hour ahead is dated no later than now
    assert get_charge(charge.uuid).open_vnd == 0
    assert Entry.objects.get(kind=EntryKind.PAID_BANK).happened_at <= later
    assert "clock" in {each.kind for each in compare_day(local_date(later)).differences}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_bank_that_lost_its_notice_is_asked_for_both_of_two_transfers(other_side: Simulator) -> None:
    other_side.faults = frozenset(["lost"])
    charge, _payment, code = _begin("vietqr")
    address = load_drivers()["vnpay"].pay_url.split("/vnpay/")[0]  # type: ignore[attr-defined]  # as above
    for _ in range(2):
        _fetch(f"{address}/bank/transfer", {"ma": code})
    assert ask_waiting(now=clock.now() + timedelta(minutes=1)) == 2
    assert get_charge(charge.uuid).open_vnd == -100_000


@pytest.fixture
def drivers(settings: Any) -> Iterator[None]:
    settings.PAYMENT_DRIVERS = make_drivers("http://127.0.0.1:9")
    load_drivers.cache_clear()
    yield
    load_drivers.cache_clear()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_notice_is_answered_by_the_protocols_codes(drivers: None, client: Client) -> None:
    simulator = Simulator(terminal="TEST", secret=SECRET, bank_secret=SECRET)
    _charge, payment, address = _begin("vnpay")
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    assert simulator.answer("GET", "/vnpay/pay", asked, b"", now=clock.now()).status == 200
    assert simulator.answer("GET", "/vnpay/pay", asked | {"vnp_Amount": "1"}, b"", now=clock.now()).status == 400
    answer = simulator.answer("POST", "/vnpay/confirm", {"ref": payment.reference, "do": "pay"}, b"", now=clock.now())
    told = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.location).query))
    url = "/thanh-toan/bao/vnpay/"
    renamed = {name: value for name, value in told.items() if name != "vnp_SecureHash"} | {"vnp_TxnRef": "MCX"}
    unknown = renamed | {"vnp_SecureHash": vnpay.sign(renamed, secret=SECRET)}
    wrong = told | {"vnp_Amount": "9"}
    codes = [client.get(url, each).json()["RspCode"] for each in (wrong, unknown, told, told)]
    assert codes == ["97", "01", "00", "02"]
    refusal = CallbackRefusal.objects.get()
    assert refusal.raw["vnp_TxnRef"] == payment.reference
    assert client.post(url).status_code == 405


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code", "open_vnd"),
    [
        ({"vnp_Amount": "6000000"}, "04", 40_000),  # the money came all the same
        ({"vnp_TmnCode": "OTHER"}, "99", 100_000),
        ({"vnp_PayDate": "hom qua"}, "99", 100_000),
        ({"vnp_Amount": "150"}, "99", 100_000),
        ({"vnp_TransactionNo": ""}, "99", 100_000),
        ({"vnp_ResponseCode": "24"}, "00", 100_000),  # the payer went away
        ({"vnp_TransactionStatus": "02"}, "00", 100_000),
        ({"vnp_BankTranNo": ""}, "00", 0),
        ({"vnp_OrderInfo": "Nop le phi + hoan 50% & cam on ~ đồng"}, "00", 0),
        ({"vnp_SecureHashType": "HMACSHA512"}, "00", 0),
    ],
)
def test_a_truly_signed_notice_is_answered_by_what_it_says(
    drivers: None, client: Client, changed: dict[str, str], code: str, open_vnd: int
) -> None:
    charge, payment, _address = _begin("vnpay")
    told = {
        "vnp_TmnCode": "TEST", "vnp_TxnRef": payment.reference, "vnp_Amount": "10000000", "vnp_ResponseCode": "00",
        "vnp_TransactionStatus": "00", "vnp_TransactionNo": "14", "vnp_PayDate": vnpay.format_moment(clock.now()),
    } | changed  # fmt: skip
    signed = told | {"vnp_SecureHash": vnpay.sign(told, secret=SECRET).upper()}
    assert client.get("/thanh-toan/bao/vnpay/", signed).json()["RspCode"] == code
    assert get_charge(charge.uuid).open_vnd == open_vnd
    answers = {client.get("/thanh-toan/bao/vnpay/", signed).json()["RspCode"] for _ in range(2)}  # played again
    assert answers == ({"02"} if code in ("00", "04") else {code}) and get_charge(charge.uuid).open_vnd == open_vnd


@pytest.mark.django_db
def test_the_banks_notice_needs_its_signature_and_the_clock(drivers: None, client: Client) -> None:
    _charge, payment, _ = _begin("vietqr")
    now = clock.now()
    body = json.dumps(
        {"id": "FT1", "amount": 100_000, "content": f"CK {payment.reference}", "at": now.isoformat()}
    ).encode()

    def send(sent_at: int, *, secret: str = SECRET) -> Any:
        header = f"t={sent_at},v1={sign_notice(body, sent_at=sent_at, secret=secret)}"
        return client.post(
            "/thanh-toan/bao/vietqr/", body, content_type="application/json", headers={"X-Signature": header}
        )

    moment = int(now.timestamp())
    assert send(moment, secret="khác").status_code == 401
    assert send(moment - 3600).json() == {"result": "other"}
    assert [send(moment).json()["result"] for _ in range(2)] == ["ok", "repeated"]
    assert CallbackRefusal.objects.count() == 2
    assert client.post("/thanh-toan/bao/vietqr/", b"x" * 20_000, content_type="application/json").status_code == 413


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.sampled_from(["vnp_TxnRef", "vnp_Amount", "vnp_SecureHash", "vnp_PayDate", "x"]), st.text()),
    st.binary(max_size=200),
    st.text(max_size=80).filter(lambda text: text.isprintable()),
)
def test_no_message_breaks_the_doors(
    drivers: None, client: Client, params: dict[str, str], body: bytes, header: str
) -> None:
    before = Entry.objects.count()
    assert client.get("/thanh-toan/bao/vnpay/", {k: v.replace("\0", "") for k, v in params.items()}).status_code == 200
    headers = {"X-Signature": header.encode("ascii", "ignore").decode()}
    answer = client.post("/thanh-toan/bao/vietqr/", body, content_type="application/json", headers=headers)
    assert answer.status_code in (200, 401) and Entry.objects.count() == before
