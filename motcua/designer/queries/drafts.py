"""Reads of drafts: lists, files, history, comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.functions import Length

from motcua.designer.models import Comment, Draft, DraftFile, DraftSave, Submission
from motcua.designer.queries.access import Need, drafts_for, get_draft_row
from motcua.designer.rules.files import hash_files
from motcua.designer.types.drafts import (
    CommentInfo,
    DraftInfo,
    FileContent,
    FileInfo,
    FileNotFound,
    SaveInfo,
)
from motcua.identity.public import Principal, get_officials
from motcua.kernel import clock
from motcua.kernel.paging import COUNT_CAP, PAGE_SIZE, Page, make_page, page_window
from motcua.kernel.text import fold

WAITING = Exists(Submission.objects.filter(draft=OuterRef("pk"), state="waiting"))


def get_names(user_ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return officials' names by account id."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    officials = get_officials(wanted, on=clock.local_date(clock.now()))
    return {user_id: official.full_name for user_id, official in officials.items()}


def list_drafts(principal: Principal, *, text: str = "", state: str = "open", page: int = 1) -> Page[DraftInfo]:
    """Return the drafts that this official may see, latest change first. Four queries whatever their number."""
    rows = drafts_for(principal).filter(state=state).annotate(is_waiting=WAITING).order_by("-updated_at", "-pk")
    for word in fold(text[:100]).split():
        rows = rows.filter(title_folded__contains=word)
    start, stop = page_window(page, size=PAGE_SIZE)
    total = rows.values("pk")[: COUNT_CAP + 1].count()
    found = list(rows[start:stop])
    names = get_names(user for row in found for user in (row.created_by_id, row.updated_by_id))
    return make_page(found, number=page, total=total).map(lambda row: _to_info(row, names))


def get_draft(principal: Principal, uuid: UUID, *, need: Need = "view") -> DraftInfo:
    """Return one draft. Raises: DraftNotFound, NotYourRole."""
    row = get_draft_row(principal, uuid, need=need)
    row.is_waiting = Submission.objects.filter(draft=row, state="waiting").exists()  # type: ignore[attr-defined]  # as the annotation
    return _to_info(row, get_names((row.created_by_id, row.updated_by_id)))


def list_open_drafts_of(principal: Principal, procedure_code: str) -> tuple[DraftInfo, ...]:
    """Return the open drafts of one procedure."""
    rows = drafts_for(principal).filter(state="open", procedure_code=procedure_code).annotate(is_waiting=WAITING)
    found = list(rows.order_by("-updated_at", "-pk")[:20])
    names = get_names(user for row in found for user in (row.created_by_id, row.updated_by_id))
    return tuple(_to_info(row, names) for row in found)


def list_files(draft_id: int) -> tuple[FileInfo, ...]:
    """Return the draft's files without their content, by name."""
    rows = DraftFile.objects.filter(draft=draft_id).annotate(size=Length("content")).defer("content").order_by("name")
    found = list(rows)
    names = get_names(row.updated_by_id for row in found)
    return tuple(
        FileInfo(
            name=row.name,
            size=row.size,
            sha256=row.sha256,
            revision=row.revision,
            updated_by_name=names.get(row.updated_by_id, ""),
            updated_at=row.updated_at,
        )
        for row in found
    )


def read_files(draft_id: int) -> dict[str, bytes]:
    """Return all files of a draft: the package as the rules read it."""
    rows = DraftFile.objects.filter(draft=draft_id).order_by("name").values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def find_file(draft_id: int, name: str) -> FileContent | None:
    """Return one file with its revision, or None."""
    row = DraftFile.objects.filter(draft=draft_id, name=name).first()
    return FileContent(name=name, content=bytes(row.content), revision=row.revision) if row else None


def read_file(draft_id: int, name: str) -> FileContent:
    """Return one file with its revision. Raises: FileNotFound."""
    found = find_file(draft_id, name)
    if found is None:
        raise FileNotFound(name)
    return found


def compute_files_hash(draft_id: int) -> str:
    """Return the hash of exactly the files as they stand: what an approval binds."""
    return hash_files(dict(DraftFile.objects.filter(draft=draft_id).values_list("name", "sha256")))


def list_saves(draft_id: int, *, page: int = 1) -> Page[SaveInfo]:
    """Return the draft's history, latest first."""
    rows = DraftSave.objects.filter(draft=draft_id).annotate(size=Length("content")).defer("content").order_by("-pk")
    start, stop = page_window(page, size=PAGE_SIZE)
    total = rows.values("pk")[: COUNT_CAP + 1].count()
    found = list(rows[start:stop])
    names = get_names(row.saved_by_id for row in found)
    current = dict(DraftFile.objects.filter(draft=draft_id).values_list("name", "sha256"))
    return make_page(found, number=page, total=total).map(
        lambda row: SaveInfo(
            id=row.pk,
            name=row.name,
            revision=row.revision,
            kind=row.kind,
            size=row.size,
            saved_by_name=names.get(row.saved_by_id, ""),
            saved_at=row.saved_at,
            is_current=current.get(row.name) == row.sha256,
        )
    )


def find_save(draft_id: int, save_id: int) -> FileContent | None:
    """Return the file as one line of the history holds it."""
    row = DraftSave.objects.filter(draft=draft_id, pk=save_id).first()
    return FileContent(name=row.name, content=bytes(row.content), revision=row.revision) if row else None


def list_comments(draft_id: int, *, file: str = "", is_open: bool | None = None) -> tuple[CommentInfo, ...]:
    """Return comments, those that wait first, then by age."""
    rows = Comment.objects.filter(draft=draft_id)
    if file:
        rows = rows.filter(file=file)
    if is_open is not None:
        rows = rows.filter(resolved_at__isnull=is_open)
    found = sorted(rows.order_by("-pk")[:500], key=lambda row: row.resolved_at is not None)
    names = get_names(user for row in found for user in (row.author_id, row.resolved_by_id))
    return tuple(
        CommentInfo(
            uuid=row.uuid,
            file=row.file,
            element_id=row.element_id,
            text=row.text,
            author_name=names.get(row.author_id, ""),
            created_at=row.created_at,
            resolved_by_name=names.get(row.resolved_by_id or 0, ""),
            resolved_at=row.resolved_at,
        )
        for row in found
    )


def _to_info(row: Draft, names: Mapping[int, str]) -> DraftInfo:
    return DraftInfo(
        id=row.pk,
        uuid=row.uuid,
        slug=row.slug,
        procedure_code=row.procedure_code,
        title=row.title,
        origin=row.origin,
        origin_note=row.origin_note,
        base_version_id=row.base_version_id,
        agency_id=row.agency_id,
        state=row.state,
        revision=row.revision,
        created_by_name=names.get(row.created_by_id, ""),
        created_at=row.created_at,
        updated_by_id=row.updated_by_id,
        updated_by_name=names.get(row.updated_by_id, ""),
        updated_at=row.updated_at,
        published_version_id=row.published_version_id,
        is_waiting=bool(getattr(row, "is_waiting", False)),
    )
