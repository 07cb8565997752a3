"""A signed paper in the vault follows its original: what is signed behind that later is put behind the sealed copy."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import datetime

import orjson
from django.db import transaction

from motcua.documents.public import read_file, store_document
from motcua.vault.models import CertifiedCopy, Paper, PaperTail
from motcua.vault.queries.keys import KeyRing, context_of, open_content, open_facts, open_paper_key
from motcua.vault.queries.papers import live_papers
from motcua.vault.rules.sealing import seal


def renew_papers(origin_ref: str, *, file_id: int, now: datetime) -> int:
    """Put behind the papers of this origin what their original has got since; return how many followed.

    Nothing of what lies in the vault is rewritten: only the new end is sealed beside it, with the paper's own key. A
    file that does not begin with the very bytes of the paper is another paper and is left alone. Doing it twice
    changes nothing. Raises: KeeperAway, BlobMissing (the outbox tries again).
    """
    renewed, done = read_file(file_id), 0
    with transaction.atomic():
        rows = live_papers().select_for_update(of=("self",), no_key=True).filter(origin_ref=origin_ref).order_by("pk")
        for row in rows:
            done += _follow(row, renewed, now=now)
    return done


def renew_certified_copy(file_id: int, *, now: datetime) -> None:
    """Let the papers that came from a certified copy follow it, when the file is one."""
    row = CertifiedCopy.objects.filter(file_id=file_id).first()
    if row is not None:
        renew_papers(row.verification_code, file_id=file_id, now=now)


def _follow(row: Paper, renewed: bytes, *, now: datetime) -> bool:
    ring = KeyRing()
    current = open_content(row, ring)
    if len(renewed) <= len(current) or not renewed.startswith(current):
        return False
    position = PaperTail.objects.filter(paper_id=row.pk).count() + 1
    context = context_of(row.uuid, f"tail {position}")
    sealed = seal(renewed[len(current) :], key=open_paper_key(row, ring), context=context)
    file = store_document(
        sealed,
        filename=f"{row.uuid}.{position}.bin",
        media_type="application/octet-stream",
        purpose="vault",
        now=now,
    )
    PaperTail.objects.create(paper=row, position=position, file_id=file.id, added_at=now)
    facts = replace(open_facts(row, ring), sha256=hashlib.sha256(renewed).hexdigest())
    row.sealed = seal(orjson.dumps(asdict(facts)), key=ring.get(row.key), context=context_of(row.uuid, "facts"))
    Paper.objects.filter(pk=row.pk).update(sealed=row.sealed)
    return True
