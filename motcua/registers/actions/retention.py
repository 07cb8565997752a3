"""What is kept too long is forgotten: rows that were not taken, after the time that their senders have to mend them.

Facts themselves are never deleted here: how many outlived their retention is shown to their steward, who decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from motcua.audit.public import SYSTEM, record_decision
from motcua.registers.models import LoadRun, RejectedRow

REJECTED_DAYS = 180


def forget_rejected_rows(*, now: datetime) -> int:
    """Forget the rows that old loads did not take; how many there were stays. Return of how many loads."""
    with transaction.atomic():
        old = LoadRun.objects.filter(finished_at__lt=now - timedelta(days=REJECTED_DAYS), erased_at__isnull=True)
        runs = list(old.select_for_update(of=("self",)).order_by("pk")[:500])
        numbers = [run.pk for run in runs]
        forgotten, _ = RejectedRow.objects.filter(run__in=numbers).delete()
        LoadRun.objects.filter(pk__in=numbers).update(erased_at=now)
        if forgotten:
            record_decision(
                SYSTEM, subject="registers", action="forget_rejected_rows",
                details={"loads": len(runs), "rows": forgotten}, now=now,
            )  # fmt: skip
    return len(runs)
