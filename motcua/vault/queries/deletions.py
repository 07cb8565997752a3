"""Reads of deletions: what waits, what was done, and whether the law lets a paper go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.vault.models import Deletion
from motcua.vault.queries.papers import live_papers
from motcua.vault.rules.retention import judge_deletion
from motcua.vault.types import DeletionInfo, DeletionUnknown, RetentionVerdict


def list_deletions(owner: PartyRef) -> tuple[DeletionInfo, ...]:
    """Return the deletions that were asked for in a vault, newest first: one query."""
    rows = Deletion.objects.select_related("paper").filter(vault__owner_kind=owner.kind, vault__owner_id=owner.id)
    return tuple(to_deletion_info(row) for row in rows.order_by("-id")[:100])


def get_deletion(deletion_uuid: UUID, *, owner: PartyRef) -> DeletionInfo:
    """Return one deletion of this vault. Raises: DeletionUnknown."""
    row = Deletion.objects.select_related("paper").filter(
        uuid=deletion_uuid, vault__owner_kind=owner.kind, vault__owner_id=owner.id
    ).first()  # fmt: skip
    if row is None:
        raise DeletionUnknown
    return to_deletion_info(row)


def judge_paper_deletions(owner: PartyRef, *, now: datetime) -> dict[UUID, RetentionVerdict]:
    """Return for each living paper of a vault whether the law lets it be deleted now: one query."""
    rows = live_papers().filter(vault__owner_kind=owner.kind, vault__owner_id=owner.id)
    return {
        row.uuid: judge_deletion(row.kind, owner_kind=owner.kind, issued_on=row.issued_on, on=local_date(now))
        for row in rows.order_by("id")
    }


def to_deletion_info(row: Deletion) -> DeletionInfo:
    return DeletionInfo(
        uuid=row.uuid,
        paper_uuid=row.paper.uuid if row.paper is not None else None,
        asked_at=row.asked_at,
        execute_at=row.execute_at,
        undone_at=row.undone_at,
        executed_at=row.executed_at,
        record=row.record,
        signature=row.signature,
        signer_code=row.signer_code,
    )
