"""Reads of stored files. Whose file it is, the caller's policy decides; whether it may be opened, `read_file` does."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from motcua.documents.models import StoredFile
from motcua.documents.queries.drivers import get_blob_store
from motcua.documents.types import FileInfo, FileLocked, FilePending, FileUnknown, ScanState


def to_info(row: StoredFile) -> FileInfo:
    state: ScanState = (
        "clean" if row.scan_state == "clean" else "infected" if row.scan_state == "infected" else "pending"
    )
    return FileInfo(
        id=row.pk,
        uuid=row.uuid,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        filename=row.filename,
        purpose=row.purpose,
        scan_state=state,
        owner_user_id=row.owner_user_id,
        created_at=row.created_at,
    )


def get_file(ref: int | UUID) -> FileInfo:
    """Return one file by its inner id or its outer uuid. Raises: FileUnknown."""
    rows = StoredFile.objects.filter(uuid=ref) if isinstance(ref, UUID) else StoredFile.objects.filter(pk=ref)
    row = rows.first()
    if row is None:
        raise FileUnknown
    return to_info(row)


def get_files(ids: Iterable[int]) -> dict[int, FileInfo]:
    """Return the files of these ids in one query; an unknown id is simply absent."""
    return {row.pk: to_info(row) for row in StoredFile.objects.filter(pk__in=list(ids)).order_by("pk")}


def read_file(ref: int | UUID) -> bytes:
    """Return the bytes of a clean file, checked against their SHA-256.

    Raises: FileUnknown, FilePending (not scanned yet), FileLocked (infected), BlobMissing.
    """
    info = get_file(ref)
    if info.scan_state == "pending":
        raise FilePending
    if info.scan_state == "infected":
        raise FileLocked
    return get_blob_store().read(info.sha256)


def list_pending_ids(*, limit: int) -> list[int]:
    """Return the files that wait for the scanner, oldest first."""
    return list(StoredFile.objects.filter(scan_state="pending").order_by("pk").values_list("pk", flat=True)[:limit])
