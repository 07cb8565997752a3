"""Read records as of two times. One statement for however many; always in the present version of their register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q

from motcua.registers.models import RecordVersion
from motcua.registers.queries.registers import bring_up, get_register, load_register_infos
from motcua.registers.rules.records import find_links
from motcua.registers.types import (
    Reading,
    ReadingRefused,
    RecordInfo,
    RecordNotFound,
    RecordSlice,
    RegisterInfo,
    Wanted,
)

# Each arm is answered by its own partial index: keys that hold, links, keys that held once.
_FIND = """
WITH wanted AS (
    SELECT w.place, w.name, w.value, g.id AS register_id
    FROM unnest(%(places)s::int[], %(registers)s::text[], %(names)s::text[], %(values)s::text[])
    AS w(place, code, name, value) JOIN registers_register g ON g.code = w.code
), named AS (
    SELECT w.place, 0 AS age, k.id, k.record_id FROM wanted w JOIN registers_recordkey k
    ON k.register_id = w.register_id AND k.name = w.name AND k.value = w.value WHERE k.is_current AND k.is_unique
    UNION ALL
    SELECT w.place, 0, k.id, k.record_id FROM wanted w JOIN registers_recordkey k
    ON k.register_id = w.register_id AND k.name = w.name AND k.value = w.value WHERE NOT k.is_unique
    UNION ALL
    SELECT w.place, 1, k.id, k.record_id FROM wanted w JOIN registers_recordkey k
    ON k.register_id = w.register_id AND k.name = w.name AND k.value = w.value WHERE NOT k.is_current
)
SELECT n.place, coalesce(kept.uuid, r.uuid), g.id, g.version, g.described_at, g.owner_agency_id, v.record_id,
       v.data::text, v.valid_from, v.valid_to, v.known_from, v.known_to, v.schema_version, v.source, v.sha256,
       v.is_correction
FROM named n
JOIN registers_record r ON r.id = n.record_id
JOIN registers_register g ON g.id = r.register_id
LEFT JOIN registers_record kept ON kept.id = r.merged_into_id
JOIN registers_recordversion v ON v.record_id = coalesce(r.merged_into_id, r.id)
WHERE v.valid_from <= %(at)s AND (v.valid_to IS NULL OR v.valid_to > %(at)s)
ORDER BY n.place, n.age, n.id DESC
"""
_KNOWN_NOW = "WHERE v.known_to IS NULL AND"
_KNOWN_THEN = "WHERE v.known_from <= %(known_at)s AND (v.known_to IS NULL OR v.known_to > %(known_at)s) AND"


def find_records(
    wanted: Sequence[Wanted], *, at: datetime, known_at: datetime | None = None
) -> Mapping[Wanted, RecordInfo]:
    """Return the records that the keys name, as of two times, with the wanted fields only: one query for all.

    `at`: when it was true; `known_at`: as we knew it then (now, when not given). Merged records answer as the kept
    one; an old number leads to its record. For use inside: whoever reads for a person or a program goes through
    `actions.readings`.
    """
    return {each: found[0] for each, found in find_linked(wanted, at=at, known_at=known_at).items()}


def find_linked(
    wanted: Sequence[Wanted], *, at: datetime, known_at: datetime | None = None
) -> Mapping[Wanted, tuple[RecordInfo, ...]]:
    """Return all records that the keys or links name, as of two times: one query for all. None found: not in it.

    A link holds of those records alone which name the value at that time.
    """
    asked = list(dict.fromkeys(wanted))
    if not asked:
        return {}
    sql = _FIND.replace("WHERE v.valid_from", f"{_KNOWN_NOW if known_at is None else _KNOWN_THEN} v.valid_from")
    found: dict[Wanted, dict[UUID, RecordInfo]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "places": list(range(len(asked))),
                "registers": [each.register for each in asked],
                "names": [each.key for each in asked],
                "values": [each.value for each in asked],
                "at": at,
                "known_at": known_at,
            },
        )
        rows = cursor.fetchall()
    infos = load_register_infos((row[2], row[3], row[4], row[5]) for row in rows)
    for place, record_uuid, pk, version, described_at, owner, *row in rows:
        each, register = asked[place], infos[(pk, version, described_at, owner)]
        whole = _to_whole(register, row)
        if _is_named(register, each, whole.data):
            info = RecordInfo(id=row[0], uuid=record_uuid, register=register.code, slice=_choose(whole, each.fields))
            found.setdefault(each, {}).setdefault(record_uuid, info)
    return {each: tuple(records.values()) for each, records in found.items()}


def get_record(record_uuid: UUID, *, at: datetime, known_at: datetime | None = None) -> RecordInfo:
    """Return one record as of two times. Raises: RecordNotFound."""
    rows = RecordVersion.objects.filter(Q(record__uuid=record_uuid)).filter(_at(at, known_at))
    row = rows.select_related("record__register").first()
    if row is None:
        raise RecordNotFound()
    return to_record_info(record_uuid, get_register(row.record.register.code), row)


def list_history(record_uuid: UUID) -> tuple[RecordSlice, ...]:
    """Return everything that was ever said of a record, in the order in which we learnt it, as it was written."""
    rows = RecordVersion.objects.filter(record__uuid=record_uuid).order_by("known_from", "valid_from", "pk")
    return tuple(_to_slice(row, row.data) for row in rows)


def check_reading(reading: Reading) -> None:
    """Raises: ReadingRefused without a purpose or a ground."""
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise ReadingRefused()


def to_record_info(record_uuid: UUID, register: RegisterInfo, row: RecordVersion) -> RecordInfo:
    """Return what a version says, in the present version of its register."""
    data = bring_up(register, row.data, written_in=row.schema_version)
    return RecordInfo(id=row.record_id, uuid=record_uuid, register=register.code, slice=_to_slice(row, data))


def _is_named(register: RegisterInfo, wanted: Wanted, data: Mapping[str, Any]) -> bool:
    if all(link.name != wanted.key for link in register.links):
        return True
    return (wanted.key, wanted.value) in find_links(register.links, data)


def _at(at: datetime, known_at: datetime | None) -> Q:
    is_true = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    if known_at is None:
        return is_true & Q(known_to__isnull=True)
    return is_true & Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))


def _to_whole(register: RegisterInfo, row: Sequence[Any]) -> RecordSlice:
    _, data, valid_from, valid_to, known_from, known_to, schema_version, source, sha256, is_correction = row
    return RecordSlice(
        data=bring_up(register, orjson.loads(data), written_in=schema_version),
        valid_from=valid_from,
        valid_to=valid_to,
        known_from=known_from,
        known_to=known_to,
        schema_version=schema_version,
        source=source,
        sha256=sha256,
        is_correction=is_correction,
    )


def _choose(whole: RecordSlice, fields: Iterable[str]) -> RecordSlice:
    names = tuple(fields)
    if not names:
        return whole
    return replace(whole, data={name: whole.data[name] for name in names if name in whole.data})


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
