"""Bank statements by the two standards of banks: SWIFT MT940 (by the library mt-940) and ISO 20022 camt.053.

Source: SWIFT MT940 Customer Statement Message; ISO 20022 camt.053.001 (any version: names are read, not the year).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

import mt940
from lxml import etree

from motcua.kernel.messages import N_
from motcua.payments.rules.references import find_reference
from motcua.payments.types import StatementLine, StatementRefused

MAX_ENTRIES = 200_000


def read_mt940(content: bytes) -> tuple[StatementLine, ...]:
    """Read an MT940 file; the bank's own reference (after "//") names the movement. Raises: StatementRefused."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if not re.search(r"^:61:", text, re.MULTILINE):
        raise StatementRefused(N_("không có dòng :61: nào của MT940"))
    try:
        found = [dict(each.data) for each in mt940.parse(text)]
    except Exception as error:
        raise StatementRefused(N_("tệp MT940 bị hỏng")) from error
    lines = []
    for number, data in enumerate(found, start=1):
        words = f"{data.get('transaction_details') or ''} {data.get('customer_reference') or ''}".replace("\n", "")
        own_id = str(data.get("bank_reference") or "").strip() or f"{data.get('transaction_reference', '')}/{number}"
        amount, on = data.get("amount"), data.get("date")
        if amount is None or on is None or not own_id.strip("/"):
            raise StatementRefused(N_("dòng :61: thứ %(number)s thiếu ngày hoặc số tiền", number=number))
        lines.append(_line(own_id, amount.amount, str(amount.currency), date(on.year, on.month, on.day), words, number))
    return tuple(lines)


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
    return tuple(_read_entry(each, number) for number, each in enumerate(booked, start=1))


def _read_entry(entry: etree._Element, number: int) -> StatementLine:
    amount, side = entry.find("{*}Amt"), _text(entry, "{*}CdtDbtInd")
    own_id = _text(entry, "{*}AcctSvcrRef") or _text(entry, "{*}NtryDtls/{*}TxDtls/{*}Refs/{*}AcctSvcrRef")
    day = _text(entry, "{*}BookgDt/{*}Dt") or _text(entry, "{*}BookgDt/{*}DtTm")[:10]
    words = " ".join(
        (node.text or "")
        for node in entry.iterfind(".//{*}NtryDtls//*")
        if isinstance(node.tag, str) and etree.QName(node).localname in ("Ustrd", "EndToEndId", "Ref")
    )
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
