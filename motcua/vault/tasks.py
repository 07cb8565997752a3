"""Background work of the vault: deletions carried out when their grace is over, their records signed."""

from __future__ import annotations

from datetime import datetime

from motcua.outbox.public import register_periodic
from motcua.vault.actions.deleting import execute_due, sign_records

DELETE_EVERY_SECONDS = 60


@register_periodic("vault.execute_deletions", DELETE_EVERY_SECONDS)
def execute_deletions(*, now: datetime) -> None:
    """Destroy what is due, then sign the records. Killed between the two, the next round signs."""
    execute_due(now=now)
    sign_records(now=now)
