"""Groups of records that are one person, and the check of their bridges: one false pair makes one wrong person. Pure.

A bridge is a pair without which its group falls in two. In a group of three or more, a bridge stays only when its own
weight reaches the bridge's threshold and nothing on one side speaks against anything on the other. Two records that a
person found to be two people are never in one group. What is cut goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

Edge = tuple[int, int, float]  # record, record, weight
SAID = 99.0  # the weight of a pair that a person has said is one: never weak, and what speaks against it was seen
MAX_GROUP = 40  # nobody has more records in a few sources; a larger group is a knot of errors


@dataclass(frozen=True, slots=True)
class Split:
    """What became of one group: the groups it consists of now, and the pairs that were cut."""

    groups: tuple[tuple[int, ...], ...]
    cut: tuple[Edge, ...]


def split_group(
    members: Collection[int],
    edges: Iterable[Edge],
    *,
    bridge_weight: float,
    conflicts: Callable[[int, int], bool],
    refused: Collection[tuple[int, int]] = (),
) -> Split:
    """Cut a group at its weak bridges, the weakest first, until none is left; a group too large, at its weakest pair.

    Two records of a `refused` pair (the lesser first) never stay in one group.
    """
    kept = sorted(edges, key=lambda edge: (edge[2], edge[0], edge[1]))
    cut: list[Edge] = []
    waiting = find_groups(members, kept)
    groups: list[tuple[int, ...]] = []
    while waiting:
        group = waiting.pop()
        inside = [edge for edge in kept if edge[0] in group and edge[1] in group]
        wrong = _find_between(group, inside, refused) or _find_wrong(group, inside, bridge_weight, conflicts)
        if wrong is None:
            groups.append(tuple(sorted(group)))
            continue
        cut.append(wrong)
        kept.remove(wrong)
        waiting.extend(find_groups(group, [edge for edge in inside if edge != wrong]))
    return Split(groups=tuple(sorted(groups)), cut=tuple(cut))


def _find_wrong(
    group: frozenset[int], edges: Sequence[Edge], bridge_weight: float, conflicts: Callable[[int, int], bool]
) -> Edge | None:
    if len(group) > MAX_GROUP:
        return edges[0] if edges else None
    if len(group) < 3:
        return None
    for edge in find_bridges(edges):
        if edge[2] >= SAID:
            continue
        if edge[2] < bridge_weight:
            return edge
        sides = find_groups(group, [each for each in edges if each != edge])
        one, other = sides[0], sides[1]
        if any(conflicts(a, b) for a in one for b in other):
            return edge
    return None


def _find_between(group: frozenset[int], edges: Sequence[Edge], refused: Collection[tuple[int, int]]) -> Edge | None:
    """Return the weakest pair on the strongest way between two records that must not be together."""
    for one, other in refused:
        if one not in group or other not in group:
            continue
        for place in range(len(edges)):  # edges go from weak to strong: the last that still leaves them joined
            if not any({one, other} <= part for part in find_groups(group, edges[place + 1 :])):
                return edges[place]
    return None


def find_groups(members: Iterable[int], edges: Iterable[Edge]) -> list[frozenset[int]]:
    """Return the connected groups, each member in one."""
    head = {member: member for member in members}

    def root(member: int) -> int:
        while head[member] != member:
            head[member] = head[head[member]]
            member = head[member]
        return member

    for one, other, _weight in edges:
        head[root(one)] = root(other)
    groups: dict[int, set[int]] = {}
    for member in head:
        groups.setdefault(root(member), set()).add(member)
    return sorted((frozenset(group) for group in groups.values()), key=min)


def find_bridges(edges: Sequence[Edge]) -> list[Edge]:
    """Return the pairs that alone hold their group together, in the order given."""
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for place, (one, other, _weight) in enumerate(edges):
        neighbours.setdefault(one, []).append((other, place))
        neighbours.setdefault(other, []).append((one, place))
    found: set[int] = set()
    seen: dict[int, int] = {}
    low: dict[int, int] = {}
    for start in neighbours:
        if start not in seen:
            _walk(start, neighbours, seen, low, found)
    return [edge for place, edge in enumerate(edges) if place in found]


def _walk(
    start: int, neighbours: dict[int, list[tuple[int, int]]], seen: dict[int, int], low: dict[int, int], found: set[int]
) -> None:
    """Tarjan's walk without recursion: a pair is a bridge when nothing below it reaches above it."""
    stack = [(start, -1, iter(neighbours[start]))]
    seen[start] = low[start] = len(seen)
    while stack:
        node, came_by, rest = stack[-1]
        step = next(rest, None)
        if step is None:
            stack.pop()
            if stack:
                parent = stack[-1][0]
                low[parent] = min(low[parent], low[node])
                if low[node] > seen[parent]:
                    found.add(came_by)
            continue
        neighbour, place = step
        if place == came_by:
            continue
        if neighbour in seen:
            low[node] = min(low[node], seen[neighbour])
        else:
            seen[neighbour] = low[neighbour] = len(seen)
            stack.append((neighbour, place, iter(neighbours[neighbour])))
