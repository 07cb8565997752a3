"""Background work of audit."""

from __future__ import annotations

from datetime import datetime

from motcua.audit.public import chain_pending
from motcua.outbox.public import register_periodic


@register_periodic("audit.chain_pending", every_seconds=5)
def chain(*, now: datetime) -> None:
    """Link what was written since the last time."""
    chain_pending(now=now)
