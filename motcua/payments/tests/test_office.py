"""The office's money pages: cash, refunds by two people, the match; each role sees its own agency's only."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2  # type: ignore[import-untyped]  # it carries no type information
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from motcua.audit.public import Actor
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.outbox.public import drain
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.actions.receipts import issue_receipt
from motcua.payments.actions.reconciling import compare_day
from motcua.payments.actions.refunds import ask_refund
from motcua.payments.models import Receipt, ReceiptChange, Refund, Resolution
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge
from motcua.payments.queries.receipts import get_receipt, list_receipts
from motcua.payments.queries.reconciling import return_code
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import ChargeInfo, PaymentEvent
from motcua.places.public import AgencyInfo
from motcua.places.tests.factories import make_agency

pytestmark = pytest.mark.django_db
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_each_page_is_for_its_roles_and_each_agencys_money_for_its_own() -> None:
    agency, elsewhere = make_agency(), make_agency()
    charge = _overpaid(agency, 100_000)
    pages = {
        "payments:till": ("counter",),
        "payments:refunds": ("counter", "leader"),
        "payments:matching": ("leader", "operator"),
        "payments:receipt_office": ("counter", "leader"),
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


@pytest.mark.slow
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


def _refund_agreed(charge: ChargeInfo, amount: int) -> Refund:
    ask_refund(charge.uuid, amount_vnd=amount, reason="thừa", key=str(charge.uuid), actor=ANN, now=NOW)
    return Refund.objects.get()


@pytest.mark.slow
def test_a_refund_is_paid_in_cash_from_an_open_drawer_once() -> None:
    agency = make_agency()
    charge, client = _overpaid(agency, 50_000), _client("counter", agency)
    refund = _refund_agreed(charge, 50_000)
    move = reverse("payments:move_refund", args=[refund.uuid])
    assert client.get(reverse("payments:cash_voucher", args=[refund.uuid])).status_code == 404  # nothing went out yet
    client.post(move, {"do": "cash"})  # no shift
    client.post(reverse("payments:open_shift"))
    client.post(move, {"do": "cash"})  # an empty drawer
    assert Refund.objects.get().sent_at is None
    paid = make_charge(80_000, agency_code=agency.code)
    take = {"amount": "80000", "key": "1", "helper_name": "Lê Văn Con Thử", "helper_role": "con"}
    client.post(reverse("payments:take", args=[paid.uuid]), take)
    for _ in range(2):
        client.post(move, {"do": "cash"})
    refund = Refund.objects.get()
    assert refund.sent_way == "cash"
    voucher = reverse("payments:cash_voucher", args=[refund.uuid])
    assert voucher in client.get(reverse("payments:refunds")).content.decode()
    paper = client.get(voucher)
    words = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper.content))
    assert all(each in words for each in ("50.000", "Năm mươi nghìn đồng", "NGƯỜI NHẬN TIỀN", charge.payer.name))
    assert _client("leader", make_agency()).get(voucher).status_code == 404
    assert "30.000" in client.get(reverse("payments:till")).content.decode()
    drain(now=NOW)
    (receipt,) = list_receipts([paid.uuid])
    assert (receipt.payload["helper"], receipt.payload["helper_role"]) == ("Lê Văn Con Thử", "con")
    assert "Lê Văn Con Thử" in Client().get(reverse("payments:receipt", args=[receipt.lookup_code])).content.decode()


@pytest.mark.slow
def test_a_receipt_is_replaced_by_two_people_on_screen() -> None:
    agency, elsewhere = make_agency(), make_agency()
    receipt = issue_receipt(make_charge(agency_code=agency.code).uuid, entry_reference="x", amount_vnd=5, now=NOW)
    page, office = reverse("payments:receipt_change", args=[receipt.uuid]), reverse("payments:receipt_office")
    cashier, leader, other = _client("counter", agency), _client("leader", agency), _client("leader", elsewhere)
    assert receipt.printed_no in cashier.get(office, {"tim": receipt.printed_no}).content.decode()
    assert receipt.printed_no not in other.get(office).content.decode()
    assert (other.get(page).status_code, cashier.get(page).status_code) == (404, 200)
    assert cashier.post(page, {"kind": "cancel", "reason": " "}).status_code == 422
    assert cashier.post(page, {"kind": "replace", "reason": "sai tên", "payer_name": "Tên Đúng Thử"}).status_code == 302
    change = ReceiptChange.objects.get()
    decide = reverse("payments:decide_receipt_change", args=[change.uuid])
    assert cashier.post(decide, {"do": "agree"}).status_code == 403
    assert other.post(decide, {"do": "agree"}).status_code == 404
    assert "Tên Đúng Thử" in leader.get(office).content.decode()
    leader.post(decide, {"do": "agree"})
    old = get_receipt(receipt.uuid)
    assert not old.is_valid and old.replaced_by_no == 2
    leader.post(decide, {"do": "agree"})  # pressed twice
    assert Receipt.objects.count() == 2


def test_a_leader_does_not_agree_to_his_own_wish() -> None:
    agency = make_agency()
    receipt = issue_receipt(make_charge(agency_code=agency.code).uuid, entry_reference="x", amount_vnd=5, now=NOW)
    leader = _client("leader", agency)
    leader.post(reverse("payments:receipt_change", args=[receipt.uuid]), {"kind": "cancel", "reason": "trùng"})
    decide = reverse("payments:decide_receipt_change", args=[ReceiptChange.objects.get().uuid])
    leader.post(decide, {"do": "agree"})
    assert get_receipt(receipt.uuid).is_valid
    _client("leader", agency).post(decide, {"do": "refuse"})
    assert ReceiptChange.objects.get().is_agreed is False and get_receipt(receipt.uuid).is_valid


@pytest.mark.slow
def test_each_difference_is_explained_by_a_named_act_and_by_two_people_where_money_moves() -> None:
    agency = make_agency()
    charge, leader, second = make_charge(agency_code=agency.code), _client("leader", agency), _client("leader", agency)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    event = PaymentEvent(kind="paid", external_id="bank:7", amount_vnd=100_000, happened_at=NOW)
    hear(payment.reference, event, source="callback", raw={}, now=NOW)
    content = b"id,date,amount,text\n8,2026-03-02,-22000,PHI DICH VU\n9,2026-03-02,5000,qua\n"
    file = SimpleUploadedFile("a.csv", content, content_type="text/csv")
    page = reverse("payments:matching")
    leader.post(page, {"ngay": "2026-03-02", "nguon": "bank", "tep": file})

    def act(kind: str, reference: str, code: str, reason: str = "theo giấy báo") -> None:
        form = {"ngay": "2026-03-02", "kind": kind, "reference": reference, "act": code, "reason": reason}
        leader.post(reverse("payments:resolve"), form)

    act("only_bank", "bank:8", "bank_fee", reason=" ")
    act("only_bank", "bank:8", "told_payer")  # no act for this kind
    assert not Resolution.objects.exists()
    act("only_bank", "bank:8", "bank_fee")
    act("only_bank", "bank:8", "bank_fee")
    act("only_ledger", "bank:7", "reverse")
    act("no_reference", "bank:9", "return_money")
    waiting = {each.act: each for each in Resolution.objects.filter(approved_at__isnull=True)}
    assert set(waiting) == {"reverse", "return_money"} and get_charge(charge.uuid).open_vnd == 0
    decide = reverse("payments:decide_resolution", args=[waiting["reverse"].uuid])
    leader.post(decide, {"ngay": "2026-03-02", "do": "approve"})  # one's own
    assert get_charge(charge.uuid).open_vnd == 0
    assert "Người khác phải đồng ý" in leader.get(page, {"ngay": "2026-03-02"}).content.decode()
    second.post(decide, {"ngay": "2026-03-02", "do": "approve"})
    assert get_charge(charge.uuid).open_vnd == 100_000
    dropped = reverse("payments:decide_resolution", args=[waiting["return_money"].uuid])
    second.post(dropped, {"ngay": "2026-03-02", "do": "drop"})
    act("no_reference", "bank:9", "return_money")
    again = Resolution.objects.get(act="return_money")
    second.post(reverse("payments:decide_resolution", args=[again.uuid]), {"ngay": "2026-03-02", "do": "approve"})
    report = compare_day(NOW.date())
    assert {each.kind for each in report.unexplained} == {"only_ledger"}  # the transfer back waits for its statement
    assert [each.reference for each in report.unexplained] == [return_code("bank:9")]
    balances = {row.kind: row.balance_vnd for row in list_balances(before=NOW + timedelta(days=5))}
    assert balances["unknown"] == 0 and balances["bank_fee"] == 22_000  # type: ignore[index]  # kinds are texts
    assert _client("counter", agency).post(reverse("payments:resolve")).status_code == 403


def test_the_rule_proposes_the_refund_of_a_double_payment_once() -> None:
    agency = make_agency()
    charge = _overpaid(agency, 3_000_000)
    leader = _client("leader", agency)
    for _ in range(2):
        leader.post(reverse("payments:give_back_doubles"), {"ngay": "2026-03-02"})
    refund = Refund.objects.get()
    assert (refund.amount_vnd, refund.approved_at, refund.needs_second) == (3_000_000, None, True)
    leader.post(reverse("payments:move_refund", args=[refund.uuid]), {"do": "approve"})
    assert get_charge(charge.uuid).open_vnd == 0


@pytest.mark.slow
def test_the_offices_lists_of_receipts_and_differences_cost_the_same_whatever_their_length(
    django_assert_max_num_queries: object,
) -> None:
    agency = make_agency()
    leader = _client("leader", agency)
    for number in range(25):
        issue_receipt(make_charge(agency_code=agency.code).uuid, entry_reference=str(number), amount_vnd=5, now=NOW)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture of pytest-django
        page = leader.get(reverse("payments:receipt_office")).content.decode()
    assert "Trang sau" in page
    rows = "".join(f"{number},2026-03-02,1000,x\n" for number in range(40))
    file = SimpleUploadedFile("b.csv", f"id,date,amount,text\n{rows}".encode(), content_type="text/csv")
    leader.post(reverse("payments:matching"), {"ngay": "2026-03-02", "nguon": "bank", "tep": file})
    with django_assert_max_num_queries(24):  # type: ignore[operator]  # as above
        shown = leader.get(reverse("payments:matching"), {"ngay": "2026-03-02", "trang": "2"}).content.decode()
    assert "Trang trước" in shown
