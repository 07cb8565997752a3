from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.money import MAX_VND, amount_in_words, format_vnd

WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
DIGITS = {word: n for n, word in enumerate(WORDS)} | {"lăm": 5, "mốt": 1}
SCALES = {"nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}


def read_back(words: str) -> int:
    """Read an amount in words by another way than it was written."""
    total = part = group = 0
    for word in words.lower().removesuffix(" đồng").split():
        if word in DIGITS:
            group += DIGITS[word]
            last = DIGITS[word]
        elif word == "trăm":
            group = last * 100
        elif word == "mươi":
            group = group - last + last * 10
        elif word == "mười":
            group += 10
        elif word == "tỷ":
            total, part, group = (total + part + group) * 10**9, 0, 0
        elif word != "linh":
            part, group = part + group * SCALES[word], 0
    return total + part + group


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"),
        (101, "Một trăm linh một đồng"),
        (110, "Một trăm mười đồng"),
        (8_000, "Tám nghìn đồng"),
        (1_005_021, "Một triệu không trăm linh năm nghìn không trăm hai mươi mốt đồng"),
        (1_200_000, "Một triệu hai trăm nghìn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_000_000_005, "Một tỷ không trăm linh năm đồng"),
        (2_000_000_000_000, "Hai nghìn tỷ đồng"),
    ],
)
def test_amounts_are_written_in_words(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


@given(amount=st.integers(0, MAX_VND))
def test_words_say_exactly_the_amount(amount: int) -> None:
    assert read_back(amount_in_words(amount)) == amount


def test_the_largest_amount_has_eighteen_figures() -> None:
    assert MAX_VND == 999_999_999_999_999_999
    assert amount_in_words(MAX_VND).startswith("Chín trăm chín mươi chín triệu")


@pytest.mark.parametrize("amount", [-1, MAX_VND + 1])
def test_amounts_out_of_range_are_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="Số tiền"):
        amount_in_words(amount)


def test_figures_are_grouped_with_points() -> None:
    assert format_vnd(1_200_000) == "1.200.000 đồng"
    assert format_vnd(0) == "0 đồng"
