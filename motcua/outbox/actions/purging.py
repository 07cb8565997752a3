"""What has been handed on is forgotten after a while; what waits or died never is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from motcua.outbox.models import Delivery, OutboxEvent

BATCH = 5_000


def forget_delivered(*, before: datetime, limit: int = BATCH) -> int:
    """Delete deliveries done before a moment and the events that nothing is left of; return how many rows went.

    At most `limit` of each, so that no run holds the table for long; the next run goes on.
    """
    done = Delivery.objects.filter(state=Delivery.State.DONE, finished_at__lt=before).order_by("id")
    deliveries, _rows = Delivery.objects.filter(id__in=list(done.values_list("id", flat=True)[:limit])).delete()
    idle = OutboxEvent.objects.filter(
        ~Exists(Delivery.objects.filter(event=OuterRef("pk"))), dispatched_at__lt=before
    ).order_by("id")
    events, _rows = OutboxEvent.objects.filter(id__in=list(idle.values_list("id", flat=True)[:limit])).delete()
    return deliveries + events
