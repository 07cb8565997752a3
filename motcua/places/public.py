"""The face of places: where, and which office, on which day."""

from __future__ import annotations

from motcua.places.actions.agencies import close_agency, create_agency
from motcua.places.actions.areas import ensure_city_areas, load_official_areas
from motcua.places.queries.agencies import (
    find_agency_by_code,
    find_current_agency,
    get_agencies,
    get_agency,
    get_calendar,
    get_work_calendar,
    list_agencies,
    list_agencies_for_area,
)
from motcua.places.queries.areas import find_area, get_area, get_areas, list_predecessors, list_wards
from motcua.places.queries.resolution import resolve_area, search_areas
from motcua.places.types import (
    AgencyInfo,
    AgencyNotFound,
    AgencyRefused,
    AreaCandidate,
    AreaInfo,
    AreaNotFound,
    AreaResolution,
    AreaTableRefused,
    CalendarNotFound,
    LoadReport,
)

__all__ = [
    "AgencyInfo",
    "AgencyNotFound",
    "AgencyRefused",
    "AreaCandidate",
    "AreaInfo",
    "AreaNotFound",
    "AreaResolution",
    "AreaTableRefused",
    "CalendarNotFound",
    "LoadReport",
    "close_agency",
    "create_agency",
    "ensure_city_areas",
    "find_agency_by_code",
    "find_area",
    "find_current_agency",
    "get_agencies",
    "get_agency",
    "get_area",
    "get_areas",
    "get_calendar",
    "get_work_calendar",
    "list_agencies",
    "list_agencies_for_area",
    "list_predecessors",
    "list_wards",
    "load_official_areas",
    "resolve_area",
    "search_areas",
]
