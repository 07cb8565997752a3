"""Half-open spans of time: what two have in common, and many as few. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime | None]


def overlap(one: Span, other: Span) -> Span | None:
    """Return what two spans have in common, or None."""
    start = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end is not None]
    end = min(ends) if ends else None
    return None if end is not None and end <= start else (start, end)


def join_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same moments in the fewest spans, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or start <= joined[-1][1]):
            last_start, last_end = joined[-1]
            later = None if last_end is None or end is None else max(last_end, end)
            joined[-1] = (last_start, later)
        else:
            joined.append((start, end))
    return tuple(joined)
