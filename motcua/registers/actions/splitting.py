"""One record that was of two things becomes two. What was said of them together stays readable as of its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.registers.actions.writing import check_data, correct_record, lock_record, write_new_record
from motcua.registers.models import Record, RecordKey, RecordVersion, Split
from motcua.registers.queries.registers import get_register
from motcua.registers.rules.records import find_keys
from motcua.registers.types import MergeRefused, RecordInfo, RecordSplit, RecordWritten


def split_record(
    record_uuid: UUID,
    *,
    taken_out: Mapping[str, Any],
    remaining: Mapping[str, Any],
    reason: str,
    source: str,
    actor: Actor,
    now: datetime,
) -> RecordInfo:
    """Say that a record was of two things all along: what remains of it, and what is a record of its own; return that.

    Keys that `taken_out` names leave the old record. Its undoing is a merge of the two.
    Raises: RecordNotFound, RecordInvalid, KeyTaken, MergeRefused when the two were joined by a merge: undo that.
    """
    if not reason.strip():
        raise MergeRefused(N_("chưa nêu lý do"))
    with transaction.atomic():
        origin = lock_record(record_uuid)
        if Record.objects.filter(merged_into=origin).exists():
            raise MergeRefused(N_("bản ghi này đang đứng tên cho bản ghi khác; hãy bỏ lần gộp trước"))
        info = get_register(origin.register.code)
        content = check_data(info, taken_out)
        rows = RecordVersion.objects.filter(record=origin, known_to__isnull=True)
        first = rows.order_by("valid_from").values_list("valid_from", flat=True).first() or now
        _release_keys(origin, find_keys(info.keys, content), now)
        correct_record(origin.uuid, remaining, source=source, actor=actor.id, now=now)
        made = write_new_record(info, content, valid_from=first, source=source, actor=actor.id, now=now)
        Split.objects.create(
            origin=origin, made_id=made.id, reason=reason.strip()[:500], split_by=actor.id, split_at=now
        )
        publish(RecordWritten(register=info.code, record_uuid=made.uuid, change="created"), now=now)
        publish(RecordSplit(register=info.code, origin_uuid=origin.uuid, made_uuid=made.uuid), now=now)
        record_decision(
            actor, subject=f"record:{origin.uuid}", action="split_record",
            details={"made": str(made.uuid), "reason": reason.strip()}, now=now,
        )  # fmt: skip
    return made


def _release_keys(origin: Record, taken: Mapping[str, str], now: datetime) -> None:
    for name, value in taken.items():
        held = RecordKey.objects.filter(record=origin, name=name, value=value, is_current=True, is_unique=True)
        held.update(is_current=False, closed_at=now)
