"""What the analytical copy may know of dossiers: counts and sums, no answer of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from motcua.dossiers.models import Dossier, DossierFact, SparedPaper
from motcua.dossiers.types import DossierMeasure

_ANSWERED = ("confirmed", "disputed")  # states of a fact that a register answered


def list_dossier_measures(case_ids: Iterable[int]) -> tuple[DossierMeasure, ...]:
    """Return the measures of the dossiers of these cases, by case. Shape: three queries for all; asks no permission."""
    dossiers = dict(Dossier.objects.filter(case_id__in=list(case_ids)).values_list("case_id", "fee_lines"))
    papers = _count(SparedPaper.objects.filter(dossier__case_id__in=dossiers))
    facts = _count(DossierFact.objects.filter(dossier__case_id__in=dossiers, state__in=_ANSWERED))
    return tuple(
        DossierMeasure(
            case_id=case_id,
            papers_spared=papers.get(case_id, 0),
            facts_spared=facts.get(case_id, 0),
            waived_law_vnd=_sum_waived(fee_lines, "statute"),
            waived_city_vnd=_sum_waived(fee_lines, "city"),
        )
        for case_id, fee_lines in sorted(dossiers.items())
    )


def _count(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("dossier__case_id").annotate(size=Count("pk")))


def _sum_waived(fee_lines: dict[str, Any], by: str) -> int:
    lines = [line for line in fee_lines.get("lines", ()) if line.get("waived_by") == by]
    return sum(max((line.get("by_law_vnd") or 0) - (line.get("amount_vnd") or 0), 0) for line in lines)
