"""Reads of the catalogue: versions by date, few queries, forms parsed once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from motcua.procedures.models import ProcedureVersion
from motcua.procedures.public import (
    ProcedureNotFileable,
    ProcedureVersionNotFound,
    find_procedure,
    get_form,
    get_procedure_version,
    get_procedure_versions,
    get_result_template,
    search_procedures,
)
from motcua.procedures.tests.factories import NOW, TODAY, import_folder, make_record, write_source

pytestmark = pytest.mark.django_db


def test_a_page_takes_two_queries(small_catalogue: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        found = find_procedure("1.900002", on=TODAY)
    assert found is not None
    assert found.life_events


def test_many_versions_take_two_queries(
    small_catalogue: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [item.version_id for item in search_procedures("", on=TODAY).items]
    with django_assert_num_queries(2):
        assert set(get_procedure_versions([*ids, 0])) == set(ids)


def test_a_form_is_parsed_once(small_catalogue: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version_id = search_procedures("nuôi ong", on=TODAY).items[0].version_id
    get_form(version_id)
    with django_assert_num_queries(0):
        assert get_form(version_id).pages


@pytest.mark.slow
def test_the_version_of_the_day_is_found_and_old_ones_stay_readable(small_catalogue: Path) -> None:
    later = NOW + timedelta(days=30)
    first = find_procedure("1.900001", on=TODAY)
    import_folder(write_source(small_catalogue, [make_record(name="Đăng ký nuôi dế")]), now=later)
    assert first is not None
    assert find_procedure("1.900001", on=later.date() - timedelta(days=1)) is not None
    new = find_procedure("1.900001", on=later.date())
    assert new is not None
    assert (new.name, new.uuid) == ("Đăng ký nuôi dế", first.uuid)
    assert get_procedure_version(first.version_id).name == "Đăng ký nuôi ong trong phố"
    assert find_procedure("1.900001", on=TODAY - timedelta(days=1)) is None


def test_what_is_unknown_or_only_listed_has_no_form(small_catalogue: Path) -> None:
    listed = ProcedureVersion.objects.get(source="list").pk
    for read in (get_form, get_result_template):
        with pytest.raises(ProcedureNotFileable):
            read(listed)
        with pytest.raises(ProcedureVersionNotFound):
            read(0)
    with pytest.raises(ProcedureVersionNotFound):
        get_procedure_version(0)
    for code in ("không có", "", "1.900001\x00", "x" * 500, "1.999999"):
        assert find_procedure(code, on=TODAY) is None
