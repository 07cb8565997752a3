"""Statements are read or refused, never misread; the three-way match names what does not agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.payments.actions.paying import start_payment
from motcua.payments.actions.reconciling import compare_day, reconcile
from motcua.payments.actions.statements import import_statement
from motcua.payments.models import Entry, StatementRow
from motcua.payments.rules.matching import LedgerItem, Order, Sides, compare, plan
from motcua.payments.rules.statement_camt import read_camt053
from motcua.payments.rules.statement_csv import read_amount, read_bank_csv, read_gateway_csv
from motcua.payments.rules.statement_mt940 import read_mt940
from motcua.payments.rules.statements import read_statement
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import EntryKind, PaymentEvent, StatementLine, StatementRefused

ON = date(2026, 3, 2)
MT940 = (
    ":20:A\n:25:970415/1\n:28C:1/1\n:60F:C260301VND0,\n:61:2603020302C100000,NTRFNONREF//FT1\n:86:CK {text}\n"
    ":61:2603020302D5000,NTRFNONREF//FT2\n:86:phi\n:62F:C260302VND95000,\n"
)
CAMT = (
    '<?xml version="1.0"?>{dtd}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
    '<Stmt><Ntry><Amt Ccy="{money}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2026-03-02'
    "</Dt></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    "</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
)
GOOD = {"dtd": "", "version": "08", "money": "VND", "amount": "100000.00", "status": "<Cd>BOOK</Cd>", "text": "CK"}


@pytest.mark.parametrize(
    ("text", "amount"),
    [("100000", 100_000), ("100.000", 100_000), ("-1,250,000", -1_250_000), ("100000.00", 100_000), ("+5 VND", 5)],
)
def test_an_amount_is_read_in_every_writing_of_banks(text: str, amount: int) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "1e5", "100,5", "100.00.000", "1.000,5", "1.000,00,00", "1,000,00", "(5", "- -5", "٣", "1" * 16, "12.34"],
)
def test_an_amount_in_doubt_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_amount(text)


def test_the_three_forms_of_a_bank_say_the_same() -> None:
    csv = "Ngày;Mã giao dịch;Ghi nợ;Ghi có;Diễn giải\n02/03/2026;FT1;;100.000;CK x\n02/03/2026;FT2;5000;;phi\n"
    found = read_bank_csv(csv.encode())
    other = read_mt940(MT940.format(text="x").encode())
    assert [(a.external_id, a.amount_vnd, a.on) for a in found] == [(b.external_id, b.amount_vnd, b.on) for b in other]
    for version in ("02", "08", "13"):
        (line,) = read_camt053(CAMT.format(**GOOD | {"version": version}).encode())
        assert (line.external_id, line.amount_vnd, line.on) == ("bank:FT1", 100_000, ON)


@pytest.mark.parametrize(
    "changed",
    [
        {"money": "USD"}, {"amount": "1.5"}, {"amount": "NaN"}, {"amount": "x"}, {"amount": "0"},
        {"dtd": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "text": "&e;"},
    ],
)  # fmt: skip
def test_a_camt_file_in_doubt_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(StatementRefused):
        read_camt053(CAMT.format(**GOOD | changed).encode())


def test_a_pending_entry_is_no_money_yet() -> None:
    assert read_camt053(CAMT.format(**GOOD | {"status": "PDNG"}).encode()) == ()


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<", b":61:", b"id,date,amount\n", MT940.encode()[:90]]))
def test_no_bytes_break_the_readers(content: bytes, start: bytes) -> None:
    readers: tuple[Callable[[bytes], object], ...] = (
        lambda data: read_statement(data, source="bank"),
        lambda data: read_statement(data, source="gateway"),
        read_mt940,
        read_camt053,
    )
    for read in readers:
        try:
            read(start + content)
        except StatementRefused as refusal:
            assert refusal.reason


def test_a_gateway_report_takes_back_with_a_minus() -> None:
    text = "id,type,order,amount,date\n7,payment,MC1,500,2026-03-02\n7,chargeback,MC1,500,2026-03-02\n"
    assert [each.amount_vnd for each in read_gateway_csv(text.encode())] == [500, -500]
    with pytest.raises(StatementRefused):
        read_gateway_csv(b"id,type,order,amount,date\n7,gift,MC1,500,2026-03-02\n")
    with pytest.raises(StatementRefused, match="hai lần"):
        read_statement(b"id,date,amount\n1,2026-03-02,5\n1,2026-03-02,5\n", source="bank")


def _line(number: str, amount: int, *, reference: str = "", text: str = "") -> StatementLine:
    return StatementLine(external_id=f"bank:{number}", amount_vnd=amount, on=ON, reference=reference, text=text)


def _item(number: str, amount: int, kind: EntryKind = EntryKind.PAID_BANK) -> LedgerItem:
    return LedgerItem(kind=kind, external_id=f"bank:{number}", amount_vnd=amount, on=ON)


@pytest.mark.slow
@given(st.sets(st.integers(1, 99)), st.sets(st.integers(1, 99)))
def test_what_stands_on_both_sides_agrees_and_the_rest_is_named(ours: set[int], theirs: set[int]) -> None:
    sides = Sides(
        on=ON,
        ledger=[_item(str(each), 100 + each) for each in sorted(ours)],
        bank=[_line(str(each), 100 + each) for each in sorted(theirs)],
    )
    matched, differences = compare(sides)
    assert matched == len(ours & theirs)
    assert [each.kind for each in differences] == ["only_bank"] * len(theirs - ours) + ["only_ledger"] * len(
        ours - theirs
    )
    assert {step.line.external_id for step in plan(sides)} == {f"bank:{each}" for each in theirs - ours}


def test_each_side_with_another_amount_is_named() -> None:
    sides = Sides(on=ON, ledger=[_item("1", 100)], bank=[_line("1", 90)])
    (difference,) = compare(sides)[1]
    assert (difference.kind, difference.ledger_vnd, difference.other_vnd) == ("amount", 100, 90)


def test_a_second_payment_is_a_double_one_until_it_went_back() -> None:
    told = tuple(
        (PaymentEvent(kind="paid", external_id=f"bank:{each}", amount_vnd=100, happened_at=NOW), "callback")
        for each in (1, 2)
    )
    for open_vnd, is_explained in ((-100, False), (0, True)):
        order = Order(
            reference="MC1", charge_id=1, case_code="A", amount_vnd=100, expires_at=None, charge_open_vnd=open_vnd,
            told=told,
        )  # fmt: skip
        (difference,) = compare(Sides(on=ON, orders={"MC1": order}))[1]
        assert (difference.kind, difference.is_explained) == ("double_payment", is_explained)


@pytest.mark.django_db
def test_a_statement_is_taken_in_once_and_tells_what_the_callback_did_not() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    content = f"id,date,amount,text\n9,2026-03-02,100000,CK {payment.reference}\n8,2026-03-02,7000,qua\n".encode()
    for expected in (2, 0):
        info = import_statement(content, name="a.csv", source="bank", agency_code="H29.1", actor=SYSTEM, now=NOW)
        assert info.new_lines == expected
    assert [each.kind for each in compare_day(ON).differences] == ["only_bank", "only_bank"]
    first = reconcile(ON, now=NOW)
    again = reconcile(ON, now=NOW + timedelta(days=1))
    assert (first.applied, again.applied) == (2, 0)
    assert first.differences == again.differences
    assert [(each.kind, each.is_explained) for each in again.differences] == [
        ("no_reference", False), ("lost_callback", True)
    ]  # fmt: skip
    assert Entry.objects.filter(kind=EntryKind.PAID_BANK).count() == 1 and StatementRow.objects.count() == 2


@pytest.mark.django_db
def test_the_match_of_a_day_takes_the_same_queries_however_many_lines(django_assert_max_num_queries: object) -> None:
    rows = "\n".join(f"{number},2026-03-02,1000,x" for number in range(30))
    import_statement(
        f"id,date,amount,text\n{rows}\n".encode(), name="b", source="bank", agency_code="H29.1", actor=SYSTEM, now=NOW
    )
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture of pytest-django
        assert len(compare_day(ON).differences) == 30
