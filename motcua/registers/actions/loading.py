"""Load a file into a register: batch by batch, each whole or not at all; stopped anywhere, it goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import orjson
from django.db import connection, transaction

from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.registers.actions.spooling import Prepared, Refused, Row, RowReading, Spool
from motcua.registers.actions.writing import write_record
from motcua.registers.models import LoadRun, RecordKey, RecordVersion, RejectedRow
from motcua.registers.queries.loads import to_load_report
from motcua.registers.queries.registers import get_check, get_register, get_schema
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
Progress = Callable[[LoadReport], None]
_TAKEN = """
SELECT k.name, k.value FROM unnest(%s::text[], %s::text[]) AS w(name, value)
JOIN registers_recordkey k ON k.register_id = %s AND k.name = w.name AND k.value = w.value
WHERE k.is_current AND k.is_unique
"""
_TWICE = FieldProblem(field="", message=N_("số tra cứu đã thuộc về hai bản ghi khác nhau"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file: what it is called, its SHA-256, who sent it, since when it is true, names of its columns.

    `schema_version`: the version of the register in which its sender still writes; 0: the present one.
    """

    file_name: str
    sha256: str
    sender: str
    valid_from: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    schema_version: int = 0


@dataclass(slots=True)
class _Batch:
    fresh: list[Prepared] = field(default_factory=list)
    known: list[Prepared] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    changed: int = 0
    same: int = 0


def load_register(
    register: str, rows: Callable[[], Iterable[Row]], *, source: Source, progress: Progress | None = None, now: datetime
) -> LoadReport:
    """Load a file. A file that was loaded whole is not loaded again; one that was stopped goes on.

    `rows` gives the file's rows from its beginning. All are checked before any is taken: with more than a fifth of bad
    rows the file is quarantined whole, its bad rows kept with their reasons.
    Raises: RegisterNotFound, RegisterInvalid for a version that is none, LoadRefused.
    """
    info = get_register(register)
    written_in = source.schema_version or info.version
    schema = get_schema(info, version=written_in)
    run = _begin(info, source, now)
    if run.finished_at is not None:
        return to_load_report(run)
    reading = RowReading(info, get_check(info), make_reader(schema, source.columns), written_in)
    with Spool() as spool:
        spool.fill(reading, islice(rows(), run.done_lines, None), tell=_teller(run, progress))
        if run.done_lines == 0 and spool.bad > spool.total * QUARANTINE_SHARE:
            return _quarantine(run, spool, now)
        for chunk in spool.read(size=BATCH_ROWS):
            with transaction.atomic():
                _take(run, info, chunk, now)
            if progress is not None:
                progress(to_load_report(run))
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    return to_load_report(run)


def _teller(run: LoadRun, progress: Progress | None) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda checked: progress(replace(to_load_report(run), rows_checked=run.done_lines + checked))


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


def _quarantine(run: LoadRun, spool: Spool, now: datetime) -> LoadReport:
    with transaction.atomic():
        for chunk in spool.read(size=BATCH_ROWS):
            _reject(run, [each for each in chunk if isinstance(each, Refused)])
        run.rows_rejected = run.done_lines = spool.total
        run.is_quarantined, run.finished_at = True, now
        run.save()
    return to_load_report(run)


def _take(run: LoadRun, info: RegisterInfo, chunk: list[Prepared | Refused], now: datetime) -> None:
    batch = _sort_out(info, chunk)
    if batch.fresh:
        first, last = _copy(info, run, batch.fresh, now)
        event = BatchLoaded(register=info.code, run_uuid=run.uuid, first_id=first, last_id=last)
        publish(event, now=now)
    _write_known(run, info, batch, now)
    _reject(run, batch.refused)
    run.done_lines += len(chunk)
    run.rows_new += len(batch.fresh)
    run.rows_changed += batch.changed
    run.rows_same += batch.same
    run.rows_rejected += len(batch.refused)
    run.save(update_fields=["done_lines", "rows_new", "rows_changed", "rows_same", "rows_rejected"])


def _sort_out(info: RegisterInfo, chunk: list[Prepared | Refused]) -> _Batch:
    """Part the rows into bad, new, and of records that are known (in the register, or earlier in this batch)."""
    batch = _Batch(refused=[each for each in chunk if isinstance(each, Refused)])
    good = [each for each in chunk if isinstance(each, Prepared)]
    seen = _find_taken(info, {pair for each in good for pair in each.keys.items()})
    for each in good:
        pairs = each.keys.items()
        (batch.known if any(pair in seen for pair in pairs) else batch.fresh).append(each)
        seen.update(pairs)
    return batch


def _find_taken(info: RegisterInfo, values: set[tuple[str, str]]) -> set[tuple[str, str]]:
    names, texts = [name for name, _ in values], [value for _, value in values]
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [names, texts, info.id])
        return {(name, value) for name, value in cursor.fetchall()}


def _copy(info: RegisterInfo, run: LoadRun, fresh: list[Prepared], now: datetime) -> tuple[int, int]:
    """Write new records by the database's bulk copy; return the first and last id of their versions."""
    moment, since, source = now.isoformat(), run.valid_from.isoformat(), _escape(run.source)
    with connection.cursor() as cursor:
        records = _take_ids(cursor, "registers_record", len(fresh))
        versions = _take_ids(cursor, "registers_recordversion", len(fresh))
        lines = [f"{pk}\t{uuid4()}\t{info.id}\t{moment}\n" for pk in records]
        _copy_lines(cursor, "registers_record (id, uuid, register_id, created_at)", lines)
        lines = [
            f"{pk}\t{record}\t{since}\t{moment}\t{_escape(each.text)}\t{info.version}\t{source}\t{each.digest}\tf\tload\n"
            for pk, record, each in zip(versions, records, fresh, strict=True)
        ]
        columns = "id, record_id, valid_from, known_from, data, schema_version, source, sha256, is_correction, actor"
        _copy_lines(cursor, f"registers_recordversion ({columns})", lines)
        lines = []
        for record, each in zip(records, fresh, strict=True):
            lines += [f"{info.id}\t{name}\t{_escape(value)}\t{record}\tt\tt\n" for name, value in each.keys.items()]
            lines += [f"{info.id}\t{name}\t{_escape(value)}\t{record}\tt\tf\n" for name, value in each.links]
        _copy_lines(cursor, "registers_recordkey (register_id, name, value, record_id, is_current, is_unique)", lines)
    return versions[0], versions[-1]


def _copy_lines(cursor: Any, target: str, lines: list[str]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write("".join(lines))


def _escape(text: str) -> str:
    """Return the text as COPY's own format writes it."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def _take_ids(cursor: Any, table: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s::int)", [table, count])
    return [row[0] for row in cursor.fetchall()]


def _write_known(run: LoadRun, info: RegisterInfo, batch: _Batch, now: datetime) -> None:
    """Write rows of known records one by one, but not those that say what stands already."""
    standing = _find_standing_hashes(info, batch)
    for each in batch.known:
        if each.digest in standing:
            batch.same += 1
            continue
        data = orjson.loads(each.text)
        try:
            with transaction.atomic():
                write_record(info.code, data, valid_from=run.valid_from, source=run.source, actor="load", now=now)
        except KeyTaken:
            batch.refused.append(Refused(each.line, data, (_TWICE,)))
        except RecordInvalid as refusal:
            batch.refused.append(Refused(each.line, data, refusal.problems))
        else:
            batch.changed += 1


def _find_standing_hashes(info: RegisterInfo, batch: _Batch) -> set[str]:
    if not batch.known:
        return set()
    digests = [each.digest for each in batch.known]
    rows = RecordVersion.objects.filter(
        record__register=info.id, known_to__isnull=True, valid_to__isnull=True, sha256__in=digests
    )
    values = {value for each in batch.known for value in each.keys.values()}
    named = RecordKey.objects.filter(
        register_id=info.id, is_current=True, is_unique=True, name__in=[key.name for key in info.keys], value__in=values
    ).values("record")
    return set(rows.filter(record__in=named).values_list("sha256", flat=True))


def _reject(run: LoadRun, refused: list[Refused]) -> None:
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                run=run,
                line_no=each.line,
                raw=each.raw,
                problems=[{"field": problem.field, "message": str(problem.message)} for problem in each.problems],
            )
            for each in refused
        ],
        ignore_conflicts=True,
    )
