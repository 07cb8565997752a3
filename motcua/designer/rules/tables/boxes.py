"""Boxes of atoms: is everything covered, and which boxes meet. Exact and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Box = tuple[int, ...]  # a set of atoms (bit mask) for each column
MAX_NODES = 100_000


class TooManyBoxes(Exception):
    """More combinations than are looked at."""


def find_uncovered(domain: Box, boxes: Sequence[Box]) -> Box | None:
    """Return one point (an atom for each column) of the domain that no box holds, or None. Raises: TooManyBoxes."""
    return _Search(domain, boxes).run()


def find_meeting(domain: Box, boxes: Sequence[Box]) -> Iterator[tuple[int, int, Box]]:
    """Yield each two boxes that meet inside the domain, with all that they have in common."""
    for second, right in enumerate(boxes):
        for first, left in enumerate(boxes[:second]):
            common = tuple(a & b & c for a, b, c in zip(left, right, domain, strict=True))
            if all(common):
                yield first, second, common


def find_hidden(domain: Box, boxes: Sequence[Box]) -> Iterator[int]:
    """Yield the boxes that earlier boxes cover altogether. Raises: TooManyBoxes."""
    for number, box in enumerate(boxes):
        inside = tuple(a & b for a, b in zip(domain, box, strict=True))
        if all(inside) and find_uncovered(inside, boxes[:number]) is None:
            yield number


class _Search:
    """Column by column, atoms that the same boxes hold taken together; sets of boxes seen are not asked again."""

    def __init__(self, domain: Box, boxes: Sequence[Box]) -> None:
        self.domain = domain
        self.boxes = boxes
        self.nodes = 0
        self.seen: set[tuple[int, int]] = set()
        self.wide = self.find_wide()

    def run(self) -> Box | None:
        return self.search(0, (1 << len(self.boxes)) - 1) if all(self.domain) else None

    def find_wide(self) -> tuple[int, ...]:
        """For each column, the boxes that hold all of the domain from there on: with one of them nothing is missing."""
        wide = [(1 << len(self.boxes)) - 1] * (len(self.domain) + 1)
        for at in range(len(self.domain) - 1, -1, -1):
            full = [number for number, box in enumerate(self.boxes) if not self.domain[at] & ~box[at]]
            wide[at] = wide[at + 1] & sum(1 << number for number in full)
        return tuple(wide)

    def search(self, at: int, alive: int) -> Box | None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooManyBoxes
        if alive & self.wide[at]:
            return None
        if at == len(self.domain):
            return ()
        if (at, alive) in self.seen:
            return None
        for atom, holding in self.classes(at):
            rest = self.search(at + 1, alive & holding)
            if rest is not None:
                return (atom, *rest)
        self.seen.add((at, alive))
        return None

    def classes(self, at: int) -> list[tuple[int, int]]:
        """Return one atom of each kind in the column, with the boxes that hold it; fewest boxes first."""
        found: dict[int, int] = {}
        left = self.domain[at]
        while left:
            atom = left & -left
            left ^= atom
            holding = sum(1 << number for number, box in enumerate(self.boxes) if box[at] & atom)
            found.setdefault(holding, atom)
        return sorted(((atom, holding) for holding, atom in found.items()), key=lambda pair: pair[1].bit_count())
