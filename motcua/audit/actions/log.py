"""Writing the log, and laying its chain."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from motcua.audit.models import AuditCheckpoint, AuditEntry, AuditLink, AuditPending
from motcua.audit.queries.log import find_head, get_facts
from motcua.audit.rules import GENESIS, SALT_BYTES, digest_private, hash_link, to_plain
from motcua.audit.types import Actor, AuditRecord

_SEQUENCER_LOCK = 0x6D63_6175_6469_7431  # 'mcaudit1'
_BATCH = 1_000


def record_read(actor: Actor, *, subject: str, what: str, purpose: str, legal_ground: str, now: datetime) -> None:
    """Note that personal data were read: by whom, of whom, what, what for and on which legal ground.

    Raises: IntegrityError without a purpose or a ground: nobody reads for nothing.
    """
    record = AuditRecord(
        kind="read", actor=actor, subject=subject, what=what, purpose=purpose, legal_ground=legal_ground
    )
    record_all([record], now=now)


def record_decision(
    actor: Actor, *, subject: str, action: str, details: dict[str, object] | None = None, now: datetime
) -> None:
    """Note a decision in the transaction that takes it."""
    record_all(
        [AuditRecord(kind="decision", actor=actor, subject=subject, what=action, details=details or {})], now=now
    )


def record_all(records: Sequence[AuditRecord], *, now: datetime) -> None:
    """Write entries by one statement and without a lock; the sequencer links them later."""
    if records:
        AuditEntry.objects.bulk_create([_to_row(record, now=now) for record in records])


def chain_pending(*, now: datetime) -> int:
    """Link the entries that wait, in one order for ever; return how many. One sequencer works at a time."""
    total = 0
    while linked := _chain_batch(now=now):
        total += linked
    return total


def _chain_batch(*, now: datetime) -> int:
    with transaction.atomic():
        if not _take_sequencer_lock():
            return 0
        waiting = list(AuditPending.objects.select_related("entry").order_by("entry_id")[:_BATCH])
        if not waiting:
            return 0
        head = find_head()
        seq, prev_hash = (head.seq, head.hash) if head else (0, GENESIS)
        links = []
        for item in waiting:
            seq += 1
            link_hash = hash_link(seq, prev_hash=prev_hash, facts=get_facts(item.entry))
            links.append(AuditLink(seq=seq, entry_id=item.pk, prev_hash=prev_hash, hash=link_hash, chained_at=now))
            prev_hash = link_hash
        AuditLink.objects.bulk_create(links)
        AuditCheckpoint.objects.create(seq=seq, hash=prev_hash, at=now)
        AuditPending.objects.filter(pk__in=[item.pk for item in waiting]).delete()
    return len(waiting)


def _take_sequencer_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER_LOCK])
        return bool(cursor.fetchone()[0])


def _to_row(record: AuditRecord, *, now: datetime) -> AuditEntry:
    actor, salt = record.actor, secrets.token_bytes(SALT_BYTES)
    name, details = to_plain(actor.name[:200]), to_plain(record.details)
    return AuditEntry(
        kind=record.kind,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=name,
        on_behalf_of=actor.on_behalf_of or "",
        agency_code=actor.agency_code or "",
        subject=record.subject,
        what=record.what,
        purpose=record.purpose,
        legal_ground=record.legal_ground,
        details=details,
        salt=salt,
        private_digest=digest_private(salt, actor_name=name, details=details),
    )
