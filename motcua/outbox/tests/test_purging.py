"""What was handed on is forgotten in time; what waits or died is kept until a person has looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.kernel import clock
from motcua.outbox.models import Delivery, OutboxEvent
from motcua.outbox.public import forget_delivered
from motcua.outbox.tasks import forget

pytestmark = pytest.mark.django_db
NOW = clock.now()
OLD = NOW - timedelta(days=40)


def make_event(*states: str) -> OutboxEvent:
    event = OutboxEvent.objects.create(event_type="x.v1", occurred_at=OLD, dispatched_at=OLD)
    for number, state in enumerate(states):
        finished_at = None if state == "pending" else OLD
        Delivery.objects.create(
            event=event, handler=f"h{number}", state=state, next_try_at=OLD, finished_at=finished_at
        )
    return event


def test_only_what_is_done_and_old_goes() -> None:
    done, alone = make_event("done", "done"), make_event()
    kept = [make_event("done", "dead"), make_event("done", "pending")]
    fresh = OutboxEvent.objects.create(event_type="x.v1", occurred_at=NOW, dispatched_at=NOW)
    waiting = OutboxEvent.objects.create(event_type="x.v1", occurred_at=OLD)
    forget(now=NOW)
    left = set(OutboxEvent.objects.values_list("id", flat=True))
    assert left == {*(event.pk for event in kept), fresh.pk, waiting.pk}
    assert not left & {done.pk, alone.pk}
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["dead", "pending"]


def test_a_long_backlog_goes_in_small_bites() -> None:
    for _number in range(5):
        make_event("done")
    assert forget_delivered(before=NOW, limit=2) == 4
    assert OutboxEvent.objects.count() == 3
