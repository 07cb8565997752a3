"""Keys to compare by: SQL and kernel.text agree, what must not matter does not, swapping is symmetric."""

from __future__ import annotations

import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.text import compare_key, fold
from motcua.linkage.rules import cleaning
from motcua.linkage.rules.comparing import BIRTH, NAME
from motcua.linkage.rules.modelling import level_case, number_of
from motcua.linkage.rules.sampling import errors

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SIGN = st.builds(
    lambda letter, tone: letter + (tone if letter in "aăâeêioôơuưy" else ""),
    st.sampled_from(_LETTERS),
    st.sampled_from(_TONES),
)
_WORD = st.lists(_SIGN, min_size=1, max_size=6).map("".join)
_NAME = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_SPELT = st.builds(
    lambda name, form, upper: unicodedata.normalize(form, name.upper() if upper else name),
    _NAME,
    st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
)
CONNECTION = duckdb.connect()


def _sql(expression: str, value: str) -> str:
    row = CONNECTION.execute(f"SELECT {expression} FROM (SELECT ? AS x)", [value]).fetchone()
    assert row is not None
    return str(row[0])


def _key(name: str) -> str:
    text = _sql(cleaning.lower_nfc("x"), name)
    return _sql(f"{cleaning.letters_of('x')} || '#' || {cleaning.tones_of('x')}", text)


@pytest.mark.slow
@settings(max_examples=60)
@given(_SPELT)
def test_sql_folds_as_the_kernel_does(name: str) -> None:
    assert _sql(cleaning.fold(cleaning.lower_nfc("x")), name) == fold(name)
    assert _sql(cleaning.fold_raw("x"), name) == fold(name)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.text(max_size=12) | st.text("aAĐđÐðÀ'’`-\u200b\xa0 1", max_size=12))
def test_the_short_way_to_a_search_key_is_the_long_one(text: str) -> None:
    plain = text.replace("\x00", "")
    assert _sql(cleaning.fold_raw("x"), plain) == _sql(cleaning.fold(cleaning.lower_nfc("x")), plain)


@pytest.mark.slow
@settings(max_examples=60)
@given(_SPELT, _SPELT)
def test_keys_with_marks_are_equal_when_the_kernels_are(one: str, other: str) -> None:
    assert (_key(one) == _key(other)) == (compare_key(one) == compare_key(other))


@pytest.mark.slow
@settings(max_examples=40)
@given(_SPELT)
def test_the_form_the_case_and_the_place_of_a_tone_leave_no_trace(name: str) -> None:
    moved = errors.move_tone(unicodedata.normalize("NFC", name).lower())
    if compare_key(moved) == compare_key(name):  # the helper moves a tone only where both places are usual
        assert _key(moved) == _key(name)
    assert _key(unicodedata.normalize("NFD", name.upper())) == _key(name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Nguyeenx", "nguyen"), ("Thuyr", "thuy"), ("Ddoanf", "doan"), ("Tuaans Anh", "tuan anh"), ("Hoàng", "hoang")]
)  # fmt: skip
def test_what_telex_left_is_taken_back(typed: str, meant: str) -> None:
    assert _sql(cleaning.undo_telex(cleaning.fold(cleaning.lower_nfc("x"))), typed) == meant


@pytest.mark.parametrize(
    ("text", "order", "digits"),
    [
        ("1990-03-07", "auto", "19900307"), ("7/3/1990", "auto", "19900307"), ("07-03-1990", "auto", "19900307"),
        ("03/07/1990", "mdy", "19900307"), ("19900307", "ymd", "19900307"), ("07031990", "dmy", "19900307"),
        ("1990", "auto", "19900101"), ("19081399", "ymd", "19081399"), ("", "auto", ""), ("không rõ", "auto", ""),
        ("1990-03-07 00:00:00", "auto", "19900307"),
        ("Ngày 7 tháng 3 năm 1990", "auto", "19900307"), ("7-Mar-1990", "auto", "19900307"),
        ("07.03.90", "auto", "19900307"),
        ("1990-03-07T00:00:00", "auto", "19900307"), ("7/3/05", "auto", "20050307"), ("3/1990", "auto", "19900301"),
        ("Mar 7, 1990", "mdy", "19900307"), ("1990 năm, tháng 3, ngày 7", "auto", "19900307"), ("12", "auto", ""),
        (" 1990-03-07", "auto", "19900307"), ("99/99/1990", "auto", "19909999"),
    ],
)  # fmt: skip
def test_dates_of_every_form_become_eight_digits(text: str, order: str, digits: str) -> None:
    assert _sql(cleaning.birth_of("x", order), text) == digits


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [("079190000001", "079190000001", ""), ("79190000001", "079190000001", ""), ("023456789", "", "023456789"),
     ("23456789", "", "023456789"), ("079 190.000-001", "079190000001", ""), ("12345", "", "")],
)  # fmt: skip
def test_numbers_are_told_apart_by_length_and_a_lost_zero_is_put_back(text: str, new: str, old: str) -> None:
    assert (_sql(cleaning.number_of(["x"], 12), text), _sql(cleaning.number_of(["x"], 9), text)) == (new, old)


_DAY = st.tuples(st.integers(1930, 2020), st.integers(1, 14), st.integers(1, 31)).map(
    lambda p: f"{p[0]}{p[1]:02d}{p[2]:02d}"
)


def _birth_side(side: str, birth: str) -> str:
    month, day = birth[4:6], birth[6:]
    swap = f"'{birth[:4]}{day}{month}'" if "00" < day <= "12" and day != month else "NULL"
    return (
        f"'{birth}' AS birth_{side}, {swap} AS birth_swap_{side}, '{birth[:4]}' AS birth_year_{side},"
        f" {int(birth[4:] == '0101')} AS first_january_{side}"
    )


def _birth_level(one: str, other: str) -> int:
    row = CONNECTION.execute(
        f"SELECT {level_case(BIRTH)} FROM (SELECT {_birth_side('l', one)}, {_birth_side('r', other)})"
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.slow
@settings(max_examples=40)
@given(_DAY, _DAY)
def test_birth_dates_compare_the_same_both_ways(one: str, other: str) -> None:
    assert _birth_level(one, other) == _birth_level(other, one)


def test_a_swapped_day_is_found_and_a_first_of_january_says_less() -> None:
    assert _birth_level("19900703", "19900307") == number_of(BIRTH, "swapped")
    assert _birth_level("19900101", "19900101") == number_of(BIRTH, "same_first_january")
    assert _birth_level("19900101", "19900512") == number_of(BIRTH, "year_and_first_january")
    assert _birth_level("19900101", "19910512") == number_of(BIRTH, "other")


def _name_side(side: str, name: str) -> str:
    words = fold(name).split()
    values = {
        "name": " ".join(words), "name_key": compare_key(name), "name_sorted": " ".join(sorted(words)),
        "family": words[0],
        "given": words[-1], "middle": " ".join(words[1:-1]),
    }  # fmt: skip
    marked = int(fold(name) != name.lower())
    return ", ".join(
        [f"nullif('{value}', '') AS {key}_{side}" for key, value in values.items()]
        + [f"{marked} AS has_marks_{side}", f"1 AS given_common_{side}"]
    )


@pytest.mark.slow
@settings(max_examples=40)
@given(_NAME, _NAME)
def test_names_compare_the_same_both_ways(one: str, other: str) -> None:
    sides = [(one, other), (other, one)]
    found = {
        CONNECTION.execute(
            f"SELECT {level_case(NAME)} FROM (SELECT {_name_side('l', a)}, {_name_side('r', b)})"
        ).fetchone()
        for a, b in sides
    }
    assert len(found) == 1
