"""What goes wrong outside of any view: a page for people, the protocol's own words for programs that speak X-Road."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import get_callable

from motcua.exchange.public import is_protocol_path, write_technical_fault


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read."""
    if is_protocol_path(request.path_info):
        return _tell(request, is_theirs=True)
    page: HttpResponse = get_callable("motcua.ui.views.bad_request")(request, exception)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed; the failure itself is in the log already."""
    if is_protocol_path(request.path_info):
        return _tell(request, is_theirs=False)
    page: HttpResponse = get_callable("motcua.ui.views.server_error")(request)
    return page


def _tell(request: HttpRequest, *, is_theirs: bool) -> HttpResponse:
    answer = write_technical_fault(is_theirs=is_theirs, accept=request.headers.get("Accept", ""))
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
