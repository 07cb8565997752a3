"""Wards merge, map sheets are counted anew: every parcel gets its new number on one day and is found by the old one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from motcua.audit.public import Actor, record_decision
from motcua.registers.actions.writing import patch_record
from motcua.registers.models import RecordKey
from motcua.registers.queries.reading import get_record
from motcua.registers.queries.registers import get_register
from motcua.registers.rules.renumbering import Move, Renumbering, find_collisions, plan_moves

LAND, KEY = "land", "parcel"
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RenumberReport:
    """What a renumbering did, or would do: how many parcels move, and which numbers two parcels would share."""

    moved: int
    collisions: tuple[str, ...]
    is_done: bool


def renumber_parcels(
    changes: Sequence[Renumbering],
    *,
    decision: str,
    valid_from: datetime,
    is_dry: bool = True,
    progress: Callable[[int, int], None] | None = None,
    actor: Actor,
    now: datetime,
) -> RenumberReport:
    """Give all parcels of the named sheets their new numbers, all or none; a number for two parcels stops it.

    Each parcel's record stays the same one, keeps its old number among `former_parcels`, and is found by it. Done
    twice, nothing is left to move. Raises: RegisterNotFound.
    """
    with transaction.atomic():
        info = get_register(LAND)
        held = RecordKey.objects.select_for_update(of=("self",)).filter(
            register=info.id, name=KEY, is_current=True, is_unique=True
        )
        moves = tuple(_plan(held, changes))
        targets = {move.after for move in moves}
        others = held.filter(value__in=targets).exclude(record_id__in=[move.record_id for move in moves])
        collisions = find_collisions(moves, set(others.values_list("value", flat=True)))
        if collisions or is_dry or not moves:
            return RenumberReport(moved=len(moves), collisions=collisions, is_done=False)
        RecordKey.objects.filter(pk__in=[move.key_id for move in moves]).update(is_current=False, closed_at=now)
        for number, move in enumerate(moves, start=1):
            _renumber(move, decision, valid_from, actor, now)
            if progress is not None and number % _TOLD_EVERY == 0:
                progress(number, len(moves))
        record_decision(
            actor, subject=f"register:{LAND}", action="renumber_parcels",
            details={"decision": decision, "moved": len(moves)}, now=now,
        )  # fmt: skip
    return RenumberReport(moved=len(moves), collisions=(), is_done=True)


def _plan(held: QuerySet[RecordKey], changes: Sequence[Renumbering]) -> Iterator[Move]:
    for change in changes:
        found = held.filter(value__startswith=f"{change.from_area}|").select_related("record").order_by("pk")
        yield from plan_moves([(row.pk, row.record_id, row.record.uuid, row.value) for row in found], change)


def _renumber(move: Move, decision: str, valid_from: datetime, actor: Actor, now: datetime) -> None:
    area, sheet, parcel = move.after.split("|")
    former = [*get_record(move.record_uuid, at=now).data.get("former_parcels", []), move.before]
    patch_record(
        move.record_uuid,
        {"area_code": area, "sheet_no": sheet, "parcel_no": parcel, "former_parcels": former},
        valid_from=valid_from, source=decision, actor=actor.id, now=now,
    )  # fmt: skip
