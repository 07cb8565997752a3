"""Find a procedure, and read what it takes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import clamp_page
from motcua.portal.queries.catalogue import get_local_facts, group_papers, list_fees
from motcua.procedures.public import (
    find_procedure,
    list_fields,
    list_life_events,
    record_search_miss,
    search_procedures,
)

WARD_COOKIE = "phuong"  # the ward last chosen, so that it is asked once
WARD_COOKIE_SECONDS = 365 * 24 * 3600
ONLINE_LEVELS = ("full", "partial", "none")
AUDIENCES = ("citizen", "business", "foreigner", "agency")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List the procedures that answer a need; say what to do when there is none."""
    now = clock.now()
    on = local_date(now)
    wanted = read_search(request)
    found = search_procedures(**wanted, on=on, page=clamp_page(request.GET.get("trang", "1")))
    if wanted["text"] and not found.items and found.number == 1:
        record_search_miss(wanted["text"], now=now)
    events = list_life_events()
    context = {
        "found": found,
        "wanted": wanted,
        "event": next((event for event in events if event.code == wanted["life_event"]), None),
        "life_events": events,
        "fields": list_fields(on=on),
    }
    return render(request, "portal/search.html", context)


def read_search(request: HttpRequest) -> dict[str, Any]:
    """Read what is looked for; an unknown choice counts as none."""
    level, audience = request.GET.get("muc", ""), request.GET.get("cho", "")
    return {
        "text": request.GET.get("q", "")[:200],
        "field": request.GET.get("linh-vuc", "")[:200],
        "life_event": request.GET.get("viec", "")[:64],
        "online_level": level if level in ONLINE_LEVELS else "",
        "audience": audience if audience in AUDIENCES else "",
    }


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a procedure takes, for the person's own ward once it is known."""
    on = local_date(clock.now())
    detail = find_procedure(code, on=on)
    if detail is None:
        raise Http404
    if detail.code != code:
        return redirect("portal:procedure", code=detail.code)
    asked = request.GET.get("phuong")
    ward = asked if asked is not None else request.COOKIES.get(WARD_COOKIE, "")
    local = get_local_facts(detail, ward=ward, on=on)
    context = {
        "procedure": detail,
        "local": local,
        "fees": list_fees(detail, on=on),
        "paper_groups": group_papers(detail.papers),
    }
    response = render(request, "portal/procedure.html", context)
    if asked is not None and local.choice.ward is not None:
        response.set_cookie(
            WARD_COOKIE, local.choice.ward.code, max_age=WARD_COOKIE_SECONDS, httponly=True, samesite="Lax"
        )
    return response
