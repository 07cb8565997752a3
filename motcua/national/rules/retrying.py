"""When a message that did not arrive is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=1)
LEASE: Final = timedelta(minutes=2)  # longer than any call may take: nobody else sends it meanwhile


def next_wait(attempts: int, *, chance: float) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time up to an hour, spread by half.

    `chance`: from 0 to 1, so that a thousand messages that failed together do not come back together.
    """
    doubled = FIRST_WAIT * int(2 ** min(max(attempts - 1, 0), 10))
    return min(doubled, LONGEST_WAIT) * (0.5 + chance / 2)
