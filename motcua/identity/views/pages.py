"""The pages around sign-in that are the same for everybody: the residents' door, the way on, the way out."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from motcua.identity.actions.access import get_safe_next
from motcua.identity.actions.sessions import end_session
from motcua.identity.adapters.oidc import ProviderAnswerRefused
from motcua.identity.queries.principals import get_principal
from motcua.identity.queries.sessions import ENDED_KEY, get_limits
from motcua.identity.types import UserKind
from motcua.identity.views.oidc import directory
from motcua.ui.public import find_home

logger = logging.getLogger(__name__)
PROVIDER_ID = "vneid"


def door_context(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Return what every sign-in page shows: where it leads, whether a session ended by itself, how long one lives."""
    ended = request.session.get(ENDED_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return {
        "next": get_safe_next(request),
        "ended": ended["reason"] if isinstance(ended, dict) else "",
        "limits": get_limits(kind),
        "is_demo": settings.DEMO_MODE,
    }


@never_cache
@require_safe
def resident_sign_in(request: HttpRequest) -> HttpResponse:
    """The residents' door: one button to the identity provider."""
    principal = get_principal(request)
    if principal is not None and principal.kind == UserKind.RESIDENT:
        return HttpResponseRedirect(get_safe_next(request, default=find_home(principal)))
    begin = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER_ID})
    context = door_context(request, UserKind.RESIDENT) | {"begin": begin}
    return render(request, "identity/resident_sign_in.html", context)


@never_cache
@require_safe
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Send whoever has just signed in to the page where their day begins."""
    principal = get_principal(request)
    return HttpResponseRedirect(find_home(principal) if principal else reverse("identity:resident_sign_in"))


@never_cache
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """Tell the holder of a locked account where to ask."""
    return render(request, "identity/inactive.html", status=403)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ask (GET), then sign out here and at the identity provider (POST)."""
    if request.method != "POST":
        return render(request, "identity/sign_out.html")
    id_token = end_session(request)
    response = HttpResponseRedirect(find_provider_exit(request, id_token) if id_token else settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache"'  # not "storage": an unsent draft may lie there
    return response


def find_provider_exit(request: HttpRequest, id_token: str) -> str:
    """Return the provider's sign-out address (OpenID Connect RP-Initiated Logout 1.0), or ours when it has none."""
    home = str(settings.LOGOUT_REDIRECT_URL)
    try:
        provider = get_adapter().get_provider(request, PROVIDER_ID)
        with get_adapter().get_requests_session() as session:
            address = directory.get_configuration(session, provider.issuer).get("end_session_endpoint")
    except (RequestException, ProviderAnswerRefused):
        logger.warning("identity.oidc.exit_unknown", exc_info=True)
        return home
    if not address:
        return home
    back = request.build_absolute_uri(home)
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "client_id": provider.app.client_id}
    return f"{address}?{urlencode(asked)}"
