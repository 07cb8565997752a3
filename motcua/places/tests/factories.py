"""The city's areas and an office, for the tests of this module and of those above."""

from __future__ import annotations

from datetime import date
from itertools import count

from motcua.places.public import AgencyInfo, create_agency, ensure_city_areas, find_area

WARD = "26743"  # Phường Bến Thành
TODAY = date(2026, 11, 22)
_numbers = count(1)


def make_agency(
    code: str = "",
    *,
    kind: str = "people_committee",
    level: str = "commune",
    area_code: str = WARD,
    name: str = "Ủy ban nhân dân phường Bến Thành",
    valid_from: date = date(2025, 7, 1),
    parent_id: int | None = None,
    calendar_code: str = "hcm",
) -> AgencyInfo:
    """Open an office; loads the shipped table of areas first where it is missing."""
    if find_area(area_code, on=valid_from) is None:
        ensure_city_areas()
    return create_agency(
        code or f"H29.99.{next(_numbers)}",
        name=name,
        short_name=name.replace("Ủy ban nhân dân", "UBND"),
        kind=kind,
        level=level,
        area_code=area_code,
        valid_from=valid_from,
        parent_id=parent_id,
        calendar_code=calendar_code,
    )
