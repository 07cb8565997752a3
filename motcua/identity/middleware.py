"""Every request knows who asks, and a session ends when its time is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from motcua.identity.actions.sessions import keep_session
from motcua.identity.queries.principals import get_principal
from motcua.identity.queries.sessions import find_session_deadline
from motcua.kernel import clock
from motcua.places.public import get_agency


class PrincipalMiddleware:
    """Set `request.principal` and `request.session_ends_at` (lazy; false when nobody is signed in); end old sessions.

    A request without a session cookie asks nothing of the database. Pages of a signed-in person are not kept by
    the browser: the next person at a shared computer must not find them with the back button.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie:
            keep_session(request, now=clock.now())
        lazy = {
            "principal": lambda: get_principal(request),
            "session_ends_at": lambda: find_session_deadline(request.session),
            "agency_name": lambda: _read_agency_name(request),
        }
        for name, read in lazy.items():
            setattr(request, name, SimpleLazyObject(read))
        response = self.get_response(request)
        if has_cookie and "_auth_user_id" in request.session:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _read_agency_name(request: HttpRequest) -> str:
    """Return the short name of the office whose hat the official wears, or an empty text."""
    principal = get_principal(request)
    return _find_name(principal.grants[0].agency_id) if principal is not None and principal.grants else ""


@lru_cache(maxsize=2048)
def _find_name(agency_id: int) -> str:
    """Keep the name for the life of the process: an office that is renamed is a new row with a successor."""
    return get_agency(agency_id).short_name
