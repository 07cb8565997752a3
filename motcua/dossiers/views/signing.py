"""A leader's list: each paper read whole on its own page, put on the list, all signed at once."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases.public import TaskInfo, TaskNotFound, get_task_for
from motcua.documents.public import draw_page, list_page_texts, read_file
from motcua.dossiers.actions.signing import SigningOutcome, agree_to_sign, note_shown, sign_list
from motcua.dossiers.public import DossierFolder, Hand, NotAllowedNow
from motcua.dossiers.queries.signing import SIGN_SCREEN, find_shown, list_agreed, list_to_sign
from motcua.dossiers.views.desk import get_folder_of_task, note_look
from motcua.dossiers.views.draft import read_int
from motcua.dossiers.views.resident import principal_of
from motcua.identity.public import Principal, has_stepped_up, official_required, step_up_required
from motcua.kernel import clock
from motcua.kernel.paging import PAGE_SIZE
from motcua.places.public import get_agency
from motcua.procedures.public import get_procedure_version

PAGE_WIDTH_PX = 900


@never_cache
@require_safe
@official_required("leader")
def signing_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for the leader's signature, and what he has read and agreed to sign."""
    return _show_list(request)


def _show_list(request: HttpRequest, *, outcomes: tuple[SigningOutcome, ...] = ()) -> HttpResponse:
    principal, now = principal_of(request), clock.now()
    context = {
        "page": list_to_sign(principal, page=read_int(request.GET.get("trang")) or 1, now=now),
        "agreed": list_agreed(principal, now=now),
        "outcomes": outcomes,
        "signed": sum(1 for outcome in outcomes if outcome.state == "signed"),
        "stepped_up": has_stepped_up(principal),
    }
    return render(request, "dossiers/signing_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required("leader")
def read(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Show every page of one paper; put exactly it on the list to sign, or take it off."""
    principal, now = principal_of(request), clock.now()
    task, folder = _open(principal, task_uuid)
    error = ""
    if request.method == "POST":
        try:
            agree_to_sign(
                task.case_id, shown_sha256=request.POST.get("sha256", "")[:64],
                is_agreed=request.POST.get("dong-y") == "1", user_id=principal.user_id, now=now,
            )  # fmt: skip
            return HttpResponseRedirect(_find_next(principal, after=task_uuid))
        except NotAllowedNow as refused:
            error = refused.message
    note_look(principal, folder, what="dự thảo kết quả để ký", now=now)
    sha256 = note_shown(task.case_id, user_id=principal.user_id, now=now)
    seen = find_shown(sha256, case_id=task.case_id, user_id=principal.user_id)
    draft = folder.draft_result
    context = {
        "task": task,
        "folder": folder,
        "procedure": get_procedure_version(folder.dossier.procedure_version_id),
        "page_texts": list_page_texts(read_file(draft.file_id)) if draft else (),
        "agreed_at": seen.agreed_at if seen else None,
        "error": error,
    }
    return render(request, "dossiers/signing_read.html", context, status=409 if error else 200)


def _find_next(principal: Principal, *, after: UUID) -> str:
    """Return the next paper that this leader has not agreed to yet, or the list when all are read."""
    rows = list_to_sign(principal, page=1, now=clock.now()).items
    unread = [row for row in rows if row.sha256 and not row.agreed_at and row.task.task_uuid != after]
    if not unread:
        return reverse("dossiers:signing_list")
    return reverse("dossiers:signing_read", args=[unread[0].task.task_uuid])


@never_cache
@require_safe
@official_required("leader")
def page_picture(request: HttpRequest, task_uuid: UUID, number: int) -> HttpResponse:
    """Send one page of the draft that was shown, as a picture; of another draft than that, nothing."""
    _task, folder = _open(principal_of(request), task_uuid)
    draft = folder.draft_result
    if draft is None or request.GET.get("sha256") != draft.sha256:
        raise Http404
    try:
        picture = draw_page(read_file(draft.file_id), number - 1, width_px=PAGE_WIDTH_PX)
    except IndexError as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})


@never_cache
@require_POST
@official_required("leader")
@step_up_required(300)
def sign_agreed(request: HttpRequest) -> HttpResponse:
    """Sign what the page listed, each only as it was shown; say of each what became of it."""
    principal = principal_of(request)
    papers = []
    for item in request.POST.getlist("van-ban")[:PAGE_SIZE]:
        task_uuid, _sep, sha256 = item.partition(":")
        task = _find_task(principal, task_uuid)
        if task is not None:
            papers.append((_make_hand(principal, task), sha256[:64]))
    return _show_list(request, outcomes=sign_list(papers, now=clock.now()))


def _find_task(principal: Principal, text: str) -> TaskInfo | None:
    try:
        return get_task_for(principal, UUID(text))
    except (ValueError, TaskNotFound):
        return None


def _make_hand(principal: Principal, task: TaskInfo) -> Hand:
    return Hand(
        task=task,
        revision=task.revision,
        user_id=principal.user_id,
        name=principal.full_name,
        actor=principal.to_actor(agency_code=get_agency(task.agency_id).code),
    )


def _open(principal: Principal, task_uuid: UUID) -> tuple[TaskInfo, DossierFolder]:
    task = get_task_for(principal, task_uuid)
    if task.screen != SIGN_SCREEN or not task.is_open:
        raise NotAllowedNow("not_to_sign", _("Văn bản này không còn chờ ký. Hãy quay lại danh sách trình ký."))
    folder, _case = get_folder_of_task(principal, task, now=clock.now())
    return task, folder
