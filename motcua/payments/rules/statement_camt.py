"""Bank statements by ISO 20022 camt.053, of any version: names are read, not the year. Each statement for itself.

Read with lxml by hand, for the reasons of docs/adr/0042. Entities stay unread, a file with a DTD is refused. Where a
statement gives its opening and closing balance, its booked entries must lead from one to the other.
Source: ISO 20022 camt.053.001, BankToCustomerStatement.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from motcua.kernel.clock import HCM
from motcua.kernel.messages import N_
from motcua.payments.rules.statement_lines import check_balances, make_line
from motcua.payments.types import StatementLine, StatementRefused

MAX_ENTRIES = 200_000
_WORDS = frozenset({"Ustrd", "EndToEndId", "Ref", "AddtlRmtInf", "AddtlTxInf"})
_NO_NAMES = frozenset({"", "NOTPROVIDED", "NONREF"})
_OWN_NAMES = ("AcctSvcrRef", "TxId", "PrtryRef", "ClrSysRef")


def read_camt053(content: bytes) -> tuple[StatementLine, ...]:
    """Read a camt.053 file: booked entries, named by the servicer's reference. Raises: StatementRefused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content.lstrip(b" \r\n\t"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementRefused(N_("tệp XML bị hỏng")) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know another DocInfo
        raise StatementRefused(N_("tệp XML có khai báo DTD"))
    if "camt.053" not in (etree.QName(root).namespace or "") or len(root.findall(".//{*}Ntry")) > MAX_ENTRIES:
        raise StatementRefused(N_("không phải sao kê camt.053, hoặc dài quá 200.000 dòng"))
    lines: list[StatementLine] = []
    seen: Counter[str] = Counter()
    for statement in root.iterfind(".//{*}Stmt"):
        lines += _read_statement(statement, seen, first=len(lines) + 1)
    return tuple(lines)


def _read_statement(statement: etree._Element, seen: Counter[str], *, first: int) -> list[StatementLine]:
    account = _text(statement, "{*}Acct/{*}Id/{*}IBAN") or _text(statement, "{*}Acct/{*}Id/{*}Othr/{*}Id")
    booked = [each for each in statement.iterfind("{*}Ntry") if _is_booked(each)]
    lines = [
        line
        for number, each in enumerate(booked, start=first)
        for line in _read_entry(each, number=number, account=account, seen=seen)
    ]
    opening = _balance(statement, "OPBD")
    check_balances(lines, opening if opening is not None else _balance(statement, "PRCD"), _balance(statement, "CLBD"))
    return lines


def _is_booked(entry: etree._Element) -> bool:
    return _text(entry, "{*}Sts") in ("", "BOOK") and _text(entry, "{*}Sts/{*}Cd") in ("", "BOOK")


def _balance(statement: etree._Element, code: str) -> Decimal | None:
    """Return the one balance of a code; None where there is none, or several pages have their own."""
    found = [each for each in statement.iterfind("{*}Bal") if _text(each, "{*}Tp/{*}CdOrPrtry/{*}Cd") == code]
    if len(found) != 1:
        return None
    value = _decimal(_text(found[0], "{*}Amt"))
    return -value if value is not None and _text(found[0], "{*}CdtDbtInd") == "DBIT" else value


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _read_entry(entry: etree._Element, *, number: int, account: str, seen: Counter[str]) -> tuple[StatementLine, ...]:
    """Read one booking; one that stands for several transfers gives a line for each, when their sums are told."""
    whole = _read_booking(entry, number, account, seen)
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    sums = [_detail_vnd(each, is_out=whole.amount_vnd < 0) for each in details]
    known = [value for value in sums if value is not None]
    if len(details) < 2 or len(known) != len(details) or sum(known) != whole.amount_vnd or not all(known):
        return (whole,)
    names = [_own_name(each.find("{*}Refs")) for each in details]
    if "" in names or len(set(names)) != len(names):
        names = [f"{whole.external_id.partition(':')[2]}/{index}" for index in range(1, len(details) + 1)]
    return tuple(
        make_line(name, value, "VND", whole.on, _words(each), number)
        for name, value, each in zip(names, known, details, strict=True)
    )


def _detail_vnd(detail: etree._Element, *, is_out: bool) -> Decimal | None:
    """Return the signed sum of one transfer within a booking; its own direction counts where it is told."""
    amount = detail.find("{*}Amt")
    if amount is None:
        amount = detail.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    if amount is None or amount.get("Ccy") != "VND":
        return None
    value, side = _decimal((amount.text or "").strip()), _text(detail, "{*}CdtDbtInd")
    return -value if value is not None and (side == "DBIT" if side else is_out) else value


def _own_name(refs: etree._Element | None) -> str:
    """Return what the bank calls a movement; a payer's EndToEndId is no name: it comes twice."""
    names = [_text(refs, f"{{*}}{name}") for name in _OWN_NAMES] if refs is not None else []
    return next((name for name in names if name.upper() not in _NO_NAMES), "")


def _words(node: etree._Element) -> str:
    return " ".join(
        (each.text or "").strip()
        for each in node.iter()
        if isinstance(each.tag, str)
        and etree.QName(each).localname in _WORDS
        and (each.text or "").strip() not in _NO_NAMES
    )


def _read_booking(entry: etree._Element, number: int, account: str, seen: Counter[str]) -> StatementLine:
    amount, side = entry.find("{*}Amt"), _text(entry, "{*}CdtDbtInd")
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    own_id = _text(entry, "{*}AcctSvcrRef")
    if own_id.upper() in _NO_NAMES:
        own_id = _own_name(details[0].find("{*}Refs")) if len(details) == 1 else ""
    words = " ".join(filter(None, (*map(_words, entry.findall("{*}NtryDtls")), _text(entry, "{*}AddtlNtryInf"))))
    try:
        value, on = Decimal((amount.text or "").strip() if amount is not None else ""), _read_day(entry)
    except (InvalidOperation, ValueError) as error:
        raise StatementRefused(N_("dòng thứ %(number)s thiếu ngày hoặc số tiền", number=number)) from error
    if amount is None or side not in ("CRDT", "DBIT"):
        raise StatementRefused(N_("dòng thứ %(number)s thiếu chiều tiền vào hay ra", number=number))
    said = f"{account}|{on}|{side}{value}|{words}"
    seen[said] += 1
    signed = value if side == "CRDT" else -value
    currency = amount.get("Ccy", "")
    return make_line(own_id, signed, currency, on, words, number, account=account, nth=seen[said])


def _read_day(entry: etree._Element) -> date:
    """Return the day of booking, else of value. A moment with an offset counts by the day in Việt Nam."""
    for name in ("BookgDt", "ValDt"):
        day, moment = _text(entry, f"{{*}}{name}/{{*}}Dt"), _text(entry, f"{{*}}{name}/{{*}}DtTm")
        if day:
            return date.fromisoformat(day[:10])
        if moment:
            read = datetime.fromisoformat(moment)
            return (read.astimezone(HCM) if read.tzinfo else read).date()
    raise ValueError("no day")


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path) or "").strip()
