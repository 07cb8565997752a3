"""Who may open a page: the first line of every view that is not for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from motcua.identity.actions.sessions import stash_post
from motcua.identity.queries.principals import Principal, get_principal
from motcua.identity.rules import is_stepped_up
from motcua.identity.types import NotAllowed, UserKind
from motcua.kernel import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
NEXT = "next"


def resident_required(view: View[P]) -> View[P]:
    """Open the page to residents only: others are sent to sign in, officials are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        principal = get_principal(request)
        if principal is None:
            return ask_to_sign_in(request, door="identity:resident_sign_in")
        if principal.kind != UserKind.RESIDENT or principal.person_id is None:
            raise NotAllowed(
                "identity.resident_only",
                _("Trang này dành cho người dân. Cán bộ làm hồ sơ thay người dân tại mục Tiếp nhận tại quầy."),
            )
        return view(request, *args, **kwargs)

    return guarded


def official_required(*roles: str) -> Callable[[View[P]], View[P]]:
    """Open the page to officials who hold one of the roles today (no role named: any role)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            principal = get_principal(request)
            if principal is None:
                return ask_to_sign_in(request, door="identity:staff_sign_in")
            check_official(principal, *roles)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def check_official(principal: Principal, *roles: str) -> None:
    """Raise NotAllowed unless the principal is an official who holds one of the roles (or any) today."""
    if principal.kind != UserKind.OFFICIAL:
        raise NotAllowed("identity.official_only", _("Trang này chỉ dành cho cán bộ. Hãy quay lại trang chủ."))
    if not any(principal.has_role(role) for role in roles) and (roles or not principal.grants):
        raise NotAllowed(
            "identity.role_missing",
            _("Hôm nay bạn chưa được giao vai trò để mở trang này. Hãy liên hệ người quản trị của cơ quan."),
        )


def step_up_required(max_age_seconds: int | None = None) -> Callable[[View[P]], View[P]]:
    """Open the page only when the second factor was shown within the last seconds (setting IDENTITY_STEP_UP_SECONDS).

    Put it under `official_required`. A form sent too late is kept and given back by `pop_stashed_post`.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            principal = get_principal(request)
            if principal is None:
                return ask_to_sign_in(request, door="identity:staff_sign_in")
            if not has_stepped_up(principal, max_age_seconds=max_age_seconds):
                return _go(request, reverse("identity:step_up"))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def has_stepped_up(principal: Principal, *, max_age_seconds: int | None = None) -> bool:
    """Say whether the principal showed the second factor recently enough to sign."""
    age = settings.IDENTITY_STEP_UP_SECONDS if max_age_seconds is None else max_age_seconds
    return is_stepped_up(principal.stepped_up_at, max_age_seconds=age, now=clock.now())


def ask_to_sign_in(request: HttpRequest, *, door: str) -> HttpResponseBase:
    """Send the person to sign in and back again; what was typed when the session ended by itself is kept."""
    return _go(request, reverse(door))


def get_safe_next(request: HttpRequest, *, default: str = "") -> str:
    """Return the `next` address of the request when it lies on this host, else the default."""
    asked = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return asked if is_own_address(request, asked) else default


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Say whether the address is a page of this very host (no other host, scheme or trick)."""
    return bool(address) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _return_address(request: HttpRequest) -> str:
    """Return the page to come back to: for a sent form the page it stood on, if that is ours."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not is_own_address(request, referer):
        return request.path
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _go(request: HttpRequest, page: str) -> HttpResponseBase:
    back = _return_address(request)
    stash_post(request, path=urlsplit(back).path, now=clock.now())
    target = f"{page}?{urlencode({NEXT: back})}"
    if request.headers.get("Accept", "").startswith("application/json"):
        answer: dict[str, Any] = {
            "code": "identity.sign_in_again",
            "message": _("Phiên làm việc đã hết. Hãy đăng nhập lại rồi làm tiếp."),
            "sign_in": target,
        }
        return JsonResponse(answer, status=401)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    response = HttpResponseRedirect(target)
    response.status_code = 302 if request.method in ("GET", "HEAD") else 303
    return response
