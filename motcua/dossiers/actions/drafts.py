"""Writes of drafts: start, save a page, choose the applicant, adopt, throw away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from motcua.dossiers.models import RESULT_CHANNELS, Draft
from motcua.dossiers.queries.drafts import hash_resume_code, read_draft_files, read_spared, to_draft_info
from motcua.dossiers.queries.form_pages import answers_of_page, clean_draft_page, get_draft_form
from motcua.dossiers.queries.remembered import read_remembered
from motcua.dossiers.rules import DRAFT_LIFETIME, find_conflicts, is_page_stale
from motcua.dossiers.rules.facts import claimed_data, confirm_facts, drop_facts, find_overwritten, read_facts
from motcua.dossiers.types import DraftInfo, DraftNotFound, NotAllowedNow, SavedPage, StaleDraft
from motcua.identity.public import PartyRef, Principal, UserKind
from motcua.kernel.clock import local_date
from motcua.kernel.codes import make_verification_code
from motcua.kernel.messages import N_
from motcua.process.public import merge_answers, put_answers, read_answer_at

EDITOR_LENGTH = 40
UNDO_TIME = timedelta(days=1)
_TOUCHED = ("revision", "updated_at", "expires_at")


def start_draft(
    procedure_version_id: int,
    *,
    owner_id: int | None,
    now: datetime,
    channel: str = "online",
    reception_agency_id: int | None = None,
    applicant: PartyRef | None = None,
    data: Mapping[str, Any] | None = None,
) -> tuple[DraftInfo, str]:
    """Begin a dossier; return the draft and the resume code, which is kept only as a hash."""
    code = make_verification_code(secrets.token_bytes(10))
    draft = Draft.objects.create(
        procedure_version_id=procedure_version_id,
        owner_id=owner_id,
        resume_secret_hash=hash_resume_code(code),
        data=dict(data or {}),
        channel=channel,
        result_channel="online" if channel == "online" else "counter",
        reception_agency_id=reception_agency_id,
        applicant_kind=applicant.kind if applicant else "",
        applicant_id=applicant.id if applicant else None,
        created_at=now,
        updated_at=now,
        expires_at=now + DRAFT_LIFETIME,
    )
    return to_draft_info(draft, files=()), code


def save_page(
    draft_uuid: UUID,
    *,
    page_key: str,
    raw: Mapping[str, Sequence[str]],
    revision: int,
    editor: str,
    now: datetime,
    is_done: bool = False,
) -> SavedPage:
    """Keep what was typed on one page, right or wrong, and say what is wrong with it.

    A save of the same window (`editor`) is never stale: its own answer may have been lost on the way.
    Raises: DraftNotFound; StaleDraft when another window saved other words into the same fields.
    """
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        form, facts = get_draft_form(draft), read_facts(draft.facts)
        if page_key not in {page.key for page in form.pages}:
            raise DraftNotFound
        files = read_draft_files(draft)
        result = clean_draft_page(
            form, page_key, raw, data=claimed_data(draft.data, facts), files=files, spared=read_spared(draft),
            on=local_date(now),
        )  # fmt: skip
        overwritten = find_overwritten(raw, facts, form.get_page(page_key).fields)
        values = result.kept
        if is_page_stale(draft.page_marks.get(page_key), revision=revision, editor=editor):
            conflicts = find_conflicts(
                answers_of_page(form, page_key, draft.data),
                answers_of_page(form, page_key, values),
                labels={item.key: item.label for item in form.get_page(page_key).fields},
            )
            if conflicts:
                raise StaleDraft(revision=draft.revision, conflicts=conflicts)
        draft.data = merge_answers(draft.data, values)
        draft.page_key = page_key
        draft.pages_done = _mark_page(
            draft.pages_done, page_key, is_done=is_done, has_errors=bool(result.errors or overwritten)
        )
        if is_done:
            draft.facts = confirm_facts(draft.facts, {item.key for item in form.get_page(page_key).fields})
        touch_draft(draft, now=now)
        draft.page_marks = draft.page_marks | {page_key: [draft.revision, editor[:EDITOR_LENGTH]]}
        draft.save(update_fields=[*_TOUCHED, "data", "facts", "page_key", "pages_done", "page_marks"])
    return SavedPage(
        draft=to_draft_info(draft, files=files),
        errors=(*overwritten, *((error.key, error.message_vi) for error in result.errors)),
        warnings=tuple((warning.key, warning.message_vi) for warning in result.warnings),
    )


def choose_applicant(
    draft_uuid: UUID, *, ref: PartyRef, result_channel: str, prefill: Mapping[str, Any] | None = None, now: datetime
) -> DraftInfo:
    """Record for whom the dossier is filed and how the result is to come; fill in what is still empty.

    The caller has asked `can_represent`. Raises: DraftNotFound; NotAllowedNow for an unknown way of receiving.
    """
    if result_channel not in RESULT_CHANNELS:
        raise NotAllowedNow("result_channel_unknown", N_("Hãy chọn cách nhận kết quả trong danh sách."))
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        if draft.applicant_id is not None and (draft.applicant_kind, draft.applicant_id) != (ref.kind, ref.id):
            draft.data, draft.facts = drop_facts(draft.data, draft.facts), {}  # they were another's
        draft.applicant_kind, draft.applicant_id = ref.kind, ref.id
        draft.result_channel = result_channel
        given = (prefill or {}).items()
        empty = {key: value for key, value in given if read_answer_at(draft.data, key) in (None, "", [])}
        draft.data = put_answers(draft.data, empty)
        touch_draft(draft, now=now)
        draft.save(update_fields=[*_TOUCHED, "applicant_kind", "applicant_id", "result_channel", "data", "facts"])
    return to_draft_info(draft, files=read_draft_files(draft))


def adopt_draft(draft_uuid: UUID, *, owner_id: int) -> None:
    """Give an anonymous draft to whoever has just signed in on the device that wrote it. Doing it twice is no fault."""
    Draft.objects.filter(uuid=draft_uuid, owner__isnull=True, submitted_case__isnull=True).update(owner_id=owner_id)


def adopt_remembered(principal: Principal, *, cookies: Mapping[str, str]) -> None:
    """Give the drafts that this browser began without an account to the resident who has now signed in."""
    if principal.kind == UserKind.RESIDENT and (found := read_remembered(cookies)):
        Draft.objects.filter(uuid__in=found, owner__isnull=True, submitted_case__isnull=True).update(
            owner_id=principal.user_id
        )


def delete_draft(draft_uuid: UUID, *, now: datetime) -> None:
    """Throw a draft away; until the next purge it can be taken back. Raises: DraftNotFound."""
    with transaction.atomic():
        draft = lock_draft(draft_uuid, now=now)
        draft.deleted_at = now
        draft.save(update_fields=["deleted_at"])


def restore_draft(draft_uuid: UUID, *, now: datetime) -> None:
    """Take a thrown-away draft back; the caller has asked whose it is. Raises: DraftNotFound when it is gone."""
    changed = Draft.objects.filter(uuid=draft_uuid, deleted_at__isnull=False, deleted_at__gt=now - UNDO_TIME).update(
        deleted_at=None
    )
    if not changed:
        raise DraftNotFound


def purge_drafts(*, now: datetime, limit: int = 500) -> int:
    """Forget drafts that ran out or were thrown away; return how many. What was filed stays."""
    gone = Draft.objects.filter(submitted_case__isnull=True).filter(
        Q(expires_at__lte=now) | Q(deleted_at__lte=now - UNDO_TIME)
    )
    ids = list(gone.order_by("id").values_list("id", flat=True)[:limit])
    Draft.objects.filter(id__in=ids).delete()
    return len(ids)


def lock_draft(draft_uuid: UUID, *, now: datetime) -> Draft:
    """Lock a draft that may still be changed. Raises: DraftNotFound; NotAllowedNow once it was filed."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(uuid=draft_uuid).first()
    if draft is None or draft.deleted_at is not None:
        raise DraftNotFound
    if draft.submitted_case_id is not None:
        raise NotAllowedNow("draft_filed", N_("Hồ sơ này đã được nộp nên không sửa được nữa. Hãy xem ở Trang của tôi."))
    if draft.expires_at <= now:
        raise DraftNotFound
    return draft


def touch_draft(draft: Draft, *, now: datetime) -> None:
    """Count one more change; a draft in use does not run out."""
    draft.revision += 1
    draft.updated_at = now
    draft.expires_at = now + DRAFT_LIFETIME


def _mark_page(done: list[str], page_key: str, *, is_done: bool, has_errors: bool) -> list[str]:
    others = [key for key in done if key != page_key]
    if has_errors:
        return others
    return [*others, page_key] if is_done else done
