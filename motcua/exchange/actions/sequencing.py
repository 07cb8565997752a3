"""The message log as proof: one sequencer gives each message its place; stretches are signed, then time-stamped.

As in audit (decision 0008): calls write their line without a lock, the order is laid later by one hand.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from motcua.documents.public import SigningKeyMissing, ensure_demo_key, sign_bytes
from motcua.exchange.adapters.tsa import TimeStamper, TsaUnavailable, get_time_stamper
from motcua.exchange.models import MessageBatch
from motcua.exchange.queries.log import find_end, list_digests, read_waiting
from motcua.exchange.rules.log import GENESIS, seal
from motcua.exchange.rules.merkle import find_root
from motcua.exchange.rules.proof import digest_jws, write_statement
from motcua.exchange.types import Batch

logger = logging.getLogger(__name__)
MAX_LINKS = 5_000  # in one transaction
MAX_LINES = 50_000  # in one batch
MAX_STAMPS = 50  # in one run: the rest waits for the next
_SEQUENCER_LOCK = 0x6D63_6578_6368_616E  # 'mcexchan'
_PLATFORM_NAME = "Nền tảng chia sẻ dữ liệu (trình diễn)"


def chain_messages() -> int:
    """Link the messages that wait, in one order for ever; return how many. One sequencer works at a time."""
    total = 0
    while linked := _chain_some():
        total += linked
    return total


def sign_batches(*, now: datetime) -> int:
    """Sign what was linked since the last batch; return how many batches. Raises: SigningKeyMissing."""
    total = 0
    while _sign_one(now):
        total += 1
    return total


def stamp_batches(*, stamper: TimeStamper | None = None, now: datetime) -> int:
    """Ask for the time-stamps that are missing, oldest first; return how many came.

    No transaction is open while the service is waited for. Raises: TsaUnavailable: the batches stay signed and
    unstamped, and are tried again.
    """
    service = stamper or get_time_stamper()
    waiting = MessageBatch.objects.filter(timestamp__isnull=True).order_by("first_seq")
    if service is None:
        return 0
    done = 0
    for batch in list(waiting[:MAX_STAMPS]):
        try:
            token = service.stamp(digest_jws(batch.jws), now=now)
        except TsaUnavailable:
            logger.warning("exchange.no_time_stamp", extra={"first_seq": batch.first_seq})
            raise
        rows = MessageBatch.objects.filter(pk=batch.pk, timestamp__isnull=True)
        done += rows.update(timestamp=token, stamped_at=now)
    return done


def _chain_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        waiting = read_waiting(MAX_LINKS)
        if not waiting:
            return 0
        seq, previous = find_end() or (0, GENESIS)
        with cursor.copy("COPY exchange_messagelink (seq, message_id, previous, digest) FROM STDIN") as copy:
            for message_id, line in waiting:
                seq += 1
                linked = seal(line, seq=seq, previous=previous)
                copy.write_row((seq, message_id, previous, linked.digest))
                previous = linked.digest
        ids = [message_id for message_id, _ in waiting]
        cursor.execute("DELETE FROM exchange_messagepending WHERE message_id = ANY(%s)", [ids])
    return len(waiting)


def _sign_one(now: datetime) -> bool:
    """Sign the next stretch; the key's keeper may be far, so it is asked while no transaction is open."""
    unsigned = _find_unsigned(now)
    if unsigned is None:
        return False
    jws = _sign(write_statement(unsigned), now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER_LOCK])
        is_ours = cursor.fetchone()[0] and _find_start() == (unsigned.first_seq, unsigned.previous)
        if not is_ours:
            return False  # another was quicker, or is at work: it goes on
        MessageBatch.objects.create(
            first_seq=unsigned.first_seq, last_seq=unsigned.last_seq, previous=unsigned.previous,
            digest=unsigned.digest, root=unsigned.root, jws=jws, signed_at=now,
        )  # fmt: skip
    return True


def _find_unsigned(now: datetime) -> Batch | None:
    first_seq, previous = _find_start()
    digests = list_digests(first_seq, MAX_LINES)
    if not digests:
        return None
    return Batch(
        first_seq=first_seq, last_seq=first_seq + len(digests) - 1, previous=previous, digest=digests[-1],
        root=find_root(digests), signed_at=now, jws="", timestamp=None,
    )  # fmt: skip


def _find_start() -> tuple[int, str]:
    last = MessageBatch.objects.order_by("-last_seq").first()
    return (last.last_seq + 1, last.digest) if last else (1, GENESIS)


def _sign(content: bytes, now: datetime) -> str:
    code = settings.MOTCUA_EXCHANGE_SIGNER
    try:
        return sign_bytes(content, agency_code=code)
    except SigningKeyMissing:
        ensure_demo_key(code, _PLATFORM_NAME, now=now)  # outside of the demonstration this is refused, and shows
        return sign_bytes(content, agency_code=code)
