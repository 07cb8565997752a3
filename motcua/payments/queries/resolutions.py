"""The acts by which differences of a day were explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from motcua.kernel.messages import N_
from motcua.payments.models import Resolution
from motcua.payments.rules.resolving import ACTS
from motcua.payments.types import Difference, ResolutionInfo


def list_resolutions(on: date) -> tuple[ResolutionInfo, ...]:
    """Return the acts of a day, oldest first: one query."""
    return tuple(to_resolution_info(row) for row in Resolution.objects.filter(on=on).order_by("pk"))


def mark_resolved(
    differences: tuple[Difference, ...], resolutions: tuple[ResolutionInfo, ...]
) -> tuple[Difference, ...]:
    """Say of each difference which act explained it, or which one waits for a second person."""
    acts = {(each.kind, each.reference): each for each in resolutions}
    return tuple(_mark(each, acts.get((each.kind, each.reference))) for each in differences)


def _mark(difference: Difference, act: ResolutionInfo | None) -> Difference:
    if act is None:
        return difference
    if not act.is_done:
        return replace(difference, waits_for_second=str(act.uuid), resolved_by=act.says)
    return replace(difference, is_explained=True, resolved_by=act.says)


def to_resolution_info(row: Resolution) -> ResolutionInfo:
    name = next(act.name for code, act in ACTS.items() if code == row.act)
    return ResolutionInfo(
        uuid=row.uuid,
        on=row.on,
        kind=row.kind,
        reference=row.reference,
        act=row.act,
        amount_vnd=row.amount_vnd,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        is_done=row.approved_at is not None,
        says=N_("%(act)s (%(who)s: %(reason)s)", act=name, who=row.asked_by_name or row.asked_by, reason=row.reason),
    )
