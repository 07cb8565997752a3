"""Steps that processes could not take, for the operator."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from motcua.cases.models import Incident
from motcua.cases.types import IncidentInfo, IncidentNotFound
from motcua.kernel.messages import N_
from motcua.kernel.paging import Page, make_page, page_window

_CAP = 1000


def to_incident_info(row: Incident) -> IncidentInfo:
    """Turn the row and its case into what neighbours may hold."""
    return IncidentInfo(
        uuid=row.uuid,
        case_id=row.case_id,
        case_code=row.case.code,
        at=row.at,
        element_id=row.element_id,
        code=row.code,
        text=row.text,
        tries=row.tries,
        resolved_at=row.resolved_at,
        event_kind=row.event["kind"],
        process_key=row.case.process_version.key,
        process_version=row.case.process_version.version,
    )


def list_open_incidents(*, page: int = 1) -> Page[IncidentInfo]:
    """Return the incidents that wait for an operator, oldest first; asks no permission."""
    rows = _read_incidents().filter(resolved_at=None)
    start, stop = page_window(page)
    total = rows.order_by()[: _CAP + 1].count()
    found = [to_incident_info(row) for row in rows.order_by("at", "id")[start:stop]]
    return make_page(found, number=page, total=total, cap=_CAP)


def count_open_incidents() -> int:
    """Return how many incidents wait for an operator; counts no further than the list's cap."""
    return Incident.objects.filter(resolved_at=None)[: _CAP + 1].count()


def get_incident(incident_uuid: UUID) -> IncidentInfo:
    """Return one incident, resolved or not; asks no permission. Raises: IncidentNotFound."""
    row = _read_incidents().filter(uuid=incident_uuid).first()
    if row is None:
        raise IncidentNotFound("incident_not_found", N_("Sự cố này không còn. Hãy mở lại danh sách sự cố."))
    return to_incident_info(row)


def _read_incidents() -> QuerySet[Incident]:
    big = ("case__state", "case__subject_folded", "case__process_version__bpmn_xml")
    return Incident.objects.select_related("case__process_version").defer(*big)
