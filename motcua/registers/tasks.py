"""Background work of registers: quality measured each night and on each load; what is kept too long is forgotten."""

from __future__ import annotations

from datetime import datetime

from motcua.outbox.public import register_periodic, subscribe
from motcua.registers.actions.measuring import measure_all, measure_batch
from motcua.registers.actions.retention import forget_rejected_rows
from motcua.registers.types import BatchLoaded

HOUR = 3600


@subscribe(BatchLoaded, name="registers.measure_batch")
def handle_batch_loaded(event: BatchLoaded, *, now: datetime) -> None:
    """Run the quality rules over a loaded batch. Its delivery and its figures are one transaction: counted once."""
    measure_batch(event.run_uuid, first_id=event.first_id, last_id=event.last_id, now=now)


@register_periodic("registers.measure_quality", every_seconds=HOUR)
def measure_quality(*, now: datetime) -> None:
    """Measure every register once a day: the first run after midnight does it, later ones find it done."""
    measure_all(now=now)


@register_periodic("registers.forget_rejected_rows", every_seconds=24 * HOUR)
def forget_rows(*, now: datetime) -> None:
    """Forget rows that were not taken long ago."""
    forget_rejected_rows(now=now)
