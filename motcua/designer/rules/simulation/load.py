"""What a simulation is fed with: a generated load, and durations and choices as history shows them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from motcua.designer.types import Arrival, Duration, SimulationTooLarge
from motcua.kernel.clock import HCM
from motcua.kernel.messages import N_
from motcua.kernel.workdays import WorkCalendar

MAX_CASES = 20_000
MAX_OBSERVED = 2_000


def poisson_arrivals(
    per_hour: Mapping[int, float],
    *,
    first_on: date,
    last_on: date,
    calendar: WorkCalendar,
    seed: int,
    variables: Sequence[tuple[float, Mapping[str, Any]]] = (),
    rest_day_factor: float = 0.2,
) -> tuple[Arrival, ...]:
    """Draw a load: `per_hour` dossiers expected in each hour of a working day, fewer on days of rest.

    `variables`: kinds of dossiers with their weight. Raises: SimulationTooLarge.
    """
    random = Random(seed)
    weights, kinds = [weight for weight, _ in variables], [kind for _, kind in variables]
    found: list[Arrival] = []
    on = first_on
    while on <= last_on:
        factor = 1.0 if calendar.is_workday(on) else rest_day_factor
        for hour, rate in sorted(per_hour.items()):
            for minute in _draw_minutes(random, max(rate, 0.0) * factor):
                at = datetime(on.year, on.month, on.day, hour % 24, tzinfo=HCM) + timedelta(minutes=minute)
                chosen = random.choices(kinds, weights)[0] if kinds else {}
                found.append(Arrival(at=at, variables=chosen))
                if len(found) > MAX_CASES:
                    raise SimulationTooLarge(N_("nhiều hơn %(most)s hồ sơ; hãy rút ngắn thời gian.", most=MAX_CASES))
        on += timedelta(days=1)
    return tuple(sorted(found, key=lambda arrival: arrival.at))


def _draw_minutes(random: Random, rate: float) -> list[float]:
    """Draw the minutes of one hour at which something comes, `rate` expected."""
    minutes: list[float] = []
    at = 0.0
    while rate > 0:
        at += random.expovariate(rate) * 60
        if at >= 60 or len(minutes) > MAX_CASES:
            return minutes
        minutes.append(at)
    return minutes


def durations_from_history(steps: Iterable[tuple[str, float, str]]) -> dict[str, Duration]:
    """Read history: element, minutes of work, outcome (empty: none) of each step done; outcomes become chances.

    Of a step with more than 2,000 observations evenly spread ones are kept, so that percentiles stay.
    """
    minutes: dict[str, list[float]] = defaultdict(list)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for element_id, taken, outcome in steps:
        minutes[element_id].append(max(taken, 0.0))
        if outcome:
            outcomes[element_id][outcome] += 1
    return {
        element_id: Duration(observed=_thin(sorted(taken)), chances=dict(outcomes[element_id]))
        for element_id, taken in minutes.items()
    }


def _thin(values: list[float]) -> tuple[float, ...]:
    if len(values) <= MAX_OBSERVED:
        return tuple(values)
    step = (len(values) - 1) / (MAX_OBSERVED - 1)
    return tuple(values[round(number * step)] for number in range(MAX_OBSERVED))
