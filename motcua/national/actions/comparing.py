"""The comparison of a day is kept, the newest one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from motcua.national.models import DayComparison
from motcua.national.rules.said import keep
from motcua.national.types import DayReport, Difference


def save_comparison(report: DayReport) -> None:
    """Keep a comparison; it takes the place of an earlier one of the same day."""
    DayComparison.objects.update_or_create(
        on=report.on,
        defaults={
            "made_at": report.made_at,
            "matched": report.matched,
            "differences": [_to_json(each) for each in report.differences],
            "unexplained": len(report.unexplained),
            "open": len(report.open),
        },
    )


def _to_json(difference: Difference) -> dict[str, Any]:
    facts = asdict(difference)
    return facts | {"says": keep(facts["says"])}
