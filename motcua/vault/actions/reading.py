"""Opening papers: each opening is noted before its content leaves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.audit.public import record_read
from motcua.identity.public import PartyRef, get_party
from motcua.vault.models import Paper
from motcua.vault.queries.keys import KeyRing, open_content
from motcua.vault.queries.papers import get_row
from motcua.vault.types import Reading, ReadingRefused


def read_paper(paper_uuid: UUID, *, reading: Reading, now: datetime) -> bytes:
    """Return the content of a paper, the reading noted under its owner. Whether the reader may, the caller has asked.

    Raises: PaperUnknown, PaperDestroyed, ReadingRefused without purpose or ground, KeeperAway, ContentDamaged.
    """
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise ReadingRefused
    row = get_row(paper_uuid)
    note_reading(row, reading=reading, now=now)
    return open_content(row, KeyRing())


def note_reading(row: Paper, *, reading: Reading, now: datetime) -> None:
    """Note that a paper was opened, where its owner can see it. The title stays sealed: the log names the kind."""
    owner = PartyRef(row.vault.owner_kind, row.vault.owner_id)
    record_read(
        reading.actor,
        subject=f"{owner.kind}:{get_party(owner).uuid}",
        what=f"giấy tờ trong kho: {row.kind} {row.uuid}"[:120],
        purpose=reading.purpose[:200],
        legal_ground=reading.legal_ground[:200],
        now=now,
    )
