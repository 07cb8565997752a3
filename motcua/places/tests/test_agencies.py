from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.places.models import Agency
from motcua.places.public import (
    AgencyNotFound,
    AgencyRefused,
    CalendarNotFound,
    close_agency,
    find_agency_by_code,
    find_current_agency,
    get_agencies,
    get_agency,
    get_calendar,
    get_work_calendar,
    list_agencies,
    list_agencies_for_area,
)
from motcua.places.tests.factories import TODAY, WARD, make_agency

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_an_office_is_found_by_id_code_and_area() -> None:
    agency = make_agency("h29.26743", name="  Ủy ban nhân dân   phường Bến Thành ")
    assert (agency.code, agency.name) == ("H29.26743", "Ủy ban nhân dân phường Bến Thành")
    assert get_agency(agency.id) == find_agency_by_code(" h29.26743 ") == agency
    assert get_agencies([agency.id, 10**9]) == {agency.id: agency}
    assert list_agencies_for_area(WARD, kind="people_committee", on=TODAY) == (agency,)
    assert list_agencies_for_area(WARD, kind="police", on=TODAY) == ()
    assert list_agencies_for_area(WARD, on=date(2025, 6, 30)) == ()


def test_unknown_offices_are_said_so() -> None:
    assert find_agency_by_code("H99") is None
    for read in (get_agency, get_work_calendar):
        with pytest.raises(AgencyNotFound):
            read(10**9)
    with pytest.raises(CalendarNotFound):
        get_calendar("mars")


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [
        {"code": "29H"},
        {"code": "H29.26743"},
        {"area_code": "27370"},
        {"kind": "shop"},
        {"level": "village"},
    ],
)
def test_an_office_that_cannot_be_is_refused_with_a_sentence(values: dict[str, str]) -> None:
    make_agency("H29.26743")
    code = values.pop("code", "H29.1")
    with pytest.raises(AgencyRefused) as refusal:
        make_agency(code, **values)  # type: ignore[arg-type]  # strings only
    assert refusal.value.message.endswith(".")


@pytest.mark.slow
def test_an_office_without_a_known_calendar_is_refused() -> None:
    with pytest.raises(CalendarNotFound):
        make_agency(calendar_code="mars")


def test_a_closed_office_leads_to_its_successor_and_stays_readable() -> None:
    old = make_agency("H29.50", valid_from=date(2021, 1, 1), area_code="79", level="city")
    middle = make_agency("H29.51")
    new = make_agency("H29.52")
    close_agency(old.id, on=date(2025, 7, 1), successor_id=middle.id)
    close_agency(middle.id, on=date(2026, 1, 1), successor_id=new.id)
    assert find_current_agency(old.id, on=TODAY) == new
    assert find_current_agency(old.id, on=date(2025, 6, 30)) == get_agency(old.id)
    assert find_current_agency(new.id, on=date(2021, 1, 1)) is None
    assert [agency.code for agency in list_agencies(on=TODAY)] == ["H29.52"]
    assert [agency.code for agency in list_agencies(on=date(2022, 1, 1), kind="people_committee", level="city")] == [
        "H29.50"
    ]


@pytest.mark.slow
def test_an_office_closes_once_and_only_towards_a_living_one() -> None:
    first, second = make_agency(), make_agency()
    close_agency(second.id, on=TODAY)
    assert find_current_agency(second.id, on=TODAY) is None
    for agency_id, successor_id in ((second.id, None), (first.id, second.id), (first.id, first.id)):
        with pytest.raises(AgencyRefused):
            close_agency(agency_id, on=TODAY, successor_id=successor_id)
    with pytest.raises(AgencyNotFound):
        close_agency(10**9, on=TODAY)


@pytest.mark.slow
def test_each_office_works_by_its_calendar() -> None:
    saturday = date(2026, 11, 21)
    assert not get_work_calendar(make_agency().id).is_workday(saturday)
    assert get_work_calendar(make_agency(calendar_code="hcm-saturday").id).is_workday(saturday)


@pytest.mark.slow
def test_lists_of_offices_take_one_query() -> None:
    for _ in range(5):
        make_agency()
    with CaptureQueriesContext(connection) as queries:
        assert len(list_agencies(on=TODAY)) == 5
    assert len(queries) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [
        {"code": "x"},
        {"area_code": "abc"},
        {"kind": "shop"},
        {"level": "village"},
        {"valid_to": date(2025, 1, 1)},
        {"successor": "self"},
    ],
)
def test_constraints_refuse_an_impossible_office(values: dict[str, object]) -> None:
    agency = Agency.objects.get(id=make_agency().id)
    for field, value in values.items():
        setattr(agency, field, agency if value == "self" else value)
    if "successor" in values:
        agency.valid_to = TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        agency.save()
