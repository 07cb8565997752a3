"""A paper that an official held against its source enters the person's vault, with the person's knowledge."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.documents.public import CheckedUpload
from motcua.identity.public import PartyRef, get_party
from motcua.kernel.clock import local_date
from motcua.places.public import get_agency
from motcua.vault.actions.deposit import deposit_paper
from motcua.vault.rules.verifying import SOURCES, VerifiedWish, check_verified
from motcua.vault.types import PaperInfo


def deposit_verified(
    owner: PartyRef, *, wish: VerifiedWish, upload: CheckedUpload, agency_id: int, actor: Actor, now: datetime
) -> PaperInfo:
    """Put a checked paper into the vault and note who checked it against what, and why. The same file enters once.

    The office keeps no copy of its own: what proves the check is the note, with the paper's hash. So the paper is
    stored sealed from the first moment, and a deletion leaves nothing that can be read.
    Raises: PaperRefused; PaperDestroyed when its owner has deleted this paper; KeeperAway.
    Source: Law 91/2025/QH15, Art. 3 (no more is kept than the purpose needs; mark: unsure); in force 2026-01-01.
    """
    issued_on = check_verified(wish, on=local_date(now))
    digest = hashlib.sha256(upload.content).hexdigest()
    agency = get_agency(agency_id)
    with transaction.atomic():
        paper = deposit_paper(
            owner=owner,
            content=upload.content,
            filename=upload.filename,
            media_type=upload.media_type,
            kind=f"verified:{wish.what}",
            title=f"{wish.title.strip()} ({wish.issuer.strip()[:80]})",
            issued_on=issued_on,
            valid_to=wish.valid_to,
            origin="verified",
            origin_ref=f"{agency.code}:{digest[:24]}",
            now=now,
        )
        record_decision(
            actor,
            subject=f"{owner.kind}:{get_party(owner).uuid}",
            action="vault.deposit_verified",
            details={
                "paper": str(paper.uuid), "sha256": digest, "agency": agency.code, "source": str(SOURCES[wish.source]),
                "source_note": wish.source_note.strip()[:300], "reason": wish.reason.strip()[:300],
            },
            now=now,
        )  # fmt: skip
    return paper
