"""Pages of long lists with a capped count: an exact count of a large table is never worth its price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")

PAGE_SIZE = 20
COUNT_CAP = 1_000
MAX_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `total_capped` counts at most the cap; `is_total_capped` says there are more."""

    items: tuple[T, ...]
    number: int
    has_next: bool
    has_previous: bool
    total_capped: int
    is_total_capped: bool = False

    def map(self, convert: Callable[[T], U]) -> Page[U]:
        """Return the same page with each item converted."""
        return Page(
            items=tuple(convert(item) for item in self.items),
            number=self.number,
            has_next=self.has_next,
            has_previous=self.has_previous,
            total_capped=self.total_capped,
            is_total_capped=self.is_total_capped,
        )


def clamp_page(number: object) -> int:
    """Turn whatever stood in the address into a page number from 1 to MAX_PAGE."""
    text = str(number)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return 1
    return min(max(int(text), 1), MAX_PAGE)


def page_window(number: int, *, size: int = PAGE_SIZE) -> tuple[int, int]:
    """Return (start, stop) to slice with; it takes one item more than the page to learn whether a next one exists."""
    start = (number - 1) * size
    return start, start + size + 1


def make_page(rows: Sequence[T], *, number: int, total: int, size: int = PAGE_SIZE, cap: int = COUNT_CAP) -> Page[T]:
    """Build a page from the rows of `page_window` and a count that stopped at `cap` + 1."""
    return Page(
        items=tuple(rows[:size]),
        number=number,
        has_next=len(rows) > size,
        has_previous=number > 1,
        total_capped=min(total, cap),
        is_total_capped=total > cap,
    )
