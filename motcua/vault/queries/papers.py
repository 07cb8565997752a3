"""Reads of papers. Whose vault may be opened, `queries.access` says; openings are noted in actions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.vault.models import Paper
from motcua.vault.queries.keys import KeyRing, open_facts
from motcua.vault.rules.kinds import is_kind_of, label_of
from motcua.vault.types import PaperDestroyed, PaperInfo, PaperUnknown

MOST_PAPERS = 2_000


def find_papers(owner: PartyRef, *, kinds: Collection[str] = (), now: datetime) -> tuple[PaperInfo, ...]:
    """Return the papers of a person or firm, newest first; `kinds` narrows to these (or to families: `receipt`).

    Two queries and one opened key, however many papers. Papers past their date are among them (`is_current`).
    Raises: KeeperAway.
    """
    on, ring = local_date(now), KeyRing()
    rows = live_papers().filter(vault__owner_kind=owner.kind, vault__owner_id=owner.id)
    rows = rows.order_by("-issued_on", "-id")[:MOST_PAPERS]
    return tuple(
        to_info(row, ring, on=on)
        for row in rows
        if not kinds or any(is_kind_of(row.kind, wanted=wanted) for wanted in kinds)
    )


def get_paper(paper_uuid: UUID, *, now: datetime) -> PaperInfo:
    """Return one paper without its content. Raises: PaperUnknown, PaperDestroyed, KeeperAway."""
    return to_info(get_row(paper_uuid), KeyRing(), on=local_date(now))


def get_row(paper_uuid: UUID) -> Paper:
    """Return the row of a paper that is not destroyed. Raises: PaperUnknown, PaperDestroyed."""
    row = Paper.objects.select_related("vault", "key__vault").filter(uuid=paper_uuid).first()
    if row is None:
        raise PaperUnknown
    if row.destroyed_at is not None or row.key.destroyed_at is not None:
        raise PaperDestroyed
    return row


def find_owner(paper_uuid: UUID) -> PartyRef | None:
    """Return whose a paper is or was, destroyed ones too: who may be told anything of it is asked first."""
    row = Paper.objects.select_related("vault").filter(uuid=paper_uuid).first()
    return None if row is None else PartyRef(row.vault.owner_kind, row.vault.owner_id)


def live_papers() -> QuerySet[Paper]:
    """Return the papers that can still be opened."""
    rows = Paper.objects.select_related("vault", "key__vault")
    return rows.filter(destroyed_at__isnull=True, key__destroyed_at__isnull=True)


def to_info(row: Paper, ring: KeyRing, *, on: date) -> PaperInfo:
    """Return a paper as its owner sees it, its title opened."""
    facts = open_facts(row, ring)
    return PaperInfo(
        uuid=row.uuid,
        owner_kind=row.vault.owner_kind,
        owner_id=row.vault.owner_id,
        kind=row.kind,
        kind_label=label_of(row.kind),
        title=facts.title,
        filename=facts.filename,
        media_type=facts.media_type,
        size_bytes=row.size_bytes,
        sha256=facts.sha256,
        issued_on=row.issued_on,
        valid_to=row.valid_to,
        origin=row.origin,
        origin_ref=row.origin_ref,
        deposited_at=row.deposited_at,
        is_current=row.valid_to is None or on <= row.valid_to,
    )
