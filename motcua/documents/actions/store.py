"""Taking files in: what people upload, and what the city itself made."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import BinaryIO

from motcua.audit.public import Actor
from motcua.documents.models import StoredFile
from motcua.documents.queries.drivers import get_blob_store
from motcua.documents.queries.files import to_info
from motcua.documents.rules.refusals import make_refusal
from motcua.documents.rules.uploads import check_upload, clean_filename
from motcua.documents.types import UPLOAD_TYPES, FileInfo


def store_upload(
    source: BinaryIO | bytes,
    *,
    filename: str,
    now: datetime,
    actor: Actor,
    owner_user_id: int | None = None,
    purpose: str = "upload",
    allowed: AbstractSet[str] = UPLOAD_TYPES,
) -> FileInfo:
    """Check an upload and keep it as `pending`; call `scan_file` next, after your transaction, to make it readable.

    The bytes are durable before the row exists, so a row never points at nothing. No network is touched with the
    default store, and no scan happens here: a scanner that hangs cannot hold a transaction.
    Raises: UploadRefused.
    """
    upload = check_upload(source, filename=filename, allowed=allowed)
    sha256 = hashlib.sha256(upload.content).hexdigest()
    if StoredFile.objects.filter(sha256=sha256, scan_state="infected").exists():
        raise make_refusal("infected")
    get_blob_store().put(sha256, upload.content)
    row = StoredFile.objects.create(
        sha256=sha256,
        size_bytes=len(upload.content),
        media_type=upload.media_type,
        filename=upload.filename,
        purpose=purpose,
        scan_state="pending",
        owner_user_id=owner_user_id,
        stored_by=f"{actor.kind}:{actor.id}",
        created_at=now,
    )
    return to_info(row)


def store_document(
    content: bytes, *, filename: str, media_type: str, purpose: str, now: datetime, owner_user_id: int | None = None
) -> FileInfo:
    """Keep a file that the city made itself; it needs no scan and is readable at once."""
    sha256 = hashlib.sha256(content).hexdigest()
    get_blob_store().put(sha256, content)
    row = StoredFile.objects.create(
        sha256=sha256,
        size_bytes=len(content),
        media_type=media_type,
        filename=clean_filename(filename, media_type),
        purpose=purpose,
        scan_state="clean",
        scanned_at=now,
        owner_user_id=owner_user_id,
        stored_by="system",
        created_at=now,
    )
    return to_info(row)
