"""Storing events in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from motcua.kernel.events import Event, to_payload
from motcua.outbox.actions.rows import insert_rows
from motcua.outbox.models import OutboxEvent


def publish(event: Event, *, now: datetime) -> None:
    """Store one event in the caller's transaction."""
    publish_all([event], now=now)


def publish_all(events: Sequence[Event], *, now: datetime) -> None:
    """Store events in the caller's transaction, by one statement. Nothing is delivered before it commits.

    Raises: ValueError for an event whose class sets no `event_type`.
    """
    rows = []
    for event in events:
        if not event.event_type:
            raise ValueError(f"{type(event).__name__} sets no event_type.")
        rows.append(
            OutboxEvent(
                uuid=uuid4(),
                event_type=event.event_type,
                subject=event.subject,
                payload=to_payload(event),
                occurred_at=now,
            )
        )
    if rows:
        insert_rows(rows)
