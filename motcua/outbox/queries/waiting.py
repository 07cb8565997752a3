"""What waits and what died."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.outbox.models import Delivery, OutboxEvent, PeriodicRun
from motcua.outbox.types import DeadLetter, JobStatus


def list_dead_letters(page: int = 1) -> Page[DeadLetter]:
    """Return the deliveries that failed too often, the latest first. For operators only."""
    start, stop = page_window(page)
    rows = Delivery.objects.select_related("event").filter(state=Delivery.State.DEAD).order_by("-id")
    total = len(rows.values_list("id")[: COUNT_CAP + 1])
    return make_page([_to_dead_letter(row) for row in rows[start:stop]], number=page, total=total)


def count_pending() -> int:
    """Return how many events and deliveries wait, at most the cap of counts each."""
    events = OutboxEvent.objects.filter(dispatched_at=None).values_list("id")[:COUNT_CAP]
    deliveries = Delivery.objects.filter(state=Delivery.State.PENDING).values_list("id")[:COUNT_CAP]
    return len(events) + len(deliveries)


def find_oldest_waiting(*, handlers: str) -> datetime | None:
    """Return when the oldest event happened that handlers whose name begins so may still wait for, or None.

    An event that nobody has laid out yet may be theirs, so it counts.
    """
    new = OutboxEvent.objects.filter(dispatched_at=None).aggregate(oldest=Min("occurred_at"))["oldest"]
    pending = Delivery.objects.filter(state=Delivery.State.PENDING, handler__startswith=handlers)
    laid = pending.aggregate(oldest=Min("event__occurred_at"))["oldest"]
    return min((at for at in (new, laid) if at is not None), default=None)


def list_jobs() -> tuple[JobStatus, ...]:
    """Return how each periodic job stands, by name."""
    return tuple(
        JobStatus(name=row.name, last_run_at=row.last_run_at, next_run_at=row.next_run_at, last_error=row.last_error)
        for row in PeriodicRun.objects.order_by("name")
    )


def _to_dead_letter(row: Delivery) -> DeadLetter:
    return DeadLetter(
        id=row.pk,
        event_uuid=row.event.uuid,
        event_type=row.event.event_type,
        subject=row.event.subject,
        handler=row.handler,
        attempts=row.attempts,
        last_error=row.last_error,
        occurred_at=row.event.occurred_at,
        failed_at=row.finished_at or row.next_try_at,
    )
