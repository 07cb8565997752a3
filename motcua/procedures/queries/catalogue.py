"""Reads of the catalogue: a procedure on a date, a version by its number, its form, its result template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from motcua.procedures.models import (
    CODE_PATTERN,
    LifeEvent,
    PackageFile,
    Procedure,
    ProcedureVersion,
    SearchEntry,
    SearchMiss,
)
from motcua.procedures.queries.data import DESIGNED
from motcua.procedures.rules import drafts
from motcua.procedures.types import (
    ChannelRow,
    Doubt,
    FieldInfo,
    LegalBasis,
    LifeEventInfo,
    ProcedureDetail,
    ProcedureNotFileable,
    ProcedureVersionNotFound,
    ResultTemplate,
    SearchMissInfo,
    Term,
)
from motcua.process.public import Form, parse_form

_HEAVY = ("form_schema", "result_template", "parse_report")


def in_force(on: date, prefix: str = "") -> Q:
    """Return the filter for rows whose half-open period holds the date."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    )


def find_procedure(code: str, *, on: date) -> ProcedureDetail | None:
    """Return the version of the procedure that is in force on the date. Two queries."""
    if not re.match(CODE_PATTERN, code):  # an address that somebody typed
        return None
    row = _details().filter(in_force(on), procedure__code=code).first()
    return _to_detail(row) if row else None


def get_procedure_version(version_id: int) -> ProcedureDetail:
    """Return one version, in force or not: what a dossier began with. Raises: ProcedureVersionNotFound."""
    found = get_procedure_versions([version_id])
    if version_id not in found:
        raise ProcedureVersionNotFound
    return found[version_id]


def get_procedure_versions(version_ids: Iterable[int]) -> dict[int, ProcedureDetail]:
    """Return many versions by id, in two queries whatever their number; unknown ids are left out."""
    return {row.pk: _to_detail(row) for row in _details().filter(pk__in=set(version_ids)).order_by("pk")}


def list_designed(*, on: date) -> tuple[tuple[ProcedureDetail, Form], ...]:
    """Return the procedures of the city's own design in force on the day with their forms, by code: three queries."""
    found = _details().filter(in_force(on), source="designed", form_schema__isnull=False)
    rows = list(found.order_by("procedure__code"))
    schemas = dict(ProcedureVersion.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "form_schema"))
    return tuple((_to_detail(row), parse_form(schemas[row.pk] or {})) for row in rows)


def list_versions(code: str) -> tuple[ProcedureDetail, ...]:
    """Return every version that the procedure ever had, the latest first: for comparing and rolling back."""
    return tuple(_to_detail(row) for row in _details().filter(procedure__code=code).order_by("-version_no")[:200])


@lru_cache(maxsize=2048)
def get_form(version_id: int) -> Form:
    """Return the version's form. A version's form never changes, so it is parsed once for each process.

    Raises: ProcedureVersionNotFound, ProcedureNotFileable.
    """
    row = ProcedureVersion.objects.filter(pk=version_id).values_list("form_schema").first()
    if row is None:
        raise ProcedureVersionNotFound
    if row[0] is None:
        raise ProcedureNotFileable
    return parse_form(row[0])


def get_result_template(version_id: int) -> ResultTemplate:
    """Return the template of the result paper as frozen with the version. Raises: as `get_form`."""
    row = ProcedureVersion.objects.filter(pk=version_id).values_list("result_template_name", "result_template").first()
    if row is None:
        raise ProcedureVersionNotFound
    name, text = row
    if not text:
        raise ProcedureNotFileable
    return ResultTemplate(name=name, text=text, path=DESIGNED / name)


def get_package_files(version_id: int) -> dict[str, bytes]:
    """Return the exact files that a version was published from, by path; none for what was not designed."""
    rows = PackageFile.objects.filter(version=version_id).order_by("path").values_list("path", "content")
    return {path: bytes(content) for path, content in rows}


def find_package_file(version_id: int, path: str) -> bytes | None:
    """Return one file that a version was published from, or None when it has none of that name."""
    found = PackageFile.objects.filter(version=version_id, path=path).values_list("content", flat=True).first()
    return None if found is None else bytes(found)


def list_life_events() -> tuple[LifeEventInfo, ...]:
    """Return the life events in their order, for the home page."""
    return tuple(_to_event(row) for row in LifeEvent.objects.order_by("position", "code"))


def list_fields(*, on: date) -> tuple[FieldInfo, ...]:
    """Return the fields of procedures in force, with their number, most procedures first."""
    rows = SearchEntry.objects.filter(in_force(on)).exclude(field="").values_list("field").annotate(size=Count("pk"))
    return tuple(FieldInfo(name=name, count=count) for name, count in rows.order_by("-size", "field"))


def list_search_misses(*, limit: int = 100) -> tuple[SearchMissInfo, ...]:
    """Return what people looked for and did not find, most often first."""
    rows = SearchMiss.objects.order_by("-count", "-last_at", "term_folded")[: min(limit, 1000)]
    return tuple(SearchMissInfo(term_folded=row.term_folded, count=row.count, last_at=row.last_at) for row in rows)


def _details() -> QuerySet[ProcedureVersion]:
    events = Prefetch("procedure__life_events", LifeEvent.objects.order_by("position", "code"))
    return ProcedureVersion.objects.select_related("procedure").prefetch_related(events).defer(*_HEAVY)


def _to_event(row: Any) -> LifeEventInfo:
    return LifeEventInfo(code=row.code, name=row.name, description=row.description, audience=row.audience)


def _to_detail(row: Any) -> ProcedureDetail:  # a ProcedureVersion: its constraints hold what the literals say
    procedure: Procedure = row.procedure
    return ProcedureDetail(
        version_id=row.pk,
        uuid=procedure.uuid,
        code=procedure.code,
        version_no=row.version_no,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        name=row.name,
        aliases=tuple(row.aliases),
        field=row.field,
        levels=tuple(row.levels),
        issuing_agency=row.issuing_agency,
        executing_agency=row.executing_agency,
        receiving_address=row.receiving_address,
        decision_no=row.decision_no,
        subjects=tuple(row.subjects),
        audiences=tuple(row.audiences),
        online_level=row.online_level,
        online_reason=row.online_reason,
        term=_to_term(row),
        channels=tuple(row.channels),
        channel_rows=tuple(ChannelRow(**each) for each in row.channel_rows),
        papers=tuple(drafts.paper_from_plain(each) for each in row.papers),
        fees=tuple(drafts.fee_from_plain(each) for each in row.fees),
        steps=row.steps,
        requirements=row.requirements,
        legal_bases=tuple(LegalBasis(**each) for each in row.legal_bases),
        result_names=tuple(row.result_names),
        life_events=tuple(_to_event(event) for event in procedure.life_events.all()),
        competence=drafts.competence_from_plain(row.competence),
        process_key=row.process_key,
        process_version_id=row.process_version_id,
        is_fileable=row.process_version_id is not None,
        source=row.source,
        source_url=row.source_url,
        mark=row.mark,
        doubts=tuple(Doubt(**each) for each in row.doubts),
        source_texts=dict(row.source_texts),
        linked=tuple(drafts.linked_from_plain(each) for each in row.linked),
        decision_names=tuple(row.decision_names),
        approved_by_decision_no=row.approved_by_decision_no,
    )


def _to_term(row: Any) -> Term:
    return Term(
        amount=row.term_amount,
        unit=row.term_unit,
        clock_rule=row.clock_rule,
        is_stated=row.term_is_stated,
        text=row.term_text,
        mark=row.term_mark,
        legal_ref=row.term_legal_ref,
    )
