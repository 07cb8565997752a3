"""The register book (slip 07): every dossier that a one-stop unit received, in the order of reception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from motcua.cases.public import get_cases
from motcua.dossiers.models import Dossier, Result
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.types import RegisterRow
from motcua.kernel.clock import HCM
from motcua.kernel.paging import COUNT_CAP, PAGE_SIZE, Page, make_page, page_window
from motcua.places.public import get_agencies
from motcua.procedures.public import get_procedure_versions

PRINT_CAP = 2_000


def list_register(*, agency_ids: Sequence[int], first_on: date, last_on: date, page: int) -> Page[RegisterRow]:
    """Return one page of the book of these one-stop units between two days, both included: six queries at most."""
    dossiers = _filter_register(agency_ids, first_on=first_on, last_on=last_on)
    start, stop = page_window(page)
    rows = _to_rows(list(dossiers[start:stop]), first_no=start + 1)
    total = dossiers.order_by()[: COUNT_CAP + 1].count()
    return make_page(rows, number=page, total=total, size=PAGE_SIZE)


def list_register_for_print(*, agency_id: int, first_on: date, last_on: date) -> tuple[RegisterRow, ...]:
    """Return the whole book of one unit between two days, to be printed; at most 2.000 lines."""
    dossiers = _filter_register([agency_id], first_on=first_on, last_on=last_on)
    return tuple(_to_rows(list(dossiers[:PRINT_CAP]), first_no=1))


def _filter_register(agency_ids: Sequence[int], *, first_on: date, last_on: date) -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(
            reception_agency_id__in=agency_ids,
            received_at__gte=_midnight(first_on),
            received_at__lt=_midnight(last_on + timedelta(days=1)),
        )
        .defer("form_data")
        .order_by("received_at", "id")
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=HCM)


def _to_rows(dossiers: list[Dossier], *, first_no: int) -> list[RegisterRow]:
    if not dossiers:
        return []
    cases = get_cases([dossier.case_id for dossier in dossiers])
    agencies = get_agencies({dossier.agency_id for dossier in dossiers})
    versions = get_procedure_versions({dossier.procedure_version_id for dossier in dossiers})
    issued = dict(Result.objects.filter(dossier__in=dossiers).values_list("dossier_id", "issued_at"))
    rows = []
    for no, dossier in enumerate(dossiers, start=first_no):
        case = cases[dossier.case_id]
        rows.append(
            RegisterRow(
                no=no,
                dossier_no=dossier.dossier_no,
                procedure_name=versions[dossier.procedure_version_id].name,
                applicant_name=str(dossier.applicant["name"]),
                applicant_contact=", ".join(
                    str(dossier.applicant[key]) for key in ("address", "phone") if dossier.applicant[key]
                ),
                agency_name=agencies[dossier.agency_id].name,
                received_at=dossier.received_at,
                due_at=case.due_at,
                returned_at=dossier.delivered_at or issued.get(dossier.id),
                result_channel=dossier.result_channel,
                state=derive_national_state(case.stage, case.outcome),
            )
        )
    return rows
