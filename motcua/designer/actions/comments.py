"""Writing comments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.designer.models import Comment
from motcua.designer.queries.access import get_draft_row
from motcua.designer.rules.files import is_file_name
from motcua.designer.types.drafts import CommentRefused, FileRefused
from motcua.identity.public import Principal
from motcua.kernel.messages import N_

MAX_TEXT = 4_000
MAX_ELEMENT = 120


def add_comment(
    principal: Principal, draft_uuid: UUID, *, file: str, element_id: str, text: str, now: datetime
) -> UUID:
    """Write a remark on an element (empty: on the whole file). Whoever sees the draft may write one."""
    draft = get_draft_row(principal, draft_uuid)
    if not is_file_name(file):
        raise FileRefused(N_("Tên tệp «%(name)s» không thuộc gói thủ tục.", name=file))
    words = text.strip()
    if not words or len(words) > MAX_TEXT:
        raise CommentRefused
    row = Comment.objects.create(
        draft=draft,
        file=file,
        element_id=element_id[:MAX_ELEMENT],
        text=words,
        author_id=principal.user_id,
        created_at=now,
    )
    return row.uuid


def resolve_comment(principal: Principal, draft_uuid: UUID, *, comment_uuid: UUID, now: datetime) -> None:
    """Mark a remark as dealt with; twice changes nothing."""
    draft = get_draft_row(principal, draft_uuid)
    rows = Comment.objects.filter(draft=draft, uuid=comment_uuid, resolved_at__isnull=True)
    rows.update(resolved_by_id=principal.user_id, resolved_at=now)


def reopen_comment(principal: Principal, draft_uuid: UUID, *, comment_uuid: UUID) -> None:
    """Ask a remark again."""
    draft = get_draft_row(principal, draft_uuid)
    Comment.objects.filter(draft=draft, uuid=comment_uuid).update(resolved_by_id=None, resolved_at=None)
