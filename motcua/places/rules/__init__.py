"""Reading tables of areas and what people type as an area. Pure: no database, no clock."""

from __future__ import annotations

from motcua.places.rules.official import (
    MERGER_ON,
    is_conversion_table,
    is_ward_list,
    list_code_differences,
    read_official,
)
from motcua.places.rules.tables import AreaRow, AreaTable, LinkRow, read_shipped_areas
from motcua.places.rules.typed import (
    AreaQuery,
    is_marked_alike,
    name_variants,
    read_area_query,
    read_area_readings,
    read_name,
)

__all__ = [
    "MERGER_ON",
    "AreaQuery",
    "AreaRow",
    "AreaTable",
    "LinkRow",
    "is_conversion_table",
    "is_marked_alike",
    "is_ward_list",
    "list_code_differences",
    "name_variants",
    "read_area_query",
    "read_area_readings",
    "read_name",
    "read_official",
    "read_shipped_areas",
]
