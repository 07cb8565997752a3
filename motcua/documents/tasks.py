"""Background work: files scanned again, signatures completed and renewed, each every minute."""

from __future__ import annotations

from datetime import datetime

from motcua.documents.public import complete_signatures, rescan_pending
from motcua.outbox.public import register_periodic


@register_periodic("documents.rescan_pending", every_seconds=60)
def rescan(*, now: datetime) -> None:
    rescan_pending(now=now)


@register_periodic("documents.complete_signatures", every_seconds=60)
def complete(*, now: datetime) -> None:
    complete_signatures(now=now)
