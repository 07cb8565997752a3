"""Read for somebody: the reading is written down in the same transaction as it is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from motcua.audit.public import AuditRecord, record_all
from motcua.registers.queries.reading import check_reading, find_records
from motcua.registers.types import Reading, RecordInfo, Wanted


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
    record_all(
        [
            AuditRecord(
                kind="read",
                actor=reading.actor,
                subject=f"record:{record.uuid}",
                what=f"{each.register}:{','.join(each.fields) or '*'}",
                purpose=reading.purpose,
                legal_ground=reading.legal_ground,
            )
            for each, record in found.items()
        ],
        now=now,
    )
    return found
