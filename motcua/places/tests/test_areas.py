from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.kernel.text import fold
from motcua.places.actions.areas import SHIPPED
from motcua.places.models import Area, AreaSuccession
from motcua.places.public import (
    AreaNotFound,
    ensure_city_areas,
    find_area,
    get_area,
    get_areas,
    list_predecessors,
    list_wards,
    resolve_area,
    search_areas,
)
from motcua.places.rules import read_shipped_areas
from motcua.places.tests.factories import TODAY

pytestmark = pytest.mark.django_db
BEFORE = date(2025, 6, 30)
SEEDS_TIME = date(2021, 6, 1)


@pytest.fixture
def city(db: None) -> None:
    ensure_city_areas()


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_loading_the_shipped_table_twice_changes_nothing() -> None:
    report = ensure_city_areas()
    assert not report.is_changed
    assert report.problems == ()
    assert report.areas_unchanged == Area.objects.count()


@pytest.mark.usefixtures("city")
def test_a_changed_row_is_brought_back() -> None:
    Area.objects.filter(code="26740", valid_to=None).update(name="Phường Khác")
    assert ensure_city_areas().areas_changed == 1
    assert get_area("26740", on=TODAY).name == "Phường Sài Gòn"


@pytest.mark.slow
@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(("on", "wards"), [(SEEDS_TIME, 312), (date(2025, 2, 1), 273), (TODAY, 168)])
def test_the_city_has_as_many_units_as_the_law_says(on: date, wards: int) -> None:
    assert len(list_wards(on=on)) == wards


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_the_168_units_are_113_wards_54_communes_and_con_dao() -> None:
    wards = list_wards(on=TODAY)
    assert Counter(ward.kind for ward in wards) == {"ward": 113, "commune": 54, "special_zone": 1}
    assert {ward.full_name for ward in wards if ward.kind == "special_zone"} == {
        "Đặc khu Côn Đảo, Thành phố Hồ Chí Minh"
    }
    names = [ward.name for ward in wards]
    assert names.index("Phường An Đông") < names.index("Phường Bến Thành") < names.index("Phường Đông Hưng Thuận")


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_a_record_of_2021_shows_its_ward_of_2021() -> None:
    assert get_area("26929", on=SEEDS_TIME).full_name == "Phường 24, Quận Bình Thạnh, Thành phố Hồ Chí Minh"
    assert get_area("26929", on=date(2025, 3, 1)).name == "Phường 14"
    assert get_area("26929", on=TODAY).name == "Phường Bình Thạnh"
    assert get_area("26707", on=SEEDS_TIME).full_name == "Xã Tân Hòa, Thị xã Phú Mỹ, Tỉnh Bà Rịa - Vũng Tàu"
    assert get_area("26659", on=SEEDS_TIME).parent_name == "Huyện Long Điền, Tỉnh Bà Rịa - Vũng Tàu"


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_a_code_without_a_unit_that_day_is_said_so() -> None:
    assert find_area("27370", on=TODAY) is None
    with pytest.raises(AreaNotFound, match="27370"):
        get_area("27370", on=TODAY)
    assert set(get_areas(["27370", "26740"], on=TODAY)) == {"26740"}


def _shipped_predecessors() -> list[str]:
    table = read_shipped_areas(
        (SHIPPED / "areas.csv").read_text("utf-8"), (SHIPPED / "successions.csv").read_text("utf-8")
    )
    ended = [area for area in table.areas if area.valid_to == date(2025, 7, 1) and len(area.code) == 5]
    return sorted(area.code for area in ended)


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_each_of_the_441_predecessor_wards_leads_to_units_of_today() -> None:
    codes = _shipped_predecessors()
    assert len(codes) == 441
    today = {ward.code for ward in list_wards(on=TODAY)}
    statuses: Counter[str] = Counter()
    reached: set[str] = set()
    for code in codes:
        answer = resolve_area(code, on=TODAY, written_on=BEFORE)
        statuses[answer.status] += 1
        reached |= {candidate.area.code for candidate in answer.candidates}
        assert {candidate.share for candidate in answer.candidates} == (
            {"whole"} if answer.status == "one" else {"part"}
        )
    assert statuses == {"one": 394, "several": 47}
    assert reached == today - {"26732"}  # Côn Đảo was a district without wards


@pytest.mark.slow
@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("text", "status", "codes"),
    [
        ("26740", "same", {"26740"}),
        ("27370", "one", {"27373"}),  # Phường 1 of Quận 6 until 2025
        ("27361", "one", {"27367"}),  # cut in two in 2025, met again in Phường Bình Tây
        ("26932", "several", {"26905", "26944"}),
        ("755", "one", {"26732"}),
        ("74", "one", {"79"}),
        ("79", "same", {"79"}),
        ("Phường Sài Gòn", "same", {"26740"}),
        ("ben nghe", "one", {"26740"}),
        ("P.1, Q3", "one", {"27154"}),
        ("phường 14, quận bình thạnh", "one", {"26929"}),
        ("phuong 14 quan binh thanh", "one", {"26929"}),
        ("P1 Q3 TPHCM", "one", {"27154"}),
        ("P.14 Bình Thạnh", "one", {"26929"}),
        ("phuong ben nghe quan 3", "unknown", set()),
        ("Huyện Côn Đảo", "one", {"26732"}),
        ("Phường Bến Nghé, Quận 3", "unknown", set()),
        ("99999", "unknown", set()),
        ("", "unknown", set()),
        ("2674", "unknown", set()),
    ],
)
def test_old_and_new_codes_and_names_resolve(text: str, status: str, codes: set[str]) -> None:
    answer = resolve_area(text, on=TODAY)
    assert answer.status == status
    assert {candidate.area.code for candidate in answer.candidates} == codes
    assert (answer.area is not None) == (status in ("same", "one"))


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_a_name_borne_by_many_wards_and_a_whole_district_must_be_asked() -> None:
    assert resolve_area("Phường 1", on=TODAY).status == "several"
    quan_1 = resolve_area("Quận 1", on=TODAY)
    assert quan_1.status == "several"
    assert {candidate.area.name for candidate in quan_1.candidates} >= {"Phường Sài Gòn", "Phường Bến Thành"}
    assert {candidate.from_area.name for candidate in quan_1.candidates if candidate.from_area} == {"Quận 1"}


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_the_day_of_the_record_decides_what_a_code_meant() -> None:
    assert resolve_area("26929", on=TODAY, written_on=SEEDS_TIME).candidates[0].from_area is not None
    of_2021 = resolve_area("26935", on=SEEDS_TIME)
    assert (of_2021.status, of_2021.area and of_2021.area.name) == ("same", "Phường 14")
    assert resolve_area("27370", on=TODAY, written_on=TODAY).status == "unknown"


@pytest.mark.slow
@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ben thanh", "Phường Bến Thành"),
        ("BẾN THÀNH", "Phường Bến Thành"),
        ("sai gon", "Phường Sài Gòn"),
        ("bến nghé", "Phường Sài Gòn"),
        ("Phường 1, Quận 3", "Phường Bàn Cờ"),
        ("phuong 1 quan 3", "Phường Bàn Cờ"),
        ("con dao", "Đặc khu Côn Đảo"),
        ("ben thanhh", "Phường Bến Thành"),
    ],
)
def test_search_needs_no_marks_and_knows_old_names(text: str, first: str) -> None:
    assert search_areas(text, on=TODAY, limit=5)[0].name == first


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_search_never_grows_and_survives_anything() -> None:
    counts = set()
    for text in ("an", "phuong", "Phường 1", "%_\\", "ben thanh, quan 1"):
        with CaptureQueriesContext(connection) as queries:
            assert len(search_areas(text, on=TODAY, limit=7)) <= 7
        counts.add(len(queries))
    assert max(counts) <= 12
    assert search_areas("", on=TODAY) == search_areas("x", on=TODAY) == ()


@pytest.mark.slow
@pytest.mark.usefixtures("city")
def test_lists_take_the_same_queries_at_any_length() -> None:
    with CaptureQueriesContext(connection) as queries:
        list_wards(on=TODAY)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        list_wards(on=SEEDS_TIME)
    assert len(queries) == 3


@pytest.mark.usefixtures("city")
def test_predecessors_of_a_ward() -> None:
    assert {area.name for area in list_predecessors("26740", on=TODAY)} >= {"Phường Bến Nghé"}
    assert list_predecessors("27370", on=SEEDS_TIME) == ()


def _area(**values: object) -> Area:
    fields = {"code": "99999", "name": "Phường Thử", "name_folded": fold("Phường Thử"), "sort_key": "a", "kind": "ward"}
    return Area(**(fields | values))


@pytest.mark.parametrize(
    "values",
    [
        {"code": "9999"},
        {"code": "ABCDE"},
        {"kind": "planet"},
        {"valid_from": TODAY, "valid_to": TODAY},
    ],
)
def test_constraints_refuse_an_impossible_area(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _area(**values).save()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"valid_to": TODAY}, {"valid_from": date(2026, 1, 1)}),
        ({"valid_from": TODAY}, {"valid_from": TODAY, "valid_to": date(2027, 1, 1)}),
    ],
)
def test_one_code_means_one_unit_on_one_day(first: dict[str, object], second: dict[str, object]) -> None:
    _area(**first).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        _area(**second).save()


def test_a_code_may_begin_again_on_the_day_it_ended() -> None:
    _area(valid_to=TODAY).save()
    _area(valid_from=TODAY).save()
    assert Area.objects.valid_on(TODAY).get(code="99999").valid_from == TODAY


@pytest.mark.parametrize("values", [{"share": "half"}, {"old_code": "1"}, {"new_code": "x"}])
def test_constraints_refuse_an_impossible_link(values: dict[str, str]) -> None:
    fields = {"old_code": "26740", "new_code": "26743", "share": "part", "on": TODAY}
    AreaSuccession.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaSuccession.objects.create(**(fields | values | {"on": BEFORE}))
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaSuccession.objects.create(**fields)
