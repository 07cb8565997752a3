"""Two times: what is true when, and since when we know it. Pure: given what stands, what has to be written.

Source: Snodgrass, Developing Time-Oriented Database Applications in SQL (1999), ch. 10.
Sequenced changes of a bitemporal table; half-open periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """A content that is true over [start, end); no end: until further notice."""

    start: datetime
    end: datetime | None
    content: T


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What a sequenced change does: `closed` are positions of what is no longer known to be so, `written` is new."""

    closed: tuple[int, ...]
    written: tuple[Period[T], ...]


def overlaps(one: Period[T], start: datetime, end: datetime | None) -> bool:
    """Tell whether a period shares a moment with [start, end)."""
    return (end is None or one.start < end) and (one.end is None or start < one.end)


def put(standing: Sequence[Period[T]], new: Period[T]) -> Change[T]:
    """Let `new` be true over its period; what stood there before and after it stays so.

    Raises: ValueError for a period that ends before it begins.
    """
    if new.end is not None and new.end <= new.start:
        raise ValueError("a period ends after it begins")
    closed: list[int] = []
    pieces: list[Period[T]] = []
    for position, old in enumerate(standing):
        if not overlaps(old, new.start, new.end):
            continue
        closed.append(position)
        if old.start < new.start:
            pieces.append(Period(old.start, new.start, old.content))
        if new.end is not None and (old.end is None or new.end < old.end):
            pieces.append(Period(new.end, old.end, old.content))
    return Change(tuple(closed), (*pieces, new))


def find_at(standing: Sequence[Period[T]], moment: datetime) -> T | None:
    """Return what is true at a moment."""
    for each in standing:
        if each.start <= moment and (each.end is None or moment < each.end):
            return each.content
    return None
