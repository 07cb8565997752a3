"""Who handles which event, and which jobs come round: filled when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from motcua.kernel.events import Event

EventT = TypeVar("EventT", bound=Event)


class JobCall(Protocol):
    """A periodic job."""

    def __call__(self, *, now: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Handler:
    """One subscriber of one kind of event."""

    name: str
    event_class: type[Event]
    call: Callable[..., object]
    asks_network: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One periodic job."""

    name: str
    every_seconds: int
    call: JobCall


_handlers: dict[str, Handler] = {}
_jobs: dict[str, Job] = {}


def subscribe(
    event_class: type[EventT], name: str, *, asks_network: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate `handler(event, *, now)` to receive every event of the class, at least once; so make it idempotent.

    `name` ('dossiers.prepare_result') is stored with each delivery: never change it while deliveries wait. A handler
    that `asks_network` (a gateway, a signing service) runs in no transaction but its own, by one worker at a time.
    Raises: ValueError when the name is taken by another function.
    """

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        if not event_class.event_type:
            raise ValueError(f"{event_class.__name__} sets no event_type.")
        known = _handlers.get(name)
        if known is not None and known.call is not call:
            raise ValueError(f"The handler {name} is registered already.")
        _handlers[name] = Handler(name, event_class, call, asks_network)
        return call

    return register


def unsubscribe(name: str) -> None:
    """Forget a handler; its waiting deliveries stay until it is known again."""
    _handlers.pop(name, None)


def list_handlers(event_type: str) -> tuple[Handler, ...]:
    """Return the handlers of one kind of event, in the order of their names."""
    return tuple(_handlers[name] for name in sorted(_handlers) if _handlers[name].event_class.event_type == event_type)


def get_handler(name: str) -> Handler:
    """Return one handler. Raises: KeyError."""
    return _handlers[name]


def handler_names() -> list[str]:
    """Return the names of all handlers of this process."""
    return sorted(_handlers)


def register_periodic(name: str, every_seconds: int) -> Callable[[JobCall], JobCall]:
    """Decorate `job(*, now)` to be run by the worker every so many seconds, by one worker at a time it is due.

    A job may start while a slow run of it still goes on: it takes its own locks.
    Raises: ValueError when the name is taken by another function.
    """

    def register(call: JobCall) -> JobCall:
        if every_seconds < 1:
            raise ValueError("A job comes round once a second at most.")
        known = _jobs.get(name)
        if known is not None and known.call is not call:
            raise ValueError(f"The job {name} is registered already.")
        _jobs[name] = Job(name=name, every_seconds=every_seconds, call=call)
        return call

    return register


def unregister_periodic(name: str) -> None:
    """Forget a periodic job."""
    _jobs.pop(name, None)


def get_job(name: str) -> Job:
    """Return one periodic job. Raises: KeyError."""
    return _jobs[name]


def job_names() -> list[str]:
    """Return the names of all periodic jobs of this process."""
    return sorted(_jobs)
