"""From the played cases to percentiles, queues over time and the late share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from motcua.designer.rules.simulation.desks import Desk
from motcua.designer.rules.simulation.drawing import Dice
from motcua.designer.types import Arrival, Queue, SimulationResult
from motcua.kernel.messages import N_
from motcua.kernel.workdays import WorkCalendar

PERCENTS = (50, 80, 90, 95)
MAX_POINTS = 120


class Played(Protocol):
    """A case after the play."""

    arrival: Arrival
    ended_at: datetime | None
    outcome: str
    is_late: bool


def make_result(
    cases: Sequence[Played],
    desks: Mapping[str, Desk],
    steps: Mapping[str, Sequence[float]],
    dice: Dice,
    calendar: WorkCalendar,
    *,
    has_term: bool,
) -> SimulationResult:
    """Sum up a play."""
    taken = sorted(
        calendar.measure(case.arrival.at, case.ended_at, unit="workday") for case in cases if case.ended_at is not None
    )
    ends = [case.ended_at for case in cases if case.ended_at is not None]
    late = sum(case.is_late for case in cases)
    return SimulationResult(
        cases=len(cases),
        finished=len(taken),
        unfinished=len(cases) - len(taken),
        percentiles={percent: percentile(taken, percent) for percent in PERCENTS},
        queues=tuple(_sum_up(desk, calendar, cases) for desk in desks.values()),
        late_share=late / len(taken) if has_term and taken else None,
        outcomes=dict(sorted(Counter(case.outcome for case in cases if case.ended_at is not None).items())),
        steps={element_id: sum(minutes) / len(minutes) for element_id, minutes in sorted(steps.items())},
        first_at=cases[0].arrival.at if cases else None,
        last_at=max(ends, default=None),
        warnings_vi=tuple(_warn(cases, desks, dice)),
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of the ordered values do not exceed (nearest rank); 0 of none."""
    if not ordered:
        return 0.0
    rank = -(-percent * len(ordered) // 100)
    return float(ordered[max(rank, 1) - 1])


def _sum_up(desk: Desk, calendar: WorkCalendar, cases: Sequence[Played]) -> Queue:
    if not desk.changes:
        return Queue(
            role=desk.role, people=desk.people, done=0, mean_waiting=0, most_waiting=0, mean_wait_minutes=0,
            utilisation=0, points=(),
        )  # fmt: skip
    first, last = desk.changes[0][0], max(desk.last or 0.0, desk.changes[0][0] + 1)
    started = desk.done or 1
    return Queue(
        role=desk.role,
        people=desk.people,
        done=desk.done,
        mean_waiting=desk.area / (last - first),
        most_waiting=desk.most_waiting,
        mean_wait_minutes=desk.waited / started,
        utilisation=min(desk.worked / (desk.people * (last - first)), 1.0) if desk.people else 0.0,
        points=tuple(_points(desk.changes, first, last, calendar)),
    )


def _points(
    changes: Sequence[tuple[float, int]], first: float, last: float, calendar: WorkCalendar
) -> list[tuple[datetime, int]]:
    """Read the queue at evenly spread moments."""
    found: list[tuple[datetime, int]] = []
    at = 0
    for number in range(MAX_POINTS):
        moment = first + (last - first) * number / (MAX_POINTS - 1)
        while at + 1 < len(changes) and changes[at + 1][0] <= moment:
            at += 1
        found.append((calendar.moment_of(round(moment), unit="work_hour"), changes[at][1]))
    return found


def _warn(cases: Sequence[Played], desks: Mapping[str, Desk], dice: Dice) -> list[str]:
    found: list[str] = []
    unstaffed = sorted(desk.role for desk in desks.values() if not desk.people)
    if unstaffed:
        found.append(N_("Chưa ghi số người của %(roles)s: coi như đủ người, không ai chờ.", roles=", ".join(unstaffed)))
    if dice.guessed_times:
        names = ", ".join(sorted(dice.guessed_times))
        found.append(N_("Chưa có thời gian thực tế của %(names)s: lấy theo phần thời hạn của bước.", names=names))
    if dice.guessed_outcomes:
        names = ", ".join(sorted(dice.guessed_outcomes))
        found.append(N_("Chưa có tỷ lệ lựa chọn của %(names)s: coi 90%% hồ sơ đi nhánh đầu.", names=names))
    if any(case.ended_at is None for case in cases):
        found.append(N_("Có hồ sơ không đi tới kết thúc; hãy chạy kiểm tra quy trình."))
    return found
