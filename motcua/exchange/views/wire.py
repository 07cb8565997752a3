"""The gateway on the wire: from a web request to an envelope, and back."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
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

_OF_PAGES = frozenset({"content-language", "vary"})


@csrf_exempt  # programs call, no browser session is believed here
def call_service(request: HttpRequest) -> HttpResponse:
    """Answer one call of the X-Road message protocol for REST."""
    answer = handle_call(read_envelope(request), now=clock.now())
    return WireResponse(answer, is_head=request.method == "HEAD")


call_service.reads_raw = True  # type: ignore[attr-defined]  # a mark for the site's middleware, as csrf_exempt is one


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
    body = _read_body(request)
    return Envelope(
        method=request.method or "",
        path=path,
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=body or b"",
        is_oversized=body is None,
        scheme=request.scheme or "http",
        remote_address=request.META.get("REMOTE_ADDR", ""),
        certificate_sha256=certificate if settings.MOTCUA_EXCHANGE_CERTIFICATE_HEADER else "",
    )


def _read_body(request: HttpRequest) -> bytes | None:
    """Return the body, also one that comes in chunks, of which the framework sees nothing; None for one too large."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and request.META.get("wsgi.input_terminated"):
        try:
            body: bytes = request.META["wsgi.input"].read(limit + 1)
        except OSError as error:  # of the web server: chunks that are none
            raise BadRequest from error
        return body if len(body) <= limit else None
    try:
        return request.body
    except RequestDataTooBig:
        return None
    except RawPostDataException:
        return b""  # a form, which was taken apart already: none of these interfaces reads one


class WireResponse(HttpResponse):
    """An answer as its giver made it: what the site says of its own pages (language, cookies) is not said of it."""

    def __init__(self, answer: Answer, *, is_head: bool = False) -> None:
        super().__init__(answer.body, status=answer.status)
        del self.headers["Content-Type"]  # the framework's own guess
        self._own = {name: value for name, value in answer.headers.items() if name.lower() in _OF_PAGES}
        self._unsaid = _OF_PAGES | {"content-length"} if is_head else _OF_PAGES  # how long it would be is not known
        self._cookies = [text for name, value in answer.headers.items() if name.lower() == "set-cookie"
                         for text in value.split("\n")]  # fmt: skip
        for name, value in answer.headers.items():
            if name.lower() != "set-cookie":
                self.headers[name] = value

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the headers as they go out; a header that comes several times stays several."""
        others = [each for each in self.headers.items() if each[0].lower() not in self._unsaid]
        return [*others, *self._own.items(), *(("Set-Cookie", text) for text in self._cookies)]


def to_response(answer: Answer) -> HttpResponse:
    return WireResponse(answer)
