"""Who stands for whom in a register, given the links that hold. Pure: the same links always give the same standing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

Link = tuple[UUID, UUID]


def find_component(start: Collection[UUID], links: Iterable[Link]) -> frozenset[UUID]:
    """Return all records that the links join with the given ones."""
    neighbours: dict[UUID, set[UUID]] = {}
    for one, other in links:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    seen, waiting = set(start), list(start)
    while waiting:
        for each in neighbours.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return frozenset(seen)


def arrange(records: Mapping[UUID, str], links: Collection[Link], *, standing: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Return for each record that should stand under another which one: one head per group and register.

    Shape: `records` names each record's register; `standing` is who stands under whom now. A head stays head when it
    can: the key of a person outlives new records.
    """
    wanted: dict[UUID, UUID] = {}
    left = set(records)
    while left:
        group = find_component({min(left)}, links) & frozenset(records)
        left -= group
        for register in sorted({records[each] for each in group}):
            members = [each for each in group if records[each] == register]
            head = _choose_head(members, standing)
            wanted |= {each: head for each in members if each != head}
    return wanted


def _choose_head(members: Collection[UUID], standing: Mapping[UUID, UUID]) -> UUID:
    """Return the member under whom most of the group stand already; of equals the least, so that no order matters."""
    kept = [standing[each] for each in members if each in standing]
    return min(members, key=lambda each: (each in standing, -kept.count(each), each))
