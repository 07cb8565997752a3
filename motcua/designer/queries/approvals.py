"""Reads of requests for approval."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from motcua.designer.models import Submission
from motcua.designer.queries.access import submissions_for
from motcua.designer.queries.drafts import get_names
from motcua.designer.types.drafts import DraftNotFound, SubmissionInfo
from motcua.identity.public import Principal
from motcua.kernel.paging import COUNT_CAP, PAGE_SIZE, Page, make_page, page_window


def list_submissions(principal: Principal, *, is_waiting: bool = True, page: int = 1) -> Page[SubmissionInfo]:
    """Return the requests that this official may see: those that wait, or those that were decided."""
    rows = submissions_for(principal).select_related("draft").order_by("-submitted_at", "-pk")
    rows = rows.filter(state="waiting") if is_waiting else rows.filter(state__in=("published", "returned"))
    start, stop = page_window(page, size=PAGE_SIZE)
    total = rows.values("pk")[: COUNT_CAP + 1].count()
    found = list(rows[start:stop])
    infos = iter(_to_infos(found))
    return make_page(found, number=page, total=total).map(lambda _row: next(infos))


def count_waiting(principal: Principal) -> int:
    """Return how many requests wait, at most the cap."""
    return submissions_for(principal).filter(state="waiting").values("pk")[: COUNT_CAP + 1].count()


def get_submission(principal: Principal, uuid: UUID) -> SubmissionInfo:
    """Return one request. Raises: DraftNotFound when there is none that this official may see."""
    row = submissions_for(principal).select_related("draft").filter(uuid=uuid).first()
    if row is None:
        raise DraftNotFound
    return _to_infos([row])[0]


def list_submissions_of(draft_id: int) -> tuple[SubmissionInfo, ...]:
    """Return all requests of one draft, latest first."""
    return tuple(_to_infos(Submission.objects.filter(draft=draft_id).select_related("draft").order_by("-pk")[:50]))


def _to_infos(found: Iterable[Submission]) -> list[SubmissionInfo]:
    rows = list(found)
    names = get_names(user for row in rows for user in (row.submitted_by_id, row.last_editor_id, row.decided_by_id))
    return [
        SubmissionInfo(
            uuid=row.uuid,
            draft_uuid=row.draft.uuid,
            draft_title=row.draft.title,
            state=row.state,
            files_hash=row.files_hash,
            note=row.note,
            submitted_by_id=row.submitted_by_id,
            submitted_by_name=names.get(row.submitted_by_id, ""),
            submitted_at=row.submitted_at,
            last_editor_id=row.last_editor_id,
            last_editor_name=names.get(row.last_editor_id, ""),
            decided_by_name=names.get(row.decided_by_id or 0, ""),
            decided_at=row.decided_at,
            decision_no=row.decision_no,
            decision_on=row.decision_on,
            reason=row.reason,
        )
        for row in rows
    ]
