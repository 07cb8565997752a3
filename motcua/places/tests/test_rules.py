from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.places.rules import (
    is_conversion_table,
    is_marked_alike,
    list_code_differences,
    read_area_query,
    read_area_readings,
    read_name,
    read_official,
    read_shipped_areas,
)
from motcua.places.types import AreaTableRefused

HEAD = (
    "Đơn vị hành chính từ ngày 01/7/2025,,,Đơn vị hành chính trước ngày 01/7/2025,,,,,\n"
    '"Tỉnh, thành phố",Tên Xã mới,Mã Xã mới,Tên Xã cũ,Mã Xã cũ,Ghi chú,Quận/huyện,Tỉnh cũ,\n'
    "TỈNH CÀ MAU  ,,,,,,,,\n"
)
LIST_HEAD = "Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp,Tên Tiếng Anh\n"


def row(
    new: str, new_code: str, old: str, old_code: str, note: str = "Nhập toàn bộ", district: str = "Huyện U (971)"
) -> str:
    return f"Tỉnh Cà Mau (96),{new},{new_code},{old},{old_code},{note},{district},Tỉnh Cà Mau (96),\n"


@pytest.mark.parametrize(
    ("typed", "name", "context"),
    [
        ("Phường Bến Nghé, Quận 1", "phuong ben nghe", ("quan 1",)),
        ("P.1, Q3", "phuong 1", ("quan 3",)),
        ("p1,q.3,tphcm", "phuong 1", ("quan 3", "thanh pho ho chi minh")),
        ("Phường 01, TP. Hồ Chí Minh", "phuong 1", ("thanh pho ho chi minh",)),
        ("  TX. Phú Mỹ ", "thi xa phu my", ()),
        ("ben nghe", "ben nghe", ()),
        (" , ,", "", ()),
    ],
)
def test_areas_are_read_as_people_type_them(typed: str, name: str, context: tuple[str, ...]) -> None:
    query = read_area_query(typed)
    assert (query.name, query.context) == (name, context)


@pytest.mark.parametrize(
    ("typed", "name", "context"),
    [
        ("phường 12 quận gò vấp", "phuong 12", ("quan go vap",)),
        ("P1 Q3", "phuong 1", ("quan 3",)),
        ("p.1 q.3 tphcm", "phuong 1", ("quan 3", "thanh pho ho chi minh")),
        ("P.12 Gò Vấp", "phuong 12", ("go vap",)),
        ("Phường 12 - Quận Gò Vấp", "phuong 12", ("quan go vap",)),
        ("xa tan kien huyen binh chanh", "xa tan kien", ("huyen binh chanh",)),
        ("Bến Nghé; Q1", "ben nghe", ("quan 1",)),
        ("Phường Linh Xuân thành phố Thủ Đức", "phuong linh xuan", ("thanh pho thu duc",)),
        ("Chợ Quán TP HCM", "cho quan", ("thanh pho ho chi minh",)),
    ],
)
def test_levels_without_commas_are_told_apart(typed: str, name: str, context: tuple[str, ...]) -> None:
    plain, broken = read_area_readings(typed)
    assert plain == read_area_query(typed)
    assert (broken.name, broken.context) == (name, context)


@pytest.mark.parametrize(
    "typed", ["Chợ Quán", "phường Chợ Quán", "thành phố Thủ Đức", "Quận 3", "cho quan", "P.1, Q3", ""]
)
def test_one_name_has_one_reading(typed: str) -> None:
    assert read_area_readings(typed) == (read_area_query(typed),)


@pytest.mark.parametrize(
    ("name", "typed", "alike"),
    [
        ("Phường Tân Hòa", "tan hoa", True),
        ("Phường Tân Hòa", "Phường Tân Hoà", True),
        ("Phường Tân Hòa", "P. tân hóa", False),
        ("Phường 1", "P1", True),
        ("Xã Hòa", "", True),
    ],
)
def test_marks_count_when_they_are_typed(name: str, typed: str, alike: bool) -> None:
    assert is_marked_alike(name, typed) is alike


@pytest.mark.parametrize(
    ("name", "mended", "kind"),
    [
        ("Xa Ea Kly", "Xã Ea Kly", "commune"),
        ("Thi trấn Ngan Dừa", "Thị trấn Ngan Dừa", "township"),
        ("Thị Xã Kỳ Anh", "Thị xã Kỳ Anh", "district"),
        ("Đặc khu Côn Đảo", "Đặc khu Côn Đảo", "special_zone"),
        ("Xuân Quang 3", "Xuân Quang 3", None),
    ],
)
def test_names_state_their_kind_even_misspelt(name: str, mended: str, kind: str | None) -> None:
    assert read_name(name) == (mended, kind)


def test_the_traps_of_the_official_table() -> None:
    table = read_official(
        HEAD
        + row('"Xã Mới\n"', "32001", " Xã Một ", "32011")
        + row("Xã Mới", "32001", "Xã Hai", "32012", "Nhâp  một phần diện tích")
        + row("Xã Kia", "32002", "Xã Hai", "32012", "Nhập một  phần")
        + row("Đặc khu Đảo", "32003", "", "", "Sắp xếp toàn bộ huyện Đảo thành đặc khu Đảo", "Huyện Đảo (972)")
        + row("Xã Kia", "32002", "Khu bãi bồi", "")
    )
    links = {(link.old_code, link.new_code): link.share for link in table.links}
    assert links == {
        ("32011", "32001"): "whole",
        ("32012", "32001"): "part",
        ("32012", "32002"): "part",
        ("972", "32003"): "whole",
    }
    names = {(area.code, area.valid_from): (area.name, area.kind, area.parent_code) for area in table.areas}
    assert names["32001", date(2025, 7, 1)] == ("Xã Mới", "commune", "96")
    assert names["32011", None] == ("Xã Một", "commune", "971")
    assert names["971", None] == ("Huyện U", "district", "96")
    assert len(table.problems) == 1
    assert "bãi bồi" in table.problems[0]


def test_the_list_before_the_merger_mends_codes_and_adds_what_is_missing() -> None:
    table = read_official(
        HEAD + row("Xã Mới", "32001", "Xã Một", "32011") + row("Xã Mới", "32001", "Xã Hai", "32011"),
        ward_list_csv=LIST_HEAD
        + "Tỉnh Cà Mau,96,Huyện U,971,Xã Một,32011,Xã,\n"
        + "Tỉnh Cà Mau,96,Huyện U,971,Xã Hai,32012,Xã,\n"
        + "Tỉnh Cà Mau,96,Huyện U,971,Xã Ba,32013,Xã,\n"
        + "Tỉnh Cà Mau,96,Huyện U,971,,,Huyện,\n",
    )
    assert {link.old_code for link in table.links} == {"32011", "32012"}
    assert {area.code for area in table.areas} == {"96", "971", "32001", "32011", "32012", "32013"}
    assert ["được hiểu là mã 32012" in table.problems[0], "Xã Ba" in table.problems[1]] == [True, True]


def test_a_json_list_is_only_held_against_the_official_table() -> None:
    table = read_official(HEAD + row("Xã Hoà", "32001", "Xã Một", "32011"))
    same = '[{"Wards": [{"Code": "32001", "FullName": "Xã Hòa"}]}]'
    other = '[{"Wards": [{"Code": "32009", "FullName": "Xã Hòa"}]}]'
    assert list_code_differences(table.areas, same) == []
    assert len(list_code_differences(table.areas, other)) == 2
    assert list_code_differences(table.areas, "not json") == []
    assert "không đọc được" in list_code_differences(table.areas, "[{]")[0]


@pytest.mark.slow
@given(text=st.text(max_size=300))
def test_no_typed_text_breaks_the_reader(text: str) -> None:
    for query in read_area_readings(text):
        assert is_marked_alike("Phường Bến Nghé", query.marked) in (True, False)


@pytest.mark.slow
@given(body=st.text(max_size=200), extra=st.text(max_size=100))
def test_no_table_breaks_the_reader(body: str, extra: str) -> None:
    """Whatever the bytes are, the answer is a table or a sentence."""
    for text in (body, HEAD + body, HEAD + row("Xã Mới", "32001", extra.replace(",", ""), "32011") + body):
        try:
            read_official(text, ward_list_csv=LIST_HEAD + extra)
            read_shipped_areas(text, body)
        except AreaTableRefused as error:
            assert error.message
        is_conversion_table(text)
        list_code_differences((), f"[{body}]")


def test_a_damaged_shipped_table_is_refused_with_a_sentence() -> None:
    with pytest.raises(AreaTableRefused):
        read_shipped_areas("code,name\n1,2\n", "old_code\n")
    link_head = "old_code,new_code,share,on,legal_ref\n"
    with pytest.raises(AreaTableRefused):
        read_shipped_areas("code\n", link_head + "26740,26740,half,2025-07-01,\n")
