"""The queue of packages. One policy: the counter and the leader of the office that would receive it, and operators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.cases.public import get_cases
from motcua.documents.public import read_file
from motcua.identity.public import Principal, Role
from motcua.kernel.clock import format_date, local_date
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.kernel.text import fold
from motcua.national.models import Intake
from motcua.national.rules.packages import read_package
from motcua.national.rules.said import from_json
from motcua.national.types import IntakeFolder, IntakeNotFound, IntakeRow, Package, PackageUnreadable
from motcua.places.public import get_agencies, list_wards
from motcua.procedures.public import ProcedureDetail, find_procedure, get_form

ROLES = (Role.COUNTER, Role.LEADER)
MAX_SHOWN = 500


def filter_visible(principal: Principal) -> QuerySet[Intake]:
    """Return the packages that this official may see: the one policy of every path."""
    if principal.has_role(Role.OPERATOR):
        return Intake.objects.all()
    offices = {agency_id for role in ROLES for agency_id in principal.agency_ids(role)}
    return Intake.objects.filter(agency_id__in=offices)


def list_intakes(principal: Principal, *, state: str = "", text: str = "", page: int) -> Page[IntakeRow]:
    """Return one page of the queue, newest first. Shape: at most four queries."""
    rows = filter_visible(principal)
    rows = rows.filter(state=state) if state else rows
    folded = fold(text)[:200]
    if folded:
        rows = rows.filter(search_folded__contains=folded)
    start, stop = page_window(page)
    found = _to_rows(list(rows.order_by("-received_at", "-id")[start:stop]))
    return make_page(found, number=page, total=rows.order_by()[: COUNT_CAP + 1].count(), cap=COUNT_CAP)


def get_intake(principal: Principal, intake_uuid: UUID) -> IntakeFolder:
    """Return a package to an official who may see it. Raises: IntakeNotFound."""
    row = filter_visible(principal).filter(uuid=intake_uuid).first()
    if row is None:
        raise IntakeNotFound
    package = _read_package(row)
    on = local_date(row.filed_at or row.received_at)
    procedure = find_procedure(row.procedure_code, on=on)
    papers = {f"paper_{each.code}": each.name for each in procedure.papers} if procedure else {}
    return IntakeFolder(
        row=_to_rows([row])[0],
        revision=row.revision,
        source=row.source,
        sha256=row.sha256,
        reasons=tuple(from_json(each) for each in row.reasons),
        answers=_list_answers(package, procedure, on=on) if package else (),
        fields=_list_fields(procedure),
        files=tuple((each.name, papers.get(each.paper, each.paper), each.file_id or 0) for each in row.files.all()),
        decisions=row.decisions,
        note=row.note,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        applicant=package.applicant if package else None,
    )


def read_original(principal: Principal, intake_uuid: UUID) -> tuple[str, bytes]:
    """Return (code, bytes) of the package exactly as it came. Raises: IntakeNotFound."""
    row = filter_visible(principal).filter(uuid=intake_uuid).first()
    if row is None:
        raise IntakeNotFound
    return row.national_code, read_file(row.package_id)


def _read_package(row: Intake) -> Package | None:
    try:
        return read_package(read_file(row.package_id))
    except PackageUnreadable:
        return None


def _list_fields(procedure: ProcedureDetail | None) -> tuple[tuple[str, str], ...]:
    """Return (key, label) of the questions of the form, to choose from."""
    if procedure is None:
        return ()
    return tuple((item.key, item.label or item.key) for item in get_form(procedure.version_id).fields)


def _list_answers(package: Package, procedure: ProcedureDetail | None, *, on: date) -> tuple[tuple[str, str], ...]:
    """Return what the sender wrote in the words of our form; what our form does not know stays as it came."""
    items = {item.key: item for item in get_form(procedure.version_id).fields} if procedure else {}
    wards = {ward.code: ward.name for ward in list_wards(on=on)} if items else {}
    shown = []
    for name, value in package.answers.items():
        item = items.get(name)
        words = {option.value: option.label for option in item.options} if item else {}
        words |= wards if item and item.kind == "area" else {}
        shown.append((item.label or name if item else name, _show(value, words)))
    return tuple(shown)


def _to_rows(rows: list[Intake]) -> list[IntakeRow]:
    agencies = get_agencies({row.agency_id for row in rows if row.agency_id is not None})
    cases = get_cases([row.case_id for row in rows if row.case_id is not None])
    return [
        IntakeRow(
            uuid=row.uuid,
            national_code=row.national_code,
            procedure_code=row.procedure_code,
            procedure_name=cases[row.case_id].subject_title if row.case_id is not None else "",
            applicant_name=row.applicant_name,
            state=row.state,  # type: ignore[arg-type]  # a constraint knows the states
            received_at=row.received_at,
            filed_at=row.filed_at,
            agency_name=agencies[row.agency_id].short_name if row.agency_id is not None else "",
            dossier_no=cases[row.case_id].code if row.case_id is not None else "",
            first_reason=from_json(row.reasons[0]).says if row.reasons else "",
            reasons=len(row.reasons),
        )
        for row in rows
    ]


def _show(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    text = words.get(str(value), str(value))
    try:
        return format_date(date.fromisoformat(text))
    except ValueError:
        return text[:MAX_SHOWN]
