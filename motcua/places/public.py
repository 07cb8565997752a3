"""The face of places: where, and which office, on which day."""

from __future__ import annotations

from motcua.places.actions.agencies import close_agency, create_agency, rename_agency
from motcua.places.actions.areas import ensure_city_areas, load_official_areas
from motcua.places.queries.agencies import (
    find_agency_by_code,
    find_current_agency,
    get_agencies,
    get_agency,
    get_agency_by_uuid,
    get_calendar,
    get_work_calendar,
    list_agencies,
    list_agencies_for_area,
    list_former_names,
)
from motcua.places.queries.areas import find_area, get_area, get_areas, list_predecessors, list_wards
from motcua.places.queries.resolution import resolve_area, search_areas
from motcua.places.queries.successors import map_shipped_successors, map_successors
from motcua.places.types import (
    AGENCY_KINDS,
    AGENCY_LEVELS,
    AgencyInfo,
    AgencyNotFound,
    AgencyRefused,
    AreaCandidate,
    AreaInfo,
    AreaNotFound,
    AreaResolution,
    AreaTableRefused,
    CalendarNotFound,
    FormerName,
    LoadReport,
)

__all__ = [
    "AGENCY_KINDS",
    "AGENCY_LEVELS",
    "AgencyInfo",
    "AgencyNotFound",
    "AgencyRefused",
    "AreaCandidate",
    "AreaInfo",
    "AreaNotFound",
    "AreaResolution",
    "AreaTableRefused",
    "CalendarNotFound",
    "FormerName",
    "LoadReport",
    "close_agency",
    "create_agency",
    "ensure_city_areas",
    "find_agency_by_code",
    "find_area",
    "find_current_agency",
    "get_agencies",
    "get_agency",
    "get_agency_by_uuid",
    "get_area",
    "get_areas",
    "get_calendar",
    "get_work_calendar",
    "list_agencies",
    "list_agencies_for_area",
    "list_former_names",
    "list_predecessors",
    "list_wards",
    "load_official_areas",
    "map_shipped_successors",
    "map_successors",
    "rename_agency",
    "resolve_area",
    "search_areas",
]
