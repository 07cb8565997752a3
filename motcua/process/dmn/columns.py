"""The index of one column of a decision table: from a value to the set of rows (a bit each) that it matches.

A cell of constants answers alike for all values that lie at the same place among the column's boundaries. So the
real unary tests are asked once for each boundary and once between each two; afterwards a value costs one look-up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Protocol

from motcua.process.dmn.types import Cell
from motcua.process.feel.temporal import FeelDate, date_of


class Tests(Protocol):
    def matches(self, value: Any, context: Mapping[str, Any]) -> bool | None: ...


Key = Callable[[Any], Any]


def _itself(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class _Line:
    """All values of one ordered type: `points` cut it; masks for (before, at) each point, then for what is after."""

    points: list[Any]
    masks: list[int]

    def find(self, value: Any) -> int:
        place = bisect_left(self.points, value)
        is_at = place < len(self.points) and self.points[place] == value
        return self.masks[2 * place + is_at]


class Column:
    """One input column. `opaque` holds the cells that must be asked each time, with their bit."""

    __slots__ = ("_dates", "_else", "_exact", "_fixed", "_is_plain", "_logic", "_numbers", "_strings", "full", "opaque")

    def __init__(self, cells: Sequence[Cell], tests: Sequence[Tests | None]) -> None:
        self.full = 0  # rows that the index cannot rule out: any and opaque
        self._fixed: list[tuple[int, Tests, Cell]] = []
        opaque: list[tuple[int, Tests]] = []
        self._is_plain = True  # no intervals: equality alone decides
        for row, (cell, test) in enumerate(zip(cells, tests, strict=True)):
            bit = 1 << row
            if cell.kind == "any" or test is None:
                self.full |= bit
            elif cell.kind == "opaque":
                self.full |= bit
                opaque.append((bit, test))
            else:
                self._fixed.append((bit, test, cell))
                self._is_plain &= not cell.intervals
        self.opaque = tuple(opaque)
        self._logic = (self.ask(False), self.ask(True), self.ask(None))
        self._strings = self._draw(str, "")
        self._numbers = self._draw(Decimal, Decimal(0))
        self._dates = self._draw(FeelDate, 0, lambda day: day.days, date_of)
        self._exact: dict[Any, int] = {}
        self._else: dict[type, int] = {}
        if self._is_plain:
            self._flatten()

    def find(self, value: Any) -> int:
        """Return the rows that the constants of this column let pass; opaque cells are not asked."""
        kind = value.__class__
        if kind is str or kind is Decimal:
            if self._is_plain:
                return self._exact.get(value, self._else[kind])
            return (self._strings if kind is str else self._numbers).find(value)
        if kind is bool:
            return self._logic[value]
        if value is None:
            return self._logic[2]
        return self._dates.find(value.days) if kind is FeelDate else self.ask(value)

    def ask(self, value: Any) -> int:
        """Return the same by asking every cell."""
        mask = self.full
        for bit, test, _cell in self._fixed:
            if test.matches(value, {}) is True:
                mask |= bit
        return mask

    def _draw(self, kind: type, lone: Any, key_of: Key = _itself, value_of: Key = _itself) -> _Line:
        """Draw the line of one type: each cell is asked at and between its own points only, then fills the rest."""
        own = [sorted({key_of(item) for item in _boundaries(cell) if type(item) is kind}) for _, _, cell in self._fixed]
        points = sorted(set().union(*own))
        place_of = {point: 2 * number + 1 for number, point in enumerate(points)}
        changes = [0] * (2 * len(points) + 1)
        for (bit, test, _cell), ends in zip(self._fixed, own, strict=True):
            passed = False
            for place, sample in _samples(ends, place_of, lone):
                passes = test.matches(value_of(sample), {}) is True
                if passes is not passed:
                    changes[place] ^= bit
                    passed = passes
        mask = self.full
        masks = [mask := mask ^ change for change in changes]
        return _Line(points, masks)

    def _flatten(self) -> None:
        for kind, line in ((str, self._strings), (Decimal, self._numbers)):
            # equality alone: outside the points every place answers alike
            self._else[kind] = line.masks[-1]
            self._exact |= dict(zip(line.points, line.masks[1::2], strict=True))


def _samples(ends: Sequence[Any], place_of: Mapping[Any, int], lone: Any) -> Iterator[tuple[int, Any]]:
    """Yield a value for each stretch of the line that a cell's own points cut, with the place where it begins."""
    if not ends:
        yield 0, lone
        return
    yield 0, _between(None, ends[0])
    for point, after in zip(ends, [*ends[1:], None], strict=True):
        yield place_of[point], point
        yield place_of[point] + 1, _between(point, after)


def _boundaries(cell: Cell) -> list[Any]:
    ends = [end for interval in cell.intervals for end in (interval.low, interval.high) if end is not None]
    return ends + list(cell.constants)


def _between(low: Any, high: Any) -> Any:
    """Return a value between two neighbours (None: none on that side), or a neighbour if there is nothing between."""
    known = high if low is None else low
    if isinstance(known, str):
        return "" if low is None else low + "\x00"
    if isinstance(known, int):
        return high - 1 if low is None else low + 1
    with localcontext() as context:
        context.prec = 200
        if high is None:
            return low + abs(low) + 1
        return high - abs(high) - 1 if low is None else (low + high) / 2
