"""Steps that processes could not take, for the operator."""

from __future__ import annotations

from motcua.cases.models import Incident
from motcua.cases.types import IncidentInfo
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
    )


def list_open_incidents(*, page: int = 1) -> Page[IncidentInfo]:
    """Return the incidents that wait for an operator, oldest first; asks no permission."""
    rows = Incident.objects.filter(resolved_at=None).select_related("case").defer("case__state", "case__subject_folded")
    start, stop = page_window(page)
    total = rows.order_by()[: _CAP + 1].count()
    found = [to_incident_info(row) for row in rows.order_by("at", "id")[start:stop]]
    return make_page(found, number=page, total=total, cap=_CAP)
