"""Scanning for malware: outside every transaction, never losing a file, never opening one too early."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from motcua.documents.models import StoredFile
from motcua.documents.queries.drivers import get_blob_store, get_scanner
from motcua.documents.queries.files import get_file, list_pending_ids
from motcua.documents.rules.refusals import make_refusal
from motcua.documents.rules.uploads import check_upload
from motcua.documents.types import (
    UPLOAD_TYPES,
    BlobMissing,
    CheckedUpload,
    FileInfected,
    FileInfo,
    RescanReport,
    ScannerUnavailable,
    ScanVerdict,
)
from motcua.outbox.public import publish


def scan_file(file_id: int, *, now: datetime) -> FileInfo:
    """Scan one pending file and return it with its new state; with the scanner down it stays pending.

    Call it from a view or a task, not inside a transaction: the scanner is asked over the network.
    Raises: FileUnknown.
    """
    with transaction.atomic(durable=True):  # raises RuntimeError when nested: no transaction waits on the scanner
        info = get_file(file_id)
    if info.scan_state != "pending":
        return info
    known = _find_known_threat(info.sha256)
    if known:  # the same bytes were judged before, and are locked away already
        _lock_away(info.sha256, ScanVerdict(is_infected=True, threat=known), now=now)
        return get_file(file_id)
    try:
        verdict = get_scanner().scan(get_blob_store().read(info.sha256))
    except (ScannerUnavailable, BlobMissing):
        return info
    if verdict.is_infected:
        _lock_away(info.sha256, verdict, now=now)
    else:
        StoredFile.objects.filter(pk=info.id, scan_state="pending").update(scan_state="clean", scanned_at=now)
    return get_file(file_id)


def inspect_upload(
    source: BinaryIO | bytes, *, filename: str, allowed: AbstractSet[str] = UPLOAD_TYPES
) -> CheckedUpload:
    """Check and scan an upload without keeping it anywhere: for what is enciphered before it is stored.

    Call it outside of every transaction: the scanner is asked over the network.
    Raises: UploadRefused (malware too); ScannerUnavailable, as nothing is kept that could be scanned later.
    """
    upload = check_upload(source, filename=filename, allowed=allowed)
    if _find_known_threat(hashlib.sha256(upload.content).hexdigest()):
        raise make_refusal("infected")
    if get_scanner().scan(upload.content).is_infected:
        raise make_refusal("infected")
    return upload


def rescan_pending(*, now: datetime, limit: int = 200) -> RescanReport:
    """Scan what still waits, oldest first; stop early while the scanner is silent. Run every minute."""
    counts = {"clean": 0, "infected": 0, "pending": 0}
    ids = list_pending_ids(limit=limit)
    for index, file_id in enumerate(ids):
        state = scan_file(file_id, now=now).scan_state
        counts[state] += 1
        if state == "pending" and counts["clean"] + counts["infected"] == 0 and counts["pending"] >= 3:
            counts["pending"] += len(ids) - index - 1
            break
    return RescanReport(**counts)


def _find_known_threat(sha256: str) -> str:
    threat = StoredFile.objects.filter(sha256=sha256, scan_state="infected").values_list("threat", flat=True).first()
    return threat or ""


def _lock_away(sha256: str, verdict: ScanVerdict, *, now: datetime) -> None:
    """Mark every file of these bytes, tell the owners, then move the bytes out of reach."""
    with transaction.atomic(durable=True):
        rows = list(
            StoredFile.objects.select_for_update(of=("self",))
            .filter(sha256=sha256)
            .exclude(scan_state="infected")
            .order_by("pk")
        )
        StoredFile.objects.filter(pk__in=[row.pk for row in rows]).update(
            scan_state="infected", scanned_at=now, threat=verdict.threat or "unknown"
        )
        for row in rows:
            publish(
                FileInfected(
                    file_uuid=row.uuid, owner_user_id=row.owner_user_id, filename=row.filename, purpose=row.purpose
                ),
                now=now,
            )
    get_blob_store().quarantine(sha256)
