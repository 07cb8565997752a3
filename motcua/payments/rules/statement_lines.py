"""What the readers of statements share: bytes to text, one line made and checked, balances that must agree."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from motcua.kernel.messages import N_
from motcua.payments.rules.references import find_reference
from motcua.payments.types import StatementLine, StatementRefused

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def decode(content: bytes) -> str:
    """Return the text of a file by its byte order mark, else by where its zero bytes stand, else as UTF-8.

    Line ends come out as "\\n". Raises: StatementRefused for another encoding.
    """
    found = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not found:
        found = {b"\0": "utf-16-be"}.get(content[:1], "utf-16-le" if content[1:2] == b"\0" else "utf-8")
    try:
        text = content.decode(found)
    except UnicodeDecodeError as error:
        raise StatementRefused(N_("tệp không phải UTF-8; hãy lưu lại thành CSV UTF-8")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def make_line(
    own_id: str, value: Decimal, currency: str, on: date, words: str, number: int, *, account: str = "", nth: int = 1
) -> StatementLine:
    """Make one line. Where the bank gives the movement no name, what it says names it, the same in every file.

    `nth`: which of several movements that say the same. Raises: StatementRefused.
    """
    if currency != "VND":
        raise StatementRefused(
            N_("dòng thứ %(number)s bằng %(currency)s; chỉ nhận sao kê của tài khoản đồng Việt Nam (VND)",
               number=number, currency=currency[:3] or "?")
        )  # fmt: skip
    if not value.is_finite() or value != int(value) or not 0 < abs(value) < 10**15:
        raise StatementRefused(N_("dòng thứ %(number)s không phải số đồng nguyên", number=number))
    words = "".join(sign for sign in words if sign.isprintable())[:500]
    if not own_id:
        said = f"{account}|{on.isoformat()}|{int(value)}|{words}"
        own_id = f"x{hashlib.sha256(said.encode()).hexdigest()[:20]}.{nth}"
    return StatementLine(
        external_id=f"bank:{own_id[:100]}", amount_vnd=int(value), on=on, text=words, reference=find_reference(words)
    )


def check_balances(lines: Sequence[StatementLine], opening: Decimal | None, closing: Decimal | None) -> None:
    """Refuse lines that do not lead from one balance to the other. Raises: StatementRefused."""
    if opening is None or closing is None:
        return
    if opening + sum(line.amount_vnd for line in lines) != closing:
        raise StatementRefused(N_("số dư cuối không bằng số dư đầu cộng các dòng; tệp có thể thiếu, hãy tải lại"))
