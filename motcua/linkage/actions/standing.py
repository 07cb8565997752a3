"""Registers follow the links: who stands for whom is what the links that hold say, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from motcua.audit.public import Actor
from motcua.linkage.models import LinkPair, Standing
from motcua.linkage.queries.pairs import load_group
from motcua.linkage.rules.arranging import arrange
from motcua.registers.public import merge_records, unmerge_records


def settle_standing(touched: Collection[UUID], *, reason: str, score: float, actor: Actor, now: datetime) -> None:
    """Merge and unmerge records until registers say what the links say. Runs in its caller's transaction.

    Only what must change is touched: a link undone gives back what it took, and leaves other links of the group alone.
    Raises: MergeRefused when somebody else merged these records otherwise.
    """
    members, links = load_group(touched, lock=True)
    standing = {
        row.record_uuid: row
        for row in Standing.objects.select_for_update().filter(record_uuid__in=members).order_by("pk")
    }
    registers = {uuid: register for row in links for uuid, register in _sides(row)}
    registers |= {uuid: "" for uuid in members if uuid not in registers}  # no link left: it stands for itself
    wanted = arrange(
        registers,
        [(row.left_uuid, row.right_uuid) for row in links],
        standing={uuid: row.kept_uuid for uuid, row in standing.items()},
    )
    for uuid, row in standing.items():
        if wanted.get(uuid) != row.kept_uuid:
            unmerge_records(row.merge_uuid, actor=actor, now=now)
            row.delete()
    for uuid, kept in sorted(wanted.items()):
        if uuid not in standing or standing[uuid].kept_uuid != kept:
            merge = merge_records(kept, merged_uuid=uuid, reason=reason, score=score, actor=actor, now=now)
            Standing.objects.create(record_uuid=uuid, kept_uuid=kept, merge_uuid=merge)


def _sides(row: LinkPair) -> tuple[tuple[UUID, str], tuple[UUID, str]]:
    return (row.left_uuid, row.left_register), (row.right_uuid, row.right_register)
