"""Jobs that come round: claimed by one worker at a time, a failure kept and shown."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from motcua.outbox.actions.registry import get_job, job_names
from motcua.outbox.models import PeriodicRun

logger = logging.getLogger(__name__)
_ERROR_LENGTH = 500


def run_periodic_jobs(*, now: datetime) -> int:
    """Run the periodic jobs that are due, each claimed by one worker; return how many ran.

    A job that fails is logged, shows its error in its row, and runs again at its next time.
    """
    next_runs = dict(PeriodicRun.objects.values_list("name", "next_run_at"))
    missing = [name for name in job_names() if name not in next_runs]
    if missing:
        PeriodicRun.objects.bulk_create(
            [PeriodicRun(name=name, next_run_at=now) for name in missing], ignore_conflicts=True
        )
    return sum(_run_job(name, now=now) for name in job_names() if next_runs.get(name, now) <= now)


def _run_job(name: str, *, now: datetime) -> bool:
    job = get_job(name)
    claimed = PeriodicRun.objects.filter(name=name, next_run_at__lte=now).update(
        next_run_at=now + timedelta(seconds=job.every_seconds), last_run_at=now
    )
    if not claimed:
        return False
    error = ""
    try:
        job.call(now=now)
    except Exception as failure:
        logger.exception("outbox.periodic.failed", extra={"job": name})
        error = f"{type(failure).__name__}: {failure}"[:_ERROR_LENGTH]
    PeriodicRun.objects.filter(name=name).exclude(last_error=error).update(last_error=error)
    return True
