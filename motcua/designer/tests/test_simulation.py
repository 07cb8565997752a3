"""Playing a draft: the same seed the same play, nothing lost, queues where staff is short, bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.designer.rules import durations_from_history, poisson_arrivals, simulate
from motcua.designer.rules.simulation.report import percentile
from motcua.designer.tests import samples as s
from motcua.designer.types import Arrival, Duration, SimulationResult, SimulationTooLarge, Staff
from motcua.kernel.clock import HCM
from motcua.kernel.workdays import load_city_calendar
from motcua.process.bpmn import parse_process
from motcua.process.tests import drawings as d

CALENDAR = load_city_calendar()
DEFINITION = parse_process(s.process())
TERM = {"amount": 3, "unit": "workday"}
MONDAY = datetime(2026, 3, 2, 8, tzinfo=HCM)
SURE = {
    "receive": Duration(low=30, usual=30, high=30, chances={"accept": 1}),
    "appraise": Duration(low=60, usual=60, high=60, chances={"approve": 1}),
    "sign": Duration(low=10, usual=10, high=10, chances={"sign": 1}),
}


def play(
    arrivals: tuple[Arrival, ...],
    *,
    people: int = 0,
    durations: Mapping[str, Duration] = SURE,
    seed: int = 1,
    **more: Any,
) -> SimulationResult:
    staff = [Staff(role=role, people=people) for role in ("counter", "specialist", "leader")]
    return simulate(
        DEFINITION, arrivals=arrivals, staff=staff, durations=durations, calendar=CALENDAR, seed=seed, term=TERM, **more
    )


def every(minutes: int, count: int) -> tuple[Arrival, ...]:
    return tuple(Arrival(at=MONDAY + timedelta(minutes=minutes * number)) for number in range(count))


def test_one_dossier_takes_the_sum_of_its_steps() -> None:
    result = play(every(1, 1), people=1)
    assert (result.cases, result.finished, result.late_share) == (1, 1, 0)
    assert result.percentiles == {50: 100, 80: 100, 90: 100, 95: 100}
    assert result.outcomes == {"approved": 1}
    assert result.steps == {"receive": 30, "appraise": 60, "sign": 10}


def test_short_staff_makes_a_queue_where_it_is_short() -> None:
    result = play(every(10, 40), people=1)
    queues = {queue.role: queue for queue in result.queues}
    assert queues["specialist"].most_waiting > queues["leader"].most_waiting
    assert queues["counter"].mean_wait_minutes > 60
    assert queues["counter"].utilisation <= 1
    assert 0 < (result.late_share or 0) < 1
    assert play(every(10, 40), people=20).percentiles[95] == 100
    assert len(queues["counter"].points) == 120
    assert max(waiting for _, waiting in queues["counter"].points) <= queues["counter"].most_waiting


def test_work_rests_at_night_and_at_the_weekend() -> None:
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=HCM)
    result = play((Arrival(at=friday),), people=1)
    assert result.percentiles[50] == 100
    assert result.last_at is not None
    assert result.last_at.date() == date(2026, 3, 9)


def test_history_of_a_case_is_followed_step_by_step() -> None:
    told = {"receive": ("supplement", "accept"), "appraise": ("reject",), "sign": ("return", "sign")}
    arrivals = tuple(replace(arrival, outcomes=told) for arrival in every(5, 10))
    waits = {"answered": Duration(low=60, usual=60, high=60)}
    result = play(arrivals, durations=SURE | waits)
    assert result.outcomes == {"approved": 10}
    assert result.queues[0].done == 20


def test_a_message_that_does_not_come_leaves_the_timer() -> None:
    told = {"receive": ("supplement",)}
    arrivals = tuple(replace(arrival, outcomes=told) for arrival in every(5, 5))
    never = {"answered": Duration(chances={"happens": 0}), "withdrawing": Duration(chances={"happens": 0})}
    result = play(arrivals, durations=SURE | never)
    assert result.outcomes == {"stopped": 5}
    assert result.percentiles[50] > 15 * 480


def test_what_was_assumed_is_said() -> None:
    result = simulate(DEFINITION, arrivals=every(5, 5), staff=[], durations={}, calendar=CALENDAR, seed=1)
    assert result.late_share is None
    assert any("counter" in each for each in result.warnings_vi)
    assert any("sign" in each for each in result.warnings_vi)
    assert play(()).cases == 0


def test_a_loop_without_end_is_bounded_and_said() -> None:
    drawn = d.drawing(
        d.start(), d.gateway("m"), d.user("a"), d.gateway("x", default="x__m"), d.end(outcome="approved"),
        d.chain("start", "m", "a", "x", "m"), d.flow("x", "end", '=outcome = "never"'),
    )  # fmt: skip
    result = simulate(parse_process(drawn), arrivals=every(5, 3), staff=[], durations={}, calendar=CALENDAR, seed=1)
    assert (result.finished, result.unfinished) == (0, 3)
    assert any("kết thúc" in each for each in result.warnings_vi)


@pytest.mark.slow
def test_too_many_cases_are_refused() -> None:
    with pytest.raises(SimulationTooLarge):
        poisson_arrivals({9: 5_000}, first_on=date(2026, 1, 5), last_on=date(2026, 2, 5), calendar=CALENDAR, seed=1)
    with pytest.raises(SimulationTooLarge):
        play(every(1, 20_001))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), people=st.integers(1, 4), rate=st.floats(0.5, 8))
@pytest.mark.slow
def test_the_same_seed_plays_the_same_and_nothing_is_lost(seed: int, people: int, rate: float) -> None:
    arrivals = poisson_arrivals(
        {9: rate, 14: rate}, first_on=MONDAY.date(), last_on=date(2026, 3, 13), calendar=CALENDAR, seed=seed
    )
    first = play(arrivals, people=people, durations={}, seed=seed)
    assert first == play(arrivals, people=people, durations={}, seed=seed)
    assert first.finished + first.unfinished == first.cases == len(arrivals)
    assert first.unfinished == 0
    assert sum(first.outcomes.values()) == first.finished
    assert list(first.percentiles.values()) == sorted(first.percentiles.values())
    assert all(0 <= queue.utilisation <= 1 for queue in first.queues)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=50), st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], percent: int) -> None:
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found in ordered
    assert sum(value <= found for value in ordered) * 100 >= percent * len(ordered)


def test_history_becomes_durations_and_chances() -> None:
    found = durations_from_history([("sign", 10, "sign"), ("sign", 30, "return"), ("sign", 20, "sign"), ("a", 5, "")])
    assert found["sign"].observed == (10, 20, 30)
    assert found["sign"].chances == {"sign": 2, "return": 1}
    assert len(durations_from_history(("a", n, "") for n in range(9_000))["a"].observed) == 2_000


@pytest.mark.slow
def test_five_thousand_dossiers_take_seconds() -> None:
    arrivals = poisson_arrivals(
        {8: 4, 9: 6, 10: 5, 14: 4, 15: 3},
        first_on=date(2026, 1, 5),
        last_on=date(2026, 12, 11),
        calendar=CALENDAR,
        seed=3,
    )
    assert len(arrivals) > 5_000
    started = perf_counter()
    result = play(arrivals, people=5, durations={})
    assert perf_counter() - started < 20
    assert result.finished == len(arrivals)
