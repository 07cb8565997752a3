"""Apologising with a new date, and stopping a procedure at a wish handed in on paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.cases.public import ExtensionRefused, can_extend_deadline
from motcua.dossiers.public import NotAllowedNow, apologise, withdraw_dossier
from motcua.dossiers.views.desk import desk_context, open_desk
from motcua.identity.public import NotAllowed, Role, official_required, pop_stashed_post, step_up_required
from motcua.kernel import clock
from motcua.kernel.clock import HCM
from motcua.places.public import get_agency

MAX_TEXT = 2_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required("leader")
@step_up_required(300)
def apology(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Take the apology and the one new appointment in (slip 04), signed by the head of the agency."""
    now = clock.now()
    folder, case, principal = open_desk(request, case_uuid, what="thời hạn giải quyết", now=now)
    if not can_extend_deadline(principal, case):
        raise NotAllowed("apology_by_head", _("Phiếu xin lỗi phải do người đứng đầu cơ quan giải quyết ký."))
    error = ""
    if request.method == "POST":
        try:
            new_due_at = read_moment(request.POST.get("new_on", ""), request.POST.get("new_time", ""))
            apologise(
                folder.dossier.uuid,
                new_due_at=new_due_at,
                reason=request.POST.get("reason", "").strip()[:MAX_TEXT],
                leader_id=principal.user_id,
                actor=principal.to_actor(agency_code=get_agency(case.agency_id).code),
                now=now,
            )
        except (NotAllowedNow, ExtensionRefused) as refused:
            error = refused.message
        else:
            return HttpResponseRedirect(reverse("dossiers:case", args=[case_uuid]))
    typed = request.POST if request.method == "POST" else pop_stashed_post(request, now=now) or QueryDict()
    context = desk_context(folder, case, now=now) | {
        "error": error,
        "reason": typed.get("reason", ""),
        "new_on": typed.get("new_on", ""),
        "new_time": typed.get("new_time", "17:00"),
    }
    return render(request, "dossiers/apology.html", context, status=422 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required("counter")
def stop(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Stop the procedure at the wish that the applicant handed in at the counter (slip 05)."""
    now = clock.now()
    folder, case, principal = open_desk(request, case_uuid, what="yêu cầu dừng giải quyết", now=now)
    if not principal.has_role(Role.COUNTER, folder.dossier.reception_agency_id):
        raise NotAllowed("stop_by_counter", _("Chỉ bộ phận Một Cửa đã tiếp nhận hồ sơ được ghi nhận yêu cầu dừng."))
    error = ""
    if request.method == "POST":
        try:
            withdraw_dossier(
                folder.dossier.uuid,
                reason=request.POST.get("reason", "").strip()[:MAX_TEXT],
                actor=principal.to_actor(agency_code=get_agency(folder.dossier.reception_agency_id).code),
                official_id=principal.user_id,
                now=now,
            )
        except NotAllowedNow as refused:
            error = refused.message
        else:
            return HttpResponseRedirect(reverse("dossiers:case", args=[case_uuid]))
    context = desk_context(folder, case, now=now) | {"error": error, "reason": request.POST.get("reason", "")}
    return render(request, "dossiers/stop.html", context, status=409 if error else 200)


def read_moment(on: str, time: str) -> datetime:
    """Read a day and an hour as the leader typed them. Raises: NotAllowedNow."""
    for pattern in ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(f"{on.strip()} {time.strip()}", pattern).replace(tzinfo=HCM)
        except ValueError:
            continue
    raise NotAllowedNow("reappoint_date_unread", _("Hãy nhập ngày hẹn lại như 27/11/2026 và giờ như 16:30."))
