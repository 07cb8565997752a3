"""One HTTP exchange with a provider, byte for byte: what the client wrote as path and query arrives as written.

The standard library's client is used because others rewrite addresses. One deadline covers connecting, the answer's
head and its body: a provider that drips is cut off.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Mapping
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from motcua.exchange.rules.xroad import pass_answer_headers
from motcua.exchange.types import Answer

CONNECT_SECONDS = 3.0
_BLOCK = 65_536
_WITH_BODY = ("POST", "PUT", "PATCH")


class ProviderFailed(Exception):
    """No usable answer; `reason` is unreachable, timeout, too_large or open."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write_target(base_url: str, rest: str, query: str) -> str:
    """Return the path to ask for: the registered one with the service's behind it, as it came."""
    path = urlsplit(base_url).path.rstrip("/") + rest
    return f"{path or '/'}?{query}" if query else path or "/"


def ask_once(
    base_url: str, *, method: str, rest: str, query: str, headers: Mapping[str, str], body: bytes,
    timeout_seconds: float, max_bytes: int,
) -> Answer:  # fmt: skip
    """Ask once; never follows a redirect. Raises: ProviderFailed."""
    where, until = urlsplit(base_url), monotonic() + timeout_seconds
    connection = _open(where, min(CONNECT_SECONDS, timeout_seconds))
    try:
        connection.connect()
        connection.until = until
        _send(connection, method, write_target(base_url, rest, query), headers, body)
        reply = connection.getresponse()
        content = _read(reply, max_bytes)
        return Answer(status=reply.status, headers=pass_answer_headers(_join(reply)), body=content)
    except TimeoutError as error:
        raise ProviderFailed("timeout") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise ProviderFailed("unreachable") from error
    finally:
        connection.close()


class _Timed(io.RawIOBase):
    """A socket's bytes until a deadline."""

    def __init__(self, wire: socket.socket, until: float) -> None:
        self._wire, self._until = wire, until
        self._file = wire.makefile("rb", buffering=0)  # keeps the socket open after its connection let go of it

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._wire.settimeout(left)
        return self._file.readinto(buffer) or 0

    def close(self) -> None:
        self._file.close()
        super().close()

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, _BLOCK)


class _Timely:
    """A connection whose answer must be whole before `until`."""

    until = 0.0
    sock: Any

    def response_class(self, wire: Any, *args: Any, **named: Any) -> http.client.HTTPResponse:
        return http.client.HTTPResponse(_Timed(wire, self.until), *args, **named)  # type: ignore[arg-type]  # makefile


class _Plain(_Timely, http.client.HTTPConnection):  # type: ignore[misc]  # a method where the library has a class
    pass


class _Secure(_Timely, http.client.HTTPSConnection):  # type: ignore[misc]  # a method where the library has a class
    pass


def _open(where: SplitResult, seconds: float) -> _Plain | _Secure:
    host = where.hostname or ""
    if where.scheme == "https":
        return _Secure(host, where.port, timeout=seconds, context=_trust(settings.MOTCUA_EXCHANGE_CLIENT_CERTIFICATE))
    return _Plain(host, where.port, timeout=seconds)


@lru_cache(maxsize=4)
def _trust(certificate: str) -> ssl.SSLContext:
    """Return how providers are believed; with a certificate of ours they can believe us too (mutual TLS)."""
    context = ssl.create_default_context()
    if certificate:
        context.load_cert_chain(certificate)
    return context


def _send(
    connection: http.client.HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> None:
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body or method in _WITH_BODY:
        connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Connection", "close")
    connection.endheaders(body or None)


def _read(reply: http.client.HTTPResponse, limit: int) -> bytes:
    """Return the body. Raises: ProviderFailed for one that is too large, TimeoutError for one that drips."""
    content = reply.read(limit + 1)
    if len(content) > limit:
        raise ProviderFailed("too_large")
    return content


def _join(reply: http.client.HTTPResponse) -> list[tuple[str, str]]:
    """Return the headers, those that came several times as one: by commas, cookies by lines, for they have commas."""
    joined: dict[str, tuple[str, str]] = {}
    for name, value in reply.getheaders():
        text = value.replace("\r", " ").replace("\n", " ")  # a folded line
        first = joined.get(name.lower())
        sign = "\n" if name.lower() == "set-cookie" else ", "
        joined[name.lower()] = (first[0], f"{first[1]}{sign}{text}") if first else (name, text)
    return list(joined.values())
