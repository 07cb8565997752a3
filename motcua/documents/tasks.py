"""Background work: what the scanner could not look at yet is offered to it again every minute."""

from __future__ import annotations

from datetime import datetime

from motcua.documents.public import rescan_pending
from motcua.outbox.public import register_periodic


@register_periodic("documents.rescan_pending", every_seconds=60)
def rescan(*, now: datetime) -> None:
    rescan_pending(now=now)
