"""What every answer carries, and where an expected failure becomes a page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from itertools import chain

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from motcua.kernel.errors import DomainError
from motcua.ui.views import bad_request, method_not_allowed, show_domain_error

GetResponse = Callable[[HttpRequest], HttpResponse]


def build_policy(form_action: tuple[str, ...] = ()) -> str:
    """Return the Content-Security-Policy: everything from this site, nothing inline.

    Browsers apply `form-action` to the redirects after a form too, so an outside sign-in provider
    must be named in the setting CSP_FORM_ACTION.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            " ".join(("form-action 'self'", *form_action)),
        )
    )


class ContentSecurityPolicyMiddleware:
    """Set the policy on every answer that has none of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = build_policy(tuple(getattr(settings, "CSP_FORM_ACTION", ())))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return response


class PublicPagesGzipMiddleware(GZipMiddleware):
    """Send the pages that everybody sees compressed: a procedure's page is a quarter of its size on a slow line.

    What is not to be stored (a person's own pages, drafts) goes as it is: compression beside what somebody else may
    put into an address could tell a listener what the page holds (the attack called BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or "no-store" in response.headers.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)


class DomainErrorMiddleware:
    """Show an expected failure as a page with its own sentence; every other exception stays an alarm.

    The sign NUL, which no keyboard types and no table stores, is refused here once for all pages. A view that is marked
    `reads_raw` gets its request unread: what it passes on must be what came.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return method_not_allowed(request, response)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if getattr(view, "reads_raw", False):
            return None
        texts = chain((request.path,), *(values for _, values in chain(request.GET.lists(), request.POST.lists())))
        if any("\x00" in text for text in texts):
            return bad_request(request, SuspiciousOperation("NUL in the request"))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return show_domain_error(request, exception)
        return None


class LanguageMiddleware:
    """Speak Vietnamese until the person chooses otherwise; what the telephone was bought with decides nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.codes = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.codes else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response
