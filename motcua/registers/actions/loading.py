"""Load a file into a register: batch by batch, each whole or not at all; stopped anywhere, it goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import orjson
from django.db import connection, transaction

from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.registers.actions.writing import write_record
from motcua.registers.models import LoadRun, RecordKey, RecordVersion, RejectedRow
from motcua.registers.queries.registers import get_check, get_register
from motcua.registers.rules.records import Check, clean, find_keys, find_links, hash_data, missing_keys
from motcua.registers.rules.rows import make_reader
from motcua.registers.types import (
    BatchLoaded,
    FieldProblem,
    KeyTaken,
    LoadRefused,
    LoadReport,
    RecordInvalid,
    RegisterInfo,
)

BATCH_ROWS = 5_000
QUARANTINE_SHARE = 0.2  # more bad rows than this: the sender mends the file, nothing of it is taken
Row = tuple[int, dict[str, Any] | None]
Progress = Callable[[LoadReport], None]
_UNREADABLE = FieldProblem(field="", message=N_("dòng không đọc được"))
_TWICE = FieldProblem(field="", message=N_("số tra cứu đã thuộc về hai bản ghi khác nhau"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file: what it is called, its SHA-256, who sent it, since when it is true, names of its columns."""

    file_name: str
    sha256: str
    sender: str
    valid_from: datetime
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Batch:
    fresh: list[tuple[dict[str, Any], dict[str, str], str]] = field(default_factory=list)
    known: list[tuple[int, dict[str, Any], dict[str, str], str]] = field(default_factory=list)
    rejected: list[tuple[int, Any, tuple[FieldProblem, ...]]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    same: int = 0


def load_register(
    register: str, rows: Callable[[], Iterable[Row]], *, source: Source, progress: Progress | None = None, now: datetime
) -> LoadReport:
    """Load a file. A file that was loaded whole is not loaded again; one that was stopped goes on.

    `rows` gives the file's rows from its beginning each time it is called. With more than a fifth of bad rows the
    file is quarantined whole: its bad rows are kept with their reasons, and none of its rows is taken.
    Raises: RegisterNotFound, LoadRefused.
    """
    info = get_register(register)
    run = _begin(info, source, now)
    if run.finished_at is not None:
        return _report(run, register)
    reading = _Reading(info, get_check(info), make_reader(info.schema, source.columns))
    if run.done_lines == 0 and _is_too_bad(reading, rows()):
        return _quarantine(run, reading, rows(), now)
    for chunk in _chunks(islice(rows(), run.done_lines, None)):
        with transaction.atomic():
            _take(run, reading, chunk, now)
        if progress is not None:
            progress(_report(run, register))
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    return _report(run, register)


@dataclass(frozen=True, slots=True)
class _Reading:
    info: RegisterInfo
    check: Check
    read: Callable[[Mapping[str, Any]], dict[str, Any]]

    def prepare(self, row: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, str], tuple[FieldProblem, ...]]:
        if row is None:
            return {}, {}, (_UNREADABLE,)
        data = clean(self.read(row))
        keys = find_keys(self.info.keys, data)
        return data, keys, self.check(data) + missing_keys(self.info.keys, keys)


def _begin(info: RegisterInfo, source: Source, now: datetime) -> LoadRun:
    run, _ = LoadRun.objects.get_or_create(
        register_id=info.id,
        file_sha256=source.sha256,
        defaults={
            "file_name": source.file_name[:300],
            "source": source.sender[:200],
            "valid_from": source.valid_from,
            "started_at": now,
        },
    )
    if run.is_quarantined:
        raise LoadRefused(N_("tệp này đã bị trả lại vì quá nhiều dòng sai; hãy sửa rồi gửi tệp mới"))
    return run


def _is_too_bad(reading: _Reading, rows: Iterable[Row]) -> bool:
    total = bad = 0
    for _, row in rows:
        total += 1
        bad += bool(reading.prepare(row)[2])
    return bad > total * QUARANTINE_SHARE


def _quarantine(run: LoadRun, reading: _Reading, rows: Iterable[Row], now: datetime) -> LoadReport:
    with transaction.atomic():
        for chunk in _chunks(iter(rows)):
            bad = [(line, row, reading.prepare(row)[2]) for line, row in chunk]
            _reject(run, [each for each in bad if each[2]])
            run.rows_rejected += len(chunk)
        run.done_lines, run.is_quarantined, run.finished_at = run.rows_rejected, True, now
        run.save()
    return _report(run, reading.info.code)


def _take(run: LoadRun, reading: _Reading, chunk: list[Row], now: datetime) -> None:
    batch = _sort_out(reading, chunk)
    first, last = _copy(reading.info, run, batch, now)
    _write_known(run, reading.info, batch, now)
    _reject(run, batch.rejected)
    if last:
        event = BatchLoaded(register=reading.info.code, run_uuid=run.uuid, first_id=first, last_id=last)
        publish(event, now=now)
    run.done_lines += len(chunk)
    run.rows_new += batch.new
    run.rows_changed += batch.changed
    run.rows_same += batch.same
    run.rows_rejected += len(batch.rejected)
    run.save(update_fields=["done_lines", "rows_new", "rows_changed", "rows_same", "rows_rejected"])


def _sort_out(reading: _Reading, chunk: list[Row]) -> _Batch:
    """Part the rows into bad, new, and of records that are known (in the register, or earlier in this batch)."""
    batch = _Batch()
    good = []
    for line, row in chunk:
        data, keys, problems = reading.prepare(row)
        if problems:
            batch.rejected.append((line, row, problems))
        else:
            good.append((line, data, keys))
    values = {(name, value) for _, _, keys in good for name, value in keys.items()}
    seen = _find_taken(reading.info, values)
    for line, data, keys in good:
        digest = hash_data(data)
        if any(pair in seen for pair in keys.items()):
            batch.known.append((line, data, keys, digest))
        else:
            batch.fresh.append((data, keys, digest))
        seen.update(keys.items())
    return batch


def _find_taken(info: RegisterInfo, values: set[tuple[str, str]]) -> set[tuple[str, str]]:
    keys = RecordKey.objects.filter(
        register_id=info.id, is_current=True, is_unique=True, name__in=[key.name for key in info.keys],
        value__in={value for _, value in values},
    )  # fmt: skip
    return set(keys.values_list("name", "value")) & values


def _copy(info: RegisterInfo, run: LoadRun, batch: _Batch, now: datetime) -> tuple[int, int]:
    """Write new records by the database's bulk copy; return the first and last id of their versions."""
    if not batch.fresh:
        return 0, 0
    batch.new = len(batch.fresh)
    with connection.cursor() as cursor:
        records = _take_ids(cursor, "registers_record", batch.new)
        versions = _take_ids(cursor, "registers_recordversion", batch.new)
        with cursor.copy("COPY registers_record (id, uuid, register_id, created_at) FROM STDIN") as copy:
            for pk in records:
                copy.write_row((pk, uuid4(), info.id, now))
        with cursor.copy(
            "COPY registers_recordversion (id, record_id, valid_from, known_from, data, schema_version, source, sha256,"
            " is_correction, actor) FROM STDIN"
        ) as copy:
            for pk, record, (data, _, digest) in zip(versions, records, batch.fresh, strict=True):
                text = orjson.dumps(data).decode()
                copy.write_row((pk, record, run.valid_from, now, text, info.version, run.source, digest, False, "load"))
        with cursor.copy(
            "COPY registers_recordkey (register_id, name, value, record_id, is_current, is_unique) FROM STDIN"
        ) as copy:
            for record, (data, keys, _) in zip(records, batch.fresh, strict=True):
                for name, value in keys.items():
                    copy.write_row((info.id, name, value, record, True, True))
                for name, value in find_links(info.links, data):
                    copy.write_row((info.id, name, value, record, True, False))
    return versions[0], versions[-1]


def _take_ids(cursor: Any, table: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s::int)", [table, count])
    return [row[0] for row in cursor.fetchall()]


def _write_known(run: LoadRun, info: RegisterInfo, batch: _Batch, now: datetime) -> None:
    """Write rows of known records one by one, but not those that say what stands already."""
    standing = _find_standing_hashes(info, batch)
    for line, data, _, digest in batch.known:
        if digest in standing:
            batch.same += 1
            continue
        try:
            with transaction.atomic():
                write_record(info.code, data, valid_from=run.valid_from, source=run.source, actor="load", now=now)
        except KeyTaken:
            batch.rejected.append((line, data, (_TWICE,)))
        except RecordInvalid as refusal:
            batch.rejected.append((line, data, refusal.problems))
        else:
            batch.changed += 1


def _find_standing_hashes(info: RegisterInfo, batch: _Batch) -> set[str]:
    digests = [digest for _, _, _, digest in batch.known]
    rows = RecordVersion.objects.filter(
        record__register=info.id, known_to__isnull=True, valid_to__isnull=True, sha256__in=digests
    )
    values = {value for _, _, keys, _ in batch.known for value in keys.values()}
    named = RecordKey.objects.filter(
        register_id=info.id, is_current=True, is_unique=True, name__in=[key.name for key in info.keys], value__in=values
    ).values("record")
    return set(rows.filter(record__in=named).values_list("sha256", flat=True))


def _reject(run: LoadRun, rejected: list[tuple[int, Any, tuple[FieldProblem, ...]]]) -> None:
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                run=run,
                line_no=line,
                raw=clean(row or {}),
                problems=[{"field": each.field, "message": str(each.message)} for each in problems],
            )
            for line, row, problems in rejected
        ],
        ignore_conflicts=True,
    )


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, BATCH_ROWS)):
        yield chunk


def _report(run: LoadRun, register: str) -> LoadReport:
    return LoadReport(
        run_uuid=run.uuid,
        register=register,
        rows_read=run.done_lines,
        rows_new=run.rows_new,
        rows_changed=run.rows_changed,
        rows_same=run.rows_same,
        rows_rejected=run.rows_rejected,
        is_quarantined=run.is_quarantined,
        is_finished=run.finished_at is not None,
    )
