"""All records of a register as they are now, in order, for work that reads a whole register. Constant memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from motcua.registers.models import RecordVersion
from motcua.registers.queries.registers import get_register
from motcua.registers.queries.searching import current_versions

_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSlice:
    """What one record itself says now, even when another stands for it."""

    register: str
    record_uuid: UUID
    known_from: datetime
    source: str
    data: Mapping[str, Any]


def iterate_current(register: str, *, now: datetime) -> Iterator[OwnSlice]:
    """Give what each record that stands for itself says now, page by page by number.

    Whoever calls notes the reading: one entry for the whole, not one for each person. Raises: RegisterNotFound.
    """
    rows = current_versions(get_register(register).id, now).select_related("record").order_by("record_id")
    last = 0
    while page := list(rows.filter(record_id__gt=last)[:_CHUNK]):
        for row in page:
            yield _to_slice(register, row)
        last = page[-1].record_id


def find_own_slices(uuids: Collection[UUID], *, now: datetime) -> Mapping[UUID, OwnSlice]:
    """Return what each of the records itself says now, merged into another or not. One query."""
    rows = RecordVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        record__uuid__in=uuids,
        known_to__isnull=True,
        valid_from__lte=now,
    ).select_related("record__register")
    return {row.record.uuid: _to_slice(row.record.register.code, row) for row in rows}


def _to_slice(register: str, row: RecordVersion) -> OwnSlice:
    return OwnSlice(
        register=register, record_uuid=row.record.uuid, known_from=row.known_from, source=row.source, data=row.data
    )
