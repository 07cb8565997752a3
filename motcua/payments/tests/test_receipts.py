"""Receipts: issued once whatever is delivered again, numbers without gaps, cancelled and replaced with a trace."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from motcua.audit.public import Actor
from motcua.documents.public import ensure_demo_key, read_file, verify_pdf, verify_xml
from motcua.outbox.public import drain
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.actions.receipts import (
    cancel_receipt,
    issue_receipt,
    issue_zero_receipt,
    replace_receipt,
    sign_receipt,
    sign_receipt_xml,
    sign_waiting_receipts,
)
from motcua.payments.models import Receipt, ReceiptSeries
from motcua.payments.queries.receipts import get_receipt, get_receipt_by_code, list_receipts
from motcua.payments.rules.receipts import make_xml
from motcua.payments.tests.factories import NOW, make_charge, make_receipt_info
from motcua.payments.types import ChargeInfo, Payer, PaymentEvent, ReceiptInfo, ReceiptNotFound, ReceiptRefused

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "receipt-1.xsd"
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")


def _pay(charge: ChargeInfo, number: str = "1") -> None:
    payment = start_payment(charge.uuid, way="vietqr", key=number, now=NOW)
    event = PaymentEvent(kind="paid", external_id=f"bank:{number}", amount_vnd=charge.due_vnd, happened_at=NOW)
    hear(payment.reference, event, source="callback", raw={}, now=NOW)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_receipt_of_zero_is_drawn_in_a_quiet_minute() -> None:
    keyless, keyed = (make_charge(0, agency_code=code) for code in ("H29.404", "H29.1"))
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    for charge in (keyless, keyed):
        issue_zero_receipt(charge.uuid, now=NOW)
    drain(now=NOW)
    assert not Receipt.objects.filter(pdf_file__isnull=False).exists()
    assert [sign_waiting_receipts(now=NOW) for _ in range(2)] == [1, 0]  # one without a key holds up no other
    (receipt,) = list_receipts([keyed.uuid])
    assert receipt.pdf_file_id is not None and list_receipts([keyless.uuid])[0].pdf_file_id is None


@pytest.mark.slow
@pytest.mark.django_db
def test_money_is_followed_by_one_receipt_even_when_the_worker_died_before_it() -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    charge = make_charge(100_000)
    _pay(charge)
    assert not Receipt.objects.exists()  # the machine stops here: the money and its event are saved, nothing else
    drain(now=NOW)
    receipt = list_receipts([charge.uuid])[0]
    issue_receipt(charge.uuid, entry_reference="paid_bank:bank:1", amount_vnd=100_000, now=NOW)  # delivered again
    assert Receipt.objects.count() == 1 and receipt.amount_vnd == 100_000
    assert receipt.payload["words"] == "Một trăm nghìn đồng"
    assert receipt.pdf_file_id is not None
    file = receipt.pdf_file_id
    assert sign_receipt(receipt.uuid, now=NOW) == file
    xml = read_file(sign_receipt_xml(receipt.uuid, now=NOW))
    assert sign_receipt_xml(receipt.uuid, now=NOW) == sign_receipt_xml(receipt.uuid, now=NOW)
    assert verify_xml(xml, now=NOW).is_valid
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(etree.fromstring(xml)), schema.error_log
    changed = xml.replace(b"<AmountVnd>100000<", b"<AmountVnd>100001<")
    assert changed != xml and not verify_xml(changed, now=NOW).is_valid
    assert verify_pdf(read_file(file)).signers


@pytest.mark.django_db
def test_zero_dong_has_its_receipt_too() -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    charge = make_charge(75_000, waived_vnd=75_000)
    drain(now=NOW)
    (receipt,) = list_receipts([charge.uuid])
    assert (receipt.amount_vnd, receipt.payload["words"]) == (0, "Không đồng")


@pytest.mark.slow
@pytest.mark.django_db
def test_a_receipt_without_a_key_keeps_its_number_and_is_signed_later() -> None:
    charge = make_charge(75_000, agency_code="H29.77")
    _pay(charge)
    drain(now=NOW)
    (receipt,) = list_receipts([charge.uuid])
    assert receipt.no == 1 and receipt.pdf_file_id is None
    ensure_demo_key("H29.77", "UBND phường Thử", now=NOW)
    assert sign_receipt(receipt.uuid, now=NOW)


@pytest.mark.django_db
def test_a_replaced_receipt_names_the_other_and_keeps_its_number() -> None:
    charge = make_charge(100_000)
    first = issue_receipt(charge.uuid, entry_reference="x", amount_vnd=100_000, now=NOW)
    payer = Payer(name="Nguyễn Thị Hạnh Đúng", code="079190000002")
    second = replace_receipt(first.uuid, payer=payer, reason="sai tên", actor=ANN, now=NOW)
    old = get_receipt(first.uuid)
    assert (old.cancelled_reason, old.replaced_by_no, second.replaces_no, second.no) == ("sai tên", 2, 1, 2)
    assert second.payload["payer"] == payer.name and old.payload["payer"] != payer.name
    with pytest.raises(ReceiptRefused):
        cancel_receipt(first.uuid, reason="lần nữa", actor=ANN, now=NOW)
    with pytest.raises(ReceiptRefused):
        cancel_receipt(second.uuid, reason=" ", actor=ANN, now=NOW)
    assert issue_receipt(charge.uuid, entry_reference="x", amount_vnd=100_000, now=NOW).uuid == second.uuid
    assert get_receipt_by_code(second.lookup_code.lower()).no == 2
    with pytest.raises(ReceiptNotFound):
        get_receipt_by_code("KHONG")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_receipt SET amount_vnd = 1",
        "DELETE FROM payments_receipt",
        "UPDATE payments_receiptseries SET next_no = 1",
        "UPDATE payments_receiptseries SET next_no = 9",
    ],
)
def test_a_receipt_and_its_series_are_never_rewritten(sql: str) -> None:
    issue_receipt(make_charge().uuid, entry_reference="x", amount_vnd=100_000, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_whoever_asks_at_once_and_whoever_fails() -> None:
    charges = [make_charge(100_000) for _ in range(12)]
    faults: list[Exception] = []

    def work(part: list[ChargeInfo], fails: bool) -> None:
        try:
            for charge in part:
                _issue_or_fail(charge.uuid, fails)
        except Exception as error:  # noqa: BLE001  a thread's fault is told by the test
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(charges[start::4], start == 3)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults
    numbers = sorted(Receipt.objects.values_list("no", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) == 9
    assert ReceiptSeries.objects.get().next_no == 10


def _issue_or_fail(charge_uuid: UUID, fails: bool) -> None:
    """Issue twice; or take a number and lose the transaction, as a crash does."""
    if not fails:
        for _ in range(2):
            issue_receipt(charge_uuid, entry_reference=str(charge_uuid), amount_vnd=100_000, now=NOW)
        return
    with transaction.atomic():
        issue_receipt(charge_uuid, entry_reference=str(charge_uuid), amount_vnd=100_000, now=NOW)
        transaction.set_rollback(True)


@pytest.mark.slow
@given(st.text(max_size=80), st.integers(0, 10**12), st.text(max_size=40))
def test_the_xml_of_any_receipt_fits_its_schema(name: str, amount: int, label: str) -> None:
    receipt: ReceiptInfo = make_receipt_info(payer="Ô. " + name, amount_vnd=amount, label="Lệ phí " + label)
    tree = etree.fromstring(make_xml(receipt))
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(tree), schema.error_log
    assert tree.findtext("{urn:motcua:bien-lai:1}AmountVnd") == str(amount)


def test_what_is_printed_says_what_was_waived_and_why() -> None:
    receipt = make_receipt_info(payer="Thử", amount_vnd=0, label="Lệ phí")
    assert receipt.payload["lines"][0]["waived_reason"] == "Miễn theo nghị quyết"
    assert b"Mi\xe1\xbb\x85n theo" in make_xml(receipt)
