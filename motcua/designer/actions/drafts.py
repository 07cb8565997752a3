"""Writing drafts: save, remove, restore, discard. Every change keeps what was there before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import tomlkit
from django.db import transaction

from motcua.designer.models import Draft, DraftFile, DraftSave, Submission
from motcua.designer.queries.access import get_draft_row, list_agency_ids
from motcua.designer.queries.drafts import get_names
from motcua.designer.rules.files import find_package_refusal, find_refusal, hash_content
from motcua.designer.types.drafts import (
    MAX_FILES,
    DraftClosed,
    FileNotFound,
    FileRefused,
    NotYourRole,
    SavedFile,
    StaleFile,
)
from motcua.identity.public import Principal
from motcua.kernel.clock import format_moment
from motcua.kernel.messages import N_
from motcua.kernel.text import fold

_ONE_SAVE = timedelta(seconds=30)  # saves of one person within this time are one line of the history
_MAX_SAVES = 5_000


def create_draft(
    principal: Principal,
    *,
    files: Mapping[str, bytes],
    slug: str,
    procedure_code: str,
    title: str,
    origin: str,
    origin_note: str = "",
    base_version_id: int | None = None,
    now: datetime,
) -> UUID:
    """Open a draft with these files at the owner's agency. Raises: NotYourRole, FileRefused."""
    agencies = list_agency_ids(principal, need="edit")
    if not agencies:
        raise NotYourRole
    if refusal := find_package_refusal(files):
        raise FileRefused(refusal)
    by, at = principal.user_id, now
    with transaction.atomic():
        draft = Draft.objects.create(
            slug=slug,
            procedure_code=procedure_code,
            title=title,
            title_folded=fold(f"{procedure_code} {title}"),
            origin=origin,
            origin_note=origin_note[:300],
            base_version_id=base_version_id,
            agency_id=agencies[0],
            created_by_id=by,
            created_at=at,
            updated_by_id=by,
            updated_at=at,
        )
        DraftFile.objects.bulk_create(
            DraftFile(
                draft=draft, name=name, content=content, sha256=hash_content(content), updated_by_id=by, updated_at=at
            )
            for name, content in sorted(files.items())
        )
        DraftSave.objects.bulk_create(
            _save_row(draft.pk, name, content, revision=1, kind="opened", by=by, at=at)
            for name, content in sorted(files.items())
        )
    return draft.uuid


def save_file(
    principal: Principal, uuid: UUID, *, name: str, content: bytes, revision: int, now: datetime, kind: str = "saved"
) -> SavedFile:
    """Save one file if it still is at this revision (0: it must be new). The same text again changes nothing.

    Raises: StaleFile (what was sent is kept aside), FileRefused, DraftClosed, NotYourRole, DraftNotFound.
    """
    if refusal := find_refusal(name, content):
        raise FileRefused(refusal)
    with transaction.atomic():
        draft = _lock_open(principal, uuid)
        current = DraftFile.objects.filter(draft=draft, name=name).first()
        is_stale = revision != (current.revision if current else 0)
        if current is not None and bytes(current.content) == content:
            return SavedFile(revision=current.revision, saved_at=current.updated_at)
        if is_stale:
            _keep_aside(draft, name, content, revision=revision, by=principal.user_id, now=now)
        else:
            saved = _write(draft, current, name, content, by=principal.user_id, kind=kind, now=now)
    if is_stale:
        raise _explain_stale(current)
    return saved


def save_files(principal: Principal, uuid: UUID, *, changes: Mapping[str, tuple[bytes, int]], now: datetime) -> None:
    """Save several files together or none. Shape: {name: (content, the revision it was read at)}."""
    with transaction.atomic():
        for name, (content, revision) in sorted(changes.items()):
            save_file(principal, uuid, name=name, content=content, revision=revision, now=now)


def remove_file(principal: Principal, uuid: UUID, *, name: str, now: datetime) -> None:
    """Take a file out of the draft; its text stays in the history."""
    with transaction.atomic():
        draft = _lock_open(principal, uuid)
        row = DraftFile.objects.filter(draft=draft, name=name).first()
        if row is None:
            raise FileNotFound(name)
        _remember(draft, name, bytes(row.content), revision=row.revision, kind="removed", by=principal.user_id, now=now)
        row.delete()
        _touch(draft, by=principal.user_id, now=now)


def restore_save(principal: Principal, uuid: UUID, *, save_id: int, now: datetime) -> str:
    """Make a line of the history the file again; what stands now becomes history too. Return the file's name."""
    with transaction.atomic():
        draft = _lock_open(principal, uuid)
        row = DraftSave.objects.filter(draft=draft, pk=save_id).first()
        if row is None:
            raise FileNotFound(str(save_id))
        current = DraftFile.objects.filter(draft=draft, name=row.name).first()
        content = bytes(row.content)
        if current is None or bytes(current.content) != content:
            _write(draft, current, row.name, content, by=principal.user_id, kind="restored", now=now)
        return row.name


def discard_draft(principal: Principal, uuid: UUID, *, now: datetime) -> None:
    """Put the draft away; nothing is deleted, and `reopen_draft` takes it back."""
    with transaction.atomic():
        draft = _lock_open(principal, uuid)
        draft.state = "discarded"
        _touch(draft, by=principal.user_id, now=now)


def reopen_draft(principal: Principal, uuid: UUID, *, now: datetime) -> None:
    """Take a discarded draft back. Raises: DraftClosed when it was published."""
    with transaction.atomic():
        draft = get_draft_row(principal, uuid, need="edit", lock=True)
        if draft.state != "discarded":
            raise DraftClosed
        draft.state = "open"
        _touch(draft, by=principal.user_id, now=now)


def _lock_open(principal: Principal, uuid: UUID) -> Draft:
    draft = get_draft_row(principal, uuid, need="edit", lock=True)
    if draft.state != "open":
        raise DraftClosed
    return draft


def _write(
    draft: Draft, current: DraftFile | None, name: str, content: bytes, *, by: int, kind: str, now: datetime
) -> SavedFile:
    if current is None:
        if DraftFile.objects.filter(draft=draft).count() >= MAX_FILES:
            raise FileRefused(N_("Bản thảo đã có đủ %(limit)s tệp.", limit=MAX_FILES))
        current = DraftFile(draft=draft, name=name, revision=0)
    current.content, current.sha256 = content, hash_content(content)
    current.revision += 1
    current.updated_by_id, current.updated_at = by, now
    current.save()
    _remember(draft, name, content, revision=current.revision, kind=kind, by=by, now=now)
    if name == "procedure.toml":
        _read_title(draft, content)
    _touch(draft, by=by, now=now)
    return SavedFile(revision=current.revision, saved_at=now)


def _touch(draft: Draft, *, by: int, now: datetime) -> None:
    """Note the change, and void the request for approval: it was for other files."""
    draft.revision += 1
    draft.updated_by_id, draft.updated_at = by, now
    draft.save()
    Submission.objects.filter(draft=draft, state="waiting").update(state="voided")


def _read_title(draft: Draft, content: bytes) -> None:
    """Follow the procedure's name and code while they can be read; a half-typed file changes nothing."""
    try:
        data = tomlkit.parse(content.decode("utf-8")).unwrap()
    except (ValueError, tomlkit.exceptions.TOMLKitError):
        return
    name, code = data.get("name"), data.get("code")
    if isinstance(name, str) and name.strip():
        draft.title = name.strip()[:1000]
    if isinstance(code, str) and len(code) <= 32:
        draft.procedure_code = code
    draft.title_folded = fold(f"{draft.procedure_code} {draft.title}")


def _remember(draft: Draft, name: str, content: bytes, *, revision: int, kind: str, by: int, now: datetime) -> None:
    """Add a line to the history; autosaves of one person in quick succession are one line."""
    row = _save_row(draft.pk, name, content, revision=revision, kind=kind, by=by, at=now)
    last = DraftSave.objects.filter(draft=draft, name=name).order_by("-pk").defer("content").first()
    same = last is not None and (last.kind, last.saved_by_id) == (kind, by) == ("saved", by)
    if last is not None and same and now - last.saved_at < _ONE_SAVE:
        row.pk, row.saved_at = last.pk, last.saved_at
    row.save()
    if row.pk % 50 == 0:
        _forget_oldest(draft)


def _forget_oldest(draft: Draft) -> None:
    kept = DraftSave.objects.filter(draft=draft).order_by("-pk").values_list("pk", flat=True)[_MAX_SAVES:]
    oldest = next(iter(kept), None)
    if oldest is not None:
        DraftSave.objects.filter(draft=draft, pk__lte=oldest).exclude(kind="opened").delete()


def _keep_aside(draft: Draft, name: str, content: bytes, *, revision: int, by: int, now: datetime) -> None:
    digest = hash_content(content)
    if not DraftSave.objects.filter(draft=draft, name=name, kind="aside", sha256=digest).exists():
        _save_row(draft.pk, name, content, revision=revision, kind="aside", by=by, at=now).save()


def _save_row(
    draft_id: int, name: str, content: bytes, *, revision: int, kind: str, by: int, at: datetime
) -> DraftSave:
    return DraftSave(
        draft_id=draft_id,
        name=name,
        revision=revision,
        kind=kind,
        content=content,
        sha256=hash_content(content),
        saved_by_id=by,
        saved_at=at,
    )


def _explain_stale(current: DraftFile | None) -> StaleFile:
    if current is None:
        return StaleFile(revision=0, saved_by_name="", moment="")
    name = get_names([current.updated_by_id]).get(current.updated_by_id, "")
    return StaleFile(revision=current.revision, saved_by_name=name, moment=format_moment(current.updated_at))
