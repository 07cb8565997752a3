"""Reads of shares and of their openings, for who may manage the paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.vault.models import Paper, Share, ShareOpening
from motcua.vault.rules.sharing import state_of
from motcua.vault.types import OpeningInfo, ShareInfo

MOST_SHOWN = 200


def list_shares(paper_uuid: UUID, *, now: datetime) -> tuple[ShareInfo, ...]:
    """Return how a paper was lent, newest first: one query."""
    rows = Share.objects.select_related("paper").filter(paper__uuid=paper_uuid).order_by("-id")[:MOST_SHOWN]
    return tuple(to_share_info(row, paper=row.paper, now=now) for row in rows)


def list_openings(paper_uuid: UUID) -> tuple[OpeningInfo, ...]:
    """Return who tried to open a lent paper, newest first: one query."""
    rows = ShareOpening.objects.filter(share__paper__uuid=paper_uuid).order_by("-id")[:MOST_SHOWN]
    return tuple(OpeningInfo(at=row.at, who=row.who, purpose=row.purpose, outcome=row.outcome) for row in rows)


def to_share_info(row: Share, *, paper: Paper, now: datetime) -> ShareInfo:
    return ShareInfo(
        uuid=row.uuid,
        paper_uuid=paper.uuid,
        recipient_kind=row.recipient_kind,
        recipient_name=row.recipient_name,
        recipient_agency_id=row.recipient_agency_id,
        purpose=row.purpose,
        created_at=row.created_at,
        ends_at=row.ends_at,
        max_openings=row.max_openings,
        openings=row.openings,
        revoked_at=row.revoked_at,
        locked_at=row.locked_at,
        state=state_of(
            ends_at=row.ends_at,
            max_openings=row.max_openings,
            openings=row.openings,
            revoked_at=row.revoked_at,
            locked_at=row.locked_at,
            now=now,
        ),
    )
