"""Files as agencies really send them: other codes and separators, Excel's habits, merged cells, huge cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registers.adapters.files import find_encoding, read_rows
from motcua.registers.rules.encodings import find_separator, is_vietnamese, read_mark
from motcua.registers.rules.rows import make_reader
from motcua.registers.types import LoadRefused, Unread

HEAD, FIRST = "personal_id;full_name;address\n", "079190000001;Nguyễn Thị Hạnh Thử;2 Đường Lê Lợi, Phường Bến Thành\n"
TONES = "\u0300\u0301\u0303\u0309\u0323"
SCHEMA: dict[str, Any] = {"properties": {
    "personal_id": {"type": "string", "pattern": "^[0-9]{12}$", "title": "Số định danh cá nhân"},
    "full_name": {"type": "string", "title": "Họ và tên"},
    "birth_on": {"type": "string", "format": "date", "title": "Ngày sinh"},
    "sex": {"enum": ["male", "female"], "title": "Giới tính"},
    "floors": {"type": "integer", "title": "Số tầng"}, "area_m2": {"type": "number", "title": "Diện tích"},
}}  # fmt: skip


def keep(folder: Path, text: str | bytes, name: str = "a.csv", code: str = "utf-8") -> list[Any]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(code))
    return list(read_rows(path))


def to_1258(text: str) -> bytes:
    """Write as old Vietnamese Windows programs do: a letter, then its tone."""
    out = bytearray()
    for sign in text:
        apart = unicodedata.normalize("NFD", sign)
        tone = "".join(each for each in apart if each in TONES)
        letter = unicodedata.normalize("NFC", "".join(each for each in apart if each not in TONES))
        out += (letter + tone).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_codes_and_separators_are_told_by_the_file(tmp_path: Path, code: str, separator: str) -> None:
    head, first = HEAD.replace(";", separator), FIRST.replace(";", separator)
    if separator == ",":
        first = '079190000001,Nguyễn Thị Hạnh Thử,"2 Đường Lê Lợi, Phường Bến Thành"\n'
    ((number, row),) = keep(tmp_path, head + first, code=code)
    assert (number, row["full_name"], row["address"]) == (
        1, "Nguyễn Thị Hạnh Thử", "2 Đường Lê Lợi, Phường Bến Thành"
    )  # fmt: skip


def test_old_vietnamese_windows_files_are_read_and_other_old_codes_returned(tmp_path: Path) -> None:
    ((_number, row),) = keep(tmp_path, to_1258(HEAD + FIRST))
    assert unicodedata.normalize("NFC", row["full_name"]) == "Nguyễn Thị Hạnh Thử"
    for wrong in ("personal_id;full_name\n1;Nguy\u00d4n Th\u00de H\u00b9nh\n".encode("latin-1"),
                  HEAD.encode() + b"1;\xff\xfe\xfa;x\n", "a;b\n1;Nguy\u00eb\u00f5n\n".encode("latin-1")):  # fmt: skip
        with pytest.raises(LoadRefused, match="UTF-8"):
            keep(tmp_path, wrong)


def test_excels_own_ways_with_text_files_are_understood(tmp_path: Path) -> None:
    rows = keep(tmp_path, "sep=;\nDANH SÁCH DÂN CƯ, NĂM 2026\n;;\n" + HEAD + ";;\n" + FIRST + "\n;\n")
    assert [number for number, _row in rows] == [2] and rows[0][1]["personal_id"] == "079190000001"
    short, long = keep(tmp_path, "a;b\n1\n1;2;3\n")
    assert "ít ô hơn" in short[1].reason and "nhiều ô hơn" in long[1].reason and long[1].cells == ("1", "2", "3")
    ((_number, extra),) = keep(tmp_path, "a;;b;\n1;x;2;\n")
    assert extra == {"a": "1", "cột 2": "x", "b": "2"}
    with pytest.raises(LoadRefused, match="hai cột cùng tên «a»"):
        keep(tmp_path, "a;b; a \n1;2;3\n")
    for nothing in ("", "\n\n", ";;;\n"):
        with pytest.raises(LoadRefused, match="dòng tên cột"):
            keep(tmp_path, nothing)


@pytest.mark.slow
def test_a_huge_cell_is_a_bad_row_and_the_others_are_read(tmp_path: Path) -> None:
    huge = "x" * 3_000_000
    rows = dict(keep(tmp_path, f"a;b\n1;2\n3;{huge}\n5;6\n"))
    assert rows[1] == {"a": "1", "b": "2"} and rows[3] == {"a": "5", "b": "6"} and "1 MB" in rows[2].reason
    lines = dict(keep(tmp_path, f'{{"a":1}}\n{{"a":"{huge}"}}\n{{"a":3}}\n', "a.jsonl"))
    assert lines[1] == {"a": 1} and lines[3] == {"a": 3} and "1 MB" in lines[2].reason


def test_json_lines_with_a_mark_and_bad_ones_keep_what_stood_there(tmp_path: Path) -> None:
    text = '{"a":"ố"}\n\n[1]\nnot json\n'
    for code in ("utf-8-sig", "utf-16"):
        whole, listed, broken = keep(tmp_path, text, "a.jsonl", code)
        assert whole == (1, {"a": "ố"}) and listed[0] == 3 and broken[1].cells == ("not json\n",)
        assert listed[1].reason != broken[1].reason


# -- Excel


def book(folder: Path, rows: Sequence[Sequence[Any]], change: Callable[[Any], None] = lambda sheet: None) -> list[Any]:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    made.save(folder / "a.xlsx")
    return list(read_rows(folder / "a.xlsx"))


@pytest.mark.slow
def test_a_sheet_with_a_title_gaps_and_merged_cells_is_read_where_its_values_stand(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("A4:A6")
        sheet.merge_cells("C4:D4")

    table: list[list[Any]] = [
        ["DANH SÁCH"], [], ["ward", "name", None, "note"], ["Bến Thành", "An", "x", None], [None, "Bình"],
        [None, "Chi", None, "y"], [], ["Cầu Ông Lãnh", "Dũng"],
    ]  # fmt: skip
    rows = book(tmp_path, table, merge)
    assert [row for _number, row in rows] == [
        {"ward": "Bến Thành", "name": "An", "cột 3": "x"}, {"ward": "Bến Thành", "name": "Bình"},
        {"ward": "Bến Thành", "name": "Chi", "note": "y"}, {"ward": "Cầu Ông Lãnh", "name": "Dũng"},
    ]  # fmt: skip
    assert [number for number, _row in rows] == [1, 2, 3, 5]


@pytest.mark.slow
def test_the_first_sheet_with_anything_counts_and_what_excel_could_not_work_out_is_a_bad_row(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.create_sheet("ẩn", 0).append(["a", "b"])
    made.worksheets[0].sheet_state = "hidden"
    last = made.create_sheet("dữ liệu")
    for row in (["a", "b"], [1, "#N/A"], [2, "x"]):
        last.append(row)
    made.save(tmp_path / "a.xlsx")
    wrong, right = read_rows(tmp_path / "a.xlsx")
    assert isinstance(wrong[1], Unread) and "#N/A" in wrong[1].reason and right == (2, {"a": 2, "b": "x"})
    with pytest.raises(LoadRefused, match="cùng tên"):
        book(tmp_path, [["a", "a"], [1, 2]])
    (tmp_path / "a.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes()[:-400])
    with pytest.raises(LoadRefused, match="Excel"):
        list(read_rows(tmp_path / "a.xlsx"))


def test_parquet_says_nothing_where_there_is_no_number(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'a' AS t, 'nan'::double AS n, DATE '2020-02-29' AS d, 'x'::blob AS b, 1.50::decimal(9,2) AS m"
            f") TO '{tmp_path / 'a.parquet'}'"
        )
    assert list(read_rows(tmp_path / "a.parquet")) == [(1, {"t": "a", "d": "2020-02-29", "b": "x", "m": "1.50"})]


# -- cells


@pytest.mark.parametrize(("field", "value", "read"), [
    ("birth_on", "17/05/1990", "1990-05-17"), ("birth_on", "7-5-1990", "1990-05-07"),
    ("birth_on", 33_010, "1990-05-17"), ("birth_on", "33010", "1990-05-17"), ("birth_on", 33_010.0, "1990-05-17"),
    ("birth_on", "17.05.1990 00:00:00", "1990-05-17"), ("birth_on", "1990/5/7", "1990-05-07"),
    ("birth_on", "1990-05-17", "1990-05-17"), ("birth_on", "31/02/1990", "31/02/1990"), ("birth_on", "1990", "1990"),
    ("birth_on", "05/17/1990", "05/17/1990"), ("birth_on", "١٧/٠٥/١٩٩٠", "١٧/٠٥/١٩٩٠"),
    ("birth_on", 33_010.5, 33_010.5), ("birth_on", 5, 5), ("birth_on", True, True),
    ("sex", "Nữ", "female"), ("sex", "nam", "male"), ("sex", "male", "male"), ("sex", "khác", "khác"),
    ("personal_id", 79_190_000_001, "79190000001"), ("personal_id", 79_190_000_001.0, "79190000001"),
    ("floors", "3", 3), ("floors", "3.0", 3), ("floors", "1.000.000", 1_000_000), ("floors", "--5", "--5"),
    ("floors", "²", "²"), ("floors", "3,5", "3,5"), ("area_m2", "80,5", 80.5), ("area_m2", "1.234.567", 1_234_567),
    ("area_m2", "1,234", "1,234"), ("area_m2", "nan", "nan"), ("area_m2", "inf", "inf"), ("area_m2", "80.5", 80.5),
])  # fmt: skip
def test_a_cell_is_read_as_the_schema_wants_or_stays_as_it_is(field: str, value: Any, read: Any) -> None:
    found = make_reader(SCHEMA, {})({field: value})[field]
    assert found == read and type(found) is type(read)


def test_columns_may_be_called_as_the_schema_titles_the_fields() -> None:
    read = make_reader(SCHEMA, {"Tên": "full_name"})
    assert read({"SỐ ĐỊNH DANH CÁ NHÂN (*)": "1", "Tên": "An", "so tang": "2", "Khác": "x"}) == {
        "personal_id": "1", "full_name": "An", "floors": 2, "Khác": "x"
    }  # fmt: skip
    assert read({"full_name": "An", "Họ và tên": "Bình"}) == {"full_name": "An", "Họ và tên": "Bình"}  # none is lost


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "Ngày sinh", "x"]),
                       st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)))  # fmt: skip
def test_no_cell_breaks_the_reader_and_none_is_lost(row: dict[str, Any]) -> None:
    assert len(make_reader(SCHEMA, {})(row)) == len(row)


@pytest.mark.slow
@given(st.binary(max_size=60), st.text(max_size=60))
def test_no_bytes_break_the_guess(head: bytes, text: str) -> None:
    assert read_mark(head) in ("", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be")
    assert find_separator(text)
    assert is_vietnamese(text) or not text.isascii()


def test_a_file_of_plain_letters_is_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    assert find_encoding(tmp_path / "a.csv") == "utf-8"
