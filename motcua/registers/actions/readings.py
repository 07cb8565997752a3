"""Read for somebody: the reading is written down in the same transaction as it is allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, AuditRecord, record_all, record_decision
from motcua.registers.queries.listing import OwnSlice, find_own_slices
from motcua.registers.queries.reading import check_reading, find_linked, find_records, get_record
from motcua.registers.queries.searching import find_matching, search
from motcua.registers.types import Reading, RecordInfo, RecordNotFound, Wanted

_WHAT = 120  # as long as the log's column


def read_records(
    wanted: Sequence[Wanted],
    *,
    reading: Reading,
    at: datetime | None = None,
    known_at: datetime | None = None,
    now: datetime,
) -> Mapping[Wanted, RecordInfo]:
    """Return the records that the keys name, and note each reading: who, what fields, what for, on what ground.

    The number of queries does not grow with the number of records. Raises: ReadingRefused, RegisterNotFound.
    """
    check_reading(reading)
    found = find_records(wanted, at=at or now, known_at=known_at)
    _note([(record, each.fields) for each, record in found.items()], reading, now)
    return found


def read_linked(
    wanted: Sequence[Wanted],
    *,
    reading: Reading,
    at: datetime | None = None,
    known_at: datetime | None = None,
    now: datetime,
) -> Mapping[Wanted, tuple[RecordInfo, ...]]:
    """Return all records that the keys or links name (`Wanted.key` may be a link), and note each reading.

    The number of queries does not grow with the number of records. Raises: ReadingRefused.
    """
    check_reading(reading)
    found = find_linked(wanted, at=at or now, known_at=known_at)
    _note([(record, each.fields) for each, records in found.items() for record in records], reading, now)
    return found


def read_one(
    record_uuid: UUID, *, reading: Reading, at: datetime | None = None, known_at: datetime | None = None, now: datetime
) -> RecordInfo | None:
    """Return a record as of two times, and note the reading; None when it said nothing then. Raises: ReadingRefused."""
    check_reading(reading)
    try:
        found = get_record(record_uuid, at=at or now, known_at=known_at)
    except RecordNotFound:
        return None
    _note([(found, ())], reading, now)
    return found


def read_matching(
    register: str,
    content: Mapping[str, Any],
    *,
    record_uuid: UUID | None = None,
    fields: Sequence[str],
    count: int = 1,
    reading: Reading,
    now: datetime,
) -> tuple[RecordInfo, ...]:
    """Return current records that hold `content`, and note each reading of `fields`. Raises: as find_matching."""
    check_reading(reading)
    found = find_matching(register, content, record_uuid=record_uuid, count=count, now=now)
    _note([(record, fields) for record in found], reading, now)
    return found


def search_records(
    register: str,
    *,
    patterns: Mapping[str, str],
    anywhere: str = "",
    fields: Sequence[str],
    order_by: str = "",
    is_descending: bool = False,
    page: int = 1,
    page_size: int = 10,
    reading: Reading,
    now: datetime,
) -> tuple[int, tuple[RecordInfo, ...]]:
    """Return how many records fit and one page of them; each one that is shown is a reading. Raises: as search."""
    check_reading(reading)
    total, found = search(
        register, patterns=patterns, anywhere=anywhere, fields=fields, order_by=order_by,
        is_descending=is_descending, page=page, page_size=page_size, now=now,
    )  # fmt: skip
    _note([(record, fields) for record in found], reading, now)
    return total, found


def _note(read: Sequence[tuple[RecordInfo, Sequence[str]]], reading: Reading, now: datetime) -> None:
    record_all(
        [
            AuditRecord(
                kind="read",
                actor=reading.actor,
                subject=f"record:{record.uuid}",
                what=f"{record.register}:{','.join(fields) or '*'}"[:_WHAT],
                purpose=reading.purpose,
                legal_ground=reading.legal_ground,
            )
            for record, fields in read
        ],
        now=now,
    )


def read_own_slices(uuids: Collection[UUID], *, reading: Reading, now: datetime) -> Mapping[UUID, OwnSlice]:
    """Return what each of the records itself says, merged into another or not, and note each reading.

    Raises: ReadingRefused.
    """
    check_reading(reading)
    found = find_own_slices(uuids, now=now)
    record_all(
        [
            AuditRecord(
                kind="read",
                actor=reading.actor,
                subject=f"record:{each.record_uuid}",
                what=f"{each.register}:*"[:_WHAT],
                purpose=reading.purpose,
                legal_ground=reading.legal_ground,
            )
            for each in found.values()
        ],
        now=now,
    )
    return found


def note_report(run_uuid: UUID, *, actor: Actor, now: datetime) -> None:
    """Note that somebody took the rows that a load did not take: they may be about people."""
    with transaction.atomic():
        record_decision(actor, subject=f"load:{run_uuid}", action="download_rejected_rows", details={}, now=now)
