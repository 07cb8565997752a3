"""Bank statements by SWIFT MT940, read by the library mt-940: each statement of a file for itself.

Where a statement gives its opening and closing balance, its lines must lead from one to the other: half a file is
refused. A line's day is that of booking where the bank gives it, as in the other forms.
Source: SWIFT MT940 Customer Statement Message.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from datetime import date
from typing import Any

import mt940
from mt940.options import Options

from motcua.kernel.messages import N_
from motcua.payments.rules.statement_lines import check_balances, decode, make_line
from motcua.payments.types import StatementLine, StatementRefused

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it writes out what it cannot read: names of payers
LOOKS_LIKE = re.compile(r"^:(?:20|25|28C?|60[FM]|61):", re.MULTILINE)
_STARTS = re.compile(r"^(?=:20:)", re.MULTILINE)
_ENVELOPE = re.compile(r"^(?:\{[1-3]:.*)?\{4:\s*|^-(?:\}.*)?\s*$", re.MULTILINE)
_AFTER_CLOSING = re.compile(r"^:62[FM]:")  # what follows speaks of the whole statement, not of its last line
_TAGS = re.compile(r"^(?=:[0-9]{2}[A-Z]?:)", re.MULTILINE)
_SUBFIELD = re.compile(r"\?[0-9]{2}")  # codes of a structured :86:; they cut a reference in two


def read_mt940(content: bytes) -> tuple[StatementLine, ...]:
    """Read an MT940 file; the bank's own reference (after "//") names the movement. Raises: StatementRefused."""
    text = _ENVELOPE.sub("", decode(content))
    if not LOOKS_LIKE.search(text):
        raise StatementRefused(N_("không có dòng :61: nào của MT940"))
    lines: list[StatementLine] = []
    seen: Counter[str] = Counter()
    for part in _STARTS.split(text):
        if LOOKS_LIKE.search(part):
            lines += _read_one(part, seen, first=len(lines) + 1)
    return tuple(lines)


def _read_one(text: str, seen: Counter[str], *, first: int) -> list[StatementLine]:
    try:
        statement = mt940.parse(_without_closing_words(text), options=Options.all())
        found = [dict(each.data) for each in statement]
    except Exception as error:
        raise StatementRefused(N_("tệp MT940 bị hỏng")) from error
    has_currency = re.search(r"^:60[FM]:", text, re.MULTILINE) is not None
    if found and not has_currency:
        raise StatementRefused(N_("thiếu dòng :60F: (số dư đầu), nên không biết loại tiền"))
    account = str(statement.data.get("account_identification") or "")
    lines = [_read_line(data, number, account, seen) for number, data in enumerate(found, start=first)]
    opening, closing = (_balance(statement.data, f"_{name}_balance") for name in ("opening", "closing"))
    check_balances(lines, opening, closing)
    return lines


def _without_closing_words(text: str) -> str:
    """Return the statement without what speaks of all of it: a :86: after the closing balance is of no line."""
    kept, is_closed = [], False
    for tag in _TAGS.split(text):
        is_closed = is_closed or _AFTER_CLOSING.match(tag) is not None
        if not (is_closed and tag.startswith(":86:")):
            kept.append(tag)
    return "".join(kept)


def _read_line(data: dict[str, Any], number: int, account: str, seen: Counter[str]) -> StatementLine:
    amount, day = data.get("amount"), data.get("entry_date") or data.get("date")
    if amount is None or not isinstance(day, date):
        raise StatementRefused(N_("dòng :61: thứ %(number)s thiếu ngày hoặc số tiền", number=number))
    details = _SUBFIELD.sub("", str(data.get("transaction_details") or "").replace("\n", ""))
    extra = str(data.get("extra_details") or "").strip()
    own = str(data.get("customer_reference") or "").strip()
    words = " ".join(filter(None, (details, extra, "" if own == "NONREF" else own)))
    bank_id = str(data.get("bank_reference") or "").strip().strip("/")
    on = date(day.year, day.month, day.day)
    said = f"{account}|{on}|{amount.amount}|{words}"
    seen[said] += 1
    return make_line(
        bank_id, amount.amount, str(amount.currency or ""), on, words, number, account=account, nth=seen[said]
    )


def _balance(data: dict[str, Any], name: str) -> Any:
    found = data.get(f"final{name}") or data.get(f"intermediate{name}")
    return found.amount.amount if found is not None and found.amount is not None else None
