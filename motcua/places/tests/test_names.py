"""An office's former names: each with the day until which it held."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from motcua.places.models import AgencyFormerName
from motcua.places.public import AgencyRefused, close_agency, list_former_names, rename_agency
from motcua.places.tests.factories import make_agency

pytestmark = pytest.mark.django_db


def test_a_former_name_is_kept_once_a_day_and_never_empty() -> None:
    office = make_agency()
    rename_agency(office.id, name="Mới", short_name="", on=date(2026, 1, 5))
    for name, until in (("Nữa", date(2026, 1, 5)), ("", date(2026, 1, 6))):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgencyFormerName.objects.create(agency_id=office.id, name=name, short_name="", until=until)


@pytest.mark.slow
def test_names_follow_each_other_in_time() -> None:
    office = make_agency(name="Một")
    rename_agency(office.id, name="Hai", short_name="", on=date(2026, 1, 5))
    assert rename_agency(office.id, name="Ba", short_name="B", on=date(2026, 3, 5)).short_name == "B"
    assert [row.name for row in list_former_names(office.id)] == ["Hai", "Một"]


@pytest.mark.parametrize(
    ("name", "on"), [("  ", date(2026, 2, 1)), ("Mới", date(2025, 7, 1)), ("Mới", date(2026, 1, 4))]
)
def test_no_name_and_no_day_before_the_last_one(name: str, on: date) -> None:
    office = make_agency(name="Một")
    rename_agency(office.id, name="Hai", short_name="", on=date(2026, 1, 5))
    with pytest.raises(AgencyRefused):
        rename_agency(office.id, name=name, short_name="", on=on)


def test_a_closed_office_keeps_its_name() -> None:
    office = make_agency()
    close_agency(office.id, on=date(2026, 2, 1))
    with pytest.raises(AgencyRefused):
        rename_agency(office.id, name="Mới", short_name="", on=date(2026, 3, 1))
