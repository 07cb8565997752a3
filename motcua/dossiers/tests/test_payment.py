"""Paying: the resident sees the sum and its ground, pays in each way, gets a receipt; strangers see nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua.dossiers.actions.charging import ensure_charge, give_back_on_refusal
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.factories import City, act, captured_queries, file_dossier, open_task
from motcua.identity.tests.factories import make_resident, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.payments.public import (
    PaymentEvent,
    PaymentInfo,
    get_charge,
    hear,
    list_payments_of,
    list_receipts,
    list_refunds,
    load_drivers,
)

pytestmark = pytest.mark.django_db
DRIVERS = {
    "motcua.payments.adapters.vietqr.VietqrDriver": {
        "bank_bin": "970415", "account_no": "1", "account_name": "THU", "secret": "s"
    },
    "motcua.payments.adapters.vnpay.VnpayDriver": {
        "pay_url": "http://127.0.0.1:9/pay", "query_url": "http://127.0.0.1:9/q", "terminal": "T", "secret": "s"
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def drivers(settings: Any) -> Iterator[None]:
    settings.PAYMENT_DRIVERS = DRIVERS
    load_drivers.cache_clear()
    yield
    load_drivers.cache_clear()


def _file_owing(city: City, amount_vnd: int = 8_000) -> str:
    """File a dossier whose fee is owed, as the table froze it."""
    filed = file_dossier(city)
    Dossier.objects.filter(case_id=filed.case_id).update(fee_vnd=amount_vnd)
    return filed.dossier_no


def _page(no: str) -> str:
    return reverse("dossiers:payment", args=[no])


def _start(client: Client, no: str, way: str = "vietqr") -> tuple[str, PaymentInfo]:
    answer = client.post(_page(no), {"way": way, "key": "0"})
    assert answer.status_code == 302
    charge = ensure_charge(Dossier.objects.get(dossier_no=no).case_id, now=clock.now())
    assert charge is not None
    return answer.headers["Location"], list_payments_of(charge.id, now=clock.now())[0]


def _tell(payment: PaymentInfo, number: str, amount_vnd: int | None = None, *, kind: Any = "paid") -> None:
    event = PaymentEvent(
        kind=kind, external_id=f"bank:{number}", amount_vnd=amount_vnd or payment.amount_vnd, happened_at=clock.now()
    )
    hear(payment.reference, event, source="callback", raw={}, now=clock.now())


@pytest.mark.slow
def test_a_filing_raises_its_charge_once_and_zero_has_a_receipt(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    drain(now=clock.now())
    charge = ensure_charge(filed.case_id, now=clock.now())
    assert charge is not None and charge.due_vnd == 0
    (receipt,) = list_receipts([charge.uuid])
    page = resident_client.get(_page(filed.dossier_no)).content.decode()
    assert "Vẫn có biên lai 0 đồng" in page and receipt.printed_no in page
    assert "Nghị quyết" in page


@pytest.mark.slow
def test_a_resident_pays_by_code_and_gets_the_receipt(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    assert "8.000" in resident_client.get(_page(no)).content.decode()
    address, payment = _start(resident_client, no)
    assert _start(resident_client, no)[0] == address  # pressed twice, begun once
    answer = resident_client.get(address)
    page = answer.content.decode()
    assert payment.reference in page and "<svg" in page and "viewBox" in page and answer.headers["Refresh"]
    _tell(payment, "1")
    drain(now=clock.now())
    done = resident_client.get(address)
    assert "Đã nhận tiền" in done.content.decode() and "Refresh" not in done.headers
    assert "Bạn đã nộp đủ" in resident_client.get(_page(no)).content.decode()
    (receipt,) = list_receipts([payment.charge_uuid])
    stranger = Client()
    assert "8.000" in stranger.get(reverse("payments:receipt", args=[receipt.lookup_code])).content.decode()
    pdf = stranger.get(reverse("payments:receipt_pdf", args=[receipt.lookup_code]))
    assert pdf.content.startswith(b"%PDF")
    assert b"<AmountVnd>8000<" in stranger.get(reverse("payments:receipt_xml", args=[receipt.lookup_code])).content
    assert stranger.get(reverse("payments:receipt_search"), {"ma": "KHONG-CO"}).status_code == 404
    assert resident_client.post(_page(no), {"way": "vietqr", "key": "9"}).status_code == 409


@pytest.mark.slow
def test_the_gateway_is_a_link_and_its_return_is_not_believed(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    address, payment = _start(resident_client, no, "vnpay")
    page = resident_client.get(f"{address}?vnp_ResponseCode=00&vnp_TxnRef={payment.reference}").content.decode()
    assert "http://127.0.0.1:9/pay?" in page and "Đã nhận tiền" not in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([("failed", None)], "không thành công"),
        ([("paid", 5_000)], "còn phải nộp 3.000"),
        ([("paid", 9_000)], "nộp thừa 1.000"),
        ([("paid", 8_000), ("charged_back", 8_000)], "lấy lại"),
    ],
)
def test_each_ill_end_has_a_sentence(
    city: City, resident_client: Client, told: list[tuple[str, int | None]], sentence: str
) -> None:
    no = _file_owing(city)
    way = "vnpay" if len(told) > 1 else "vietqr"
    address, payment = _start(resident_client, no, way)
    for kind, amount in told:
        _tell(payment, "1", amount, kind=kind)
    assert sentence in resident_client.get(address).content.decode()
    assert resident_client.get(_page(no)).status_code == 200


@pytest.mark.slow
def test_an_old_code_says_that_money_on_its_way_still_counts(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    address, payment = _start(resident_client, no)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert "vẫn được ghi cho hồ sơ" in resident_client.get(address).content.decode()
        _tell(payment, "1")
        assert "Đã nhận tiền" in resident_client.get(address).content.decode()


@pytest.mark.slow
def test_an_amount_that_an_official_fixes_asks_for_nothing(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    Dossier.objects.update(fee_vnd=None, fee_reason="Cán bộ sẽ báo")
    page = resident_client.get(_page(no))
    assert "Cán bộ sẽ báo" in page.content.decode()
    assert resident_client.post(_page(no), {"way": "vietqr", "key": "0"}).status_code == 200


@pytest.mark.slow
def test_strangers_see_nothing_and_pages_cost_a_fixed_number_of_queries(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    address, _payment = _start(resident_client, no)
    stranger = Client()
    sign_in(stranger, make_resident().user_id)
    for each in (_page(no), address):
        assert stranger.get(each).status_code == 404
        assert Client().get(each).status_code == 302
    other = _file_owing(city)
    assert resident_client.get(f"{_page(other)}{address.rstrip('/').rsplit('/', 1)[-1]}/").status_code == 404
    with captured_queries() as first:
        resident_client.get(_page(no))
    for number in range(1, 4):
        resident_client.post(_page(no), {"way": "vietqr", "key": str(number)})
    with captured_queries() as later:
        resident_client.get(_page(no))
    assert len(later) == len(first)


@pytest.mark.slow
def test_a_dossier_that_is_not_received_gives_the_money_back(city: City, resident_client: Client) -> None:
    no = _file_owing(city)
    address, payment = _start(resident_client, no)
    _tell(payment, "1")
    case_id = Dossier.objects.get(dossier_no=no).case_id
    counter = Client()
    sign_in(counter, city.counter.user_id)
    act(counter, open_task(case_id, "dossiers.receive"), "refuse", reason="Không thuộc thẩm quyền", note="Không thuộc")
    for _ in range(2):
        drain(now=clock.now())
        give_back_on_refusal(case_id, now=clock.now())
    (refund,) = list_refunds([city.agency.code])
    assert (refund.amount_vnd, refund.approved_at is not None) == (8_000, True)
    assert get_charge(payment.charge_uuid).open_vnd == 0
    assert resident_client.get(address).status_code == 200
