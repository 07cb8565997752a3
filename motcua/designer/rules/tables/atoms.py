"""Cut the values of a column into atoms that no cell can tell apart: points, gaps between them, and "anything else".

A cell is then a set of atoms (a bit mask), a row a box, and a table a union of boxes: exact, with nothing sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import Cell, Interval, TableInput
from motcua.process.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths


@dataclass(frozen=True, slots=True)
class Atom:
    """`form` "point": exactly `low`; "gap": between `low` and `high` (None: no bound); "other", "null"."""

    form: str
    low: Any = None
    high: Any = None
    known: tuple[Any, ...] = ()

    @property
    def holds_no_whole(self) -> bool:
        """Tell whether a gap of numbers has no whole number in it, as between 5 and 6."""
        bounds = (self.low, self.high)
        if self.form != "gap" or not all(isinstance(bound, Decimal) and bound == int(bound) for bound in bounds):
            return False
        return bool(self.high - self.low == 1)

    def say(self, label: str) -> str:
        """Say which values of the column are meant."""
        if self.form == "point":
            return N_("%(label)s là %(value)s", label=label, value=say_value(self.low))
        if self.form == "null":
            return N_("%(label)s bỏ trống", label=label)
        if self.form == "other":
            named = ", ".join(say_value(value) for value in self.known[:5])
            if not named:
                return N_("%(label)s bất kỳ", label=label)
            return N_("%(label)s khác %(named)s", label=label, named=named)
        if self.low is None:
            return N_("%(label)s dưới %(high)s", label=label, high=say_value(self.high))
        if self.high is None:
            return N_("%(label)s trên %(low)s", label=label, low=say_value(self.low))
        low, high = say_value(self.low), say_value(self.high)
        return N_("%(label)s trên %(low)s và dưới %(high)s", label=label, low=low, high=high)


def say_value(value: Any) -> str:
    """Say a value as people write it."""
    if isinstance(value, bool):
        return N_("đúng") if value else N_("sai")
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text.replace(".", ",")
    if isinstance(value, FeelDate):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return f"“{value}”" if isinstance(value, str) else str(value)


def rank(value: Any) -> Any:
    """Return where a value stands among its kind. Raises: TypeError for values without an order."""
    if isinstance(value, (Decimal, str)):
        return value
    if isinstance(value, FeelDate):
        return value.days
    if isinstance(value, (FeelDateTime, FeelTime)):
        return value.value
    if isinstance(value, (DaysTime, YearsMonths)):
        return value.nanos if isinstance(value, DaysTime) else value.months
    raise TypeError(value)


def _is_stepped(value: Any) -> bool:
    """Tell whether values of this kind follow one another without anything between: days, months."""
    return isinstance(value, (FeelDate, YearsMonths))


@dataclass(frozen=True, slots=True)
class Column:
    """A column's atoms; `domain`: those that can occur, `is_plain` False: values that cannot be put in order."""

    label: str
    atoms: tuple[Atom, ...]
    domain: int
    is_plain: bool = True

    def mask_of(self, cell: Cell) -> int | None:
        """Return the atoms that a cell matches; None when only evaluation can tell."""
        if cell.kind == "any":
            return (1 << len(self.atoms)) - 1
        if cell.kind == "opaque" or not self.is_plain:
            return None
        mask = sum(1 << at for at, atom in enumerate(self.atoms) if _matches(cell, atom))
        everything = (1 << len(self.atoms)) - 1
        return everything & ~mask if cell.is_negated else mask


def cut_column(column: TableInput, cells: Sequence[Cell]) -> Column:
    """Cut a column into atoms by all that its cells, and the values allowed for it, name."""
    sources = [*cells, *([column.allowed] if column.allowed else [])]
    label = column.label or column.expression
    values = [value for cell in sources if cell.kind != "opaque" for value in cell.constants if value is not None]
    ends = [
        end
        for cell in sources
        if cell.kind != "opaque"
        for interval in cell.intervals
        for end in (interval.low, interval.high)
        if end is not None
    ]
    has_null = any(value is None for cell in cells if cell.kind == "constants" for value in cell.constants)
    null = [Atom("null")] if has_null else []
    kinds = {type(value) for value in (*values, *ends)}
    if len(kinds) > 1:
        return Column(label, (Atom("other"),), 1, is_plain=False)
    if kinds == {bool} or (not kinds and column.type_ref.lower().endswith("boolean")):
        atoms = [Atom("point", True), Atom("point", False), *null]
    elif ends or (kinds and kinds != {str}):
        try:
            atoms = [*_cut_line(values + ends), *null]
        except TypeError:  # values without an order, such as contexts
            return Column(label, (Atom("other"),), 1, is_plain=False)
    else:
        known = tuple(sorted(set(values)))
        atoms = [*(Atom("point", value) for value in known), Atom("other", known=known), *null]
    return Column(label, tuple(atoms), _domain(column, atoms))


def _cut_line(values: Iterable[Any]) -> list[Atom]:
    by_rank = {rank(value): value for value in values}
    points = [by_rank[place] for place in sorted(by_rank)]
    atoms = [Atom("gap", None, points[0])]
    for at, point in enumerate(points):
        following = points[at + 1] if at + 1 < len(points) else None
        atoms.append(Atom("point", point))
        if following is None or not (_is_stepped(point) and rank(following) - rank(point) == 1):
            atoms.append(Atom("gap", point, following))
    return atoms


def _domain(column: TableInput, atoms: Sequence[Atom]) -> int:
    """Return the atoms that must be answered: those allowed, and never nothing at all."""
    allowed = column.allowed
    if allowed is None or allowed.kind in ("any", "opaque"):
        return sum(1 << at for at, atom in enumerate(atoms) if atom.form != "null")
    found = [
        at for at, atom in enumerate(atoms) if atom.form != "null" and _matches(allowed, atom) != allowed.is_negated
    ]
    return sum(1 << at for at in found)


def _matches(cell: Cell, atom: Atom) -> bool:
    """Tell whether a cell names the atom (negation left out)."""
    if atom.form == "null":
        return any(value is None for value in cell.constants)
    if atom.form == "other":
        return False
    if atom.form == "point":
        if any(value is not None and value == atom.low for value in cell.constants):
            return True
        return any(_holds_point(interval, atom.low) for interval in cell.intervals)
    return any(_holds_gap(interval, atom) for interval in cell.intervals)


def _holds_point(interval: Interval, value: Any) -> bool:
    at = rank(value)
    above = interval.low is None or rank(interval.low) < at or (interval.low_closed and rank(interval.low) == at)
    below = interval.high is None or at < rank(interval.high) or (interval.high_closed and at == rank(interval.high))
    return above and below


def _holds_gap(interval: Interval, gap: Atom) -> bool:
    above = interval.low is None or (gap.low is not None and rank(interval.low) <= rank(gap.low))
    below = interval.high is None or (gap.high is not None and rank(gap.high) <= rank(interval.high))
    return above and below
