"""Reads of drafts. Whoever holds the uuid still has to prove a right to it: see `motcua.dossiers.views.access`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.crypto import salted_hmac

from motcua.documents.public import get_files
from motcua.dossiers.models import Draft, DraftFile
from motcua.dossiers.types import AttachedFile, DraftInfo, DraftNotFound, DraftRow, Solved, SolvedPaper
from motcua.outbox.public import PreparedQuery
from motcua.procedures.public import get_procedure_versions

MAX_DRAFTS_SHOWN = 50
_FILE_FACTS = ("filename", "media_type", "size_bytes", "scan_state")  # what a draft shows of a stored file
_FILE_NAMES = ("uuid", "field_key", "file_id", *(f"file__{name}" for name in _FILE_FACTS))  # as AttachedFile has them
_ANY_DRAFT = UUID(int=0)  # marks the place in the query


def hash_resume_code(code: str) -> str:
    """Return the keyed hash under which a resume code is kept; how it was typed does not matter."""
    bare = "".join(character for character in code.upper() if character.isalnum())
    return salted_hmac("motcua.dossiers.resume", bare, algorithm="sha256").hexdigest()


def find_draft(draft_uuid: UUID) -> DraftInfo | None:
    """Return the draft with its files, whatever became of it, or None: one query."""
    found = next(iter(_DRAFTS.read(draft_uuid)), None)
    return to_draft_info(found, files=tuple(map(_read_file, found.kept_files))) if found else None


def _make_query() -> QuerySet[Draft]:
    files = DraftFile.objects.filter(draft=OuterRef("pk")).order_by("id")
    kept = ArraySubquery(files.values_list(JSONObject(**{name: name for name in _FILE_NAMES})))
    return Draft.objects.filter(uuid=_ANY_DRAFT).annotate(kept_files=kept)


_DRAFTS = PreparedQuery(_make_query, _ANY_DRAFT)


def _read_file(kept: Mapping[str, Any]) -> AttachedFile:
    """Return one file as the query above gives it."""
    uuid, *rest = (kept[name] for name in _FILE_NAMES)
    return AttachedFile(UUID(uuid), *rest)


def get_live_draft(draft_uuid: UUID, *, now: datetime) -> DraftInfo:
    """Return a draft that may still be worked on, or that was filed.

    Raises: DraftNotFound.
    """
    draft = find_draft(draft_uuid)
    if draft is None or draft.is_deleted or (draft.expires_at <= now and draft.submitted_case_id is None):
        raise DraftNotFound
    return draft


def find_draft_by_code(code: str, *, draft_uuid: UUID | None = None, now: datetime) -> DraftInfo | None:
    """Return the live draft that this resume code opens, or None."""
    drafts = Draft.objects.filter(
        resume_secret_hash=hash_resume_code(code),
        deleted_at__isnull=True,
        expires_at__gt=now,
        submitted_case__isnull=True,
    )
    if draft_uuid is not None:
        drafts = drafts.filter(uuid=draft_uuid)
    draft = drafts.first()
    return None if draft is None else to_draft_info(draft, files=())


def list_drafts_of(owner_id: int, *, now: datetime) -> tuple[DraftRow, ...]:
    """Return a person's unfinished dossiers, newest first: two queries whatever their number."""
    drafts = list(
        Draft.objects.filter(
            owner_id=owner_id,
            deleted_at__isnull=True,
            submitted_case__isnull=True,
            expires_at__gt=now,
            channel="online",
        )
        .order_by("-updated_at", "-id")
        .values_list("uuid", "procedure_version_id", "updated_at", "expires_at")[:MAX_DRAFTS_SHOWN]
    )
    versions = get_procedure_versions({version_id for _, version_id, _, _ in drafts}) if drafts else {}
    return tuple(
        DraftRow(uuid=uuid, procedure_name=versions[version_id].name, updated_at=updated_at, expires_at=expires_at)
        for uuid, version_id, updated_at, expires_at in drafts
    )


def read_draft_files(draft: Draft) -> tuple[AttachedFile, ...]:
    """Return the files of a draft with their scan state, in the order in which they came: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_files_text(), [draft.pk])
        return tuple(AttachedFile(*row) for row in cursor.fetchall())


@cache
def _files_text() -> str:
    """Return the statement that reads the files of one draft, in the order of AttachedFile's fields."""
    return DraftFile.objects.filter(draft_id=0).values_list(*_FILE_NAMES).query.sql_with_params()[0]


def attach_files(rows: list[tuple[UUID, str, int]]) -> tuple[AttachedFile, ...]:
    """Join (uuid, field key, file id) with what the store knows of the files: one query for all."""
    if not rows:
        return ()
    files = get_files([file_id for _, _, file_id in rows])
    return tuple(
        AttachedFile(
            uuid=uuid,
            field_key=field_key,
            file_id=file_id,
            filename=files[file_id].filename,
            media_type=files[file_id].media_type,
            size_bytes=files[file_id].size_bytes,
            scan_state=files[file_id].scan_state,
        )
        for uuid, field_key, file_id in rows
    )


def to_draft_info(draft: Draft, *, files: tuple[AttachedFile, ...]) -> DraftInfo:
    """Return the value that crosses the boundary."""
    return DraftInfo(
        uuid=draft.uuid,
        procedure_version_id=draft.procedure_version_id,
        owner_id=draft.owner_id,
        data=draft.data,
        applicant_kind=draft.applicant_kind,
        applicant_id=draft.applicant_id,
        result_channel=draft.result_channel,
        page_key=draft.page_key,
        pages_done=tuple(draft.pages_done),
        revision=draft.revision,
        client_key=draft.client_key,
        channel=draft.channel,
        reception_agency_id=draft.reception_agency_id,
        updated_at=draft.updated_at,
        expires_at=draft.expires_at,
        is_deleted=draft.deleted_at is not None,
        submitted_case_id=draft.submitted_case_id,
        facts=draft.facts,
        fact_asks=draft.fact_asks,
        files=files,
        spared=read_spared(draft),
        solved=_read_solved(draft.spared),
    )


def read_spared(draft: Draft) -> tuple[SolvedPaper, ...]:
    """Return what was found out about papers for the applicant chosen now; of another applicant it says nothing."""
    if draft.spared.get("for") != f"{draft.applicant_kind}:{draft.applicant_id}":
        return ()
    return tuple(
        SolvedPaper(**row | {"dated_on": date.fromisoformat(row["dated_on"]) if row["dated_on"] else None})
        for row in draft.spared["papers"]
    )


def _read_solved(kept: Mapping[str, Any]) -> Solved | None:
    """Return for whom and when the sources of papers were asked, or None when nobody has asked yet."""
    return Solved(kept["for"], kept["answers"], datetime.fromisoformat(kept["at"])) if kept else None
