"""Papers of a vault in a dossier: chosen by the person, copied with their hash, so that the dossier stands alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.documents.public import UPLOAD_TYPES, store_document
from motcua.dossiers.actions.drafts import lock_draft
from motcua.dossiers.models import Draft, DraftFile, ReusedPaper
from motcua.dossiers.queries.form_pages import is_file_field
from motcua.dossiers.rules import DRAFT_LIFETIME, MAX_FILES_PER_DRAFT, MAX_FILES_PER_FIELD
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_
from motcua.vault.public import Reading, get_paper, read_paper

PURPOSE = "vault_reuse"


def use_vault_paper(
    draft_uuid: UUID, *, field_key: str, paper_uuid: UUID, reading: Reading, owner_user_id: int | None, now: datetime
) -> None:
    """Lay a paper of the vault beside a field of a draft; pressed twice, it lies there once. May she, the view asked.

    Raises: DraftNotFound; NotAllowedNow for a field that takes no files, too many, or a paper past its date;
    PaperUnknown, PaperDestroyed, KeeperAway.
    """
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        if _lies_there(draft, field_key, paper_uuid):
            return
        _check_room(draft, field_key)
        paper = get_paper(paper_uuid, now=now)
        if not paper.is_current:
            raise NotAllowedNow(
                "vault_paper_ended", N_("Giấy tờ này đã hết hạn. Hãy chọn giấy tờ khác hoặc tải bản mới lên.")
            )
        if paper.media_type not in UPLOAD_TYPES:
            raise NotAllowedNow("vault_paper_type", N_("Loại tệp này không dùng được ở đây. Hãy chọn giấy tờ khác."))
        file = store_document(
            read_paper(paper_uuid, reading=reading, now=now),
            filename=paper.filename,
            media_type=paper.media_type,
            purpose=PURPOSE,
            owner_user_id=owner_user_id,
            now=now,
        )
        DraftFile.objects.create(draft=draft, field_key=field_key, file_id=file.id, created_at=now)
        ReusedPaper.objects.create(
            file_id=file.id,
            vault_paper_uuid=paper.uuid,
            sha256=paper.sha256,
            kind=paper.kind,
            title=paper.title,
            issued_on=paper.issued_on,
            chosen_at=now,
        )
        draft.updated_at = now
        draft.expires_at = now + DRAFT_LIFETIME
        draft.save(update_fields=["updated_at", "expires_at"])


def _lies_there(draft: Draft, field_key: str, paper_uuid: UUID) -> bool:
    files = DraftFile.objects.filter(draft=draft, field_key=field_key).values("file_id")
    return ReusedPaper.objects.filter(vault_paper_uuid=paper_uuid, file_id__in=files).exists()


def _check_room(draft: Draft, field_key: str) -> None:
    if not is_file_field(draft.procedure_version_id, field_key):
        raise NotAllowedNow(
            "not_a_file_field", N_("Mục này không nhận tệp. Hãy tải lại trang rồi chọn đúng mục giấy tờ.")
        )
    keys = list(DraftFile.objects.filter(draft=draft).values_list("field_key", flat=True))
    if keys.count(field_key) >= MAX_FILES_PER_FIELD or len(keys) >= MAX_FILES_PER_DRAFT:
        raise NotAllowedNow("too_many_files", N_("Mục này đã có quá nhiều tệp. Hãy bỏ bớt tệp rồi chọn lại."))
