"""Events of the tests, and handlers that live for one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from motcua.kernel.events import Event
from motcua.outbox.models import Delivery, OutboxEvent
from motcua.outbox.public import subscribe, unsubscribe

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    """Something that happens in tests only."""

    event_type: ClassVar[str] = "tests.bell_rang.v1"
    number: int

    @property
    def subject(self) -> str:
        return f"bell:{self.number}"


@contextmanager
def handled_by(name: str, call: Callable[..., Any], *, asks_network: bool = False) -> Iterator[None]:
    """Let `call` handle BellRang for a while."""
    subscribe(BellRang, name, asks_network=asks_network)(call)
    try:
        yield
    finally:
        unsubscribe(name)


def make_dead_letter(*, error: str) -> Delivery:
    """Store a delivery that failed too often."""
    event = OutboxEvent.objects.create(event_type=BellRang.event_type, occurred_at=NOW, dispatched_at=NOW)
    return Delivery.objects.create(
        event=event, handler="tests.bell", state="dead", attempts=8, next_try_at=NOW, finished_at=NOW, last_error=error
    )
