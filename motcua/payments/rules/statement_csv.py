"""Statements as CSV: a bank's, and a gateway's report. Columns by name, Vietnamese or English; amounts whole đồng."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from motcua.kernel.messages import N_
from motcua.payments.rules.references import find_reference
from motcua.payments.types import LineKind, StatementLine, StatementRefused

MAX_ROWS = 200_000
_NAMES: Mapping[str, str] = {
    "id": "id", "ma giao dich": "id", "so but toan": "id", "transaction no": "id", "reference number": "id",
    "date": "on", "ngay": "on", "ngay giao dich": "on", "transaction date": "on",
    "amount": "amount", "so tien": "amount", "credit": "credit", "ghi co": "credit", "debit": "debit",
    "ghi no": "debit", "text": "text", "noi dung": "text", "dien giai": "text", "description": "text",
    "type": "kind", "loai": "kind", "order": "reference", "ma don": "reference", "txn ref": "reference",
}  # fmt: skip
_KINDS: Mapping[str, LineKind] = {
    "payment": "money", "thanh toan": "money", "refund": "refunded", "hoan": "refunded",
    "chargeback": "charged_back", "doi lai": "charged_back", "settlement": "settlement", "quyet toan": "settlement",
}  # fmt: skip
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:[.,]0{1,2})?")
_MAX_VND = 10**15


def read_bank_csv(content: bytes) -> tuple[StatementLine, ...]:
    """Read a bank's statement. Raises: StatementRefused with the line that cannot be read."""
    return tuple(_to_line(row, number, prefix="bank") for number, row in _rows(content))


def read_gateway_csv(content: bytes) -> tuple[StatementLine, ...]:
    """Read a gateway's report; money taken back is negative, whatever its sign in the file.

    Raises: StatementRefused with the line that cannot be read.
    """
    return tuple(_to_line(row, number, prefix="vnpay") for number, row in _rows(content))


def read_amount(text: str) -> int:
    """Read whole đồng: 100000, 100.000, 100,000.00 is refused for its two marks. Raises: ValueError."""
    bare = re.sub(r"\s|VND|đ", "", text)
    if _GROUPED.fullmatch(bare):
        return _bounded(int(re.sub(r"[.,]", "", bare)))
    if _PLAIN.fullmatch(bare) and bare.isascii():
        return _bounded(int(re.split(r"[.,]", bare)[0]))
    raise ValueError(f"not an amount: {text[:20]}")


def _bounded(amount: int) -> int:
    if not -_MAX_VND < amount < _MAX_VND:
        raise ValueError("amount out of range")
    return amount


def _to_line(row: Mapping[str, str], number: int, *, prefix: str) -> StatementLine:
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
    is_out = kind in ("charged_back", "refunded")
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
    credit, debit = row.get("credit", "").strip(), row.get("debit", "").strip()
    return (abs(read_amount(credit)) if credit else 0) - (abs(read_amount(debit)) if debit else 0)


def _read_date(text: str) -> date:
    bare = text.strip()[:10]
    if re.fullmatch(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", bare):
        bare = f"{bare[6:]}-{bare[3:5]}-{bare[:2]}"
    return date.fromisoformat(bare)


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StatementRefused(N_("tệp không phải UTF-8; hãy lưu lại thành CSV UTF-8")) from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
    try:
        names = [_NAMES.get(_fold(name), "") for name in next(reader, [])]
        if "id" not in names or "on" not in names:
            raise StatementRefused(N_("dòng đầu phải nêu tên cột, có mã giao dịch và ngày"))
        for number, cells in enumerate(reader, start=2):
            if number > MAX_ROWS:
                raise StatementRefused(N_("tệp dài quá 200.000 dòng; hãy chia theo ngày"))
            if any(cell.strip() for cell in cells):
                yield number, {name: cell for name, cell in zip(names, cells, strict=False) if name}
    except csv.Error as error:
        raise StatementRefused(N_("tệp CSV bị hỏng")) from error


def _fold(name: str) -> str:
    """Return a column's name without marks, case and signs between words."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_.-]+", " ", bare).strip().lower()
