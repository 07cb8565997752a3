"""Soundness: 60 elements under a second, twelve branches cost a sum and not a product; a year of dossiers played."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from benchmarks import Promise
from motcua.designer.rules import poisson_arrivals, simulate
from motcua.designer.types import Staff
from motcua.kernel.workdays import load_city_calendar
from motcua.process.bpmn import parse_process
from motcua.process.soundness import check_soundness
from motcua.process.tests import drawings as d


def draw(branches: int, *, tasks: int = 3) -> bytes:
    """Draw branches side by side, each with tasks that can be withdrawn, a choice and a loop back."""
    parts = [d.start(), d.gateway("fork", "parallel"), d.gateway("join", "parallel"), d.end(outcome="approved")]
    parts += [d.end("withdrawn", terminate=True, outcome="withdrawn"), d.chain("start", "fork"), d.chain("join", "end")]
    for branch in range(branches):
        names = [f"task{branch}_{number}" for number in range(tasks)]
        parts += [d.user(name, outcomes="go|back") for name in names]
        parts += [
            d.boundary(f"withdraw{branch}", names[0], d.message("withdraw")),
            d.flow(f"withdraw{branch}", "withdrawn"),
        ]
        parts += [d.gateway(f"merge{branch}"), d.gateway(f"check{branch}", default=f"check{branch}__join")]
        parts += [d.chain("fork", f"merge{branch}", *names, f"check{branch}"), d.flow(f"check{branch}", "join")]
        parts.append(d.flow(f"check{branch}", f"merge{branch}", f'=answer{branch} = "back"'))
    return d.drawing(*parts, messages=("withdraw",))


def measure(branches: int) -> tuple[float, int, int]:
    """Return the seconds of one check (best of three), how many elements, how many states."""
    definition = parse_process(draw(branches))
    best, states = 60.0, 0
    for _ in range(3):
        started = perf_counter()
        verdict = check_soundness(definition)
        best, states = min(best, perf_counter() - started), verdict.states
        assert verdict.is_sound
    return best, len(definition.elements), states


def play_a_year() -> tuple[float, int]:
    """Return the seconds that some 5,000 dossiers through a small procedure take, and how many they were."""
    definition = parse_process(d.one_stop())
    calendar = load_city_calendar()
    arrivals = poisson_arrivals(
        {8: 3, 9: 5, 10: 5, 14: 4, 15: 3},
        first_on=date(2026, 1, 5),
        last_on=date(2026, 12, 20),
        calendar=calendar,
        seed=7,
    )
    staff = [Staff(role="counter", people=4), Staff(role="specialist", people=6)]
    started = perf_counter()
    simulate(
        definition, arrivals=arrivals, staff=staff, durations={}, calendar=calendar, seed=7,
        term={"amount": 3, "unit": "workday"},
    )  # fmt: skip
    return perf_counter() - started, len(arrivals)


def run() -> list[Promise]:
    """Measure the checks in one run, so that the machine's speed falls out of the ratio."""
    small, _, few = measure(3)
    sixty, elements, _ = measure(10)
    large, _, many = measure(12)
    seconds, cases = play_a_year()
    return [
        Promise(
            "soundness: a process of 60 elements", sixty, 1.0, at_least=False, unit=" s", detail=f"{elements} elements"
        ),
        Promise(
            "soundness: twelve branches ÷ three branches",
            large / small,
            16,
            at_least=False,
            detail=f"{few} and {many} states; without the reduction 6^3 and 6^12",
        ),
        Promise(
            "simulation: dossiers played", cases / seconds, 500, at_least=True, unit="/s", detail=f"{cases} dossiers"
        ),
    ]
