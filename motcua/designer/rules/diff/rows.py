"""Rows and lines side by side: what is new, what is gone, what reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from motcua.designer.types import Change, ChangePart
from motcua.kernel.messages import join

MAX_LINES = 3_000


class Row(NamedTuple):
    """One thing that can be compared by itself."""

    heading: str
    text: str
    element_id: str = ""


def changed_rows(part: ChangePart, old: Mapping[object, Row], new: Mapping[object, Row]) -> Iterator[Change]:
    """Yield the rows that differ: first those of the old version in its order, then the new ones."""
    for key, row in old.items():
        other = new.get(key)
        if other is None:
            yield Change(part, row.heading, row.text, "", row.element_id)
        elif (other.text, other.heading) != (row.text, row.heading):
            yield _changed(part, row, other)
    for key, row in new.items():
        if key not in old:
            yield Change(part, row.heading, "", row.text, row.element_id)


def _changed(part: ChangePart, old: Row, new: Row) -> Change:
    if old.heading == new.heading:
        return Change(part, new.heading, old.text, new.text, new.element_id)
    before = join((old.heading, old.text), separator=": ") if old.text else old.heading
    after = join((new.heading, new.text), separator=": ") if new.text else new.heading
    return Change(part, new.heading, before, after, new.element_id)


def changed_lines(part: ChangePart, heading: str, old: str, new: str) -> Iterator[Change]:
    """Yield the passages of a text that differ, blank lines and spaces at the ends left out."""
    before = [line.strip() for line in old.splitlines()[:MAX_LINES] if line.strip()]
    after = [line.strip() for line in new.splitlines()[:MAX_LINES] if line.strip()]
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 1_000)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Change(part, heading, "\n".join(before[a:b]), "\n".join(after[c:d]))
