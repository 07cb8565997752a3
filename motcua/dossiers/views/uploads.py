"""Files that come with a form page, and files that go out again."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from motcua.audit.public import Actor
from motcua.documents.public import UploadRefused, get_file, read_file, scan_file
from motcua.dossiers.actions.supplements import add_supplement_file
from motcua.dossiers.public import DraftInfo, NotAllowedNow, add_draft_file
from motcua.identity.public import get_principal
from motcua.kernel import clock
from motcua.procedures.public import get_form
from motcua.process.public import Field

NOBODY = Actor(kind="resident", id="anonymous", name="Người chưa đăng nhập")
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PDF_POLICY = "frame-ancestors 'none'"  # browsers' own PDF viewers do not open under a stricter one
INLINE_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png"})


def store_posted_files(request: HttpRequest, draft: DraftInfo, page_key: str) -> tuple[tuple[str, str], ...]:
    """Store every file that came with the page; return what was refused as (field key, sentence)."""
    errors: list[tuple[str, str]] = []
    for item in get_form(draft.procedure_version_id).get_page(page_key).fields:
        if item.type == "filepicker":
            errors += [(item.key, error) for error in _store_field(request, draft, item)]
    return tuple(errors)


def _store_field(request: HttpRequest, draft: DraftInfo, item: Field) -> Iterable[str]:
    for upload in request.FILES.getlist(item.key):
        try:
            file = add_draft_file(
                draft.uuid,
                field_key=item.key,
                source=open_upload(upload),
                filename=upload.name or _("tệp"),
                actor=read_actor(request),
                owner_user_id=draft.owner_id,
                now=clock.now(),
            )
        except (UploadRefused, NotAllowedNow) as error:
            yield error.message
        else:
            if scan_file(file.id, now=clock.now()).scan_state == "infected":
                yield infected_message(upload.name or "")


def store_supplement_files(
    request: HttpRequest, *, dossier_uuid: UUID, field_keys: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Store every file that came with the answer to a supplement; return what was refused."""
    principal = get_principal(request)
    assert principal is not None  # the view is for residents
    errors: list[tuple[str, str]] = []
    for key in field_keys:
        for upload in request.FILES.getlist(key):
            try:
                file = add_supplement_file(
                    dossier_uuid,
                    field_key=key,
                    source=open_upload(upload),
                    filename=upload.name or _("tệp"),
                    actor=principal.to_actor(),
                    owner_user_id=principal.user_id,
                    now=clock.now(),
                )
            except (UploadRefused, NotAllowedNow) as error:
                errors.append((key, error.message))
            else:
                if scan_file(file.id, now=clock.now()).scan_state == "infected":
                    errors.append((key, infected_message(upload.name or "")))
    return tuple(errors)


def infected_message(filename: str) -> str:
    """Say what to do about a file with malware."""
    return _("Tệp “%(name)s” có mã độc nên đã bị khóa. Hãy bỏ tệp này, quét máy của bạn rồi tải bản sạch.") % {
        "name": filename
    }


def open_upload(upload: UploadedFile[bytes]) -> BytesIO:
    """Return the bytes of an upload; documents caps what it reads."""
    upload.seek(0)
    return BytesIO(upload.read())


def read_actor(request: HttpRequest) -> Actor:
    """Return who acts: the signed-in account, or nobody known."""
    principal = get_principal(request)
    return NOBODY if principal is None else principal.to_actor()


def send_file(file_id: int, *, as_attachment: bool = False) -> HttpResponse:
    """Send a stored file to a reader whose right the view has checked. Raises: FilePending; FileLocked."""
    file = get_file(file_id)
    return send_bytes(
        read_file(file_id), filename=file.filename, media_type=file.media_type, as_attachment=as_attachment
    )


def send_bytes(content: bytes, *, filename: str, media_type: str, as_attachment: bool = False) -> HttpResponse:
    """Send bytes so that no browser guesses what they are or runs anything in them."""
    shown = not as_attachment and media_type in INLINE_TYPES
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not shown, filename) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = PDF_POLICY if media_type == "application/pdf" else FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
