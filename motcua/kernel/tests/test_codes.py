from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.codes import (
    CodeRefused,
    check_agency_code,
    check_personal_id,
    check_phone,
    check_tax_code,
    format_dossier_no,
    is_procedure_code,
    make_verification_code,
    normalise_phone,
    parse_dossier_no,
    parse_verification_code,
)

agencies = st.builds(
    lambda letter, head, tail: ".".join([f"{letter}{head:02d}", *tail]),
    st.sampled_from("GHK"),
    st.integers(0, 99),
    st.lists(st.text("0123456789ABCXYZ", min_size=1, max_size=5), max_size=4),
)
days = st.dates(date(2020, 1, 1), date(2099, 12, 31))


@pytest.mark.slow
@given(agency=agencies, on=days, sequence=st.integers(1, 10**6))
def test_a_dossier_code_reads_back(agency: str, on: date, sequence: int) -> None:
    code = format_dossier_no(agency, on=on, sequence=sequence)
    read = parse_dossier_no(f" {code.lower()} ")
    assert (read.agency_code, read.on, int(read.serial), str(read)) == (agency, on, sequence, code)


def test_the_official_examples_are_read() -> None:
    read = parse_dossier_no("H15.50.05.13-261008-0975")
    assert (read.agency_code, read.on, read.serial) == ("H15.50.05.13", date(2026, 10, 8), "0975")
    assert format_dossier_no("H29.26743", on=date(2026, 11, 23), sequence=12) == "H29.26743-261123-0012"


@pytest.mark.parametrize(
    "text",
    [
        "H29.26743\u2013261123\u20130012",
        "h29.26743 \u2014 261123 - 0012\u200b",
        "\ufeffH29.26743\u2011261123\u20110012",
    ],
)
def test_a_pasted_code_is_read_whatever_its_dashes(text: str) -> None:
    assert str(parse_dossier_no(text)) == "H29.26743-261123-0012"


@pytest.mark.parametrize(
    "text", ["", "H29", "H29-261301-0001", "H29-260230-0001", "H29-261123-1", "29H-261123-0001", "H29-２61123-0001"]
)
def test_a_wrong_dossier_code_is_explained(text: str) -> None:
    with pytest.raises(CodeRefused, match="Mã hồ sơ không đúng"):
        parse_dossier_no(text)


@pytest.mark.parametrize(("agency", "sequence"), [("29H", 1), ("H29", 0), ("H29.a", 1), ("H29", 10**12)])
def test_no_dossier_code_is_made_that_cannot_be_read(agency: str, sequence: int) -> None:
    with pytest.raises(ValueError, match="No dossier code"):
        format_dossier_no(agency, on=date(2026, 1, 1), sequence=sequence)


def test_procedure_codes() -> None:
    assert is_procedure_code("1.004222")
    assert not is_procedure_code("1.00422")


@pytest.mark.parametrize(
    ("number", "sex", "year", "province"),
    [
        ("079 085 000123", "male", 1985, "079"),
        ("074199012345", "female", 1999, "074"),
        ("077302000001", "female", 2002, "077"),
    ],
)
def test_a_personal_number_says_sex_year_and_province(number: str, sex: str, year: int, province: str) -> None:
    check = check_personal_id(number)
    assert check.ok
    assert (check.sex, check.birth_year, check.province, check.warnings) == (sex, year, province, ())


def test_contradictions_to_a_personal_number_are_warnings_only() -> None:
    check = check_personal_id("079085000123", sex="female", birth_year=1986)
    assert check.ok
    assert len(check.warnings) == 2
    assert len(check_personal_id("000085000123").warnings) == 1
    assert check_personal_id("123456789").warnings  # the old number of nine digits
    assert not check_personal_id("100085000123").warnings  # born abroad: codes of countries begin at 100
    assert not check_personal_id("999085000123").warnings
    assert check_personal_id("099085000123").warnings


@pytest.mark.parametrize("number", ["", "07908500012", "0790850001234", "O79085000123", "07908500012３"])
def test_a_wrong_personal_number_is_explained(number: str) -> None:
    check = check_personal_id(number)
    assert not check.ok
    assert "12 chữ số" in check.message


@pytest.mark.parametrize(
    "code", ["0100109106", "0300588569", "0101248141", "0302249586", "0100686209", "0316794479", "0100109106-001"]
)
def test_real_tax_codes_pass(code: str) -> None:
    check = check_tax_code(code)
    assert check.ok
    assert check.value == code


@pytest.mark.parametrize("code", ["0100109107", "010010910", "0100109106-000", "abc", "01001091060000"])
def test_wrong_tax_codes_are_explained(code: str) -> None:
    check = check_tax_code(code)
    assert not check.ok
    assert check.message.endswith(".")


def test_a_tax_code_whose_remainder_is_nought_is_accepted_with_a_warning() -> None:
    codes = [f"01{n:07d}0" for n in range(300)]
    doubtful = [check for check in map(check_tax_code, codes) if check.ok and check.warnings]
    assert doubtful
    assert check_tax_code("079085000123").ok  # a person's number is their tax code


@given(agency=agencies)
def test_agency_codes(agency: str) -> None:
    assert check_agency_code(agency.lower()).value == agency
    longest = f"Z29.{'X' * 31}"
    assert check_agency_code(longest).ok
    assert not check_agency_code(f"{longest}X").ok
    for wrong in (f"{agency}.", f"-{agency}", f"{agency}{'.1' * 20}", "Z29"):
        assert not check_agency_code(wrong).ok


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912 345 678", "+84912345678"),
        ("+84 912-345-678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("(028) 3829 5555", "+842838295555"),
        ("0274 3822 222", "+842743822222"),
        ("1022", "1022"),
        ("1800 1096", "18001096"),
    ],
)
def test_phones_are_stored_in_one_form(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize("typed", ["", "0112345678", "091234567", "09123456789", "phone", "٠٩١٢٣٤٥٦٧٨"])
def test_wrong_phones_are_explained(typed: str) -> None:
    assert not check_phone(typed).ok
    with pytest.raises(CodeRefused, match="Số điện thoại"):
        normalise_phone(typed)


@given(raw=st.binary(min_size=10, max_size=16), place=st.integers(0, 15), sign=st.sampled_from("23456789ABCXYZ"))
def test_a_verification_code_reads_back_and_one_slip_is_found(raw: bytes, place: int, sign: str) -> None:
    code = make_verification_code(raw)
    assert parse_verification_code(code.lower().replace("-", " ")) == code
    assert parse_verification_code(code.replace("-", "\u2013")) == code
    signs = code.replace("-", "")
    slipped = signs[:place] + sign + signs[place + 1 :]
    if slipped != signs:
        with pytest.raises(CodeRefused, match="gõ nhầm"):
            parse_verification_code(slipped)


@given(raw=st.binary(min_size=10, max_size=10), place=st.integers(0, 14))
def test_two_signs_that_changed_places_are_found(raw: bytes, place: int) -> None:
    signs = make_verification_code(raw).replace("-", "")
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    if swapped != signs:
        with pytest.raises(CodeRefused):
            parse_verification_code(swapped)


def test_a_verification_code_needs_chance_and_sixteen_signs() -> None:
    with pytest.raises(ValueError, match="random"):
        make_verification_code(b"123")
    with pytest.raises(CodeRefused, match="16 chữ"):
        parse_verification_code("ABCD")


@pytest.mark.slow
@given(text=st.text(max_size=40))
def test_no_text_breaks_a_check(text: str) -> None:
    for check in (check_personal_id, check_tax_code, check_agency_code, check_phone):
        answer = check(text)
        assert answer.ok or answer.message
    for parse in (parse_dossier_no, parse_verification_code):
        try:
            parse(text)
        except CodeRefused as error:
            assert error.message
