"""Search in the database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.kernel.text import fold
from motcua.procedures.models import SearchMiss
from motcua.procedures.public import (
    list_fields,
    list_life_events,
    list_search_misses,
    record_search_miss,
    search_procedures,
)
from motcua.procedures.tests.factories import NOW, TODAY, import_folder, load_packages, make_record, write_source

WORDS = [
    "lam giay khai sinh cho con", "Giấy khai sinh", "dang ky khai sinh", "ĐĂNG KÝ KHAI SINH", "khia sinh", "1.900002",
    "1900002", "thủ tục đăng ký khai sinh", "khai sanh",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", WORDS)
def test_people_find_it_in_their_own_words(small_catalogue: Path, text: str) -> None:
    assert search_procedures(text, on=TODAY).items[0].code == "1.900002"


@pytest.mark.django_db
def test_a_slip_is_mended_and_said(small_catalogue: Path) -> None:
    page = search_procedures("nuoi onng", on=TODAY)
    assert [item.code for item in page.items] == ["1.900001"]
    assert page.match == "similar"


@pytest.mark.django_db
def test_some_of_the_words_are_better_than_nothing(small_catalogue: Path) -> None:
    page = search_procedures("nuôi ong trên sân thượng chung cư", on=TODAY)
    assert page.items[0].code == "1.900001"
    assert page.match == "some_words"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["zzzz qqqq", "???", "'; DROP TABLE x; --", "%_\\", "&|!():*<->", "a" * 5000, "\x00"])
def test_any_text_gets_an_answer(small_catalogue: Path, text: str) -> None:
    page = search_procedures(text, on=TODAY)
    assert page.match in ("none", "some_words", "similar")


@pytest.mark.django_db
def test_no_text_lists_everything_in_vietnamese_order(small_catalogue: Path) -> None:
    page = search_procedures("  ", on=TODAY)
    assert [item.code for item in page.items] == ["1.900003", "1.900001", "1.900002"]
    assert (page.match, page.total_capped) == ("all", 3)


@pytest.mark.django_db
def test_filters_narrow(small_catalogue: Path) -> None:
    def codes(**wanted: str) -> set[str]:
        return {item.code for item in search_procedures("", on=TODAY, **wanted).items}  # type: ignore[arg-type]  # the test's values are wider than the literal asked for

    assert codes(field="Hộ tịch") == {"1.900002"}
    assert codes(life_event="sinh-con") == {"1.900002"}
    assert codes(audience="citizen") == {"1.900001", "1.900002"}
    assert codes(online_level="none") == {"1.900003"}
    assert codes(field="Không có\x00") == set()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_designed_procedure_comes_before_others_and_by_its_alias(small_catalogue: Path) -> None:
    load_packages()
    assert search_procedures("tờ khai thử", on=TODAY).items[0].code == "9.000001"


@pytest.mark.django_db
def test_only_versions_in_force_on_the_day_are_found(small_catalogue: Path) -> None:
    later = NOW + timedelta(days=10)
    import_folder(write_source(small_catalogue, [make_record(name="Đăng ký nuôi dế trong phố")]), now=later)
    assert search_procedures("nuôi ong", on=TODAY).items[0].name == "Đăng ký nuôi ong trong phố"
    assert search_procedures("nuôi dế", on=TODAY).items[0].name != "Đăng ký nuôi dế trong phố"
    assert search_procedures("nuôi dế", on=later.date()).items[0].name == "Đăng ký nuôi dế trong phố"
    assert search_procedures("nuôi ong", on=TODAY - timedelta(days=1)).items == ()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("text", ["đăng ký", "", "lam giay khai sinh", "khia sin", "zzz yyy xxx", "1.900002"])
def test_a_search_takes_at_most_three_statements(small_catalogue: Path, text: str) -> None:
    search_procedures("khia xyz", on=TODAY)  # the first slip after an import reads the words of the catalogue
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search_procedures(text, on=TODAY)
    assert len(queries) <= 3


@pytest.mark.slow
@pytest.mark.django_db
def test_every_procedure_is_found_by_name_by_name_without_marks_and_by_code(
    full_catalogue: list[tuple[str, str, str, str, str]],
) -> None:
    for code, name, *_ in full_catalogue:
        for text in (name, fold(name), code):
            assert search_procedures(text, on=TODAY).items[0].code == code, text


@pytest.mark.slow
@pytest.mark.django_db
def test_pages_cover_everything_once(full_catalogue: list[tuple[str, str, str, str, str]]) -> None:
    seen: list[str] = []
    for number in range(1, 100):
        page = search_procedures("cấp lại", on=TODAY, page=number)
        seen += [item.code for item in page.items]
        if not page.has_next:
            break
    wanted = {code for code, name, *_ in full_catalogue if "Cấp lại" in name}
    assert len(seen) == len(set(seen)) == page.total_capped
    assert wanted <= set(seen)


@pytest.mark.django_db
def test_a_miss_is_counted_without_who_or_what_number() -> None:
    for text in ("Giấy phép thả diều 079123456789", "giay phep tha dieu 079999999999", "!!!"):
        record_search_miss(text, now=NOW)
    record_search_miss("x" * 500, now=NOW)
    first = list_search_misses()[0]
    assert (first.term_folded, first.count, first.last_at) == ("giay phep tha dieu #", 2, NOW)
    assert SearchMiss.objects.count() == 2


@pytest.mark.django_db
def test_fields_and_life_events_are_listed(small_catalogue: Path) -> None:
    assert [(field.name, field.count) for field in list_fields(on=TODAY)] == [
        ("Chăn nuôi", 1), ("Hộ tịch", 1), ("Văn hóa", 1),
    ]  # fmt: skip
    assert list_life_events()[0].code == "sinh-con"
