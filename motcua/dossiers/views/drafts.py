"""Unfinished dossiers: the list, going on with one on another device, throwing one away and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases.public import get_case
from motcua.documents.public import FileUnknown
from motcua.dossiers.actions.drafts import delete_draft, restore_draft
from motcua.dossiers.public import DraftInfo, list_drafts_of
from motcua.dossiers.queries.drafts import find_draft, find_draft_by_code, get_live_draft
from motcua.dossiers.queries.remembered import read_remembered
from motcua.dossiers.types import DraftNotFound, DraftRow, WrongResumeCode
from motcua.dossiers.views.access import (
    SignInNeeded,
    ask_sign_in,
    may_open,
    open_draft,
    remember_draft,
)
from motcua.dossiers.views.uploads import send_file
from motcua.identity.public import UserKind, get_principal
from motcua.kernel import clock
from motcua.procedures.public import get_procedure_version


@never_cache
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Show what is unfinished: of the official signed in, or of this browser; a resident's own page has hers."""
    principal, now = get_principal(request), clock.now()
    if principal is not None and principal.kind == UserKind.RESIDENT:
        return HttpResponseRedirect(reverse("portal:my_page"))
    if principal is not None:
        rows: Sequence[DraftRow | DraftInfo] = list_drafts_of(principal.user_id, now=now)
    else:
        found = [find_draft(key) for key in read_remembered(request.COOKIES)]
        rows = tuple(
            draft
            for draft in found
            if draft is not None and draft.owner_id is None and not draft.is_deleted and draft.expires_at > now
        )
    return render(request, "dossiers/drafts.html", {"rows": rows, "principal": principal})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft on another device by its resume code."""
    error = ""
    code = request.POST.get("code", "")[:60]
    if request.method == "POST":
        draft = find_draft_by_code(code, now=clock.now())
        principal = get_principal(request)
        if draft is not None and may_open(draft, principal=principal, remembered=True):
            response = HttpResponseRedirect(reverse("dossiers:draft", args=[draft.uuid]))
            remember_draft(request, response, draft_uuid=draft.uuid, code=code)
            return response
        if draft is not None and principal is None:
            return ask_sign_in(request, draft.uuid)
        error = WrongResumeCode().message
    return render(request, "dossiers/resume.html", {"error": error, "code": code}, status=403 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Ask, then throw a draft away; the next page offers to take it back."""
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    context = {"draft": draft, "procedure": get_procedure_version(draft.procedure_version_id)}
    if request.method != "POST":
        return render(request, "dossiers/delete.html", context)
    delete_draft(draft.uuid, now=clock.now())
    return render(request, "dossiers/deleted.html", context)


@require_POST
def restore(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Take a thrown-away draft back."""
    draft, principal = find_draft(draft_uuid), get_principal(request)
    remembered = draft_uuid in read_remembered(request.COOKIES)
    if draft is None or not may_open(draft, principal=principal, remembered=remembered):
        raise DraftNotFound
    restore_draft(draft.uuid, now=clock.now())
    return HttpResponseRedirect(reverse("dossiers:draft", args=[draft.uuid]))


@never_cache
def draft_file(request: HttpRequest, draft_uuid: UUID, file_uuid: UUID) -> HttpResponse:
    """Show a file of a draft to whoever may open the draft."""
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    file = next((file for file in draft.files if file.uuid == file_uuid), None)
    if file is None:
        raise FileUnknown
    return send_file(file.file_id)


@never_cache
def filed_draft(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """A link to a draft that was filed leads to its dossier, for those who may see it."""
    draft = get_live_draft(draft_uuid, now=clock.now())
    if draft.submitted_case_id is None:
        return HttpResponseRedirect(reverse("dossiers:draft", args=[draft_uuid]))
    principal = get_principal(request)
    if principal is not None and principal.user_id == draft.owner_id:
        name = "dossiers:filed" if draft.channel == "online" else "dossiers:counter_filed"
        return HttpResponseRedirect(reverse(name, args=[get_case(draft.submitted_case_id).code]))
    return render(request, "dossiers/already_filed.html", {"title": _("Hồ sơ này đã được nộp")})
