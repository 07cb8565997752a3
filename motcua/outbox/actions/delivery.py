"""Handing each event to each of its handlers, at least once, each alone."""

from __future__ import annotations

import logging
import random
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.kernel.events import from_payload
from motcua.outbox.actions.registry import Handler, get_handler, handler_names, list_handlers
from motcua.outbox.models import Delivery, OutboxEvent
from motcua.outbox.rules import next_try
from motcua.outbox.types import DeadLetterNotFound, DeliveryReport

logger = logging.getLogger(__name__)
_ERROR_LENGTH = 500
_LOOK_AGAIN_AFTER = timedelta(seconds=5)
_LOCK_SPACE = 0x6D63_6F62  # 'mcob'


def deliver_pending(*, now: datetime, limit: int = 100) -> DeliveryReport:
    """Deliver what is due, at most `limit` deliveries; several workers may call it at once.

    Each handler runs in its own transaction, together with the mark that it is done: a worker killed between leaves
    neither. A handler must not open a durable transaction of its own. One that asks the network runs in none of ours:
    while it waits no row is locked; killed between its work and the mark, it is called again.
    """
    lay_out_deliveries(now=now, limit=limit)
    report = DeliveryReport()
    for _ in range(limit):
        step = _deliver_one(now=now)
        if step is None:
            break
        report += step
    return report


def lay_out_deliveries(*, now: datetime, limit: int = 100) -> int:
    """Give each new event one delivery per handler; return how many events were laid out."""
    with transaction.atomic():
        events = list(
            OutboxEvent.objects.select_for_update(skip_locked=True).filter(dispatched_at=None).order_by("id")[:limit]
        )
        if not events:
            return 0
        Delivery.objects.bulk_create(
            [
                Delivery(event=event, handler=handler.name, next_try_at=now)
                for event in events
                for handler in list_handlers(event.event_type)
            ]
        )
        OutboxEvent.objects.filter(id__in=[event.id for event in events]).update(dispatched_at=now)
    return len(events)


def _deliver_one(*, now: datetime) -> DeliveryReport | None:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(state=Delivery.State.PENDING, next_try_at__lte=now, handler__in=handler_names())
            .order_by("next_try_at", "id")
            .first()
        )
        if delivery is None:
            return None
        handler = get_handler(delivery.handler)
        if not handler.asks_network:
            error = _run_handler(delivery, handler, now=now)
            return _write_outcome(delivery, error, now=now)
        if not _call_lock("pg_try_advisory_lock", delivery.pk):
            delivery.next_try_at = now + _LOOK_AGAIN_AFTER  # another worker is at it; should it die, it is found then
            delivery.save(update_fields=["next_try_at"])
            return DeliveryReport()
    return _deliver_outside(delivery, handler, now=now)


def _deliver_outside(delivery: Delivery, handler: Handler, *, now: datetime) -> DeliveryReport:
    """Run a handler that asks the network while no transaction of ours is open, and write how it went.

    The lock is the session's own: it ends with the worker, however that ends.
    """
    try:
        error = _run_handler(delivery, handler, now=now)
        with transaction.atomic():
            held = Delivery.objects.select_for_update(of=("self",)).select_related("event").get(pk=delivery.pk)
            return _write_outcome(held, error, now=now)
    finally:
        _call_lock("pg_advisory_unlock", delivery.pk)


def _call_lock(function: str, delivery_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_LOCK_SPACE, delivery_id % 2**31])
        return bool(cursor.fetchone()[0])


def _run_handler(delivery: Delivery, handler: Handler, *, now: datetime) -> str:
    """Run the handler, behind a savepoint where a transaction is open; return what went wrong, or nothing."""
    is_open = connection.in_atomic_block
    try:
        with transaction.atomic() if is_open else nullcontext():
            handler.call(from_payload(handler.event_class, delivery.event.payload), now=now)
            if is_open:
                connection.check_constraints()  # a deferred one must speak here, not when the delivery commits
    except Exception as error:
        logger.exception(
            "outbox.delivery.failed", extra={"delivery_id": delivery.pk, "event_uuid": str(delivery.event.uuid)}
        )
        return f"{type(error).__name__}: {error}".replace("\x00", "")[:_ERROR_LENGTH] or type(error).__name__
    return ""


def _write_outcome(delivery: Delivery, error: str, *, now: datetime) -> DeliveryReport:
    delivery.attempts += 1
    delivery.last_error = error
    retry_at = next_try(now, attempts=delivery.attempts, chance=random.random()) if error else None
    if retry_at is not None:
        delivery.next_try_at = retry_at
    else:
        delivery.state = Delivery.State.DEAD if error else Delivery.State.DONE
        delivery.finished_at = now
    delivery.save(update_fields=["attempts", "last_error", "next_try_at", "state", "finished_at"])
    if not error:
        return DeliveryReport(delivered=1)
    return DeliveryReport(failed=1) if retry_at is not None else DeliveryReport(dead=1)


def drain(*, now: datetime) -> DeliveryReport:
    """Deliver until nothing is due at `now`, the events that handlers publish included."""
    total = DeliveryReport()
    while True:
        laid_out = lay_out_deliveries(now=now)
        report = deliver_pending(now=now)
        total += report
        if not laid_out and not report.total:
            return total


def retry_dead_letter(delivery_id: int, *, now: datetime) -> None:
    """Put a dead letter back in the queue with all its attempts before it. Raises: DeadLetterNotFound."""
    changed = Delivery.objects.filter(id=delivery_id, state=Delivery.State.DEAD).update(
        state=Delivery.State.PENDING, attempts=0, next_try_at=now, finished_at=None
    )
    if not changed:
        raise DeadLetterNotFound(delivery_id)
