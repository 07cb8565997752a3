"""The copy follows the cases: incrementally by what events touched, or whole from the beginning."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from motcua.cases.public import list_case_ids
from motcua.indices.actions.parts import Hook, append, no_hook, replace_manifest, sweep, write_rows
from motcua.indices.models import CaseTouch
from motcua.indices.queries.copy import get_folder
from motcua.indices.queries.manifest import find_manifest
from motcua.indices.queries.source import get_copy_key, read_rows
from motcua.indices.rules import print_key
from motcua.indices.types import CopyRow, Manifest, PartInfo, RefreshReport
from motcua.outbox.public import find_oldest_waiting

logger = logging.getLogger(__name__)
_LOCK = 0x6D63_696E_6469_6365  # 'mcindice'
BATCH = 2_000
MAX_BATCHES = 50
BASE_ROWS = 500_000
HANDLERS = "indices."


def touch_case(case_uuid: UUID, *, now: datetime) -> None:
    """Note that a case changed; noted twice, it is read again and nothing else."""
    CaseTouch.objects.create(case_uuid=case_uuid, touched_at=now)


def refresh_copy(
    *, now: datetime, rebuild: bool = False, folder: Path | None = None, hook: Hook = no_hook
) -> RefreshReport:
    """Bring the copy up to date; one process at a time. Without a copy, or under another key, it is built anew.

    A touch is forgotten only after the manifest holds what it said: killed anywhere, the next run reads it again.
    """
    folder = folder or get_folder()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return RefreshReport(is_busy=True)
        manifest = find_manifest(folder)
        if rebuild or manifest is None or manifest.key_print != print_key(get_copy_key()):
            return _rebuild(folder, manifest, now=now, hook=hook)
        return _follow(folder, manifest, now=now, hook=hook)


def _follow(folder: Path, manifest: Manifest, *, now: datetime, hook: Hook) -> RefreshReport:
    as_of, cases = _known_until(now), 0
    for _batch in range(MAX_BATCHES):
        touches = dict(CaseTouch.objects.order_by("pk").values_list("pk", "case_uuid")[:BATCH])
        if touches:
            rows = read_rows(uuids=set(touches.values()))
            manifest = append(folder, manifest, rows, as_of=manifest.as_of, now=now, hook=hook)
            CaseTouch.objects.filter(pk__in=list(touches)).delete()
            cases += len(rows)
        if len(touches) < BATCH:
            break
    else:
        return RefreshReport(cases=cases, as_of=manifest.as_of)  # the rest is read next time; the lag is told
    as_of = max(manifest.as_of, as_of)
    manifest = Manifest(
        batch=manifest.batch, as_of=as_of, refreshed_at=now, key_print=manifest.key_print, parts=manifest.parts
    )
    replace_manifest(folder, manifest)
    return RefreshReport(cases=cases, as_of=as_of)


def _rebuild(folder: Path, old: Manifest | None, *, now: datetime, hook: Hook) -> RefreshReport:
    touched = list(CaseTouch.objects.values_list("pk", flat=True))
    batch = old.batch + 1 if old else 1
    rows = _walk_rows()
    parts: list[PartInfo] = []
    while not parts or parts[-1].rows == BASE_ROWS:
        parts.append(write_rows(folder, islice(rows, BASE_ROWS), kind="base", batch=batch))
        hook("part written")
    kept = tuple(part for index, part in enumerate(parts) if part.rows or not index)
    manifest = Manifest(batch=batch, as_of=now, refreshed_at=now, key_print=print_key(get_copy_key()), parts=kept)
    replace_manifest(folder, manifest, hook=hook)
    CaseTouch.objects.filter(pk__in=touched).delete()
    sweep(folder, manifest, now=now)
    return RefreshReport(cases=sum(part.rows for part in parts), is_rebuilt=True, as_of=now)


def _walk_rows() -> Iterator[CopyRow]:
    last = 0
    while ids := list_case_ids(after_id=last, limit=BATCH):
        yield from read_rows(ids=ids)
        last = ids[-1]


def _known_until(now: datetime) -> datetime:
    """Return up to when every event has reached its touch; asked before touches are read."""
    waiting = find_oldest_waiting(handlers=HANDLERS)
    return now if waiting is None else min(now, waiting)
