"""Counting questions, for every web process together: one statement, no lock held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from motcua.portal.models import AskerBucket
from motcua.portal.rules import find_wait_seconds, make_bucket_key
from motcua.ui.public import TooManyRequestsError

# A full bucket stays full: asking on while refused costs nothing more than the time it takes to leak.
_POUR = """
INSERT INTO portal_askerbucket AS bucket (key, level, updated_at) VALUES (%s, %s::float8, %s)
ON CONFLICT (key) DO UPDATE SET
  level = LEAST(
    GREATEST(0, bucket.level - %s::float8 * GREATEST(0, EXTRACT(EPOCH FROM EXCLUDED.updated_at - bucket.updated_at)))
      + EXCLUDED.level,
    %s::float8
  ),
  updated_at = GREATEST(bucket.updated_at, EXCLUDED.updated_at)
RETURNING level
"""


def charge_asker(address: str, *, cost: float, now: datetime) -> None:
    """Count what an address asks; PUBLIC_ASKS_PER_MINUTE questions fit at once and as many leak away a minute.

    Raises: TooManyRequestsError with the time to wait, once they do not fit.
    """
    per_minute: int = settings.PUBLIC_ASKS_PER_MINUTE
    if per_minute <= 0:
        return
    key = make_bucket_key(address, secret=settings.SECRET_KEY)
    with connection.cursor() as cursor:
        cursor.execute(_POUR, [key, cost, now, per_minute / 60, per_minute + cost])
        (level,) = cursor.fetchone()
    wait = find_wait_seconds(level, per_minute=per_minute)
    if wait:
        raise TooManyRequestsError(retry_after_seconds=wait)


def forget_askers(*, now: datetime) -> int:
    """Delete the buckets that have long leaked empty; return how many."""
    deleted, _rows = AskerBucket.objects.filter(updated_at__lt=now - timedelta(minutes=10)).delete()
    return deleted
