"""Wait for several sources at once: each has its own few threads, all of them share one limit of time.

What runs beside others only waits for the network: it gets what it needs beforehand and touches no database. Should
a vendor's driver do so all the same, its connection is closed with the thread's work.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from django.db import connections

PER_SOURCE = 4  # questions to one source at the same time
Key = TypeVar("Key")
Got = TypeVar("Got")


class TooLate(Exception):
    """The question was put, and no answer came in time."""


class NotAsked(Exception):
    """The question was not put any more: its source had failed, or time was up."""


@dataclass(slots=True)
class SideBySide(Generic[Key, Got]):
    """Questions under way. `seconds`: how long all of them together may take, from the first on.

    What is late is given up: its thread ends by the source's own time-out, and nobody reads what it brings.
    """

    seconds: float
    _pools: dict[str, ThreadPoolExecutor] = field(default_factory=dict)
    _running: dict[Future[Got], tuple[str, Key]] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _until: float | None = None

    def send(self, source: str, key: Key, ask: Callable[[], Got]) -> None:
        """Begin to ask; whatever `ask` raises comes out of the answer's `result()`."""
        if self._until is None:
            self._until = monotonic() + self.seconds
        if source not in self._pools:
            self._pools[source] = ThreadPoolExecutor(PER_SOURCE, thread_name_prefix="motcua-fact")
        self._running[self._pools[source].submit(self._run, source, ask)] = (source, key)

    def is_busy(self) -> bool:
        """Tell whether anything is under way."""
        return bool(self._running)

    def has_failed(self, source: str) -> bool:
        """Tell whether this source is not asked any more."""
        return source in self._failed

    def give_up(self, source: str) -> None:
        """Ask this source nothing more, nor what already stands in its queue."""
        self._failed.add(source)

    def take(self) -> list[tuple[Key, Future[Got]]]:
        """Wait until answers came or time is up, and return them in the order of asking."""
        left = max((self._until or 0.0) - monotonic(), 0.0)
        done, _late = wait(self._running, timeout=left, return_when=FIRST_COMPLETED)
        came = [each for each in self._running if each in done]
        if came:
            return [(self._running.pop(each)[1], each) for each in came]
        given_up = [(key, _without_answer(each)) for each, (_source, key) in self._running.items()]
        self._failed.update(source for source, _key in self._running.values())
        self._running.clear()
        return given_up

    def close(self) -> None:
        """Let the threads go: those at work end by themselves."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, source: str, ask: Callable[[], Got]) -> Got:
        if source in self._failed:
            raise NotAsked
        try:
            return ask()
        finally:
            connections.close_all()


def _without_answer(running: Future[Got]) -> Future[Got]:
    ended: Future[Got] = Future()
    ended.set_exception(NotAsked() if running.cancel() else TooLate())
    return ended
