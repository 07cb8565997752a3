"""What a linkage of registers found is kept: every pair with its score, its model and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.linkage.models import LinkPair, LinkRun
from motcua.linkage.types import RunInfo, ScoredPair

_CHUNK = 5_000


def keep_run(info: RunInfo, *, pairs: Iterable[ScoredPair], actor: Actor, now: datetime) -> UUID:
    """Keep a run and its pairs, return its uuid; a known pair gets its new score while nobody has decided."""
    with transaction.atomic():
        run = LinkRun.objects.create(
            registers=list(info.registers),
            engine=info.engine,
            model_sha256=info.model_sha256,
            report=dict(info.report),
            started_at=info.started_at,
            finished_at=now,
            actor=actor.id,
        )
        rows, kept = iter(pairs), 0
        while chunk := list(islice(rows, _CHUNK)):
            kept += _keep(run, chunk)
        details: dict[str, object] = {"registers": list(info.registers), "pairs": kept, "model": info.model_sha256}
        record_decision(actor, subject=f"link_run:{run.uuid}", action="linkage.link", details=details, now=now)
    return run.uuid


def _keep(run: LinkRun, pairs: Sequence[ScoredPair]) -> int:
    known = {
        (row.left_uuid, row.right_uuid): row
        for row in LinkPair.objects.select_for_update()
        .filter(left_uuid__in=[each.left_uuid for each in pairs])
        .order_by("pk")
    }
    new, changed = [], []
    for each in pairs:
        row = known.get((each.left_uuid, each.right_uuid))
        if row is None:
            new.append(
                LinkPair(
                    run=run,
                    left_register=each.left_register,
                    left_uuid=each.left_uuid,
                    right_register=each.right_register,
                    right_uuid=each.right_uuid,
                    weight=each.weight,
                    levels=dict(each.levels),
                    is_sure=each.is_sure,
                    is_cut_bridge=each.is_cut_bridge,
                )
            )
        elif row.state in (LinkPair.State.WAITING, LinkPair.State.UNSURE):
            row.run, row.weight, row.levels = run, each.weight, dict(each.levels)
            row.is_sure, row.is_cut_bridge = each.is_sure, each.is_cut_bridge
            row.version += 1
            changed.append(row)
    LinkPair.objects.bulk_create(new)
    LinkPair.objects.bulk_update(changed, ["run", "weight", "levels", "is_sure", "is_cut_bridge", "version"])
    return len(new) + len(changed)
