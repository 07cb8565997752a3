"""Statements as other banks write them: several in a file, reversals, pages, old encodings, sums in every writing."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.payments.actions.paying import start_payment
from motcua.payments.actions.reconciling import reconcile
from motcua.payments.actions.statements import import_statement
from motcua.payments.models import Entry, StatementRow
from motcua.payments.queries.charges import get_charge
from motcua.payments.rules.references import make_reference
from motcua.payments.rules.statement_csv import read_amount
from motcua.payments.rules.statements import read_statement
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import EntryKind, StatementLine, StatementRefused

REFERENCE = make_reference(77)
HEAD = ":20:STARTUMSE\n:25:0011001932418\n:28C:1/1\n:60F:C260301VND1000,\n"
NS = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.{}"


def _read(text: str, *, encoding: str = "utf-8") -> list[StatementLine]:
    return list(read_statement(text.encode(encoding), source="bank"))


def _said(lines: list[StatementLine]) -> list[tuple[str, int, str]]:
    return [(each.external_id, each.amount_vnd, each.on.isoformat()) for each in lines]


def _camt(body: str, *, version: str = "08", prefix: str = "") -> str:
    name = f":{prefix}" if prefix else ""
    whole = f"<Document xmlns{name}='{NS.format(version)}'><BkToCstmrStmt>{body}</BkToCstmrStmt></Document>"
    return re.sub(r"<(/?)(?=[A-Z])", rf"<\1{prefix}:", whole) if prefix else whole


def _entry(number: int, amount: str = "100", *, side: str = "CRDT", more: str = "", details: str = "") -> str:
    return (
        f"<Ntry><Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}<Sts>BOOK</Sts><BookgDt><Dt>2026-03-01"
        f"</Dt></BookgDt><AcctSvcrRef>F{number}</AcctSvcrRef>{details}</Ntry>"
    )


def _balance(code: str, amount: int) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='VND'>{abs(amount)}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd></Bal>"
    )


def test_each_statement_of_an_mt940_file_is_held_against_its_own_balances() -> None:
    second = ":20:B\n:25:1\n:28C:2/1\n:60F:C260302VND1100,\n:61:2603020302D50,NTRFNONREF//F2\n:86:phi\n"
    second += ":62F:C260302VND{},\n-\n"
    first = (
        f"{HEAD}:61:2603010301C100,NTRFX//F1\n:86:{REFERENCE[:9]}\n{REFERENCE[9:]} cam on\n:62F:C260301VND1100,\n-\n"
    )
    lines = _read(first + second.format(1050))
    assert _said(lines) == [("bank:F1", 100, "2026-03-01"), ("bank:F2", -50, "2026-03-02")]
    assert lines[0].reference == REFERENCE and lines[1].text == "phi"
    with pytest.raises(StatementRefused, match="số dư cuối"):
        _read(first + second.format(1060))
    with pytest.raises(StatementRefused, match="số dư cuối"):
        _read(first.replace("VND1100,", "VND1200,") + second.format(1050))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (":61:260301RC100,NTRFX//F1\n:86:a\n:61:260301RD30,NTRFX//F2\n", [("F1", -100), ("F2", 30)]),  # reversals
        (":61:2603010301CD100,00NTRFX//F1\n", [("F1", 100)]),  # a funds code
        (":61:260301C100,NTRFNONREF//F1\nchi tiet them\n:86:a\n", [("F1", 100)]),
        (":61:260301C100,NTRFX//F1\n:61:260301D100,NTRFX//F1\n", [("F1", 100), ("F1", -100)]),  # came, went back
    ],
)
def test_an_mt940_line_is_read_by_its_mark(lines: str, said: list[tuple[str, int]]) -> None:
    closing = 1000 + sum(amount for _name, amount in said)
    found = _read(f"{HEAD}{lines}:62F:C260301VND{closing},\n-}}\n")
    assert [(each.external_id, each.amount_vnd) for each in found] == [(f"bank:{name}", vnd) for name, vnd in said]


def test_what_an_mt940_file_says_of_all_its_lines_belongs_to_none() -> None:
    (line,) = _read(f"{HEAD}:61:260301C100,NTRFX//F1\n:86:CK\n:62F:C260301VND1100,\n:86:{REFERENCE}\n")
    assert line.reference == "" and "CK" in line.text
    assert _read(f"{HEAD}:62F:C260301VND1000,\n") == []  # a day on which nothing happened


@pytest.mark.parametrize("form", ["{1:F01BANKVNVX}{2:I940BANK}{4:\n%s-}{5:{CHK:1}}", "\ufeff%s", "%s"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_an_mt940_file_is_read_in_every_wrapping(form: str, encoding: str, ends: str) -> None:
    text = form % f"{HEAD}:61:2601021231C100,NTRFX//F1\n:86:Lệ phí\n:62F:C260301VND1100,\n"
    (line,) = _read(text.replace("\n", ends), encoding=encoding)
    assert _said([line]) == [("bank:F1", 100, "2025-12-31")]  # the day of booking, in the year before


def test_a_movement_without_a_name_is_named_by_what_it_says_the_same_in_every_file() -> None:
    one = ":61:260301C100,NTRFNONREF\n:86:ong A\n"
    day = f"{HEAD}{one}{one}:62F:C260301VND1200,\n"
    again = f"{HEAD}{one}{one}:61:260302C100,NTRFNONREF\n:86:ong A\n:62F:C260302VND1300,\n"
    first, later = _said(_read(day)), _said(_read(again))
    assert later[:2] == first and len({name for name, _vnd, _on in later}) == 3  # two alike on one day are two
    nameless = _entry(1).replace("<AcctSvcrRef>F1</AcctSvcrRef>", "<AcctSvcrRef>NOTPROVIDED</AcctSvcrRef>")
    assert len({line.external_id for line in _read(_camt(f"<Stmt>{nameless}{nameless}</Stmt>"))}) == 2


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("VND", "USD") + ":61:260301C100,NTRFX//F1\n",
        _camt(f"<Stmt>{_entry(1).replace('VND', 'USD')}</Stmt>"),
        "Mã GD;Ngày;Số tiền;Loại tiền\n1;01/03/2026;5;USD\n",
    ],
)
def test_another_currency_is_named(text: str) -> None:
    with pytest.raises(StatementRefused, match="USD"):
        _read(text)


def test_a_file_without_an_opening_balance_has_no_currency_and_one_without_an_end_is_read() -> None:
    with pytest.raises(StatementRefused, match=":60F:"):
        _read(":20:A\n:25:1\n:61:260301C100,NTRFX//F1\n")
    assert len(_read(f"{HEAD}:61:260301C100,NTRFX//F1\n")) == 1


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "10", "13"])
@pytest.mark.parametrize("prefix", ["", "n"])
def test_a_camt_file_of_every_version_and_prefix_is_read(version: str, prefix: str) -> None:
    body = f"<Stmt>{_balance('OPBD', 0)}{_entry(1)}{_balance('CLBD', 100)}</Stmt>"
    body += f"<Stmt>{_balance('PRCD', 100)}{_entry(2, side='DBIT')}{_balance('CLBD', 0)}</Stmt>"
    assert [each.amount_vnd for each in _read(_camt(body, version=version, prefix=prefix))] == [100, -100]
    with pytest.raises(StatementRefused, match="số dư cuối"):
        _read(_camt(body.replace(">0<", ">7<"), version=version, prefix=prefix))


def test_a_camt_batch_is_taken_apart_where_its_sums_are_told() -> None:
    part = "<TxDtls><Refs>{name}<EndToEndId>{ref}</EndToEndId></Refs><Amt Ccy='{ccy}'>{vnd}</Amt>{side}</TxDtls>"
    back = "<CdtDbtInd>DBIT</CdtDbtInd>"

    def batch(*parts: str) -> list[tuple[str, int, str]]:
        details = f"<NtryDtls>{''.join(parts)}</NtryDtls>"
        lines = _read(_camt(f"<Stmt>{_entry(1, details=details)}</Stmt>"))
        return [(each.external_id, each.amount_vnd, each.reference) for each in lines]

    own = part.format(name="<AcctSvcrRef>P1</AcctSvcrRef>", ref=REFERENCE, ccy="VND", vnd=130, side="")
    returned = part.format(name="<TxId>P2</TxId>", ref="NOTPROVIDED", ccy="VND", vnd=30, side=back)
    assert batch(own, returned) == [("bank:P1", 130, REFERENCE), ("bank:P2", -30, "")]
    same = part.format(name="<AcctSvcrRef>F1</AcctSvcrRef>", ref="", ccy="VND", vnd=50, side="")
    assert [name for name, _vnd, _ref in batch(same, same)] == ["bank:F1/1", "bank:F1/2"]
    foreign = part.format(name="", ref="", ccy="EUR", vnd=50, side="")
    assert batch(foreign, foreign) == [("bank:F1", 100, "")]
    assert batch(own, own) == [("bank:F1", 100, REFERENCE)]  # sums that do not add up: the booking stands as one


def test_a_camt_moment_counts_by_the_day_in_viet_nam_and_a_reversal_goes_its_own_way() -> None:
    moment = _entry(1).replace("<Dt>2026-03-01</Dt>", "<DtTm>2026-03-01T18:30:00Z</DtTm>")
    back = _entry(1, side="DBIT", more="<RvslInd>true</RvslInd>").replace("BookgDt", "ValDt")
    lines = _read(_camt(f"<Stmt>{moment}{back}</Stmt>"), encoding="utf-16")
    assert _said(lines) == [("bank:F1", 100, "2026-03-02"), ("bank:F1", -100, "2026-03-01")]


def test_a_line_that_cannot_be_read_is_not_written_into_a_log(caplog: pytest.LogCaptureFixture) -> None:
    broken = f"{HEAD}:61:260301C100,NTRFX//F1\n:86:Nguyen Van Thu\n:62F:C26030XVND1100,\n"
    with pytest.raises(StatementRefused):
        _read(broken)
    assert "Nguyen" not in caplog.text and "26030X" not in caplog.text


AS_WRITTEN = (
    "1.100.000", "1,100,000", "1 100 000", "1\u00a0100\u00a0000 ₫", "1.100.000,00", "1,100,000.00", "1100000.0",
    "1.100.000 VNĐ", "+1.100.000đ", "1’100’000",
)  # fmt: skip


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_sum_is_read_in_every_writing_in_and_out(text: str) -> None:
    assert read_amount(text) == 1_100_000
    bare = text.lstrip("+")
    assert [read_amount(each) for each in (f"-{bare}", f"\u2212 {bare}", f"({bare})", f"{bare}-")] == [-1_100_000] * 4


@given(st.integers(-(10**14), 10**14), st.sampled_from([".", ",", " ", "\u00a0", ""]), st.booleans())
def test_a_sum_with_any_mark_between_its_groups_is_itself(amount: int, mark: str, with_cents: bool) -> None:
    cents = ({".": ",00", ",": ".00"}.get(mark, ".00")) if with_cents else ""
    assert read_amount(f"{amount:,}".replace(",", mark) + cents) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=1, max_value=10**9))
def test_a_part_of_a_dong_is_never_rounded(amount: Decimal) -> None:
    if amount != int(amount):
        with pytest.raises(ValueError, match="amount"):
            read_amount(str(amount))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_csv_as_the_banks_of_the_city_hand_it_out(encoding: str) -> None:
    text = (
        "NGÂN HÀNG THỬ;;;;\nSao kê tài khoản: 123;;Từ ngày: 01/03/2026;;\n"
        "Số bút toán;Ngày giao dịch (Date);Phát sinh nợ;Phát sinh có;Diễn giải\n"
        f'F1;1/3/2026 10:20:30;-;100.000;"CK; {REFERENCE}"\nF2;01-03-2026;50.000;0;phí\n'
        "Tổng cộng;;50.000;100.000;\n;;;;Số dư cuối kỳ: 50.000\n"
    )
    lines = _read(text, encoding=encoding)
    assert _said(lines) == [("bank:F1", 100_000, "2026-03-01"), ("bank:F2", -50_000, "2026-03-01")]
    assert lines[0].reference == REFERENCE


def test_a_row_without_a_day_that_is_no_sum_is_refused_and_so_is_an_old_encoding() -> None:
    with pytest.raises(StatementRefused, match="dòng 2"):
        _read("id,date,amount\nF1,,100\n")
    with pytest.raises(StatementRefused, match="UTF-8"):
        _read("id,date,amount,text\nF1,2026-03-01,5,ti\u1ec1n\n".replace("\u1ec1", "e\u0300"), encoding="cp1258")
    assert len(_read("sep=;\nid;date;amount\nF1;2026-03-01;5\n")) == 1


def _import(text: str, *, source: str = "bank") -> None:
    import_statement(
        text.encode(), name="s", source="gateway" if source == "gateway" else "bank", agency_code="H29.1",
        actor=SYSTEM, now=NOW,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
def test_a_bank_that_takes_money_back_under_the_same_name_opens_the_fee_again() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    _import(f"id,date,amount,text\nF1,2026-03-02,100000,{payment.reference}\n")
    assert reconcile(NOW.date(), now=NOW).applied == 1 and get_charge(charge.uuid).open_vnd == 0
    _import(f"id,date,amount,text\nF1,2026-03-02,-100000,{payment.reference}\n")  # another day's file
    assert StatementRow.objects.count() == 2
    assert (reconcile(NOW.date(), now=NOW).applied, get_charge(charge.uuid).open_vnd) == (1, 100_000)
    assert reconcile(NOW.date(), now=NOW).applied == 0
    assert Entry.objects.filter(kind=EntryKind.CHARGED_BACK_BANK).count() == 1


@pytest.mark.django_db
def test_what_the_gateway_keeps_for_itself_is_an_entry_of_its_own() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vnpay", key="k", now=NOW)
    rows = f"7,payment,{payment.reference},100000,1650,2026-03-02\n8,fee,,-350,,2026-03-02\n"
    settled = "QT1,settlement,,98000,,2026-03-02\n"
    _import(f"id,type,order,amount,fee,date\n{rows}{settled}", source="gateway")
    _import("id,date,amount,text\nB1,2026-03-02,98000,VNPAY QT1\n")
    report = reconcile(NOW.date(), now=NOW)
    assert (report.applied, report.unexplained) == (4, ())
    assert reconcile(NOW.date(), now=NOW).applied == 0
    kept = Entry.objects.filter(kind=EntryKind.GATEWAY_FEE).values_list("amount_vnd", "debit__kind", "credit__kind")
    assert sorted(kept) == [(350, "bank_fee", "gateway"), (1650, "bank_fee", "gateway")]
    at_gateway = Entry.objects.filter(debit__kind="gateway").values_list("amount_vnd", flat=True)
    left = Entry.objects.filter(credit__kind="gateway").values_list("amount_vnd", flat=True)
    assert sum(at_gateway) == sum(left) == 100_000
