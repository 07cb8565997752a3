"""Read one fee of the national crawl: '10,000 VNĐ', 'Miễn phí' or 'Không có thông tin', and its bracketed note."""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.procedures.rules.glued import NO_INFORMATION, Status

SMALLEST_FEE_VND = 1_000  # no fee is lower; '25 VNĐ' means 25.000 and is not trusted
LARGEST_FEE_VND = 10_000_000_000
_SUM = re.compile(r"^(?P<digits>\d[\d.,]*) ?(?P<currency>Việt Nam Đồng|VNĐ)$")
_GROUPED = re.compile(r"^\d{1,3}(?:[.,]\d{3})*$|^\d+$")
_SUM_IN_NOTE = re.compile(r"(?<![\d.,/])(\d{1,3}(?:[.,]\d{3})+|\d{4,12}|\d{1,3}) ?(?:đồng|đ|vnđ|vnd|usd)(?!\w)", re.I)
_PER = re.compile(r"(?:(?:đồng|đ|vnđ|vnd|usd) ?|^\(?)/ ?(?:0?1 )?([^\W\d_][^\d/().,;:\n]{1,30})", re.I)
_CONDITIONS = re.compile(r"miễn|giảm|trường hợp|đối với|thời hạn", re.I)  # the figure holds, but not for everybody
_OTHER_FIGURE = re.compile(r"%|phần trăm|triệu|Hội đồng nhân dân|hết ngày|từ ngày|tùy", re.I)  # the figure may not hold


@dataclass(frozen=True, slots=True)
class SourceFee:
    """A fee as the source states it. `amount_vnd` None: not readable with certainty, `text` says it."""

    text: str
    amount_vnd: int | None = None
    per: str = ""
    status: Status = "empty"


def read_fee(words: str, note: str, *, is_fused: bool = False) -> SourceFee:
    """Read a fee. A figure that its own note contradicts, a fee in another currency or a fused one stays text."""
    words = words.strip()
    text = f"{words} ({note})" if note else words
    if words == NO_INFORMATION:
        return SourceFee(note, status="unparsed") if note else SourceFee("")
    if words == "Miễn phí":
        return _read_free(text, note)
    amount = None if is_fused else read_sum(words)
    if amount is None or not SMALLEST_FEE_VND <= amount <= LARGEST_FEE_VND:
        return SourceFee(text, status="unparsed")
    return _check_against_note(amount, text, note)


def _read_free(text: str, note: str) -> SourceFee:
    if any(amount > 0 for amount in sums_in(note)) or _OTHER_FIGURE.search(note):
        return SourceFee(text, status="doubtful")
    return SourceFee(text, amount_vnd=0, status="parsed")


def _check_against_note(amount: int, text: str, note: str) -> SourceFee:
    named = sums_in(note)
    if _OTHER_FIGURE.search(note) or (named and amount not in named):
        return SourceFee(text, status="doubtful")
    per = _PER.search(note)
    unit = " ".join(per[1].split()).lower() if per else ""
    if len(set(named)) > 1 or _CONDITIONS.search(note):
        return SourceFee(text, amount, unit, "doubtful")
    return SourceFee(text, amount, unit, "parsed")


def read_sum(words: str) -> int | None:
    """Read '1,000,000 VNĐ' or '1.000.000 Việt Nam Đồng' as whole đồng; anything else is None."""
    match = _SUM.match(words)
    if not match or not _GROUPED.match(match["digits"]):
        return None
    return int(re.sub(r"\D", "", match["digits"]))


def sums_in(note: str) -> tuple[int, ...]:
    """List the sums of money that a note names."""
    return tuple(int(re.sub(r"\D", "", found)) for found in _SUM_IN_NOTE.findall(note))
