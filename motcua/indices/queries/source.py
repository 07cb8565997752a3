"""The transaction tables read by case, a few at a time, and turned into what the copy may hold."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from motcua.cases.public import CaseMeasure, list_case_measures
from motcua.dossiers.public import DossierMeasure, list_dossier_measures
from motcua.indices.rules import keep_code, keep_ward, make_case_key, month_of, round_minutes
from motcua.indices.types import CopyRow
from motcua.payments.public import list_charges_of_cases
from motcua.places.public import get_agencies

_NONE = DossierMeasure(case_id=0, papers_spared=0, facts_spared=0, waived_law_vnd=0, waived_city_vnd=0)
TITLED_KIND = "dossier"  # its subject is a procedure of the catalogue; other subjects may be anybody's words


def get_copy_key() -> bytes:
    """Return the key of the copy's case keys."""
    own = settings.MOTCUA_COPY_KEY
    return own.encode() if own else salted_hmac("motcua.indices", "case_key", algorithm="sha256").digest()


def read_rows(*, ids: Iterable[int] = (), uuids: Iterable[UUID] = ()) -> list[CopyRow]:
    """Return the rows of these cases as they stand now. Shape: eight queries for all."""
    cases = list_case_measures(ids=ids, uuids=uuids)
    dossiers = {row.case_id: row for row in list_dossier_measures([case.case_id for case in cases])}
    agencies = get_agencies({case.agency_id for case in cases})
    waived: dict[UUID, int] = {}
    for charge in list_charges_of_cases([case.case_uuid for case in cases]):
        waived[charge.case_uuid] = waived.get(charge.case_uuid, 0) + charge.waived_vnd
    key = get_copy_key()
    return [
        _to_row(
            case,
            dossiers.get(case.case_id, _NONE),
            agency_code=agencies[case.agency_id].code,
            waived_vnd=waived.get(case.case_uuid, 0),
            key=key,
        )
        for case in cases
    ]


def _to_row(case: CaseMeasure, dossier: DossierMeasure, *, agency_code: str, waived_vnd: int, key: bytes) -> CopyRow:
    return CopyRow(
        case_key=make_case_key(case.case_uuid, key=key),
        kind=keep_code(case.kind),
        procedure_code=keep_code(case.subject_code),
        procedure_title=case.subject_title if case.kind == TITLED_KIND else "",
        agency_code=keep_code(agency_code),
        ward_code=keep_ward(case.area_code),
        channel=keep_code(case.channel),
        state=f"closed.{keep_code(case.outcome)}" if case.outcome else f"open.{keep_code(case.stage)}",
        received_month=month_of(case.opened_at),
        finished_month=None if case.finished_at is None else month_of(case.finished_at),
        is_on_time=case.is_on_time,
        is_extended=case.is_extended,
        working_minutes=None if case.working_minutes is None else round_minutes(case.working_minutes),
        papers_spared=dossier.papers_spared,
        facts_spared=dossier.facts_spared,
        # What registers proved only later is waived in the ledger, not in the lines frozen at the filing.
        waived_law_vnd=max(dossier.waived_law_vnd, waived_vnd - dossier.waived_city_vnd),
        waived_city_vnd=dossier.waived_city_vnd,
    )
