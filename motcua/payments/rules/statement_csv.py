"""Statements as CSV: a bank's, and a gateway's report. Columns by name, Vietnamese or English; amounts whole đồng."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from motcua.kernel.messages import N_
from motcua.payments.rules.references import find_reference
from motcua.payments.rules.statement_lines import decode
from motcua.payments.types import LineKind, StatementLine, StatementRefused

MAX_ROWS = 200_000
MAX_HEAD = 30  # lines about the account that stand above the names of the columns
_NAMES: Mapping[str, str] = {
    "id": "id", "ma giao dich": "id", "ma gd": "id", "so but toan": "id", "so tham chieu": "id", "so chung tu": "id",
    "so ct": "id", "transaction no": "id", "transaction id": "id", "reference": "id", "reference no": "id",
    "reference number": "id", "date": "on", "ngay": "on", "ngay gd": "on", "ngay giao dich": "on",
    "ngay hach toan": "on", "booking date": "on", "posting date": "on", "transaction date": "on",
    "amount": "amount", "so tien": "amount", "so tien gd": "amount", "credit": "credit", "ghi co": "credit",
    "phat sinh co": "credit", "tien vao": "credit", "debit": "debit", "ghi no": "debit", "phat sinh no": "debit",
    "tien ra": "debit", "text": "text", "noi dung": "text", "noi dung giao dich": "text", "dien giai": "text",
    "mo ta": "text", "description": "text", "details": "text", "remark": "text", "type": "kind", "loai": "kind",
    "order": "reference", "ma don": "reference", "txn ref": "reference", "currency": "currency",
    "loai tien": "currency", "tien te": "currency", "fee": "fee", "phi": "fee", "phi giao dich": "fee",
}  # fmt: skip
_KINDS: Mapping[str, LineKind] = {
    "payment": "money", "thanh toan": "money", "refund": "refunded", "hoan": "refunded",
    "chargeback": "charged_back", "doi lai": "charged_back", "settlement": "settlement", "quyet toan": "settlement",
    "fee": "fee", "phi": "fee", "phi cong": "fee",
}  # fmt: skip
_SUMS = ("tong", "cong", "total", "so du", "balance", "opening", "closing")  # rows that sum up, no movements
_MONEY = re.compile(r"(?:VND|VNĐ|đồng|đ|₫)", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}")
_CENTS = re.compile(r"[.,]0{1,2}\Z")
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?![0-9])")
_MAX_VND = 10**15


def read_bank_csv(content: bytes) -> tuple[StatementLine, ...]:
    """Read a bank's statement. Raises: StatementRefused with the line that cannot be read."""
    return tuple(_to_line(row, number, prefix="bank") for number, row in _rows(content))


def read_gateway_csv(content: bytes) -> tuple[StatementLine, ...]:
    """Read a gateway's report; money taken back and its fees are negative, whatever their sign in the file.

    Raises: StatementRefused with the line that cannot be read.
    """
    lines: list[StatementLine] = []
    for number, row in _rows(content):
        lines.append(_to_line(row, number, prefix="vnpay"))
        if row.get("fee", "").strip():
            lines += _read_fee(row, lines[-1], number)
    return tuple(lines)


def _read_fee(row: Mapping[str, str], line: StatementLine, number: int) -> list[StatementLine]:
    """Return what the gateway kept of a movement, as a line of its own beside it."""
    try:
        fee = abs(read_amount(row["fee"]))
    except ValueError as error:
        raise StatementRefused(N_("dòng %(line)s thiếu hoặc sai ngày, số tiền hay loại", line=number)) from error
    if not fee or line.kind == "fee":
        return []
    return [replace(line, external_id=f"{line.external_id}:phi", kind="fee", amount_vnd=-fee)]


def read_amount(text: str) -> int:
    """Read whole đồng in any writing that has one meaning: 100000, 100.000, 1,100,000.00, (5.000), 5.000- .

    A part of a đồng, a single mark with one or two other digits behind it, groups of another size: in doubt, refused.
    Raises: ValueError.
    """
    bare = re.sub(r"\s+", " ", _MONEY.sub("", text).replace("\u2212", "-").replace("\u2019", " ")).strip()
    if bare.startswith("(") and bare.endswith(")") and bare[1:2].isdigit():
        bare = f"-{bare[1:-1].strip()}"
    if bare.endswith("-") and bare[:1].isdigit():
        bare = f"-{bare[:-1].strip()}"
    bare = re.sub(r"(?<=[+-]) ", "", bare)
    cents = _CENTS.search(bare)
    whole = bare[: cents.start()] if cents else bare
    mark = cents.group()[0] if cents else ""
    if not bare.isascii() or (mark and mark in whole):
        raise ValueError(f"not an amount: {text[:20]}")
    if _GROUPED.fullmatch(whole):
        return _bounded(int(re.sub(r"[., ]", "", whole)))
    if _PLAIN.fullmatch(whole):
        return _bounded(int(whole))
    raise ValueError(f"not an amount: {text[:20]}")


def _bounded(amount: int) -> int:
    if not -_MAX_VND < amount < _MAX_VND:
        raise ValueError("amount out of range")
    return amount


def _to_line(row: Mapping[str, str], number: int, *, prefix: str) -> StatementLine:
    currency = row.get("currency", "").strip().upper() or "VND"
    if currency not in ("VND", "VNĐ", "704"):
        raise StatementRefused(
            N_("dòng thứ %(number)s bằng %(currency)s; chỉ nhận sao kê của tài khoản đồng Việt Nam (VND)",
               number=number, currency=currency[:3])
        )  # fmt: skip
    try:
        on, amount = _read_date(row["on"]), _signed(row)
        kind: LineKind = _KINDS[_fold(row["kind"])] if prefix == "vnpay" else "money"
    except (KeyError, ValueError) as error:
        raise StatementRefused(N_("dòng %(line)s thiếu hoặc sai ngày, số tiền hay loại", line=number)) from error
    own_id = row.get("id", "").strip()
    if not own_id or len(own_id) > 100 or not amount:
        raise StatementRefused(N_("dòng %(line)s thiếu mã giao dịch hoặc số tiền bằng không", line=number))
    text = row.get("text", "")[:500]
    reference = row.get("reference", "").strip()[:40] if prefix == "vnpay" else find_reference(text)
    is_out = kind in ("charged_back", "refunded", "fee")
    return StatementLine(
        external_id=f"{prefix}:{own_id}",
        amount_vnd=-abs(amount) if is_out else amount,
        on=on,
        text=text,
        reference=reference,
        kind=kind,
    )


def _signed(row: Mapping[str, str]) -> int:
    if row.get("amount", "").strip():
        return read_amount(row["amount"])
    credit, debit = (row.get(name, "").strip().strip("-–—").strip() for name in ("credit", "debit"))
    return (abs(read_amount(credit)) if credit else 0) - (abs(read_amount(debit)) if debit else 0)


def _read_date(text: str) -> date:
    """Read a day, whatever hour stands behind it: 2026-03-01, 01/03/2026, 1-3-2026, 01.03.2026; the day comes first."""
    bare = text.strip()
    found = _DAY.match(bare)
    if found is not None:
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(bare[:10])


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    text = decode(content).replace("\0", "")
    start, separator, names = _find_head(text.split("\n", MAX_HEAD)[:MAX_HEAD])
    reader = csv.reader(io.StringIO(text.split("\n", start + 1)[start + 1] if start < text.count("\n") else ""),
                        delimiter=separator)  # fmt: skip
    try:
        for number, cells in enumerate(reader, start=start + 2):
            if number > MAX_ROWS:
                raise StatementRefused(N_("tệp dài quá 200.000 dòng; hãy chia theo ngày"))
            row: dict[str, str] = {}
            for name, cell in zip(names, cells, strict=False):
                if name and not row.get(name):
                    row[name] = cell
            if any(cell.strip() for cell in cells) and not _sums_up(cells, row):
                yield number, row
    except csv.Error as error:
        raise StatementRefused(N_("tệp CSV bị hỏng")) from error


def _find_head(lines: Sequence[str]) -> tuple[int, str, list[str]]:
    """Return where the names of the columns stand, what separates them, and what they mean."""
    for start, line in enumerate(lines):
        separator = max(",;\t|", key=line.count)
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error as error:
            raise StatementRefused(N_("tệp CSV bị hỏng")) from error
        names = [_NAMES.get(_fold(name), "") for name in cells]
        if "id" in names and "on" in names:
            return start, separator, names
    raise StatementRefused(N_("dòng đầu phải nêu tên cột, có mã giao dịch và ngày"))


def _sums_up(cells: Sequence[str], row: Mapping[str, str]) -> bool:
    """Tell whether a row is no movement but a sum or a balance: it has no day, and says so in its words."""
    has_day = any(sign.isdigit() for sign in row.get("on", ""))
    return not has_day and any(_fold(cell).startswith(_SUMS) for cell in cells)


def _fold(name: str) -> str:
    """Return a column's name without marks, case, signs between words and what stands in brackets."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_.-]+", " ", re.sub(r"[(/].*", "", bare)).strip().lower()
