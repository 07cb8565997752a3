"""Sending a draft for approval, and the second person's decision."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.designer.actions.approvals import (
    approve_submission,
    return_submission,
    submit_draft,
    withdraw_submission,
)
from motcua.designer.actions.opening import open_draft_from_version
from motcua.designer.queries.approvals import get_submission, list_submissions, list_submissions_of
from motcua.designer.queries.checks import check_files, diff_with_version, list_golden_results
from motcua.designer.queries.drafts import compute_files_hash, get_draft, list_comments, list_files, read_files
from motcua.designer.types.drafts import DecisionMissing, NotReady, ProcedureNotDesignable
from motcua.designer.views.checks import PARTS, name_elements
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.identity.public import step_up_required
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def submit(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Say what still stands in the way (GET), or ask a second person to approve (POST)."""
    is_post = request.method == "POST"
    found = find_draft(request, draft_uuid, need="edit" if is_post else "view")
    if is_post:
        submit_draft(principal_of(request), draft_uuid, note=request.POST.get("note", ""), now=clock.now())
        messages.success(
            request, _("Đã trình. Người duyệt sẽ thấy đề nghị này; sửa bản thảo thì đề nghị hết hiệu lực.")
        )
        return redirect("designer:submit", draft_uuid=draft_uuid)
    files = read_files(found.id)
    submissions = list_submissions_of(found.id)
    _base, changes = diff_with_version(found)
    context = draft_context(request, found, tab="approval") | {
        "errors": sum(each.severity == "error" for each in check_files(files, now=clock.now())),
        "failing": sum(not each.ok for _name, each in list_golden_results(files, agency_id=found.agency_id)),
        "open_comments": len(list_comments(found.id, is_open=True)),
        "waiting": next((each for each in submissions if each.state == "waiting"), None),
        "submissions": submissions,
        "changes": len(changes),
    }
    return render(request, "designer/submit.html", context)


@require_POST
@designer_page
def withdraw(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Take the request back."""
    withdraw_submission(principal_of(request), draft_uuid, now=clock.now())
    messages.success(request, _("Đã rút đề nghị phê duyệt."))
    return redirect("designer:submit", draft_uuid=draft_uuid)


@require_POST
@designer_page
def republish(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for an older version to come into force again, as it was."""
    principal, now = principal_of(request), clock.now()
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 18):
        raise ProcedureNotDesignable
    uuid = open_draft_from_version(principal, version_id=int(version), now=now)
    try:
        submit_draft(principal, uuid, note=_("Trình ban hành lại phiên bản cũ, không sửa."), now=now)
    except NotReady as error:
        messages.error(request, error.message)
        return redirect("designer:check", draft_uuid=uuid)
    messages.success(request, _("Đã mở bản thảo từ phiên bản cũ và trình phê duyệt."))
    return redirect("designer:submit", draft_uuid=uuid)


@require_safe
@designer_page
def approvals(request: HttpRequest) -> HttpResponse:
    """List the requests that wait, or those that were decided."""
    is_waiting = request.GET.get("loai") != "xong"
    page = list_submissions(principal_of(request), is_waiting=is_waiting, page=clamp_page(request.GET.get("trang")))
    return render(request, "designer/approvals.html", {"page": page, "is_waiting": is_waiting})


@require_safe
@designer_page
def approval(request: HttpRequest, submission_uuid: UUID) -> HttpResponse:
    """Show exactly what is to be approved: the changes, the check, the sample dossiers, the hash."""
    return _show_approval(request, submission_uuid)


def _show_approval(
    request: HttpRequest, submission_uuid: UUID, *, error: str = "", typed: QueryDict | None = None, status: int = 200
) -> HttpResponse:
    principal = principal_of(request)
    found = get_submission(principal, submission_uuid)
    draft = get_draft(principal, found.draft_uuid)
    files = read_files(draft.id)
    base, changes = diff_with_version(draft)
    context = draft_context(request, draft, tab="approval") | {
        "submission": found,
        "is_same": compute_files_hash(draft.id) == found.files_hash,
        "is_own": principal.user_id in (found.submitted_by_id, found.last_editor_id),
        "files": list_files(draft.id),
        "base": base,
        "changes": changes,
        "parts": PARTS,
        "findings": check_files(files, now=clock.now()),
        "golden": list_golden_results(files, agency_id=draft.agency_id),
        "step_names": name_elements(files),
        "error": error,
        "typed": typed or QueryDict(),
    }
    return render(request, "designer/approval.html", context, status=status)


@require_POST
@designer_page
@step_up_required()
def approve(request: HttpRequest, submission_uuid: UUID) -> HttpResponse:
    """Approve and bring into force."""
    try:
        detail = approve_submission(
            principal_of(request),
            submission_uuid,
            files_hash=request.POST.get("files_hash", ""),
            decision_no=request.POST.get("decision_no", ""),
            decision_on=_read_day(request.POST),
            now=clock.now(),
        )
    except DecisionMissing as error:
        return _show_approval(request, submission_uuid, error=error.message, typed=request.POST, status=400)
    messages.success(
        request,
        _("Đã phê duyệt và ban hành phiên bản %(number)s. Hồ sơ nộp từ bây giờ theo phiên bản này.")
        % {"number": detail.version_no},
    )
    return redirect("designer:procedure", code=detail.code)


@require_POST
@designer_page
def return_(request: HttpRequest, submission_uuid: UUID) -> HttpResponse:
    """Give the request back with the reason."""
    try:
        return_submission(
            principal_of(request), submission_uuid, reason=request.POST.get("reason", ""), now=clock.now()
        )
    except DecisionMissing as error:
        return _show_approval(request, submission_uuid, error=error.message, typed=request.POST, status=400)
    messages.success(request, _("Đã trả lại bản thảo kèm lý do."))
    return redirect("designer:approvals")


def _read_day(post: QueryDict) -> date | None:
    parts = [post.get(f"decision_on-{part}", "").strip() for part in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
