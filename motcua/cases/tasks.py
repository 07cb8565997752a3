"""What the worker does for the spine."""

from __future__ import annotations

from datetime import datetime

from motcua.cases.public import fire_due_timers
from motcua.outbox.public import register_periodic


@register_periodic("cases.fire_due_timers", every_seconds=60)
def fire_timers(*, now: datetime) -> None:
    """Let processes go on whose waiting time is over."""
    fire_due_timers(now=now)
