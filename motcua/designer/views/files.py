"""The draft's files as they are: read and saved by the editors, and by hand where there is no script."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.designer.actions.drafts import remove_file, save_file
from motcua.designer.queries.drafts import find_file, list_files, read_file
from motcua.designer.rules.files import is_file_name
from motcua.designer.types.drafts import MAX_FILE_BYTES, FileNotFound, FileRefused, StaleFile
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.ui.public import say, say_moment

_ETAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')


@require_safe
@designer_page
def listing(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """List the files of the draft."""
    found = find_draft(request, draft_uuid)
    context = draft_context(request, found, tab="files") | {"files": list_files(found.id)}
    return render(request, "designer/files.html", context)


@require_http_methods(["GET", "HEAD", "PUT"])
@designer_page
def raw(request: HttpRequest, draft_uuid: UUID, file: str) -> HttpResponse:
    """Give a file with its revision as ETag (GET), or save it when the revision still fits (PUT, If-Match)."""
    if request.method == "PUT":
        return _put(request, draft_uuid, file)
    held = read_file(find_draft(request, draft_uuid).id, file)
    headers = {
        "ETag": f'"{held.revision}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="{file.rsplit("/", 1)[-1]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(held.content, content_type="text/plain; charset=utf-8", headers=headers)


def _put(request: HttpRequest, draft_uuid: UUID, file: str) -> HttpResponse:
    match = _ETAG.match(request.headers.get("If-Match", ""))
    try:
        if match is None:
            raise FileRefused(N_("Thiếu số lượt lưu của tệp (If-Match). Hãy tải lại trang rồi lưu lại."))
        content = _read_body(request)
        saved = save_file(
            principal_of(request), draft_uuid, name=file, content=content, revision=int(match[1]), now=clock.now()
        )
    except StaleFile as error:
        return _refuse(error, revision=error.revision)
    except DomainError as error:
        return _refuse(error)
    answer = {"revision": saved.revision, "saved_at": say_moment(saved.saved_at)}
    return JsonResponse(answer, headers={"ETag": f'"{saved.revision}"'})


def _read_body(request: HttpRequest) -> bytes:
    """Return the body, read no further than a file may be long."""
    content = request.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused(N_("Tệp lớn hơn 2 MB. Hãy bỏ bớt hình vẽ hoặc nội dung thừa."))
    return content


def _refuse(error: DomainError, *, revision: int | None = None) -> JsonResponse:
    answer: dict[str, object] = {"code": error.code, "message": say(error.message)}
    if revision is not None:
        answer["revision"] = revision
    return JsonResponse(answer, status=error.http_status)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def edit(request: HttpRequest, draft_uuid: UUID, file: str) -> HttpResponse:
    """Edit a file as text: the way for those without script, and for the result's template."""
    found = find_draft(request, draft_uuid, need="edit" if request.method == "POST" else "view")
    if not is_file_name(file):
        raise FileNotFound(file)
    held = find_file(found.id, file)
    context = draft_context(request, found, tab="files") | {"name": file, "error": "", "conflict": ""}
    if request.method != "POST":
        shown = {"text": held.text if held else "", "revision": held.revision if held else 0}
        return render(request, "designer/edit_file.html", context | shown)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    number = request.POST.get("revision", "")
    revision = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
    try:
        save_file(
            principal_of(request), draft_uuid, name=file, content=text.encode(), revision=revision, now=clock.now()
        )
    except StaleFile as error:
        context |= {"text": text, "revision": error.revision, "conflict": error.message}
        return render(request, "designer/edit_file.html", context, status=error.http_status)
    except FileRefused as error:
        context |= {"text": text, "revision": revision, "error": error.message}
        return render(request, "designer/edit_file.html", context, status=error.http_status)
    messages.success(request, _("Đã lưu tệp %(name)s.") % {"name": file})
    return redirect("designer:files", draft_uuid=draft_uuid)


@require_POST
@designer_page
def remove(request: HttpRequest, draft_uuid: UUID, file: str) -> HttpResponse:
    """Take a file out of the draft; the history keeps it."""
    remove_file(principal_of(request), draft_uuid, name=file, now=clock.now())
    messages.success(request, _("Đã bỏ tệp %(name)s. Tệp còn trong Lịch sử và lấy lại được.") % {"name": file})
    return redirect("designer:files", draft_uuid=draft_uuid)
