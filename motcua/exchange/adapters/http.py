"""An agency's own HTTP service behind the gateway: time-outs, size limit, circuit breaker, answers kept where allowed.

Only the registered address is ever called: the path is appended to it part by part, redirects are not followed, the
environment's proxies are not used. One retry, of GET and HEAD only, and only when no answer began.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import quote

import requests

from motcua.exchange.rules.xroad import pass_headers
from motcua.exchange.types import Answer, ServiceInfo

OPEN_AFTER = 5  # failures in a row
OPEN_FOR = timedelta(seconds=30)
CONNECT_SECONDS = 3.0
MAX_KEPT = 500
_SAFE = ("GET", "HEAD")
_SERVER_ERROR = 500
_PASSED = ("accept", "accept-language", "content-type", "if-none-match", "if-modified-since")
_RETURNED = ("content-type", "etag", "last-modified", "content-language")


class ProviderFailed(Exception):
    """No usable answer; `reason` is unreachable, timeout, too_large, redirect or open."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    open_until: datetime | None = None


@dataclass(slots=True)
class Providers:
    """What this process knows of the services it calls: who fails, and answers that may be given again."""

    breakers: dict[int, _Breaker] = field(default_factory=dict)
    kept: OrderedDict[tuple[int, str, str, str], tuple[datetime, Answer]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self, service: ServiceInfo, *, method: str, rest: str, query: str, headers: Mapping[str, str], body: bytes,
        added: Mapping[str, str], share: str, now: datetime,
    ) -> Answer:  # fmt: skip
        """Ask the provider. `added`: headers of ours; `share`: who may get a kept answer. Raises: ProviderFailed."""
        address = write_address(service.base_url, rest, query)
        place = (service.id, share, headers.get("accept", ""), address)
        may_keep = method == "GET" and service.cache_seconds > 0
        if may_keep and (known := self._find(place, service, now)) is not None:
            return known
        self._check_open(service, now)
        sent = {name: value for name, value in headers.items() if name in _PASSED} | dict(added)
        try:
            answer = _ask(service, method, address, sent, body)
        except ProviderFailed:
            self._note(service, is_good=False, now=now)
            raise
        self._note(service, is_good=answer.status < _SERVER_ERROR, now=now)
        if may_keep and answer.status == requests.codes.ok:
            self._keep(place, answer, now)
        return answer

    def _find(self, place: tuple[int, str, str, str], service: ServiceInfo, now: datetime) -> Answer | None:
        with self.lock:
            at, answer = self.kept.get(place, (None, None))
        if at is None or answer is None or not timedelta(0) <= now - at < timedelta(seconds=service.cache_seconds):
            return None
        marks = {"Age": str(int((now - at).total_seconds())), "X-Cache": "HIT"}
        return Answer(status=answer.status, headers={**answer.headers, **marks}, body=answer.body)

    def _keep(self, place: tuple[int, str, str, str], answer: Answer, now: datetime) -> None:
        with self.lock:
            self.kept[place] = (now, answer)
            self.kept.move_to_end(place)
            while len(self.kept) > MAX_KEPT:
                self.kept.popitem(last=False)

    def _check_open(self, service: ServiceInfo, now: datetime) -> None:
        """Raises: ProviderFailed while the breaker is open; afterwards one call at a time tries again."""
        with self.lock:
            breaker = self.breakers.setdefault(service.id, _Breaker())
            if breaker.open_until is None:
                return
            if now < breaker.open_until:
                raise ProviderFailed("open")
            breaker.open_until = now + OPEN_FOR  # others keep away while this one tries

    def _note(self, service: ServiceInfo, *, is_good: bool, now: datetime) -> None:
        with self.lock:
            breaker = self.breakers.setdefault(service.id, _Breaker())
            breaker.failures = 0 if is_good else breaker.failures + 1
            breaker.open_until = now + OPEN_FOR if breaker.failures >= OPEN_AFTER else None


def write_address(base_url: str, rest: str, query: str) -> str:
    """Return the registered address with the service's path behind it: no part of it can lead elsewhere."""
    parts = [quote(part, safe="") for part in rest.split("/") if part]
    address = "/".join([base_url.rstrip("/"), *parts])
    return f"{address}?{query}" if query else address


def _ask(service: ServiceInfo, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    tries: list[Callable[[], Answer]] = [lambda: _ask_once(service, method, address, headers, body)]
    if method in _SAFE:
        tries *= 2
    for number, each in enumerate(tries, start=1):
        try:
            return each()
        except ProviderFailed as failed:
            if failed.reason != "unreachable" or number == len(tries):
                raise
    raise ProviderFailed("unreachable")


def _ask_once(service: ServiceInfo, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
    until = monotonic() + service.timeout_seconds
    waits = (min(CONNECT_SECONDS, service.timeout_seconds), service.timeout_seconds)
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.request(
                method,
                address,
                headers=dict(headers),
                data=body or None,
                timeout=waits,
                allow_redirects=False,
                stream=True,
            ) as reply:
                if reply.is_redirect:
                    raise ProviderFailed("redirect")
                content = _read(reply, service.max_bytes, until)
                returned = {name: value for name, value in reply.headers.items() if name.lower() in _RETURNED}
                return Answer(status=reply.status_code, headers=pass_headers(returned), body=content)
    except requests.Timeout as error:
        raise ProviderFailed("timeout") from error
    except (requests.RequestException, OSError) as error:
        raise ProviderFailed("unreachable") from error


def _read(reply: requests.Response, limit: int, until: float) -> bytes:
    """Return the body. Raises: ProviderFailed for one that is too large, or that drips in for too long."""
    content = bytearray()
    for block in reply.iter_content(16_384):
        content += block
        if len(content) > limit:
            raise ProviderFailed("too_large")
        if monotonic() > until:
            raise ProviderFailed("timeout")
    return bytes(content)


PROVIDERS = Providers()
