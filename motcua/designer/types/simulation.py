"""What a simulation is fed with and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class SimulationTooLarge(DomainError):
    """More than can be played in reasonable time."""

    http_status = 422

    def __init__(self, reason_vi: str) -> None:
        super().__init__("designer.simulation_too_large", N_("Không mô phỏng được: %(reason)s", reason=reason_vi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One dossier that comes in: when, with what, and (for a case of last year) which outcome each step had."""

    at: datetime
    variables: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # element id -> outcomes, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How many people do the work of a role at the same time."""

    role: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long a step takes and how it comes out. Unit: minutes of open office for people, of the wall clock else.

    With `observed` minutes (from history) these are drawn from; else a triangle of `low`, `usual`, `high`.
    `chances`: outcome -> weight; outcomes without a weight are equally likely.
    """

    low: float = 0
    usual: float = 0
    high: float = 0
    observed: tuple[float, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What stood before one role. `points`: (moment, cases waiting), at most 120 of them, evenly spread."""

    role: str
    people: int
    done: int
    mean_waiting: float
    most_waiting: int
    mean_wait_minutes: float
    utilisation: float  # share of the staff's open hours spent working, 0..1
    points: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationResult:
    """What a simulated load would do. Unit: `percentiles` (50, 80, 90, 95) in minutes on the working-day axis.

    On that axis one working day is 480. `late_share` is of the cases that have a term, None without a term.
    """

    cases: int
    finished: int
    unfinished: int
    percentiles: Mapping[int, float]
    queues: tuple[Queue, ...]
    late_share: float | None
    outcomes: Mapping[str, int]
    steps: Mapping[str, float]  # element id -> mean minutes from waiting to done
    first_at: datetime | None
    last_at: datetime | None
    warnings_vi: tuple[str, ...] = ()
