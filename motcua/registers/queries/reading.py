"""Read records: every reading has a reader, a purpose and a ground, and is written to the log of readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from motcua.registers.models import RecordKey, RecordVersion, RegisterVersion
from motcua.registers.rules.upgrades import upgrade
from motcua.registers.types import Reading, ReadingRefused, RecordInfo, RecordNotFound, RecordSlice, Wanted


def find_records(
    wanted: Sequence[Wanted], *, at: datetime, known_at: datetime | None = None
) -> Mapping[Wanted, RecordInfo]:
    """Return the records that the keys name, as of two times, with the wanted fields only: two queries for all.

    `at`: when it was true; `known_at`: as we knew it then (now, when not given). Merged records answer as the kept
    one. For use inside: whoever reads for a person or a program goes through `actions.readings`.
    """
    if not wanted:
        return {}
    named = Q()
    for each in wanted:
        named |= Q(register__code=each.register, name=each.key, value=each.value)
    keys = RecordKey.objects.filter(named).order_by("-is_current", "-pk")  # an old number still leads to its record
    rows = keys.values_list(
        "register__code", "name", "value", "register__version", "record_id", "record__uuid",
        "record__merged_into_id", "record__merged_into__uuid",
    )  # fmt: skip
    places: dict[tuple[str, str, str], tuple[int, UUID, int]] = {}
    for code, name, value, version, record_id, record_uuid, kept_id, kept_uuid in rows:
        place = (kept_id, kept_uuid, version) if kept_id else (record_id, record_uuid, version)
        places.setdefault((code, name, value), place)
    slices = _read_slices({place[0] for place in places.values()}, at=at, known_at=known_at)
    found = {}
    for each in wanted:
        standing = places.get((each.register, each.key, each.value))
        if standing is not None and standing[0] in slices:
            found[each] = _to_info(standing[1], each, slices[standing[0]], standing[2])
    return found


def get_record(record_uuid: UUID, *, at: datetime, known_at: datetime | None = None) -> RecordInfo:
    """Return one record as of two times. Raises: RecordNotFound."""
    rows = RecordVersion.objects.filter(Q(record__uuid=record_uuid)).filter(_at(at, known_at))
    row = rows.select_related("record__register").first()
    if row is None:
        raise RecordNotFound()
    return to_record_info(record_uuid, row.record.register.code, row)


def list_history(record_uuid: UUID) -> tuple[RecordSlice, ...]:
    """Return everything that was ever said of a record, in the order in which we learnt it."""
    rows = RecordVersion.objects.filter(record__uuid=record_uuid).order_by("known_from", "valid_from", "pk")
    return tuple(_to_slice(row, row.data) for row in rows)


def check_reading(reading: Reading) -> None:
    """Raises: ReadingRefused without a purpose or a ground."""
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise ReadingRefused()


def to_record_info(record_uuid: UUID, register: str, row: RecordVersion) -> RecordInfo:
    return RecordInfo(id=row.record_id, uuid=record_uuid, register=register, slice=_to_slice(row, row.data))


def upgrade_data(register: str, data: Mapping[str, Any], *, written_in: int, version: int) -> Mapping[str, Any]:
    """Return a record in the present version of its register, whatever version it was written in."""
    if written_in >= version:
        return data
    rows = RegisterVersion.objects.filter(register__code=register, version__gt=written_in, version__lte=version)
    for steps in rows.order_by("version").values_list("upgrade", flat=True):
        data = upgrade(data, steps)
    return data


def _read_slices(record_ids: set[int], *, at: datetime, known_at: datetime | None) -> dict[int, RecordVersion]:
    rows = RecordVersion.objects.filter(record__in=record_ids).filter(_at(at, known_at))
    return {row.record_id: row for row in rows}


def _at(at: datetime, known_at: datetime | None) -> Q:
    is_true = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    if known_at is None:
        return is_true & Q(known_to__isnull=True)
    return is_true & Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))


def _to_info(record_uuid: UUID, wanted: Wanted, row: RecordVersion, version: int) -> RecordInfo:
    data = upgrade_data(wanted.register, row.data, written_in=row.schema_version, version=version)
    kept = {name: data[name] for name in wanted.fields if name in data} if wanted.fields else data
    return RecordInfo(id=row.record_id, uuid=record_uuid, register=wanted.register, slice=_to_slice(row, kept))


def _to_slice(row: RecordVersion, data: Mapping[str, Any]) -> RecordSlice:
    return RecordSlice(
        data=data,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        known_from=row.known_from,
        known_to=row.known_to,
        schema_version=row.schema_version,
        source=row.source,
        sha256=row.sha256,
        is_correction=row.is_correction,
    )
