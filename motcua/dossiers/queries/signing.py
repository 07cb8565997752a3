"""A leader's list of papers to sign: what waits, what he was shown, what he agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motcua.cases.public import InboxFilter, InboxRow, list_inbox
from motcua.dossiers.models import DraftResult, ShownDraft
from motcua.identity.public import Principal
from motcua.kernel.paging import Page

SIGN_SCREEN = "dossiers.sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRow:
    """One paper that waits for the signature; `sha256` is empty while the draft is still being drawn."""

    task: InboxRow
    result_no: str = ""
    decision: str = ""
    sha256: str = ""
    shown_at: datetime | None = None
    agreed_at: datetime | None = None


def list_to_sign(principal: Principal, *, page: int, now: datetime) -> Page[SigningRow]:
    """Return one page of the papers that wait for this leader, due first. Shape: two queries beside the inbox's."""
    found = list_inbox(principal, filter=InboxFilter(screen=SIGN_SCREEN), page=page, now=now)
    rows = {row.task.task_uuid: row for row in _join(found.items, user_id=principal.user_id)}
    return found.map(lambda row: rows[row.task_uuid])


def list_agreed(principal: Principal, *, now: datetime) -> tuple[SigningRow, ...]:
    """Return the papers that this leader has read and agreed to sign, no more than one page of a list."""
    agreed = ShownDraft.objects.filter(user_id=principal.user_id, agreed_at__isnull=False, draft__approved_at=None)
    case_ids = frozenset(agreed.values_list("draft__dossier__case_id", flat=True))
    if not case_ids:
        return ()
    found = list_inbox(principal, filter=InboxFilter(screen=SIGN_SCREEN, case_ids=case_ids), page=1, now=now)
    return tuple(row for row in _join(found.items, user_id=principal.user_id) if row.agreed_at)


def find_shown(draft_sha256: str, *, case_id: int, user_id: int) -> ShownDraft | None:
    """Return the note that this leader was shown this very draft."""
    return ShownDraft.objects.filter(
        user_id=user_id, sha256=draft_sha256, draft__dossier__case_id=case_id, draft__sha256=draft_sha256
    ).first()


def _join(tasks: tuple[InboxRow, ...], *, user_id: int) -> list[SigningRow]:
    newest = DraftResult.objects.filter(dossier__case_id__in=[task.case_id for task in tasks])
    drafts = {
        draft.dossier.case_id: draft
        for draft in newest.select_related("dossier").only(
            "id", "result_no", "decision", "sha256", "dossier__case_id"
        ).order_by("dossier_id", "-created_at", "-id").distinct("dossier_id")
    }  # fmt: skip
    shown = {
        row.draft_id: row
        for row in ShownDraft.objects.filter(user_id=user_id, draft__in=[draft.pk for draft in drafts.values()])
    }
    return [_to_row(task, drafts.get(task.case_id), shown) for task in tasks]


def _to_row(task: InboxRow, draft: DraftResult | None, shown: dict[int, ShownDraft]) -> SigningRow:
    if draft is None:
        return SigningRow(task=task)
    seen = shown.get(draft.pk)
    return SigningRow(
        task=task,
        result_no=draft.result_no,
        decision=draft.decision,
        sha256=draft.sha256,
        shown_at=seen.shown_at if seen else None,
        agreed_at=seen.agreed_at if seen else None,
    )
