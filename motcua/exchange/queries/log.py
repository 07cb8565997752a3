"""Read the message log: what waits, where it ends, one record with all that proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from motcua.exchange.models import Message, MessageBatch, MessageLink, MessagePending
from motcua.exchange.rules.merkle import make_path
from motcua.exchange.rules.proof import write_proof
from motcua.exchange.types import Batch, LoggedMessage, LogStatus, RecordNotProved

_COLUMNS = (
    "uuid", "at", "message_id", "client", "service", "purpose", "legal_ground", "user_id", "issue", "status", "fault",
    "request_sha512", "response_sha512",
)  # fmt: skip


def read_waiting(count: int) -> list[tuple[int, LoggedMessage]]:
    """Return messages that have no place yet, oldest first, with their row's id; `seq` and digests still empty."""
    names = [f"message__{name}" for name in _COLUMNS]
    rows = MessagePending.objects.order_by("message_id").values_list("message_id", *names)[:count]
    return [(row[0], _to_line(dict(zip(_COLUMNS, row[1:], strict=True)))) for row in rows]


def find_end() -> tuple[int, str] | None:
    """Return the number and digest of the last line."""
    return MessageLink.objects.order_by("-seq").values_list("seq", "digest").first()


def list_digests(first_seq: int, count: int) -> list[str]:
    """Return the digests of lines from a number on."""
    rows = MessageLink.objects.filter(seq__gte=first_seq).order_by("seq")
    return list(rows.values_list("digest", flat=True)[:count])


def to_batch(row: MessageBatch) -> Batch:
    return Batch(
        first_seq=row.first_seq, last_seq=row.last_seq, previous=row.previous, digest=row.digest, root=row.root,
        signed_at=row.signed_at, jws=row.jws, timestamp=bytes(row.timestamp) if row.timestamp is not None else None,
    )  # fmt: skip


def export_record(record_uuid: UUID, *, with_batch: bool = False) -> bytes:
    """Return one record (X-Road-Request-Id) with its proof, or its whole batch. Raises: RecordNotProved."""
    link = MessageLink.objects.filter(message__uuid=record_uuid).first()
    row = MessageBatch.objects.filter(first_seq__lte=link.seq, last_seq__gte=link.seq).first() if link else None
    if link is None or row is None:
        raise RecordNotProved(is_known=Message.objects.filter(uuid=record_uuid).exists())
    if with_batch:
        return write_proof(_read_lines(row.first_seq, row.last_seq), to_batch(row), path=None)
    digests = list_digests(row.first_seq, row.last_seq - row.first_seq + 1)
    path = make_path(digests, link.seq - row.first_seq)
    return write_proof(_read_lines(link.seq, link.seq), to_batch(row), path=path)


def get_log_status() -> LogStatus:
    """Return how far the log is linked, signed and time-stamped."""
    end = find_end()
    linked = end[0] if end else 0
    last = MessageBatch.objects.order_by("-last_seq").first()
    stamped = MessageBatch.objects.filter(stamped_at__isnull=False).order_by("-stamped_at").first()
    return LogStatus(
        linked=linked,
        pending=MessagePending.objects.count(),
        unsigned=linked - (last.last_seq if last else 0),
        unstamped=MessageBatch.objects.filter(timestamp__isnull=True).count(),
        last_signed_at=last.signed_at if last else None,
        last_stamped_at=stamped.stamped_at if stamped else None,
    )


def _read_lines(first_seq: int, last_seq: int) -> Sequence[LoggedMessage]:
    names = [f"message__{name}" for name in _COLUMNS]
    rows = MessageLink.objects.filter(seq__gte=first_seq, seq__lte=last_seq).order_by("seq")
    return [
        _to_line(dict(zip(_COLUMNS, row[3:], strict=True)), seq=row[0], previous=row[1], digest=row[2])
        for row in rows.values_list("seq", "previous", "digest", *names)
    ]


def _to_line(columns: Mapping[str, Any], *, seq: int = 0, previous: str = "", digest: str = "") -> LoggedMessage:
    return LoggedMessage(**{**columns, "uuid": str(columns["uuid"])}, seq=seq, previous=previous, digest=digest)
