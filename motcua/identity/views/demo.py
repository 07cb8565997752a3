"""Demonstration only: sign in as anybody with one click. Every view here answers 404 outside DEMO_MODE."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.identity.actions.access import get_safe_next
from motcua.identity.actions.accounts import ensure_resident_account
from motcua.identity.actions.second_factor import ensure_demo_totp
from motcua.identity.actions.sessions import begin_session
from motcua.identity.models import User
from motcua.identity.queries.demo import list_demo_officials, list_demo_residents
from motcua.identity.queries.officials import get_official
from motcua.identity.queries.parties import get_person_by_uuid
from motcua.identity.types import OfficialInfo, Role, SignIn
from motcua.kernel import clock
from motcua.kernel.paging import clamp_page
from motcua.places.public import get_agencies

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An official as the list shows them."""

    uuid: UUID
    full_name: str
    posts: tuple[str, ...]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """List the invented people with a button each (GET); sign in as one of them (POST)."""
    if not settings.DEMO_MODE:
        raise Http404
    return _enter(request) if request.method == "POST" else _show(request)


def _show(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    text = request.GET.get("q", "")[:100]
    people = list_demo_residents(text, page=clamp_page(request.GET.get("trang", "1")))
    officials = list_demo_officials(text, page=clamp_page(request.GET.get("trang_cb", "1")), on=clock.local_date(now))
    context = {
        "text": text,
        "people": people,
        "officials": officials,
        "official_rows": describe_officials(officials.items),
        "next": get_safe_next(request),
    }
    return render(request, "identity/demo_sign_in.html", context)


def _enter(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    try:
        chosen = UUID(request.POST.get("official") or request.POST.get("person") or "")
    except ValueError as error:
        raise Http404 from error
    if request.POST.get("official"):
        user_id, level = get_official(chosen).user_id, 0
        ensure_demo_totp(user_id)  # so that stepping up before a signature is really done
    else:
        user_id = ensure_resident_account(get_person_by_uuid(chosen).id, now=now)
        level = 1 if request.POST.get("level") == "1" else 2
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        return HttpResponseRedirect(reverse("identity:inactive"))
    login(request, user, backend=BACKEND)
    begin_session(request, kind=user.kind, sign_in=SignIn(level=level, authenticated_at=now), now=now)
    return HttpResponseRedirect(get_safe_next(request, default=reverse("identity:after_sign_in")))


def describe_officials(officials: tuple[OfficialInfo, ...]) -> tuple[OfficialRow, ...]:
    """Put each official's roles and agencies into words; one query for all agencies."""
    names = {
        Role.COUNTER: _("Bộ phận Một Cửa"),
        Role.SPECIALIST: _("Chuyên viên"),
        Role.LEADER: _("Lãnh đạo"),
        Role.CITY_LEADER: _("Lãnh đạo Thành phố"),
        Role.OPERATOR: _("Quản trị"),
        Role.PROCESS_OWNER: _("Người thiết kế quy trình"),
        Role.PROCESS_APPROVER: _("Người duyệt quy trình"),
        Role.DATA_STEWARD: _("Người quản lý dữ liệu dùng chung"),
        Role.DATA_PROTECTION: _("Cán bộ bảo vệ dữ liệu cá nhân"),
    }
    agencies = get_agencies({grant.agency_id for official in officials for grant in official.grants})
    return tuple(
        OfficialRow(
            official.user_uuid,
            official.full_name,
            tuple(f"{names[Role(grant.role)]}, {agencies[grant.agency_id].short_name}" for grant in official.grants),
        )
        for official in officials
    )
