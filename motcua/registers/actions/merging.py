"""Two records of one thing become one, and two again when that was a mistake. Unmerging is the product."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.registers.models import Merge, Record, RecordKey
from motcua.registers.types import MergeRefused, RecordNotFound, RecordsMerged, RecordsUnmerged


def merge_records(
    kept_uuid: UUID, *, merged_uuid: UUID, reason: str, score: float | None = None, actor: Actor, now: datetime
) -> UUID:
    """Let one record stand for both; return the merge's uuid. Both keep their own history.

    The merged record's keys lead to the kept one. Raises: RecordNotFound, MergeRefused.
    """
    with transaction.atomic():
        kept, merged = _lock_both(kept_uuid, merged_uuid)
        if kept.register_id != merged.register_id:
            raise MergeRefused(N_("hai bản ghi thuộc hai sổ khác nhau"))
        if kept.merged_into_id or merged.merged_into_id:
            raise MergeRefused(N_("một bản ghi đã được gộp trước đó; hãy dùng bản ghi đang đứng tên"))
        if Record.objects.filter(merged_into=merged).exists():
            raise MergeRefused(N_("bản ghi này đang đứng tên cho bản ghi khác; hãy gộp theo chiều ngược lại"))
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        row = Merge.objects.create(
            kept=kept, merged=merged, reason=reason.strip()[:500], score=score, merged_by=actor.id, merged_at=now
        )
        publish(RecordsMerged(register=kept.register.code, kept_uuid=kept.uuid, merged_uuid=merged.uuid), now=now)
        record_decision(
            actor, subject=f"record:{kept.uuid}", action="merge_records",
            details={"merged": str(merged.uuid), "reason": reason.strip()}, now=now,
        )  # fmt: skip
    return row.uuid


def unmerge_records(merge_uuid: UUID, *, actor: Actor, now: datetime) -> None:
    """Undo a merge: both records stand for themselves, each with its own keys and history. Raises: MergeRefused."""
    with transaction.atomic():
        merge = (
            Merge.objects.select_related("kept__register", "merged")
            .select_for_update(of=("self",))
            .filter(uuid=merge_uuid, undone_at__isnull=True)
            .first()
        )
        if merge is None:
            raise MergeRefused(N_("lần gộp này không có hoặc đã được tách"))
        Record.objects.filter(pk=merge.merged.pk).update(merged_into=None)
        merge.undone_at, merge.undone_by = now, actor.id
        merge.save(update_fields=["undone_at", "undone_by"])
        publish(
            RecordsUnmerged(
                register=merge.kept.register.code, kept_uuid=merge.kept.uuid, merged_uuid=merge.merged.uuid
            ),
            now=now,
        )
        record_decision(
            actor, subject=f"record:{merge.kept.uuid}", action="unmerge_records",
            details={"merged": str(merge.merged.uuid)}, now=now,
        )  # fmt: skip


def move_key(record_uuid: UUID, *, name: str, value: str, to_uuid: UUID, actor: Actor, now: datetime) -> None:
    """Give a key to another record of the same register: the first step of a split. Raises: RecordNotFound."""
    with transaction.atomic():
        giver, taker = _lock_both(record_uuid, to_uuid)
        key = RecordKey.objects.filter(record=giver, name=name, value=value, is_current=True, is_unique=True).first()
        if key is None or giver.register_id != taker.register_id:
            raise RecordNotFound()
        RecordKey.objects.filter(pk=key.pk).update(is_current=False, closed_at=now)
        RecordKey.objects.create(register_id=giver.register_id, name=name, value=value, record=taker)
        record_decision(
            actor, subject=f"record:{giver.uuid}", action="move_key",
            details={"to": str(taker.uuid), "name": name}, now=now,
        )  # fmt: skip


def _lock_both(one: UUID, other: UUID) -> tuple[Record, Record]:
    """Lock two records in one order for all, so that two mergers cannot wait for each other."""
    rows = Record.objects.select_related("register").select_for_update(of=("self",), no_key=True)
    found = {row.uuid: row for row in rows.filter(uuid__in=[one, other]).order_by("pk")}
    if one == other or len(found) < 2:
        raise RecordNotFound()
    return found[one], found[other]
