"""The gateway on the wire: from a web request to an envelope, and back."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from motcua.exchange.public import (
    Answer,
    Envelope,
    handle_call,
    handle_data,
    handle_databases,
    list_clients,
)
from motcua.kernel import clock


@csrf_exempt  # programs call, no browser session is believed here
def call_service(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one call of the X-Road message protocol for REST."""
    return to_response(handle_call(read_envelope(request), now=clock.now()))


@require_safe
def call_clients(request: HttpRequest) -> HttpResponse:
    """Answer listClients of the X-Road metadata protocol: who takes part, no secret."""
    accept, instance = request.headers.get("Accept", ""), request.GET.get("xRoadInstance", "")[:60]
    return to_response(list_clients(instance, accept=accept))


@csrf_exempt
def call_data(request: HttpRequest, operation: str, method: str, **names: str) -> HttpResponse:
    """Answer one operation of the GovStack Data API."""
    if request.method != method:
        return JsonResponse({"detail": "method not allowed"}, status=405, headers={"Allow": method})
    address = request.build_absolute_uri(request.path)
    return to_response(handle_data(operation, read_envelope(request), names, address=address, now=clock.now()))


@csrf_exempt
def call_databases(request: HttpRequest, operation: str = "", database_id: int | None = None) -> HttpResponse:
    """Answer the GovStack Database API: list the registers, describe one, make or change one, close one."""
    methods = {"modify": ("POST",), "": ("GET",) if database_id is None else ("GET", "DELETE")}[operation]
    if request.method not in methods:
        allowed = ", ".join(methods)
        return JsonResponse({"detail": "method not allowed"}, status=405, headers={"Allow": allowed})
    told = operation or ("delete" if request.method == "DELETE" else "get")
    return to_response(handle_databases(told, read_envelope(request), database_id, now=clock.now()))


def read_envelope(request: HttpRequest) -> Envelope:
    """Return the request as it came: the path still encoded, header names in lower case."""
    raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI") or ""
    path = raw.split("?")[0] if raw.startswith("/") else quote(request.path)
    certificate = request.headers.get(settings.MOTCUA_EXCHANGE_CERTIFICATE_HEADER, "")
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers.pop(settings.MOTCUA_EXCHANGE_CERTIFICATE_HEADER.lower(), None)  # the TLS server's word, not the client's
    if not headers.get("content-type"):
        headers.pop("content-type", None)  # the web server's gateway names it though none came
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
