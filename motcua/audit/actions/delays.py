"""Keep readings out of their subject's sight for an investigation: for a time, by a decision, noted by name."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from motcua.audit.actions.log import record_decision
from motcua.audit.models import ReadingDelay
from motcua.audit.queries.readings import read_limits
from motcua.audit.rules import find_delay_problem
from motcua.audit.types import Actor, DelayRefused, NewDelay
from motcua.kernel.messages import N_


def delay_readings(wish: NewDelay, *, actor: Actor, now: datetime) -> UUID:
    """Note a decision that delays. The caller has asked for the role. Raises: DelayRefused.

    Nothing is hidden for ever: `find_visible_at` ends every delay, whatever decisions follow.
    """
    problem = find_delay_problem(wish, limits=read_limits(), now=now)
    if problem:
        raise DelayRefused("audit.delay_refused", problem)
    try:
        with transaction.atomic():
            row = ReadingDelay.objects.create(
                **asdict(wish), noted_at=now, noted_by_id=actor.id, noted_by_name=actor.name
            )
            record_decision(
                actor,
                subject=f"reading_delay:{row.uuid}",
                action="audit.delay_readings",
                details={"decision_no": wish.decision_no, "reader": wish.reader, "until_at": wish.until_at},
                now=now,
            )
    except IntegrityError as error:
        raise DelayRefused(
            "audit.delay_known", N_("Quyết định này đã được ghi cho người và cơ quan đó. Muốn kéo dài phải có số mới.")
        ) from error
    return row.uuid


def lift_delay(delay_uuid: UUID, *, actor: Actor, now: datetime) -> bool:
    """End a delay before its day: its readings come into sight at once. Lifting twice changes nothing."""
    with transaction.atomic():
        row = ReadingDelay.objects.select_for_update().filter(uuid=delay_uuid).first()
        if row is None:
            raise DelayRefused("audit.delay_unknown", N_("Không có quyết định này. Hãy tải lại danh sách."))
        if row.lifted_at is not None or row.until_at <= now:
            return False
        row.lifted_at, row.lifted_by_name = now, actor.name
        row.save(update_fields=["lifted_at", "lifted_by_name"])
        record_decision(actor, subject=f"reading_delay:{row.uuid}", action="audit.lift_delay", details={}, now=now)
    return True
