"""Đồng: how an amount is written in figures and in words."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
MAX_VND = 10**18 - 1


def format_vnd(amount_vnd: int) -> str:
    """Write an amount in figures: 1200000 → '1.200.000 đồng'."""
    return f"{amount_vnd:,}".replace(",", ".") + " đồng"


def amount_in_words(amount_vnd: int) -> str:
    """Write an amount in words as receipts do: 'Một triệu không trăm linh năm nghìn ... đồng'.

    Unit: đồng, from 0 to MAX_VND. Raises: ValueError outside of it.
    """
    if not 0 <= amount_vnd <= MAX_VND:
        raise ValueError("Số tiền phải từ 0 đến 999.999.999.999.999.999 đồng.")
    words = _number_in_words(amount_vnd)
    return f"{words[0].upper()}{words[1:]} đồng"


def _number_in_words(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    parts = [f"{_number_in_words(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            parts.append(f"{_group_in_words(group, is_inner=bool(parts))} {_GROUPS[power]}".rstrip())
    return " ".join(parts)


def _group_in_words(group: int, *, is_inner: bool) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or is_inner else []
    if rest:
        words.append(_tens_in_words(rest, after_hundreds=bool(words)))
    return " ".join(words)


def _tens_in_words(rest: int, *, after_hundreds: bool) -> str:
    tens, units = divmod(rest, 10)
    if tens == 0:
        return f"linh {_DIGITS[units]}" if after_hundreds else _DIGITS[units]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if units == 0:
        return head
    if units == 5:
        return f"{head} lăm"
    if units == 1 and tens > 1:
        return f"{head} mốt"
    return f"{head} {_DIGITS[units]}"
