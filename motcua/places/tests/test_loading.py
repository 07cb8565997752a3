from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.places.models import Area
from motcua.places.public import (
    AreaTableRefused,
    ensure_city_areas,
    get_area,
    list_wards,
    load_official_areas,
    resolve_area,
)
from motcua.places.rules import MERGER_ON, is_conversion_table, read_official
from motcua.places.tests.factories import TODAY
from motcua.places.tests.test_rules import HEAD, LIST_HEAD, row

SHARED = Path(__file__).resolve().parents[4] / "shared" / "real" / "admin-units"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the given real data do not lie beside the project")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(
        HEAD + row("Xã Mới", "32001", "Xã Một", "32011") + row("Xã Mới", "32001", "Xã Hai", "32012", "Nhập một phần"),
        "utf-8",
    )
    (tmp_path / "b.csv").write_text(LIST_HEAD + "Tỉnh Cà Mau,96,Huyện U,971,Xã Một,32011,Xã,\n", "utf-8")
    (tmp_path / "c.json").write_text('[{"Wards": [{"Code": "32001", "FullName": "Xã Khác"}]}]', "utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.django_db
def test_official_tables_load_beside_the_shipped_one_and_twice_is_once(tables: Path) -> None:
    first = load_official_areas(tables)
    assert (first.areas_created, first.links_created) == (5, 2)
    assert any("Xã Khác" in problem for problem in first.problems)
    second = load_official_areas(tables)
    assert not second.is_changed
    assert second.problems == first.problems
    assert resolve_area("Xã Một", on=TODAY).area == get_area("32001", on=TODAY)
    assert len(list_wards(on=TODAY)) == 168


@pytest.mark.slow
@pytest.mark.django_db
def test_where_a_table_contradicts_our_own_ours_stands_and_twice_is_once(tmp_path: Path) -> None:
    city = "Thành phố Hồ Chí Minh (79)"
    text = f"{city},Phường Lạ,26740,Phường Bến Nghé,26740,Nhập toàn bộ,Quận 1 (760),{city},\n"
    (tmp_path / "a.csv").write_text(HEAD + text, "utf-8-sig")
    first, second = load_official_areas(tmp_path), load_official_areas(tmp_path)
    assert not first.areas_changed
    assert not second.is_changed
    assert any("Phường Lạ (mã 26740)" in problem and "Phường Sài Gòn" in problem for problem in second.problems)
    area = get_area("26740", on=TODAY)
    assert area is not None and area.name == "Phường Sài Gòn"


@pytest.mark.slow
@pytest.mark.django_db
def test_an_official_name_that_changed_is_taken_over(tables: Path) -> None:
    load_official_areas(tables)
    Area.objects.filter(code="32001").update(name="Xã Lạ")
    assert load_official_areas(tables).areas_changed == 1
    assert get_area("32001", on=TODAY).name == "Xã Mới"


@pytest.mark.django_db
def test_files_that_are_no_tables_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(AreaTableRefused, match="Không thấy bảng chuyển đổi"):
        load_official_areas(tmp_path)
    (tmp_path / "y.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AreaTableRefused, match="không phải UTF-8"):
        load_official_areas(tmp_path)
    with (tmp_path / "z.csv").open("wb") as stream:
        stream.truncate(20_000_001)
    with pytest.raises(AreaTableRefused, match="20 MB"):
        load_official_areas(tmp_path / "z.csv")
    assert not Area.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_commands_print_what_they_did(tables: Path) -> None:
    out = StringIO()
    call_command("load_areas", stdout=out)
    assert "Đơn vị: 725 mới" in out.getvalue()
    call_command("load_areas", str(tables), stdout=out)
    call_command("load_areas", str(tables), stdout=out)
    assert "Không có gì thay đổi." in out.getvalue()
    for path in (tables / "none", tables / "b.csv"):
        with pytest.raises(CommandError):
            call_command("load_areas", str(path), stdout=out)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bến nghé"], "26740 Phường Sài Gòn"),
        (["26740"], "Nếu giấy tờ lập trước 01/07/2025"),
        (["27361", "--written-on", "2021-05-05"], "27367 Phường Bình Tây"),
        (["Phường 1"], "phải hỏi lại địa chỉ"),
    ],
)
def test_a_person_can_ask_for_an_old_ward(arguments: list[str], says: str) -> None:
    ensure_city_areas()
    out = StringIO()
    call_command("resolve_area", *arguments, stdout=out)
    assert says in out.getvalue()
    with pytest.raises(CommandError):
        call_command("resolve_area", "phường không có", stdout=out)


@needs_shared
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.django_db
def test_the_shipped_table_answers_as_the_official_one_for_all_predecessors() -> None:
    text = next(text for text in (p.read_text("utf-8") for p in SHARED.glob("*.csv")) if is_conversion_table(text))
    official = read_official(text)
    city = {area.code for area in official.areas if area.parent_code == "79" and area.valid_from == MERGER_ON}
    expected: dict[str, set[str]] = {}
    for link in official.links:
        if link.new_code in city and len(link.old_code) == 5:
            expected.setdefault(link.old_code, set()).add(link.new_code)
    assert len(expected) == 441
    ensure_city_areas()
    assert {ward.code for ward in list_wards(on=TODAY)} == city
    names = {area.code: area.name for area in official.areas if area.valid_from is None}
    for code, new_codes in expected.items():
        answer = resolve_area(code, on=TODAY, written_on=date(2025, 6, 30))
        assert {candidate.area.code for candidate in answer.candidates} == new_codes
        assert get_area(code, on=date(2025, 6, 30)).name == names[code]


@needs_shared
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.django_db
def test_the_official_national_tables_load_and_twice_is_once() -> None:
    report = load_official_areas(SHARED)
    assert report.rows_read > 20_000
    assert Area.objects.valid_on(TODAY).filter(kind="province").count() == 34
    wards = Area.objects.valid_on(TODAY).exclude(kind="province")
    assert wards.count() == 3_321
    assert len(list_wards(on=TODAY)) == 168
    assert not load_official_areas(SHARED).is_changed
