from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motcua.kernel.text import (
    SORT_KEY_LENGTH,
    clean_line,
    compare_key,
    fold,
    name_sort_key,
    slugify,
    sort_key,
    to_nfc,
)

NAMES = ["Trần Văn An", "Lê Thị Ân", "Nguyễn Thị Bình", "Đặng Văn Cường", "Nguyễn Văn Cường", "Phạm Đức", "Đỗ Ê"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường HÒA  BÌNH", "duong hoa binh"),
        ("hoà", "hoa"),
        ("Ðặng", "dang"),  # U+00D0 typed for Đ
        ("đ", "d"),
        (unicodedata.normalize("NFD", "Thủy"), "thuy"),
        ("Ｐhường\u00a01\n", "phuong 1"),
        ("a\u200bb", "ab"),
        ("İ", "i"),
    ],
)
def test_search_forgets_marks_case_and_the_way_of_typing(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(text=st.text(max_size=60))
@example("ﬁŐ Ǆ\u0345\u0130")
def test_folding_twice_is_folding_once_in_any_form(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold(unicodedata.normalize("NFD", text)) == fold(to_nfc(text))


@given(text=st.text(max_size=60))
def test_a_clean_line_is_stable_storable_and_in_nfc(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line == to_nfc(line)
    assert line == line.strip()
    line.encode("utf-8")
    assert "\x00" not in line
    assert "  " not in line


@pytest.mark.parametrize(("old", "new"), [("hoà", "hòa"), ("THUỶ", "thủy"), ("khoẻ", "khỏe"), ("Hoàng", "hoàng")])
def test_both_ways_to_place_a_tone_are_one(old: str, new: str) -> None:
    assert compare_key(old) == compare_key(new)
    assert sort_key(old) == sort_key(new)


@pytest.mark.parametrize("other", ["Hoa", "Hoá", "Hoả"])
def test_other_tones_are_other_words(other: str) -> None:
    assert compare_key("Hòa") != compare_key(other)
    assert sort_key("Hòa") != sort_key(other)
    assert fold("Hòa") == fold(other)


@pytest.mark.parametrize(
    "words",
    [
        ["a", "ă", "â", "b", "d", "đ", "e", "ê", "f", "i", "j", "o", "ô", "ơ", "u", "ư", "v", "w", "x", "y", "z"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mài"],
        ["hoa", "hoà", "hoán", "hồng", "hờ"],
        ["Phường 2", "Phường 10", "Phường An", "Phường Ân", "Phường Bình", "Phường Đa Kao"],
        ["Hoa Sen", "Hòa An", "Hòa Bình", "Hóa An"],
    ],
)
def test_words_stand_in_the_order_of_a_vietnamese_dictionary(words: list[str]) -> None:
    assert sorted(reversed(words), key=sort_key) == words


@pytest.mark.slow
@given(words=st.lists(st.text(alphabet="aăâđdeêoôơuưxyhỳáạ1 2", max_size=8), max_size=6))
def test_the_order_is_total_and_needs_only_ascii(words: list[str]) -> None:
    keys = [sort_key(word) for word in words]
    assert all(key.isascii() and (key.isalnum() or not key) and key == key.lower() for key in keys)
    assert sorted(keys) == [sort_key(word) for word in sorted(words, key=sort_key)]


@pytest.mark.slow
@given(text=st.text())
def test_a_sort_key_always_fits_its_column(text: str) -> None:
    assert len(sort_key(text)) <= SORT_KEY_LENGTH


def test_people_are_sorted_by_ten_then_ho_then_dem() -> None:
    assert sorted(reversed(NAMES), key=name_sort_key) == [
        "Trần Văn An",
        "Lê Thị Ân",
        "Nguyễn Thị Bình",
        "Đặng Văn Cường",
        "Nguyễn Văn Cường",
        "Phạm Đức",
        "Đỗ Ê",
    ]
    assert name_sort_key("An") == sort_key("An")
    assert name_sort_key("Nguyễn Ái Bình") < name_sort_key("Nguyễn An Bình")


def test_slugs_are_plain_ascii() -> None:
    assert slugify("Đăng ký khai sinh (lần đầu)") == "dang-ky-khai-sinh-lan-dau"
    assert slugify("!!!") == ""
