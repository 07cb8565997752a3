"""The gateway on the wire: from a web request to an envelope, and back."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from motcua.exchange.public import Answer, Envelope, handle_call
from motcua.kernel import clock


@csrf_exempt  # programs call, no browser session is believed here
def call_service(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one call of the X-Road message protocol for REST."""
    return to_response(handle_call(read_envelope(request), now=clock.now()))


def read_envelope(request: HttpRequest) -> Envelope:
    """Return the request as it came: the path still encoded, header names in lower case."""
    raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI") or ""
    path = raw.split("?")[0] if raw.startswith("/") else quote(request.path)
    certificate = request.headers.get(settings.MOTCUA_EXCHANGE_CERTIFICATE_HEADER, "")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        body, is_oversized = request.body, False
    except RequestDataTooBig:
        body, is_oversized = b"", True
    return Envelope(
        method=request.method or "",
        path=path,
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=body,
        is_oversized=is_oversized,
        scheme=request.scheme or "http",
        remote_address=request.META.get("REMOTE_ADDR", ""),
        certificate_sha256=certificate if settings.MOTCUA_EXCHANGE_CERTIFICATE_HEADER else "",
    )


def to_response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response
