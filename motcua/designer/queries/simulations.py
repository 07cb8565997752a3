"""Play a draft: against what came in before, or against a load that somebody thinks of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from motcua.cases.public import list_openings, list_steps_done
from motcua.designer.rules import durations_from_history, poisson_arrivals, simulate
from motcua.designer.rules.plain import read_toml
from motcua.designer.types import Arrival, SimulationResult, SimulationTooLarge, Staff
from motcua.designer.types.drafts import DraftInfo, FileUnreadable
from motcua.kernel import clock
from motcua.kernel.messages import N_
from motcua.places.public import get_work_calendar
from motcua.process.public import ProcessDefinitionError, parse_process

MAX_ARRIVALS = 1_500  # about a second of computing: the page answers at once
YEAR = timedelta(days=365)
WEEKS = timedelta(days=28)
_HOURS = range(8, 17)
_KINDS: tuple[tuple[float, Mapping[str, Any]], ...] = ((0.7, {"channel": "online"}), (0.3, {"channel": "in_person"}))


def play_draft(
    draft: DraftInfo,
    files: Mapping[str, bytes],
    *,
    source: str,
    per_day: int,
    staff: Mapping[str, int],
    seed: int,
    now: datetime,
) -> SimulationResult:
    """Play the draft's process with these people. `source`: "history" (last year's cases) or "load" (generated).

    A finished step of last year took from when it waited to when it was done: waiting at the desk is part of it.
    Raises: FileUnreadable, SimulationTooLarge.
    """
    try:
        definition = parse_process(files["process.bpmn"])
    except (KeyError, ProcessDefinitionError) as error:
        raise FileUnreadable("process.bpmn") from error
    calendar, since = get_work_calendar(draft.agency_id), now - YEAR
    term = read_toml(files.get("procedure.toml", b"")).get("term", {})
    if source == "history":
        openings = list_openings(draft.slug, since=since, limit=MAX_ARRIVALS)
        arrivals = tuple(Arrival(at=each.opened_at, variables=each.variables) for each in openings)
        durations = durations_from_history(
            (step.element_id, float(calendar.work_minutes_between(step.started_at, step.finished_at)), step.outcome)
            for step in list_steps_done(draft.slug, since=since)
        )
        if not arrivals:
            raise SimulationTooLarge(N_("một năm qua chưa có hồ sơ nào; hãy dùng lượng hồ sơ giả định."))
    else:
        today = clock.local_date(now)
        hourly = {hour: per_day / len(_HOURS) for hour in _HOURS}
        arrivals = poisson_arrivals(
            hourly, first_on=today, last_on=today + WEEKS, calendar=calendar, seed=seed, variables=_KINDS
        )[:MAX_ARRIVALS]
        durations = {}
    people = [Staff(role=role, people=number) for role, number in staff.items() if number > 0]
    return simulate(
        definition,
        arrivals=arrivals,
        staff=people,
        durations=durations,
        calendar=calendar,
        seed=seed,
        term=term if isinstance(term, dict) else None,
    )
