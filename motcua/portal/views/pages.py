"""First page, a resident's own page, the standing pages, and what machines ask."""

from __future__ import annotations

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.dossiers.public import adopt_remembered, list_dossiers_of, list_drafts_of
from motcua.identity.public import get_person, get_principal, resident_required
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page
from motcua.portal.queries.reminders import list_reminders
from motcua.portal.types import Reminder
from motcua.portal.views.my_data import LEVEL
from motcua.procedures.public import list_life_events


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the person needs, in their own words."""
    context = {"life_events": list_life_events(), "examples": list_examples()}
    return render(request, "portal/home.html", context)


def list_examples() -> tuple[str, ...]:
    """Return needs in the words that people use."""
    return (
        _("Làm giấy khai sinh cho con"),
        _("Xác nhận độc thân"),
        _("Sao y giấy tờ"),
        _("Mở hộ kinh doanh"),
        _("Đổi bằng lái xe"),
        _("Xin phép xây nhà"),
    )


@require_safe
@resident_required
def my_page(request: HttpRequest) -> HttpResponseBase:
    """Show what the resident left unfinished and what became of what was filed."""
    principal = get_principal(request)
    if principal is None:
        raise PermissionError("resident_required lets nobody through without a principal")
    now = clock.now()
    adopt_remembered(principal, cookies=request.COOKIES)
    page = list_dossiers_of(principal, page=clamp_page(request.GET.get("trang", "1")), now=now)
    reminders: tuple[Reminder, ...] = ()
    if principal.person_id is not None and principal.assurance_level >= LEVEL:
        reminders = list_reminders(get_person(principal.person_id), actor=principal.to_actor(), now=now)
    context = {
        "drafts": list_drafts_of(principal.user_id, now=now), "page": page, "now": now, "reminders": reminders,
    }  # fmt: skip
    return render(request, "portal/my_page.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines in to what is public; keep them off people's own pages."""
    own = [reverse(name) for name in ("portal:my_page", "portal:my_data", "portal:track", "portal:verify")]
    closed = [*own, "/ho-so/", "/dang-nhap/"]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say to the machine that watches whether this process reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
