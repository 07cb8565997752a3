"""Which offices there are, for which area, and when they work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from motcua.kernel.workdays import WorkCalendar, load_city_calendars
from motcua.places.models import Agency, AgencyFormerName
from motcua.places.types import AgencyInfo, AgencyNotFound, CalendarNotFound, FormerName

_MAX_STEPS = 8


def get_agency(agency_id: int) -> AgencyInfo:
    """Return one office, living or closed. Raises: AgencyNotFound."""
    agency = Agency.objects.filter(id=agency_id).first()
    if agency is None:
        raise AgencyNotFound(agency_id)
    return to_agency_info(agency)


def get_agency_by_uuid(agency_uuid: UUID) -> AgencyInfo:
    """Return one office, living or closed, by what stands in addresses. Raises: AgencyNotFound."""
    agency = Agency.objects.filter(uuid=agency_uuid).first()
    if agency is None:
        raise AgencyNotFound(agency_uuid)
    return to_agency_info(agency)


def list_former_names(agency_id: int) -> tuple[FormerName, ...]:
    """Return what an office was called before, the latest name first."""
    rows = AgencyFormerName.objects.filter(agency_id=agency_id).order_by("-until")
    return tuple(FormerName(name=row.name, short_name=row.short_name, until=row.until) for row in rows)


def get_agencies(agency_ids: Iterable[int]) -> dict[int, AgencyInfo]:
    """Return offices by id, by one query; unknown ids are left out."""
    return {row.pk: to_agency_info(row) for row in Agency.objects.filter(id__in=set(agency_ids))}


def find_agency_by_code(code: str) -> AgencyInfo | None:
    """Return the office of an identification code, closed ones included: old papers must stay readable."""
    agency = Agency.objects.filter(code=code.strip().upper()).first()
    return None if agency is None else to_agency_info(agency)


def list_agencies(*, on: date, kind: str | None = None, level: str | None = None) -> tuple[AgencyInfo, ...]:
    """Return the offices of the day by name."""
    rows = Agency.objects.valid_on(on)
    rows = rows if kind is None else rows.filter(kind=kind)
    rows = rows if level is None else rows.filter(level=level)
    return tuple(to_agency_info(row) for row in rows.order_by("sort_key", "id"))


def list_agencies_for_area(area_code: str, *, on: date, kind: str | None = None) -> tuple[AgencyInfo, ...]:
    """Return the offices of the day whose seat is this area, by name."""
    rows = Agency.objects.valid_on(on).filter(area_code=area_code)
    rows = rows if kind is None else rows.filter(kind=kind)
    return tuple(to_agency_info(row) for row in rows.order_by("sort_key", "id"))


def find_current_agency(agency_id: int, *, on: date) -> AgencyInfo | None:
    """Return the office that stands for this one on the day: itself, or the last of its successors."""
    agency = get_agency(agency_id)
    for _ in range(_MAX_STEPS):
        if agency.valid_to is None or agency.valid_to > on:
            return agency if agency.valid_from <= on else None
        if agency.successor_id is None:
            return None
        agency = get_agency(agency.successor_id)
    return None


def get_calendar(code: str) -> WorkCalendar:
    """Return the working calendar of a code. Raises: CalendarNotFound."""
    calendar = load_city_calendars().get(code)
    if calendar is None:
        raise CalendarNotFound(code)
    return calendar


def get_work_calendar(agency_id: int) -> WorkCalendar:
    """Return the calendar by which an office works. Raises: AgencyNotFound, CalendarNotFound."""
    return get_calendar(get_agency(agency_id).calendar_code)


def to_agency_info(row: Agency) -> AgencyInfo:
    """Return a row as others see it."""
    return AgencyInfo(
        id=row.pk,
        uuid=row.uuid,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        level=row.level,
        area_code=row.area_code,
        address=row.address,
        phone=row.phone,
        calendar_code=row.calendar_code,
        parent_id=row.parent_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor_id=row.successor_id,
    )
