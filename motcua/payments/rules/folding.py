"""Where a payment stands, folded from what was told of it. The order of telling does not matter.

A payment is never final: a failure is overtaken by a success, a success by a charge-back. The same movement of
money (`external_id`) told twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from motcua.payments.types import PaymentEvent, PaymentState


def received_vnd(events: Iterable[PaymentEvent]) -> int:
    """Return what came in and stayed: paid minus charged back and refunded."""
    once = {(event.kind, event.external_id): event for event in events}
    signs = {"paid": 1, "charged_back": -1, "refunded": -1}
    return sum(signs.get(event.kind, 0) * event.amount_vnd for event in once.values())


def fold_state(events: Iterable[PaymentEvent], *, expires_at: datetime | None, now: datetime) -> PaymentState:
    """Return where the payment stands now."""
    seen = list(events)
    kinds = {event.kind for event in seen}
    if "paid" in kinds:
        return "paid" if received_vnd(seen) > 0 else "reversed"
    if "failed" in kinds:
        return "failed"
    if "expired" in kinds or (expires_at is not None and now >= expires_at):
        return "expired"
    return "waiting"
