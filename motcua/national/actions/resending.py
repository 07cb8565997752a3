"""What mends a difference: the states from that day on are told again, in their order, under new numbers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q

from motcua.audit.public import Actor, record_decision
from motcua.kernel.clock import HCM
from motcua.national.models import StatusMessage
from motcua.national.types import NothingToResend


def resend(code: str, *, on: date, actor: Actor, now: datetime) -> int:
    """Tell the other side again what happened to this dossier from the day on; return how many messages wait now.

    What still waits is only hurried: it will be told anyway. Raises: NothingToResend for a code without messages.
    """
    with transaction.atomic():
        rows = _lock_thread(code)
        waiting = [row for row in rows if row.outcome == "waiting"]
        if waiting:
            StatusMessage.objects.filter(pk__in=[row.pk for row in waiting]).update(next_try_at=now)
        else:
            waiting = _tell_again(rows, on=on, now=now)
        record_decision(
            actor, subject=f"national:{code}", action="national.resend", details={"on": on.isoformat()}, now=now
        )
    return len(waiting)


def _lock_thread(code: str) -> list[StatusMessage]:
    found = StatusMessage.objects.filter(Q(dossier_no=code) | Q(national_code=code)).order_by("-id").first()
    if found is None:
        raise NothingToResend
    with connection.cursor() as cursor:  # the same turn as who follows the dossier
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"national:{found.thread}"])
    return list(StatusMessage.objects.filter(thread=found.thread).order_by("seq"))


def _tell_again(rows: list[StatusMessage], *, on: date, now: datetime) -> list[StatusMessage]:
    history = sorted((row for row in rows if row.position is not None), key=_by_position) or rows[:1]
    since = datetime(on.year, on.month, on.day, tzinfo=HCM)
    wanted = [row for row in history if row.happened_at >= since] or history[-1:]
    last = StatusMessage.objects.filter(thread=UUID(str(rows[0].thread))).aggregate(seq=Max("seq"))["seq"]
    return StatusMessage.objects.bulk_create(
        StatusMessage(
            thread=row.thread,
            case_id=row.case_id,
            dossier_no=row.dossier_no,
            national_code=row.national_code,
            seq=last + number,
            state=row.state,
            reason=row.reason,
            happened_at=row.happened_at,
            created_at=now,
            next_try_at=now,
        )
        for number, row in enumerate(wanted, start=1)
    )


def _by_position(row: StatusMessage) -> int:
    return row.position or 0
