"""When a failed delivery is tried again, and when it is given to a person. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

MAX_ATTEMPTS = 8
_FIRST_WAIT_SECONDS = 5
_LONGEST_WAIT_SECONDS = 3600


def next_try(now: datetime, *, attempts: int, chance: float) -> datetime | None:
    """Return when to try again after `attempts` failures, or None: it is a dead letter.

    The wait doubles up to an hour; `chance` in [0, 1) spreads it over its upper half, so that a fleet of failures
    does not come back as one storm.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    longest = min(_FIRST_WAIT_SECONDS * 2 ** (attempts - 1), _LONGEST_WAIT_SECONDS)
    return now + timedelta(seconds=longest * (0.5 + chance / 2))
