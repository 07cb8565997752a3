"""The exchange's office: who takes part, what is offered, who may ask for what, what was asked, how it fares."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.exchange.adapters.http import PROVIDERS
from motcua.exchange.public import find_openapi, get_log_status
from motcua.exchange.queries import screens
from motcua.exchange.queries.register_states import list_register_states
from motcua.exchange.queries.screens import CallFilter, GrantState
from motcua.exchange.rules.policy import Viewer, may_manage, may_see
from motcua.exchange.rules.reading_openapi import Operation, list_operations
from motcua.identity.public import NotAllowed, Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page
from motcua.places.public import get_agencies

ROLES = (Role.OPERATOR, Role.LEADER, Role.DATA_STEWARD)


def principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    return principal


def viewer_of(request: HttpRequest) -> Viewer:
    """Return what the signed-in official may see and do here."""
    principal = principal_of(request)
    leads, tends = principal.agency_ids(Role.LEADER), principal.agency_ids(Role.DATA_STEWARD)
    found = get_agencies({*leads, *tends})
    return Viewer(
        is_operator=principal.has_role(Role.OPERATOR),
        leads=frozenset(found[each].code for each in leads if each in found),
        tends=frozenset(found[each].code for each in tends if each in found),
    )


@never_cache
@require_safe
@official_required(*ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, what ends soon, how the log and the providers stand."""
    viewer, now = viewer_of(request), clock.now()
    offers = screens.list_offers(page=1)
    own = [each for each in offers.items if may_see(viewer, each[2])]
    context = {
        "counts": screens.count_waiting(viewer, now=now),
        "waiting": screens.list_grant_rows(viewer, state="waiting", page=1, now=now).items[:10],
        "services": _with_health(own, now),
        "log": get_log_status() if viewer.is_operator else None,
        "has_stamper": bool(settings.MOTCUA_EXCHANGE_TSA),
        "closed": [each.title for each in list_register_states() if not each.is_open],
        "now": now,
    }
    return render(request, "exchange/home.html", context)


@never_cache
@require_safe
@official_required(*ROLES)
def services(request: HttpRequest) -> HttpResponse:
    """List what is offered."""
    text = read_text(request, "q")
    page = screens.list_offers(text, page=clamp_page(request.GET.get("trang", "1")))
    rows = _with_health([each for each in page.items], clock.now())
    return render(request, "exchange/services.html", {"page": page, "rows": rows, "text": text})


@never_cache
@require_safe
@official_required(*ROLES)
def service(request: HttpRequest, service_id: int) -> HttpResponse:
    """Show one service with its description; where it really lies only to its own people."""
    offered = screens.find_offered(service_id)
    if offered is None:
        raise Http404
    info, owner, agency_code = offered
    viewer, now = viewer_of(request), clock.now()
    described = find_openapi(info)
    operations: list[Operation] = list_operations(described)
    context = {
        "service": info, "owner": owner, "described": described, "operations": operations,
        "is_own": may_manage(viewer, agency_code), "health": _with_health([offered], now)[0][3],
        "may_ask": bool(screens.list_own_members(viewer)),
    }  # fmt: skip
    return render(request, "exchange/service.html", context)


@never_cache
@require_safe
@official_required(*ROLES)
def grants(request: HttpRequest) -> HttpResponse:
    """List grants and wishes."""
    state = next((each for each in screens.STATES if each == request.GET.get("tinh-trang")), None)
    text, now = read_text(request, "q"), clock.now()
    number = clamp_page(request.GET.get("trang", "1"))
    page = screens.list_grant_rows(viewer_of(request), state=state, text=text, page=number, now=now)
    context = {"page": page, "text": text, "state": state or "", "states": name_states()}
    return render(request, "exchange/grants.html", context)


@never_cache
@require_safe
@official_required(*ROLES)
def calls(request: HttpRequest) -> HttpResponse:
    """List the calls, searched and paged; the reader sees its own members' only."""
    refused = {"co": True, "khong": False}.get(request.GET.get("bi-tu-choi", ""))
    since, until = _read_day(request, "tu"), _read_day(request, "den")
    wanted = CallFilter(
        client=read_text(request, "ben-goi"), service=read_text(request, "dich-vu"), fault=read_text(request, "loi"),
        is_refused=refused, text=read_text(request, "q"), since=_start_of(since),
        until=_start_of(until + timedelta(days=1)) if until else None,
    )  # fmt: skip
    page = screens.list_calls(viewer_of(request), wanted, page=clamp_page(request.GET.get("trang", "1")))
    context = {"page": page, "wanted": wanted, "since": since, "until": until, "asked": request.GET}
    return render(request, "exchange/calls.html", context)


def name_states() -> dict[GrantState, tuple[str, str]]:
    """Return how a grant's state is called, and its colour."""
    return {
        "waiting": (_("Chờ duyệt"), "amber"), "coming": (_("Sắp có hiệu lực"), "grey"),
        "in_force": (_("Đang có hiệu lực"), "green"), "expired": (_("Đã hết hạn"), "grey"),
        "revoked": (_("Đã thu hồi hoặc từ chối"), "red"),
    }  # fmt: skip


def read_text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def list_errors(form: Form) -> dict[str, str]:
    """Return one sentence for each field in error."""
    return {str(key): str(found[0]) for key, found in form.errors.items()}


def refuse() -> NotAllowed:
    return NotAllowed("exchange.not_yours", _("Bạn không phụ trách đơn vị này. Hãy liên hệ người quản trị nền tảng."))


def back_to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"exchange:{name}", args=args))


def tell(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def find_member(request: HttpRequest, member_uuid: UUID) -> screens.MemberRow:
    """Return a member's system. Raises: Http404."""
    member = screens.find_member(member_uuid)
    if member is None:
        raise Http404
    return member


def _with_health(offers: list[Any], now: datetime) -> list[tuple[Any, str, str, dict[str, Any]]]:
    fared = screens.list_health([each[0] for each in offers], now=now)
    known = PROVIDERS.list_health()
    rows = []
    for info, owner, agency_code in offers:
        hour, breaker = fared.get(info.id), known.get(info.id)
        told: dict[str, Any] = {
            "calls": hour.calls if hour else 0,
            "failed": hour.failed if hour else 0,
            "open_until": None,
        }
        if breaker is not None and breaker.open_until is not None and breaker.open_until > now:
            told["open_until"] = breaker.open_until
        rows.append((info, owner, agency_code, told))
    return rows


def _read_day(request: HttpRequest, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if date(2020, 1, 1) <= found <= date(2100, 1, 1) else None


def _start_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
