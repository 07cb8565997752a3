"""The queue of packages that came by another front door, and what a person decides about one."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.audit.public import record_read
from motcua.identity.public import Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.paging import clamp_page
from motcua.national.actions.deciding import decide_intake, return_package
from motcua.national.queries.intakes import get_intake, list_intakes, read_original
from motcua.national.types import INTAKE_LABELS, IntakeFolder
from motcua.ui.public import say

ROLES = (Role.OPERATOR, Role.COUNTER, Role.LEADER)
GROUND = "Nghị định 118/2025/NĐ-CP, Điều 17"
PURPOSE = "Tiếp nhận hồ sơ nộp trên Cổng Dịch vụ công quốc gia"
EXPLAINABLE = ("unknown_field", "unknown_paper")
REMOVABLE = ("unknown_field", "unknown_paper", "unknown_part", "unknown_version", "too_many")


def principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # every page here is for officials
    return principal


@never_cache
@require_safe
@official_required(*ROLES)
def queue(request: HttpRequest) -> HttpResponse:
    """Show the packages, those that wait for a person first."""
    state = request.GET.get("trang-thai", "waiting")
    state = state if state in (*INTAKE_LABELS, "") else "waiting"
    text = request.GET.get("q", "").strip()[:200]
    page = clamp_page(request.GET.get("trang", 1))
    context = {
        "rows": list_intakes(principal_of(request), state=state, text=text, page=page),
        "state": state,
        "states": [("", _("Tất cả")), *((key, say(label)) for key, label in INTAKE_LABELS.items())],
        "labels": {key: say(label) for key, label in INTAKE_LABELS.items()},
        "text": text,
        "query": urlencode({"trang-thai": state, "q": text}),
    }
    return render(request, "national/queue.html", context)


@never_cache
@require_safe
@official_required(*ROLES)
def intake(request: HttpRequest, intake_uuid: UUID) -> HttpResponse:
    """Show one package with every reason and what may be done about it."""
    principal = principal_of(request)
    folder = get_intake(principal, intake_uuid)
    _note_reading(principal, folder.row.uuid)
    return render(request, "national/intake.html", _make_context(folder))


@require_POST
@official_required(*ROLES)
def decide(request: HttpRequest, intake_uuid: UUID) -> HttpResponse:
    """Note one decision and try again to take the package in."""
    principal = principal_of(request)
    get_intake(principal, intake_uuid)
    try:
        state = decide_intake(
            intake_uuid,
            decision=request.POST.get("do", ""),
            name=request.POST.get("ten", "")[:200],
            value=request.POST.get("gia-tri", ""),
            revision=_revision(request),
            actor=principal.to_actor(),
            now=clock.now(),
        )
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        done, left = _("Đã tiếp nhận vào hệ thống."), _("Đã ghi. Gói hồ sơ vẫn còn lý do cần xử lý.")
        messages.success(request, done if state == "taken" else left)
    return HttpResponseRedirect(reverse("national:intake", args=[intake_uuid]))


@require_POST
@official_required(*ROLES)
def give_back(request: HttpRequest, intake_uuid: UUID) -> HttpResponse:
    """Send a package back with its reason."""
    principal = principal_of(request)
    folder = get_intake(principal, intake_uuid)
    reason = request.POST.get("ly-do", "")
    try:
        return_package(
            intake_uuid, reason=reason, revision=_revision(request), actor=principal.to_actor(), now=clock.now()
        )
    except DomainError as refused:
        context = _make_context(folder) | {"errors": {"ly-do": say(refused.message)}, "typed": reason}
        return render(request, "national/intake.html", context, status=refused.http_status)
    messages.success(request, _("Đã trả lại gói hồ sơ; Cổng quốc gia sẽ được báo lý do."))
    return HttpResponseRedirect(reverse("national:queue"))


@never_cache
@require_safe
@official_required(*ROLES)
def original(request: HttpRequest, intake_uuid: UUID) -> HttpResponse:
    """Give the package out exactly as it came."""
    principal = principal_of(request)
    code, content = read_original(principal, intake_uuid)
    _note_reading(principal, intake_uuid)
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "_" for sign in code)
    headers = {"Content-Disposition": f'attachment; filename="{safe}.json"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/json", headers=headers)


def _make_context(folder: IntakeFolder) -> dict[str, object]:
    return {
        "folder": folder,
        "row": folder.row,
        "is_open": folder.row.state in ("new", "waiting"),
        "label": say(INTAKE_LABELS[folder.row.state]),
        "explainable": EXPLAINABLE,
        "removable": REMOVABLE,
        "errors": {},
        "typed": "",
    }


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _note_reading(principal: Principal, intake_uuid: UUID) -> None:
    record_read(
        principal.to_actor(), subject=f"intake:{intake_uuid}", what="national.intake", purpose=PURPOSE,
        legal_ground=GROUND, now=clock.now(),
    )  # fmt: skip
