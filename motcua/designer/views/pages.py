"""The list of drafts, the way to a draft, the draft's own page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.designer.actions.drafts import discard_draft, reopen_draft
from motcua.designer.actions.opening import open_draft, open_draft_from_version
from motcua.designer.queries.access import list_agency_ids
from motcua.designer.queries.approvals import count_waiting, list_submissions_of
from motcua.designer.queries.drafts import list_comments, list_drafts, list_files, list_open_drafts_of
from motcua.designer.types.drafts import DRAFT_STATES, ProcedureNotDesignable
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page
from motcua.procedures.public import find_procedure, list_versions, search_procedures

MAX_TEXT = 200


@require_safe
@designer_page
def home(request: HttpRequest) -> HttpResponse:
    """List the drafts, latest change first."""
    principal = principal_of(request)
    state = request.GET.get("loai", "open")
    state = state if state in DRAFT_STATES else "open"
    text = request.GET.get("q", "")[:MAX_TEXT]
    page = list_drafts(principal, text=text, state=state, page=clamp_page(request.GET.get("trang")))
    context = {
        "page": page,
        "text": text,
        "state": state,
        "waiting": count_waiting(principal),
        "is_owner": bool(list_agency_ids(principal, need="edit")),
    }
    return render(request, "designer/home.html", context)


@require_safe
@designer_page
def procedures(request: HttpRequest) -> HttpResponse:
    """Find the procedure to work on."""
    text = request.GET.get("q", "")[:MAX_TEXT]
    today = clock.local_date(clock.now())
    page = search_procedures(text, on=today, page=clamp_page(request.GET.get("trang")))
    return render(request, "designer/procedures.html", {"page": page, "text": text})


@require_safe
@designer_page
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show one procedure: what is in force, its drafts, its older versions."""
    principal, today = principal_of(request), clock.local_date(clock.now())
    detail = find_procedure(code, on=today)
    if detail is None:
        raise ProcedureNotDesignable
    context = {
        "detail": detail,
        "versions": list_versions(code),
        "drafts": list_open_drafts_of(principal, code),
        "is_owner": bool(list_agency_ids(principal, need="edit")),
    }
    return render(request, "designer/procedure.html", context)


@require_POST
@designer_page
def open_(request: HttpRequest, code: str) -> HttpResponse:
    """Open a draft from the version in force, or from the older one that was chosen."""
    principal, now = principal_of(request), clock.now()
    version = request.POST.get("version", "")
    if version.isascii() and version.isdigit() and len(version) < 18:
        uuid = open_draft_from_version(principal, version_id=int(version), now=now)
    else:
        uuid = open_draft(principal, procedure_code=code, now=now)
    messages.success(request, _("Đã mở bản thảo. Mọi thay đổi chỉ nằm trong bản thảo cho đến khi được ban hành."))
    return redirect("designer:draft", draft_uuid=uuid)


@require_safe
@designer_page
def draft(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show a draft: what can be changed here, how it stands, what comes next."""
    found = find_draft(request, draft_uuid)
    context = draft_context(request, found, tab="draft") | {
        "files": list_files(found.id),
        "open_comments": len(list_comments(found.id, is_open=True)),
        "submissions": list_submissions_of(found.id),
    }
    return render(request, "designer/draft.html", context)


@require_POST
@designer_page
def discard(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Put the draft away; the message says how to take it back."""
    discard_draft(principal_of(request), draft_uuid, now=clock.now())
    messages.success(request, _("Đã bỏ bản thảo. Bản thảo còn trong mục Đã bỏ và lấy lại được bất cứ lúc nào."))
    return redirect("designer:draft", draft_uuid=draft_uuid)


@require_POST
@designer_page
def reopen(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Take a discarded draft back."""
    reopen_draft(principal_of(request), draft_uuid, now=clock.now())
    messages.success(request, _("Đã lấy lại bản thảo."))
    return redirect("designer:draft", draft_uuid=draft_uuid)
