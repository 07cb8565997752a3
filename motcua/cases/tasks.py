"""What the worker does for the spine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from motcua.cases.public import MessageSent, SignalBroadcast, broadcast_signal, deliver_message, fire_due_timers
from motcua.outbox.public import register_periodic, subscribe


@register_periodic("cases.fire_due_timers", every_seconds=60)
def fire_timers(*, now: datetime) -> None:
    """Let processes go on whose waiting time is over."""
    fire_due_timers(now=now)


@subscribe(MessageSent, name="cases.deliver_message")
def handle_message_sent(event: MessageSent, *, now: datetime) -> None:
    """Bring the message of one case to the case that it names. A second delivery finds nobody waiting."""
    deliver_message(
        event.name,
        payload=_read(event.payload),
        correlation=event.correlation,
        sender_case_id=event.case_id,
        now=now,
    )


@subscribe(SignalBroadcast, name="cases.broadcast_signal")
def handle_signal_broadcast(event: SignalBroadcast, *, now: datetime) -> None:
    """Let the other cases hear what one of them signals."""
    broadcast_signal(event.name, payload=_read(event.payload), sender_case_id=event.case_id, now=now)


def _read(payload: str) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(payload)
    return read
