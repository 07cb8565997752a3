"""Events stored with the change that caused them, their deliveries, and the clockwork of periodic jobs."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """One event, written in the transaction of its cause. `dispatched_at` null: its deliveries are not laid out yet."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_type = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="outbox_event_type", condition=~Q(event_type=""))]
        indexes = [
            models.Index(name="outbox_event_waiting", fields=["id"], condition=Q(dispatched_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.uuid}"


class Delivery(models.Model):
    """One event for one handler: done in the handler's own transaction, retried, or dead for a person to look at."""

    class State(models.TextChoices):
        PENDING = "pending", "Đang chờ"
        DONE = "done", "Đã xử lý"
        DEAD = "dead", "Không xử lý được"

    event = models.ForeignKey("outbox.OutboxEvent", on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="outbox_delivery_once", fields=["event", "handler"]),
            models.CheckConstraint(name="outbox_delivery_state", condition=Q(state__in=["pending", "done", "dead"])),
            models.CheckConstraint(
                name="outbox_delivery_finished",
                condition=Q(state="pending", finished_at=None) | (~Q(state="pending") & Q(finished_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="outbox_delivery_due", fields=["next_try_at", "id"], condition=Q(state="pending")),
            models.Index(name="outbox_delivery_dead", fields=["-id"], condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.state}"


class PeriodicRun(models.Model):
    """When a periodic job runs next, and how its last run ended."""

    name = models.CharField(max_length=120, unique=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
