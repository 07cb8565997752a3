"""Asking for approval, giving it back, approving: the approval binds the hash of exactly the files that were shown."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import record_decision
from motcua.designer.models import Draft, Submission
from motcua.designer.queries.access import get_draft_row, submissions_for
from motcua.designer.queries.checks import ensure_ready
from motcua.designer.queries.drafts import compute_files_hash, read_files
from motcua.designer.types.drafts import (
    ApprovalStale,
    DecisionMissing,
    DraftClosed,
    ProcessPublished,
    SecondPersonNeeded,
    SubmissionNotWaiting,
)
from motcua.identity.public import Principal
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.procedures.public import ProcedureDetail, publish_package

_MAX_NO = 60


def submit_draft(principal: Principal, draft_uuid: UUID, *, note: str = "", now: datetime) -> UUID:
    """Ask a second person to approve the files as they stand. Raises: NotReady, DraftClosed, NotYourRole."""
    with transaction.atomic():
        draft = get_draft_row(principal, draft_uuid, need="edit", lock=True)
        if draft.state != "open":
            raise DraftClosed
        digest = compute_files_hash(draft.pk)
        waiting = Submission.objects.filter(draft=draft, state="waiting").first()
        if waiting is not None and waiting.files_hash == digest:
            return waiting.uuid
        ensure_ready(read_files(draft.pk), agency_id=draft.agency_id, now=now)
        row = Submission.objects.create(
            draft=draft,
            files_hash=digest,
            draft_revision=draft.revision,
            note=note.strip()[:4_000],
            submitted_by_id=principal.user_id,
            submitted_at=now,
            last_editor_id=draft.updated_by_id,
        )
        record_decision(
            principal.to_actor(),
            subject=f"draft:{draft.uuid}",
            action="designer.submit",
            details={"files_hash": digest, "procedure": draft.procedure_code},
            now=now,
        )
    return row.uuid


def withdraw_submission(principal: Principal, draft_uuid: UUID, *, now: datetime) -> None:
    """Take the request back so that the draft can be worked on."""
    with transaction.atomic():
        draft = get_draft_row(principal, draft_uuid, need="edit", lock=True)
        Submission.objects.filter(draft=draft, state="waiting").update(state="voided")


def return_submission(principal: Principal, uuid: UUID, *, reason: str, now: datetime) -> None:
    """Give the request back with the reason. Raises: SecondPersonNeeded, SubmissionNotWaiting, DecisionMissing."""
    words = reason.strip()
    if not words:
        raise DecisionMissing(N_("Hãy ghi lý do trả lại để người thiết kế biết cần sửa gì."))
    with transaction.atomic():
        _draft, row = _lock_waiting(principal, uuid)
        row.state, row.reason = "returned", words[:4_000]
        row.decided_by_id, row.decided_at = principal.user_id, now
        row.save()
        _audit(principal, row, "designer.return", now=now)


def approve_submission(
    principal: Principal, uuid: UUID, *, files_hash: str, decision_no: str, decision_on: date | None, now: datetime
) -> ProcedureDetail:
    """Approve exactly the files that were shown, and bring them into force, in one transaction.

    Raises: SecondPersonNeeded, ApprovalStale, SubmissionNotWaiting, DecisionMissing, NotReady, PackageInvalid.
    """
    number, day = _read_decision(decision_no, decision_on, today=local_date(now))
    with transaction.atomic():
        draft, row = _lock_waiting(principal, uuid)
        if not files_hash == row.files_hash == compute_files_hash(draft.pk):
            raise ApprovalStale
        files = read_files(draft.pk)
        ensure_ready(files, agency_id=draft.agency_id, now=now)
        detail = publish_package(files, slug=draft.slug, approved_by_decision_no=number, now=now)
        row.state, row.decision_no, row.decision_on = "published", number, day
        row.decided_by_id, row.decided_at = principal.user_id, now
        row.save()
        draft.state, draft.published_version_id, draft.updated_at = "published", detail.version_id, now
        draft.save()
        _audit(principal, row, "designer.publish", version=detail.version_no, now=now)
        publish(_event(draft, row, detail, decision_on=day), now=now)
    return detail


def _lock_waiting(principal: Principal, uuid: UUID) -> tuple[Draft, Submission]:
    """Lock the draft, then the request: the order of every change, so two hands wait and do not meet."""
    known = submissions_for(principal).filter(uuid=uuid).values_list("draft__uuid", flat=True).first()
    if known is None:
        raise SubmissionNotWaiting
    draft = get_draft_row(principal, known, need="approve", lock=True)
    row = Submission.objects.select_for_update().get(uuid=uuid)
    if row.state != "waiting" or draft.state != "open":
        raise SubmissionNotWaiting
    if principal.user_id in (row.submitted_by_id, row.last_editor_id):
        raise SecondPersonNeeded
    return draft, row


def _read_decision(number: str, day: date | None, *, today: date) -> tuple[str, date]:
    words = number.strip()
    if not words or len(words) > _MAX_NO:
        raise DecisionMissing(N_("Hãy ghi số quyết định phê duyệt quy trình điện tử, ví dụ 123/QĐ-UBND."))
    if day is None:
        raise DecisionMissing(N_("Hãy ghi ngày của quyết định phê duyệt, đủ ngày, tháng, năm."))
    if day > today:
        raise DecisionMissing(N_("Ngày của quyết định phê duyệt không thể ở sau hôm nay."))
    return words, day


def _audit(principal: Principal, row: Submission, action: str, *, version: int | None = None, now: datetime) -> None:
    details: dict[str, object] = {
        "submission": str(row.uuid),
        "files_hash": row.files_hash,
        "decision_no": row.decision_no,
        "decision_on": row.decision_on.isoformat() if row.decision_on else "",
        "version_no": version,
    }
    record_decision(principal.to_actor(), subject=f"draft:{row.draft.uuid}", action=action, details=details, now=now)


def _event(draft: Draft, row: Submission, detail: ProcedureDetail, *, decision_on: date) -> ProcessPublished:
    return ProcessPublished(
        draft_uuid=draft.uuid,
        procedure_code=detail.code,
        slug=draft.slug,
        version_id=detail.version_id,
        version_no=detail.version_no,
        decision_no=row.decision_no,
        decision_on=decision_on,
        files_hash=row.files_hash,
        approved_by_id=row.decided_by_id or 0,
    )
