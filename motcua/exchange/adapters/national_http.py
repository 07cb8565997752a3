"""The national platform over HTTP: a token by client credentials, questions by POST, time-outs and limits.

The paths and names are data (national_fields.toml). A question changes nothing there, so it is asked once more when
no connection came about, or when the token had just ended.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

import requests
from django.conf import settings

from motcua.exchange.adapters.national import NationalQueries, read_names
from motcua.exchange.rules.national import AnswerBroken, read_reply, write_question
from motcua.exchange.types.national import NationalQuestion, NationalRefused, NationalReply, NationalUnavailable
from motcua.kernel.messages import N_

CONNECT_SECONDS: Final = 3.0
MAX_BYTES: Final = 32 * 1024 * 1024  # a package from the national portal brings its files
TOKEN_MARGIN: Final = 30.0
_UNAUTHORISED, _TOO_MANY, _SERVER_ERROR, _CLIENT_ERROR = 401, 429, 500, 400


class NationalHttp:
    """One connection to the platform: what all its services share. Threads share the token."""

    _token: tuple[str, str, float] = ("", "", 0.0)  # whose address and name, the token, until when
    _lock = threading.Lock()

    def call(
        self, method: str, path: str, *, body: bytes = b"", query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        """Call one service and return its answer. Raises: NationalUnavailable, NationalRefused."""
        for is_last in (False, True):
            sent = {"Authorization": f"Bearer {self._get_token(anew=is_last)}", **(headers or {})}
            try:
                status, content = send(method, path, body=body, query=query or {}, headers=sent)
            except NationalUnavailable as failed:
                if failed.reason == "unreachable" and not is_last:
                    continue
                raise
            if status == _UNAUTHORISED and not is_last:
                continue
            return _check(status, content)
        raise NationalUnavailable("unreachable")

    def _get_token(self, *, anew: bool) -> str:
        whose = f"{settings.MOTCUA_NATIONAL_URL} {settings.MOTCUA_NATIONAL_CLIENT}"
        with self._lock:
            known, token, until = NationalHttp._token
            if known == whose and monotonic() < until and not anew:
                return token
            asked = {"client_id": settings.MOTCUA_NATIONAL_CLIENT, "client_secret": settings.MOTCUA_NATIONAL_SECRET}
            body = json.dumps(asked | {"grant_type": "client_credentials"}).encode()
            content = _check(*send("POST", "token", body=body, query={}, headers={}))
            try:
                said: dict[str, Any] = json.loads(content)
                token, seconds = str(said["access_token"]), float(said.get("expires_in", 60))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise NationalUnavailable("broken") from error
            NationalHttp._token = (whose, token, monotonic() + max(seconds - TOKEN_MARGIN, 0.0))
            return token


class HttpQueries(NationalQueries):
    """Questions by POST to the platform's own address."""

    def ask(self, question: NationalQuestion) -> NationalReply:
        """Ask once. Raises: NationalUnavailable, NationalRefused."""
        names = read_names()[question.service]
        content = NationalHttp().call("POST", names["path"], body=write_question(question, names))
        try:
            return read_reply(content, question, names)
        except AnswerBroken as error:
            raise NationalUnavailable("broken") from error


def send(
    method: str, path: str, *, body: bytes, query: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Send one request and return (status, body). No redirect, no proxy. Raises: NationalUnavailable."""
    seconds = settings.MOTCUA_NATIONAL_TIMEOUT
    until = monotonic() + seconds
    address = f"{settings.MOTCUA_NATIONAL_URL.rstrip('/')}/{path}"
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.request(
                method,
                address,
                params=dict(query),
                data=body or None,
                headers={"Content-Type": "application/json", **headers},
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as reply:
                return reply.status_code, _read(reply, until)
    except requests.Timeout as error:
        raise NationalUnavailable("timeout") from error
    except (requests.RequestException, OSError) as error:
        raise NationalUnavailable("unreachable") from error


def _read(reply: requests.Response, until: float) -> bytes:
    content = bytearray()
    for block in reply.iter_content(65_536):
        content += block
        if len(content) > MAX_BYTES:
            raise NationalUnavailable("too_large")
        if monotonic() > until:
            raise NationalUnavailable("timeout")
    return bytes(content)


def _check(status: int, content: bytes) -> bytes:
    if status == _TOO_MANY:
        raise NationalUnavailable("busy")
    if status >= _SERVER_ERROR or 300 <= status < _CLIENT_ERROR:
        raise NationalUnavailable("unreachable")
    if status >= _CLIENT_ERROR:
        sentence = N_(
            "Nền tảng quốc gia từ chối yêu cầu (mã %(status)s). Hãy kiểm tra tài khoản kết nối và quyền đã được cấp.",
            status=status,
        )
        raise NationalRefused("refused", sentence)
    return content
