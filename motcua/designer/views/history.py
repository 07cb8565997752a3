"""The history of a draft: every save, and the way back to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.designer.actions.drafts import restore_save
from motcua.designer.queries.drafts import find_save, list_saves
from motcua.designer.types.drafts import FileNotFound
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page


@require_safe
@designer_page
def history(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """List the saves, latest first."""
    found = find_draft(request, draft_uuid)
    page = list_saves(found.id, page=clamp_page(request.GET.get("trang")))
    return render(request, "designer/history.html", draft_context(request, found, tab="history") | {"page": page})


@require_safe
@designer_page
def save(request: HttpRequest, draft_uuid: UUID, save_id: int) -> HttpResponse:
    """Show a file as it was saved then."""
    found = find_draft(request, draft_uuid)
    file = find_save(found.id, save_id)
    if file is None:
        raise FileNotFound(str(save_id))
    context = draft_context(request, found, tab="history") | {"file": file, "save_id": save_id}
    return render(request, "designer/save.html", context)


@require_POST
@designer_page
def restore(request: HttpRequest, draft_uuid: UUID, save_id: int) -> HttpResponse:
    """Make an earlier save the file again."""
    name = restore_save(principal_of(request), draft_uuid, save_id=save_id, now=clock.now())
    messages.success(request, _("Đã dùng lại bản cũ của %(name)s. Bản vừa thay còn trong lịch sử.") % {"name": name})
    return redirect("designer:history", draft_uuid=draft_uuid)
