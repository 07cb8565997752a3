"""Write what a record says. Nothing is overwritten: what stood is closed, what stands from now is added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from motcua.outbox.public import publish
from motcua.registers.models import Record, RecordKey, RecordVersion
from motcua.registers.queries.reading import to_record_info
from motcua.registers.queries.registers import bring_up, get_check, get_register
from motcua.registers.rules.periods import Period, find_at, put
from motcua.registers.rules.records import clean, find_keys, find_links, hash_data, missing_keys
from motcua.registers.types import KeyTaken, RecordInfo, RecordInvalid, RecordNotFound, RecordWritten, RegisterInfo

_TICK = timedelta(microseconds=1)


def write_record(
    register: str,
    data: Mapping[str, Any],
    *,
    valid_from: datetime,
    valid_to: datetime | None = None,
    source: str,
    actor: str = "",
    now: datetime,
) -> RecordInfo:
    """Say what is true of a thing from a moment on: a new record, or a change of the one that its keys name.

    What stood before `valid_from` stays true; what was known before `now` stays known to have been said.
    Raises: RegisterNotFound, RecordInvalid, KeyTaken when its keys name two records.
    """
    info = get_register(register)
    content = check_data(info, data)
    with transaction.atomic():
        record = _find_by_keys(info, content)
        change = "changed"
        if record is None:
            record, change = Record.objects.create(register_id=info.id, created_at=now), "created"
        stands = _say(info, record, content, (valid_from, valid_to), source, actor, False, now)
        publish(RecordWritten(register=register, record_uuid=record.uuid, change=change), now=now)
    return stands


def correct_record(
    record_uuid: UUID,
    data: Mapping[str, Any],
    *,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    source: str,
    actor: str,
    now: datetime,
) -> RecordInfo:
    """Say that a record was wrong: over its whole life, or over a period. The mistake stays readable as of its time.

    Raises: RecordNotFound, RecordInvalid, KeyTaken.
    """
    with transaction.atomic():
        record = lock_record(record_uuid)
        info = get_register(record.register.code)
        content = check_data(info, data)
        first = _standing(record).order_by("valid_from").values_list("valid_from", flat=True).first()
        period = (valid_from or first or now, valid_to)
        stands = _say(info, record, content, period, source, actor, True, now)
        publish(RecordWritten(register=info.code, record_uuid=record.uuid, change="corrected"), now=now)
    return stands


def change_record(
    record_uuid: UUID, data: Mapping[str, Any], *, valid_from: datetime, source: str, actor: str, now: datetime
) -> RecordInfo:
    """Say what is true of a known record from a moment on; what stood before stays true until then.

    Raises: RecordNotFound, RecordInvalid, KeyTaken.
    """
    with transaction.atomic():
        record = lock_record(record_uuid)
        info = get_register(record.register.code)
        content = check_data(info, data)
        stands = _say(info, record, content, (valid_from, None), source, actor, False, now)
        publish(RecordWritten(register=info.code, record_uuid=record.uuid, change="changed"), now=now)
    return stands


def patch_record(
    record_uuid: UUID, fields: Mapping[str, Any], *, empty: Collection[str] = (), valid_from: datetime, source: str,
    actor: str, now: datetime,
) -> RecordInfo | None:  # fmt: skip
    """Say only some fields of a record from a moment on: what else is known of each later period stays as it is.

    Returns what stands now, or None when nothing was changed. Raises: RecordNotFound, RecordInvalid, KeyTaken.
    """
    with transaction.atomic():
        record = lock_record(record_uuid)
        info = get_register(record.register.code)
        known, written = _next_moment(record, now), None
        for row in (
            _standing(record).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).order_by("valid_from")
        ):
            before = bring_up(info, row.data, written_in=row.schema_version)
            data = {name: value for name, value in before.items() if name not in empty} | dict(fields)
            content = check_data(info, data)
            if content == row.data:
                continue
            RecordVersion.objects.filter(pk=row.pk).update(known_to=known)
            if row.valid_from < valid_from:
                span = (row.valid_from, valid_from)
                _add(record, row.data, span, known, row.source, row.actor, row.schema_version, row.is_correction)
            rest = (max(row.valid_from, valid_from), row.valid_to)
            written = _add(record, content, rest, known, source, actor, info.version, False)
        if written is None:
            return None
        _set_keys(info, record, now)
        publish(RecordWritten(register=info.code, record_uuid=record.uuid, change="changed"), now=now)
    return to_record_info(record.uuid, info, written)


def end_record(record_uuid: UUID, *, valid_to: datetime, source: str, actor: str, now: datetime) -> None:
    """Say that a thing is no more from a moment on (a firm dissolved, a card withdrawn). Raises: RecordNotFound."""
    with transaction.atomic():
        record = lock_record(record_uuid)
        known = _next_moment(record, now)
        for row in _standing(record).select_for_update(of=("self",)):
            if row.valid_to is not None and row.valid_to <= valid_to:
                continue
            RecordVersion.objects.filter(pk=row.pk).update(known_to=known)
            if row.valid_from < valid_to:
                _add(record, row.data, (row.valid_from, valid_to), known, source, actor, row.schema_version, False)
        keys = RecordKey.objects.filter(record=record, is_current=True, is_unique=True)
        keys.update(is_current=False, closed_at=now)
        publish(RecordWritten(register=record.register.code, record_uuid=record.uuid, change="ended"), now=now)


def write_new_record(
    info: RegisterInfo, content: dict[str, Any], *, valid_from: datetime, source: str, actor: str, now: datetime
) -> RecordInfo:
    """Make a record of its own, whatever others there are; inside a transaction. Raises: KeyTaken."""
    record = Record.objects.create(register_id=info.id, created_at=now)
    return _say(info, record, content, (valid_from, None), source, actor, False, now)


def check_data(info: RegisterInfo, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record cleaned. Raises: RecordInvalid with every problem."""
    content: dict[str, Any] = clean(data)
    problems = get_check(info)(content) + missing_keys(info.keys, find_keys(info.keys, content))
    if problems:
        raise RecordInvalid(problems)
    return content


def _say(
    info: RegisterInfo,
    record: Record,
    content: dict[str, Any],
    period: tuple[datetime, datetime | None],
    source: str,
    actor: str,
    is_correction: bool,
    now: datetime,
) -> RecordInfo:
    record = Record.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    known = _next_moment(record, now)
    rows = list(_standing(record).order_by("valid_from"))
    standing: list[Period[RecordVersion | None]] = [Period(row.valid_from, row.valid_to, row) for row in rows]
    new: Period[RecordVersion | None] = Period(period[0], period[1], None)
    change = put(standing, new)
    RecordVersion.objects.filter(pk__in=[rows[place].pk for place in change.closed]).update(known_to=known)
    written = None
    for piece in change.written:
        old = piece.content
        if old is None:
            written = _add(record, content, (piece.start, piece.end), known, source, actor, info.version, is_correction)
        else:
            span = (piece.start, piece.end)
            _add(record, old.data, span, known, old.source, old.actor, old.schema_version, old.is_correction)
    assert written is not None
    _set_keys(info, record, now)
    return to_record_info(record.uuid, info, written)


def _add(
    record: Record,
    content: dict[str, Any],
    period: tuple[datetime, datetime | None],
    known_from: datetime,
    source: str,
    actor: str,
    schema_version: int,
    is_correction: bool,
) -> RecordVersion:
    return RecordVersion.objects.create(
        record=record,
        valid_from=period[0],
        valid_to=period[1],
        known_from=known_from,
        data=content,
        schema_version=schema_version,
        source=source[:200],
        sha256=hash_data(content),
        is_correction=is_correction,
        actor=actor[:120],
    )


def _set_keys(info: RegisterInfo, record: Record, now: datetime) -> None:
    """Let the record's keys be those of what is true of it now, or last; keys of a merged record stay with it."""
    rows = [
        Period(row.valid_from, row.valid_to, bring_up(info, row.data, written_in=row.schema_version))
        for row in _standing(record).order_by("valid_from")
    ]
    _add_links(info, record, {link for row in rows for link in find_links(info.links, row.content)})
    data = find_at(rows, now) or rows[-1].content
    wanted = find_keys(info.keys, data)
    names = [key.name for key in info.keys]
    present = RecordKey.objects.filter(record=record, is_current=True, is_unique=True, name__in=names)
    old = [key.pk for key in present if key.name in wanted and wanted[key.name] != key.value]
    RecordKey.objects.filter(pk__in=old).update(is_current=False, closed_at=now)
    for name, value in wanted.items():
        key, is_new = RecordKey.objects.get_or_create(
            register_id=info.id, name=name, value=value, is_current=True, is_unique=True, defaults={"record": record}
        )
        if not is_new and record.pk not in (key.record_id, key.record.merged_into_id):
            raise KeyTaken(name)


def _add_links(info: RegisterInfo, record: Record, links: set[tuple[str, str]]) -> None:
    """Links are never closed: who reads as of a time sees whether they held then."""
    RecordKey.objects.bulk_create(
        [
            RecordKey(register_id=info.id, name=name, value=value, record=record, is_unique=False)
            for name, value in sorted(links)
        ],
        ignore_conflicts=True,
    )


def _find_by_keys(info: RegisterInfo, content: Mapping[str, Any]) -> Record | None:
    wanted = find_keys(info.keys, content)
    keys = RecordKey.objects.filter(
        register_id=info.id, is_current=True, is_unique=True, name__in=list(wanted), value__in=list(wanted.values())
    )
    found = {
        key.record.merged_into_id or key.record_id: key.name
        for key in keys.select_related("record")
        if wanted.get(key.name) == key.value
    }
    if len(found) > 1:
        raise KeyTaken(", ".join(sorted(found.values())))
    return Record.objects.filter(pk__in=list(found)).first()


def _standing(record: Record) -> QuerySet[RecordVersion]:
    return RecordVersion.objects.filter(record=record, known_to__isnull=True)


def _next_moment(record: Record, now: datetime) -> datetime:
    """Two changes of a record never share their moment, so that each was known for some time."""
    last = RecordVersion.objects.filter(record=record).aggregate(last=Max("known_from"))["last"]
    return max(now, last + _TICK) if last is not None else now


def lock_record(record_uuid: UUID) -> Record:
    """Lock a record that stands for itself until the transaction ends. Raises: RecordNotFound."""
    record = (
        Record.objects.select_related("register")
        .select_for_update(of=("self",), no_key=True)
        .filter(uuid=record_uuid, merged_into__isnull=True)
        .first()
    )
    if record is None:
        raise RecordNotFound()
    return record
