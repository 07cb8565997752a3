"""New numbers of parcels when wards merge. Pure: from the numbers held and the table of the decision to the moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbering:
    """Parcels of an area go to another. `sheets`: old sheet -> new sheet; sheets that it does not name stay as named.

    With no sheets all parcels of the area move and keep their sheet.
    """

    from_area: str
    to_area: str
    sheets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One parcel's way from one number to the next."""

    key_id: int
    record_id: int
    record_uuid: UUID
    before: str
    after: str


def plan_moves(held: Iterable[tuple[int, int, UUID, str]], change: Renumbering) -> Iterator[Move]:
    """Yield the moves of those parcels whose number changes. Shape of `held`: key id, record id, uuid, number."""
    for key_id, record_id, record_uuid, before in held:
        area, sheet, parcel = before.split("|")
        if area != change.from_area:
            continue
        after = "|".join((change.to_area, change.sheets.get(sheet, sheet), parcel))
        if after != before:
            yield Move(key_id=key_id, record_id=record_id, record_uuid=record_uuid, before=before, after=after)


def find_collisions(moves: Sequence[Move], standing: set[str]) -> tuple[str, ...]:
    """Return the numbers that two parcels would bear: two that move, or one that moves and one that stays."""
    counted = Counter(move.after for move in moves)
    return tuple(sorted(number for number, times in counted.items() if times > 1 or number in standing))
