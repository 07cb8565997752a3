"""Bank statements by the two standards of banks: SWIFT MT940 (by the library mt-940) and ISO 20022 camt.053.

Where a file gives its opening and closing balance, its lines must lead from one to the other: half a file is refused.
Source: SWIFT MT940 Customer Statement Message; ISO 20022 camt.053.001 (any version: names are read, not the year).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import mt940
from lxml import etree
from mt940.options import Options

from motcua.kernel.messages import N_
from motcua.payments.rules.references import find_reference
from motcua.payments.types import StatementLine, StatementRefused

MAX_ENTRIES = 200_000
_SUBFIELD = re.compile(r"\?[0-9]{2}")  # codes of a structured :86:; they cut a reference in two


def read_mt940(content: bytes) -> tuple[StatementLine, ...]:
    """Read an MT940 file; the bank's own reference (after "//") names the movement. Raises: StatementRefused."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if not re.search(r"^:61:", text, re.MULTILINE):
        raise StatementRefused(N_("không có dòng :61: nào của MT940"))
    try:
        statement = mt940.parse(text, options=Options.all())
        found = [dict(each.data) for each in statement]
    except Exception as error:
        raise StatementRefused(N_("tệp MT940 bị hỏng")) from error
    lines = []
    for number, data in enumerate(found, start=1):
        details = _SUBFIELD.sub("", str(data.get("transaction_details") or "").replace("\n", ""))
        words = f"{details} {data.get('customer_reference') or ''}"
        own_id = str(data.get("bank_reference") or "").strip() or f"{data.get('transaction_reference', '')}/{number}"
        amount, on = data.get("amount"), data.get("date")
        if amount is None or on is None or not own_id.strip("/"):
            raise StatementRefused(N_("dòng :61: thứ %(number)s thiếu ngày hoặc số tiền", number=number))
        lines.append(_line(own_id, amount.amount, str(amount.currency), date(on.year, on.month, on.day), words, number))
    if text.count("\n:62F:") == 1:
        _check_balances(
            lines, _mt940_balance(statement.data.get("final_opening_balance")),
            _mt940_balance(statement.data.get("final_closing_balance")),
        )  # fmt: skip
    return tuple(lines)


def _mt940_balance(balance: Any) -> Decimal | None:
    return balance.amount.amount if balance is not None and balance.amount is not None else None


def _check_balances(lines: Sequence[StatementLine], opening: Decimal | None, closing: Decimal | None) -> None:
    if opening is None or closing is None:
        return
    if opening + sum(line.amount_vnd for line in lines) != closing:
        raise StatementRefused(N_("số dư cuối không bằng số dư đầu cộng các dòng; tệp có thể thiếu, hãy tải lại"))


def read_camt053(content: bytes) -> tuple[StatementLine, ...]:
    """Read a camt.053 file: booked entries, named by the servicer's reference. Entities stay unread.

    Raises: StatementRefused.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementRefused(N_("tệp XML bị hỏng")) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know another DocInfo
        raise StatementRefused(N_("tệp XML có khai báo DTD"))
    entries = root.findall(".//{*}Ntry")
    if "camt.053" not in (etree.QName(root).namespace or "") or len(entries) > MAX_ENTRIES:
        raise StatementRefused(N_("không phải sao kê camt.053, hoặc dài quá 200.000 dòng"))
    booked = [
        each
        for each in entries
        if _text(each, "{*}Sts") in ("", "BOOK") and _text(each, "{*}Sts/{*}Cd") in ("", "BOOK")
    ]
    lines = [line for number, each in enumerate(booked, start=1) for line in _read_entry(each, number)]
    if len(root.findall(".//{*}Stmt")) == 1:
        _check_balances(lines, _camt_balance(root, "OPBD"), _camt_balance(root, "CLBD"))
    return tuple(lines)


def _camt_balance(root: etree._Element, code: str) -> Decimal | None:
    for balance in root.iterfind(".//{*}Stmt/{*}Bal"):
        if _text(balance, "{*}Tp/{*}CdOrPrtry/{*}Cd") == code:
            value = _decimal(_text(balance, "{*}Amt"))
            return -value if value is not None and _text(balance, "{*}CdtDbtInd") == "DBIT" else value
    return None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _read_entry(entry: etree._Element, number: int) -> tuple[StatementLine, ...]:
    """Read one booking; one that stands for several transfers gives a line for each, when their sums are told."""
    whole = _read_booking(entry, number)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    sums = [_decimal(_text(each, "{*}Amt") or _text(each, "{*}AmtDtls/{*}TxAmt/{*}Amt")) for each in details]
    known = [value for value in sums if value is not None]
    if len(details) < 2 or len(known) != len(details) or sum(known) != abs(whole.amount_vnd):
        return (whole,)
    sign = -1 if whole.amount_vnd < 0 else 1
    parts = []
    for index, (each, value) in enumerate(zip(details, known, strict=True), start=1):
        own_id = _text(each, "{*}Refs/{*}AcctSvcrRef") or f"{whole.external_id.partition(':')[2]}/{index}"
        parts.append(_line(own_id, sign * value, "VND", whole.on, _words(each), number))
    if len({part.external_id for part in parts}) != len(parts):
        return (whole,)
    return tuple(parts)


def _words(node: etree._Element) -> str:
    return " ".join(
        (each.text or "")
        for each in node.iter()
        if isinstance(each.tag, str) and etree.QName(each).localname in ("Ustrd", "EndToEndId", "Ref", "AddtlTxInf")
    )


def _read_booking(entry: etree._Element, number: int) -> StatementLine:
    amount, side = entry.find("{*}Amt"), _text(entry, "{*}CdtDbtInd")
    own_id = _text(entry, "{*}AcctSvcrRef") or _text(entry, "{*}NtryDtls/{*}TxDtls/{*}Refs/{*}AcctSvcrRef")
    day = _text(entry, "{*}BookgDt/{*}Dt") or _text(entry, "{*}BookgDt/{*}DtTm")[:10]
    words = " ".join(filter(None, (*map(_words, entry.findall("{*}NtryDtls")), _text(entry, "{*}AddtlNtryInf"))))
    try:
        value, on = Decimal((amount.text or "").strip() if amount is not None else ""), date.fromisoformat(day)
    except (InvalidOperation, ValueError) as error:
        raise StatementRefused(N_("dòng thứ %(number)s thiếu ngày hoặc số tiền", number=number)) from error
    if amount is None or side not in ("CRDT", "DBIT") or not own_id:
        raise StatementRefused(N_("dòng thứ %(number)s thiếu chiều tiền hoặc mã của ngân hàng", number=number))
    return _line(own_id, value if side == "CRDT" else -value, amount.get("Ccy", ""), on, words, number)


def _line(own_id: str, value: Decimal, currency: str, on: date, words: str, number: int) -> StatementLine:
    if currency != "VND" or not value.is_finite() or value != int(value) or not 0 < abs(value) < 10**15:
        raise StatementRefused(N_("dòng thứ %(number)s không phải số đồng nguyên", number=number))
    words = "".join(sign for sign in words if sign.isprintable())[:500]
    return StatementLine(
        external_id=f"bank:{own_id[:100]}", amount_vnd=int(value), on=on, text=words, reference=find_reference(words)
    )


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path) or "").strip()
