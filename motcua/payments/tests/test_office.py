"""The office's money pages: cash, refunds by two people, the match; each role sees its own agency's only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.models import Refund
from motcua.payments.queries.charges import get_charge
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import ChargeInfo, PaymentEvent
from motcua.places.public import AgencyInfo
from motcua.places.tests.factories import make_agency

pytestmark = pytest.mark.django_db


def _client(role: str, agency: AgencyInfo) -> Client:
    client = Client()
    sign_in(client, make_official(role, agency_id=agency.id).user_id)
    return client


def _overpaid(agency: AgencyInfo, amount: int) -> ChargeInfo:
    charge = make_charge(amount, agency_code=agency.code)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    for number in ("1", "2"):
        event = PaymentEvent(kind="paid", external_id=f"bank:{charge.uuid}{number}", amount_vnd=amount, happened_at=NOW)
        hear(payment.reference, event, source="callback", raw={}, now=NOW)
    return charge


def test_a_cashier_opens_a_shift_takes_money_once_and_closes_it() -> None:
    agency = make_agency()
    charge, client = make_charge(100_000, agency_code=agency.code), _client("counter", agency)
    page = reverse("payments:till")
    take = reverse("payments:take", args=[charge.uuid])
    client.post(take, {"amount": "100.000", "key": "1"})
    assert get_charge(charge.uuid).open_vnd == 100_000  # no shift yet
    client.post(reverse("payments:open_shift"))
    assert "100.000" in client.get(page, {"ma": charge.case_code}).content.decode()
    for amount in ("x", "-5", "999999999"):
        client.post(take, {"amount": amount, "key": amount})
    assert get_charge(charge.uuid).open_vnd == 100_000
    for _ in range(2):
        client.post(take, {"amount": "100.000", "key": "1"})
    assert get_charge(charge.uuid).open_vnd == 0
    answer = client.post(reverse("payments:close_shift"), {"counted": "90000", "note": "thiếu"}, follow=True)
    assert "-10000" in answer.content.decode()
    assert "Mở ca" in client.get(page).content.decode()


def test_a_large_refund_needs_a_leader_who_did_not_ask() -> None:
    agency = make_agency()
    charge = _overpaid(agency, 3_000_000)
    cashier, leader = _client("counter", agency), _client("leader", agency)
    assert "3.000.000" in leader.get(reverse("payments:refunds")).content.decode()
    leader.post(
        reverse("payments:ask_refund", args=[charge.uuid]), {"amount": "3000000", "reason": "trùng", "key": "1"}
    )
    refund = Refund.objects.get()
    move = reverse("payments:move_refund", args=[refund.uuid])
    leader.post(move, {"do": "approve"})  # one's own
    cashier.post(move, {"do": "approve"})  # no leader
    cashier.post(move, {"do": "send"})  # not agreed
    assert Refund.objects.get().approved_at is None
    _client("leader", agency).post(move, {"do": "approve"})
    cashier.post(move, {"do": "send"})
    assert Refund.objects.get().sent_at is not None and get_charge(charge.uuid).open_vnd == 0


def test_the_match_is_run_on_screen_and_unknown_money_finds_its_dossier() -> None:
    agency = make_agency()
    charge, leader = make_charge(7_000, agency_code=agency.code), _client("leader", agency)
    page = reverse("payments:matching")
    file = SimpleUploadedFile("a.csv", b"id,date,amount,text\n8,2026-03-02,7000,qua\n", content_type="text/csv")
    shown = leader.post(page, {"ngay": "2026-03-02", "nguon": "bank", "tep": file}).content.decode()
    assert "Tiền vào không có mã nộp" in shown
    form = {"so": "bank:8", "ma": charge.case_code, "ngay": "2026-03-02"}
    leader.post(reverse("payments:identify"), form | {"ma": "KHONG"})
    assert get_charge(charge.uuid).open_vnd == 7_000
    leader.post(reverse("payments:identify"), form)
    assert get_charge(charge.uuid).open_vnd == 0
    assert "Đã giải thích" in leader.get(page, {"ngay": "2026-03-02"}).content.decode()
    broken = SimpleUploadedFile("b.csv", b"\xff\xfe", content_type="text/csv")
    assert leader.post(page, {"ngay": "2026-03-02", "tep": broken}).status_code == 422
    assert leader.get(page, {"ngay": "hôm nào"}).status_code == 200


def test_each_page_is_for_its_roles_and_each_agencys_money_for_its_own() -> None:
    agency, elsewhere = make_agency(), make_agency()
    charge = _overpaid(agency, 100_000)
    pages = {
        "payments:till": ("counter",),
        "payments:refunds": ("counter", "leader"),
        "payments:matching": ("leader", "operator"),
    }
    resident = Client()
    sign_in(resident, make_resident().user_id)
    for name, roles in pages.items():
        assert Client().get(reverse(name)).status_code == 302
        assert resident.get(reverse(name)).status_code == 403
        for role in ("counter", "leader", "operator", "specialist"):
            expected = 200 if role in roles else 403
            assert _client(role, agency).get(reverse(name)).status_code == expected, (name, role)
    other = _client("counter", elsewhere)
    assert other.post(reverse("payments:take", args=[charge.uuid]), {"amount": "1"}).status_code == 404
    assert other.post(reverse("payments:ask_refund", args=[charge.uuid]), {"amount": "1"}).status_code == 404
    assert charge.case_code not in other.get(reverse("payments:refunds")).content.decode()
    assert "Không có khoản phải nộp" in other.get(reverse("payments:till"), {"ma": charge.case_code}).content.decode()


def test_the_list_of_refunds_costs_the_same_whatever_its_length(django_assert_max_num_queries: object) -> None:
    agency = make_agency()
    client = _client("leader", agency)
    for _ in range(4):
        charge = _overpaid(agency, 50_000)
        client.post(
            reverse("payments:ask_refund", args=[charge.uuid]), {"amount": "20000", "reason": "thừa", "key": "1"}
        )
    with django_assert_max_num_queries(9):  # type: ignore[operator]  # a fixture of pytest-django
        assert client.get(reverse("payments:refunds")).status_code == 200
