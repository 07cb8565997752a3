"""An agency's own HTTP service behind the gateway: time-outs, size limit, circuit breaker, answers kept where allowed.

Only the registered address is ever called: path and query are appended to it as they came, redirects are not
followed but handed back, the environment's proxies are not used. One retry, of GET and HEAD only, and only when no
answer began. A cookie is for the caller who got it: an answer is kept without.

The breaker is each process's own. A provider that is down costs every process OPEN_AFTER calls before it is left alone,
each at most CONNECT_SECONDS or the service's time-out, then one call in OPEN_FOR; with four processes that is 20 calls.
A shared breaker would cost a query on every good call, and let one process whose own network is cut off close a
provider to all others.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from motcua.exchange.adapters.wire import ProviderFailed, ask_once
from motcua.exchange.types import Answer, ServiceInfo

OPEN_AFTER = 5  # failures in a row
OPEN_FOR = timedelta(seconds=30)
MAX_KEPT = 500
_SAFE = ("GET", "HEAD")
_OK = 200
_SERVER_ERROR = 500
_PERSONAL = ("authorization", "cookie")  # an answer to these is for one caller only

__all__ = ["OPEN_AFTER", "OPEN_FOR", "PROVIDERS", "ProviderFailed", "ProviderHealth", "Providers"]
Place = tuple[int, str, str, str, str]


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """What this process knows of a provider: how many calls in a row failed; until when it is left alone."""

    failures: int
    open_until: datetime | None


@dataclass(slots=True)
class Providers:
    """What this process knows of the services it calls: who fails, and answers that may be given again."""

    breakers: dict[int, _Breaker] = field(default_factory=dict)
    kept: OrderedDict[Place, tuple[datetime, Answer]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(
        self, service: ServiceInfo, *, method: str, rest: str, query: str, headers: Mapping[str, str], body: bytes,
        added: Mapping[str, str], share: str, now: datetime,
    ) -> Answer:  # fmt: skip
        """Ask the provider. `added`: headers of ours; `share`: who may get a kept answer. Raises: ProviderFailed.

        `rest`: the path behind the registered address, percent-encoded, as it came.
        """
        named = {name.lower(): value for name, value in headers.items()}
        place = (service.id, share, named.get("accept", ""), named.get("accept-language", ""), f"{rest}?{query}")
        may_keep = method == "GET" and service.cache_seconds > 0 and not any(name in named for name in _PERSONAL)
        may_repeat = may_keep and "no-" not in named.get("cache-control", "")
        if may_repeat and (known := self._find(place, service, now)) is not None:
            return known
        self._check_open(service, now)
        try:
            answer = _ask(service, method, (rest, query), {**headers, **added}, body)
        except ProviderFailed:
            self._note(service, is_good=False, now=now)
            raise
        self._note(service, is_good=answer.status < _SERVER_ERROR, now=now)
        if may_keep and answer.status == _OK and not _forbids(answer):
            headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
            self._keep(place, Answer(status=answer.status, headers=headers, body=answer.body), now)
        return answer

    def list_health(self) -> Mapping[int, ProviderHealth]:
        """Return what is known of providers, by service."""
        with self.lock:
            return {key: ProviderHealth(each.failures, each.open_until) for key, each in self.breakers.items()}

    def _find(self, place: Place, service: ServiceInfo, now: datetime) -> Answer | None:
        with self.lock:
            at, answer = self.kept.get(place, (None, None))
        if at is None or answer is None or not timedelta(0) <= now - at < timedelta(seconds=service.cache_seconds):
            return None
        marks = {"Age": str(int((now - at).total_seconds())), "X-Cache": "HIT"}
        return Answer(status=answer.status, headers={**answer.headers, **marks}, body=answer.body)

    def _keep(self, place: Place, answer: Answer, now: datetime) -> None:
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


def _forbids(answer: Answer) -> bool:
    told = next((value for name, value in answer.headers.items() if name.lower() == "cache-control"), "").lower()
    return "no-store" in told or "private" in told


def _ask(service: ServiceInfo, method: str, where: tuple[str, str], headers: Mapping[str, str], body: bytes) -> Answer:
    tries = 2 if method in _SAFE else 1
    for left in reversed(range(tries)):
        try:
            return ask_once(
                service.base_url, method=method, rest=where[0], query=where[1], headers=headers, body=body,
                timeout_seconds=service.timeout_seconds, max_bytes=service.max_bytes,
            )  # fmt: skip
        except ProviderFailed as failed:
            if failed.reason != "unreachable" or not left:
                raise
    raise ProviderFailed("unreachable")


PROVIDERS = Providers()
