"""A small catalogue, the city's wards and one ward's office, for the portal's pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from motcua.kernel import clock
from motcua.places.public import AgencyInfo, create_agency, ensure_city_areas, list_wards
from motcua.procedures.tests.factories import import_folder, load_packages, make_record, write_source

TODAY = date(2026, 3, 2)


@pytest.fixture
def catalogue(db: None, tmp_path: Path) -> None:
    """One designed procedure (9.000001) and two imported ones."""
    now = clock.now()
    load_packages(now=now)
    records = [
        make_record("1.900001", "Đăng ký nuôi ong trong phố"),
        make_record("1.900002", "Gia hạn giấy phép nuôi ong", thanh_phan_ho_so="", can_cu_phap_ly=""),
    ]
    import_folder(write_source(tmp_path, records), now=now)


@pytest.fixture
def ward_office(db: None) -> AgencyInfo:
    """The people's committee of the ward of Bến Thành."""
    ensure_city_areas()
    ward = next(ward for ward in list_wards(on=TODAY) if ward.name == "Phường Bến Thành")
    return create_agency(
        "H29.999",
        name="Ủy ban nhân dân phường Bến Thành",
        short_name="UBND P. Bến Thành",
        kind="people_committee",
        level="commune",
        area_code=ward.code,
        valid_from=date(2025, 7, 1),
        address="92 đường Thử",
        phone="028 3839 6543",
    )
