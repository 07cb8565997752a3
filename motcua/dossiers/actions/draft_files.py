"""Files of a draft: stored the moment they are chosen, before the form is whole."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor
from motcua.documents.public import FileInfo, store_upload
from motcua.dossiers.actions.drafts import lock_draft
from motcua.dossiers.models import Draft, DraftFile
from motcua.dossiers.queries.form_pages import is_file_field
from motcua.dossiers.rules import DRAFT_LIFETIME, MAX_FILES_PER_DRAFT, MAX_FILES_PER_FIELD
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_


def add_draft_file(
    draft_uuid: UUID,
    *,
    field_key: str,
    source: BinaryIO,
    filename: str,
    actor: Actor,
    owner_user_id: int | None,
    now: datetime,
) -> FileInfo:
    """Store a file beside a field of the form; it is pending until the caller has asked the scanner.

    Raises: DraftNotFound; NotAllowedNow for a field that takes no files or too many; UploadRefused.
    """
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        if not is_file_field(draft.procedure_version_id, field_key):
            raise NotAllowedNow(
                "not_a_file_field", N_("Mục này không nhận tệp. Hãy tải lại trang rồi chọn đúng mục giấy tờ.")
            )
        keys = list(DraftFile.objects.filter(draft=draft).values_list("field_key", flat=True))
        if keys.count(field_key) >= MAX_FILES_PER_FIELD or len(keys) >= MAX_FILES_PER_DRAFT:
            raise NotAllowedNow(
                "too_many_files", N_("Mục này đã có quá nhiều tệp. Hãy gộp các trang thành một tệp PDF rồi tải lại.")
            )
    file = store_upload(source, filename=filename, now=now, actor=actor, owner_user_id=owner_user_id)
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        DraftFile.objects.create(draft=draft, field_key=field_key, file_id=file.id, created_at=now)
        _note_use(draft, now=now)
    return file


def remove_draft_file(draft_uuid: UUID, *, file_uuid: UUID, now: datetime) -> None:
    """Take a file of a draft away. Doing it twice is no fault. Raises: DraftNotFound."""
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        deleted, _by_model = DraftFile.objects.filter(draft=draft, uuid=file_uuid).delete()
        if deleted:
            _note_use(draft, now=now)


def _note_use(draft: Draft, *, now: datetime) -> None:
    """Files are no words: they do not make an open page stale, but a filing under way must see them."""
    draft.updated_at = now
    draft.expires_at = now + DRAFT_LIFETIME
    draft.save(update_fields=["updated_at", "expires_at"])
