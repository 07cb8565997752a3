"""Let the site ask its own sandbox without the network.

A web process that calls itself over HTTP needs a free thread and must know the address under which it is reachable
from inside (a container's mapped port is not). Here the request goes straight to the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.urls import resolve, reverse
from requests.adapters import BaseAdapter

MACHINE_ENDPOINTS = ("discovery", "jwks", "token", "userinfo")


class InProcessTransport(BaseAdapter):
    """A transport for `requests` that answers the sandbox's machine endpoints and nothing else."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        django_request = build_request(request)
        if django_request.path not in [reverse(f"sandbox_idp:{name}") for name in MACHINE_ENDPOINTS]:
            raise requests.ConnectionError(f"not an endpoint of the sandbox: {django_request.path}", request=request)
        match = resolve(django_request.path)
        try:
            answer = match.func(django_request, *match.args, **match.kwargs)
        except Http404 as error:
            raise requests.ConnectionError("the sandbox is closed", request=request) from error
        return build_response(request, answer)

    def close(self) -> None:
        """Nothing is held open."""


def build_request(request: requests.PreparedRequest) -> WSGIRequest:
    """Return the request as Django would have received it from the web server."""
    parts = urlsplit(request.url or "")
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    if not isinstance(body, bytes):
        raise TypeError("streams are not sent to the sandbox")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote(parts.path),
        "SCRIPT_NAME": "",
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": parts.scheme,
    }
    for name, value in request.headers.items():
        environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
    return WSGIRequest(environ)


def build_response(request: requests.PreparedRequest, answer: HttpResponse) -> requests.Response:
    """Return Django's answer as `requests` would have read it from the network."""
    response = requests.Response()
    response.status_code = answer.status_code
    response.headers.update(dict(answer.items()))
    response.raw = BytesIO(answer.content)
    response.url = request.url or ""
    response.request = request
    response.encoding = "utf-8"
    return response
