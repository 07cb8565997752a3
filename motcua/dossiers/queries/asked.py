"""What is still asked of people: facts typed and papers handed in, against what registers and the vault answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.query import QuerySet

from motcua.dossiers.models import Dossier, DossierFact, Paper, SparedPaper
from motcua.dossiers.types.solving import AskedCount
from motcua.exchange.public import get_fact_catalogue
from motcua.kernel.clock import HCM
from motcua.procedures.public import ProcedureDetail, get_procedure_versions, list_designed
from motcua.process.public import Form

_ANSWERED = ("confirmed", "disputed")  # states of a fact that a register answered
_BEGIN = date(2000, 1, 1)


def count_asked(*, on: date, first_on: date | None = None) -> tuple[AskedCount, ...]:
    """Count, for each designed procedure in force, what it asks and what dossiers filed since `first_on` were spared.

    Nine queries, however many procedures and dossiers. Most asked first.
    """
    designed = list_designed(on=on)
    filed = _filed(first_on or _BEGIN, on)
    by_version = dict(filed.order_by().values_list("procedure_version_id").annotate(size=Count("pk")))
    codes = {pk: version.code for pk, version in get_procedure_versions(by_version).items()}
    dossiers = _by_code(by_version, codes)
    facts = _count_rows(DossierFact.objects.filter(dossier__in=filed, state__in=_ANSWERED), codes)
    papers = _count_rows(Paper.objects.filter(dossier__in=filed, replaced_at__isnull=True), codes)
    spared = _count_rows(SparedPaper.objects.filter(dossier__in=filed), codes)
    rows = [
        _count(version, form, dossiers=dossiers.get(version.code, 0), facts=facts, papers=papers, spared=spared)
        for version, form in designed
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.facts_typed + row.papers_asked), row.code)))


def _count(
    version: ProcedureDetail,
    form: Form,
    *,
    dossiers: int,
    facts: Mapping[str, int],
    papers: Mapping[str, int],
    spared: Mapping[str, int],
) -> AskedCount:
    catalogue = get_fact_catalogue()
    questions = [item for item in form.fields if item.is_input and item.type != "filepicker"]
    asked = {item.paper for item in form.fields if item.type == "filepicker"}
    answered = {paper.code for paper in version.papers if paper.answered_by}
    known = sum(bool(item.fact) and catalogue.find(item.fact) is not None for item in questions)
    return AskedCount(
        code=version.code,
        name=version.name,
        facts_typed=len(questions) - known,
        facts_known=known,
        papers_asked=len(asked - answered),
        papers_known=len(asked & answered),
        dossiers=dossiers,
        facts_answered=facts.get(version.code, 0),
        papers_handed_in=papers.get(version.code, 0),
        papers_spared=spared.get(version.code, 0),
    )


def _filed(first_on: date, last_on: date) -> QuerySet[Dossier]:
    return Dossier.objects.filter(
        received_at__gte=datetime.combine(first_on, time.min, tzinfo=HCM),
        received_at__lt=datetime.combine(last_on + timedelta(days=1), time.min, tzinfo=HCM),
    )


def _count_rows(
    rows: QuerySet[DossierFact] | QuerySet[Paper] | QuerySet[SparedPaper], codes: Mapping[int, str]
) -> dict[str, int]:
    counted = rows.order_by().values_list("dossier__procedure_version_id").annotate(size=Count("pk"))
    return _by_code(dict(counted), codes)


def _by_code(by_version: Mapping[int, int], codes: Mapping[int, str]) -> dict[str, int]:
    """Add up the versions of each procedure."""
    found: dict[str, int] = {}
    for version_id, size in by_version.items():
        found[codes[version_id]] = found.get(codes[version_id], 0) + size
    return found
