"""Play cases through a process, event by event, on the clock of open office. Deterministic by its seed, bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from motcua.designer.rules.golden_clock import Clock
from motcua.designer.rules.simulation.desks import Desk, Work
from motcua.designer.rules.simulation.drawing import Dice
from motcua.designer.rules.simulation.load import MAX_CASES
from motcua.designer.rules.simulation.report import make_result
from motcua.designer.rules.simulation.stepping import Decide, Stand, Stepper
from motcua.designer.types import Arrival, Duration, SimulationResult, SimulationTooLarge, Staff
from motcua.kernel.messages import N_
from motcua.kernel.workdays import Budget, CalendarOutOfRange, WorkCalendar
from motcua.process.durations import parse_duration
from motcua.process.types import (
    AwaitMessage,
    AwaitSignal,
    CancelMessage,
    CancelService,
    CancelSignal,
    CancelTask,
    CancelTimer,
    Command,
    CreateTask,
    EndCase,
    EnterStage,
    MessageReceived,
    ProcessDefinition,
    ProcessEvent,
    ProcessStepError,
    RunService,
    ScheduleTimer,
    ServiceCompleted,
    SignalReceived,
    TaskCompleted,
    TimerFired,
)

MAX_EVENTS = 2_000_000
MAX_EVENTS_OF_A_CASE = 500


@dataclass(slots=True)
class Case:
    """One dossier on its way."""

    arrival: Arrival
    clock: Clock
    number: int = 0
    events: int = 0
    ended_at: datetime | None = None
    outcome: str = ""
    is_late: bool = False
    is_stuck: bool = False
    open: dict[str, Work | None] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)  # element -> outcomes of history used up


def simulate(
    definition: ProcessDefinition,
    *,
    arrivals: Sequence[Arrival],
    staff: Sequence[Staff],
    durations: Mapping[str, Duration],
    calendar: WorkCalendar,
    seed: int,
    term: Mapping[str, Any] | None = None,
    decide: Decide | None = None,
    library: Mapping[str, ProcessDefinition] | None = None,
) -> SimulationResult:
    """Play the arrivals through the process with these people, and tell times, queues and lateness.

    `term`: the [term] of procedure.toml, counted with pauses as the clock of a case counts. A role without staff has
    as many people as it needs; a step without a duration takes a part of its share; both are said in `warnings_vi`.
    Raises: SimulationTooLarge.
    """
    if len(arrivals) > MAX_CASES:
        raise SimulationTooLarge(N_("nhiều hơn %(most)s hồ sơ; hãy chọn ít hơn.", most=MAX_CASES))
    play = _Play(definition, staff, Dice(seed, durations), calendar, term or {})
    if arrivals:
        play.stepper = Stepper(definition, decide, library or {}, arrivals[0].at)
        play.run(sorted(arrivals, key=lambda arrival: arrival.at))
    return make_result(play.cases, play.desks, play.steps, play.dice, calendar, has_term=bool(term))


class _Play:
    """The events still to come, the cases, the desks."""

    stepper: Stepper

    def __init__(
        self,
        definition: ProcessDefinition,
        staff: Sequence[Staff],
        dice: Dice,
        calendar: WorkCalendar,
        term: Mapping[str, Any],
    ) -> None:
        self.definition = definition
        self.dice = dice
        self.calendar = calendar
        self.term = term
        self.cases: list[Case] = []
        people = {each.role: max(each.people, 0) for each in staff}
        self.desks = {role: Desk(role, people.get(role, 0)) for role in definition.roles}
        self.steps: dict[str, list[float]] = {}
        self.heap: list[tuple[float, int, str, int, str, Work | None]] = []
        self.order = 0

    # time

    def position(self, at: datetime) -> float:
        return float(self.calendar.position_of(at, unit="work_hour"))

    def moment(self, position: float) -> datetime:
        return self.calendar.moment_of(round(position), unit="work_hour")

    def after(self, now: float, minutes: float) -> float:
        """Return where the wall clock stands after so many of its minutes."""
        return now if minutes <= 0 else max(now, self.position(self.moment(now) + timedelta(minutes=minutes)))

    def plan(self, at: float, what: str, case: int, token: str, work: Work | None = None) -> None:
        self.order += 1
        heappush(self.heap, (at, self.order, what, case, token, work))

    # playing

    def run(self, arrivals: Sequence[Arrival]) -> None:
        for number, arrival in enumerate(arrivals):
            self.cases.append(Case(arrival, Clock(self.term, self.calendar, arrival.at)))
            self.plan(self.position(arrival.at), "arrive", number, "")
        events = 0
        while self.heap:
            events += 1
            if events > MAX_EVENTS:
                raise SimulationTooLarge(N_("quá nhiều bước; hãy giảm số hồ sơ hoặc kiểm tra vòng lặp."))
            now, _, what, number, token, work = heappop(self.heap)
            try:
                self.happen(now, what, number, token, work)
            except CalendarOutOfRange:
                self.cases[number].is_stuck = True

    def happen(self, now: float, what: str, number: int, token: str, work: Work | None) -> None:
        case = self.cases[number]
        if what == "arrive":
            try:
                stand = self.stepper.begin(case.arrival.variables)
            except ProcessStepError:
                case.is_stuck = True
                return
            self.obey(number, stand, now)
        elif what == "work":
            assert work is not None  # planned with it
            self.finish(number, work, now)
        elif token in case.open:
            self.step(number, self.event_of(what, case, token), what, token, "", now)

    def event_of(self, what: str, case: Case, token: str) -> ProcessEvent:
        if what == "timer":
            return TimerFired(token)
        if what == "service":
            return ServiceCompleted(token)
        element = self.definition.by_id[self.stepper.element_of(case.number, token)]
        return SignalReceived(element.signal) if what == "signal" else MessageReceived(element.message)

    def step(self, number: int, event: ProcessEvent, what: str, token: str, choice: str, now: float) -> None:
        case = self.cases[number]
        case.events += 1
        if case.ended_at is not None or case.is_stuck:
            return
        if case.events > MAX_EVENTS_OF_A_CASE:
            case.is_stuck = True
            return
        try:
            stand = self.stepper.step(case.number, event, kind=what, token=token, choice=choice)
        except ProcessStepError:
            case.is_stuck = True
            return
        case.open.pop(token, None)
        self.obey(number, stand, now)

    def finish(self, number: int, work: Work, now: float) -> None:
        """A person is done with a piece of work; it counts when the process still waits for it."""
        element = self.definition.by_id[work.element_id]
        desk, case = self.desks[element.role], self.cases[number]
        is_awaited = case.open.get(work.token) is work
        desk.free(work.minutes, is_done=is_awaited)
        if is_awaited:
            self.steps.setdefault(element.id, []).append(now - work.since)
            choice = self.choose(case, element.id)
            outputs = {"outcome": choice} if choice else {}
            self.step(number, TaskCompleted(work.token, outputs), "task", work.token, choice, now)
        self.seat(desk, now)

    def choose(self, case: Case, element_id: str) -> str:
        """Return what history says of this step, in order; else draw."""
        element = self.definition.by_id[element_id]
        told, used = case.arrival.outcomes.get(element_id, ()), case.told.get(element_id, 0)
        case.told[element_id] = used + 1
        if used < len(told) and told[used] in element.outcomes:
            return told[used]
        return self.dice.outcome(element)

    def seat(self, desk: Desk, now: float) -> None:
        while (work := desk.take(now)) is not None:
            self.plan(now + work.minutes, "work", work.case, work.token, work)

    # what the process tells the world to do

    def obey(self, number: int, stand: Stand, now: float) -> None:
        case = self.cases[number]
        case.number = stand.number
        for command in stand.commands:
            if isinstance(command, CreateTask):
                self.give(number, command, now)
            elif isinstance(command, RunService):
                case.open[command.token] = None
                minutes = self.dice.machine_minutes(command.element_id)
                self.plan(self.after(now, minutes), "service", number, command.token)
            elif isinstance(command, ScheduleTimer):
                case.open[command.token] = None
                self.plan(self.due(command, now), "timer", number, command.token)
            elif isinstance(command, (AwaitMessage, AwaitSignal)):
                self.wait(number, command, now)
            else:
                self.note(case, command, now)

    def note(self, case: Case, command: Command, now: float) -> None:
        if isinstance(command, (CancelTask, CancelService, CancelTimer, CancelMessage, CancelSignal)):
            work = case.open.pop(command.token, None)
            if work is not None:
                role = self.definition.by_id[work.element_id].role
                self.desks[role].drop(work, now)
        elif isinstance(command, EnterStage):
            case.clock.enter(command.stage, self.moment(now))
        elif isinstance(command, EndCase):
            case.ended_at, case.outcome = self.moment(now), command.outcome
            case.clock.end(case.ended_at)
            due_at = case.clock.due_at
            stopped_at = case.clock.entries[-1].at
            case.is_late = due_at is not None and stopped_at > due_at

    def give(self, number: int, command: CreateTask, now: float) -> None:
        element = self.definition.by_id[command.element_id]
        work = Work(number, command.token, element.id, now, self.dice.work_minutes(element))
        self.cases[number].open[command.token] = work
        desk = self.desks[element.role]
        desk.put(work, now)
        self.seat(desk, now)

    def wait(self, number: int, command: AwaitMessage | AwaitSignal, now: float) -> None:
        case = self.cases[number]
        case.open[command.token] = None
        element = self.definition.by_id[self.stepper.element_of(case.number, command.token)]
        minutes = self.dice.outside_minutes(element)
        if minutes is not None:
            what = "message" if isinstance(command, AwaitMessage) else "signal"
            self.plan(self.after(now, minutes), what, number, command.token)

    def due(self, command: ScheduleTimer, now: float) -> float:
        """Return when a timer goes off; one whose length cannot be told goes off at once."""
        duration = parse_duration(command.duration_iso) if command.duration_iso else None
        if duration is None:
            return now if command.due_at is None else max(now, self.position(command.due_at))
        at = self.moment(now)
        if command.counts == "workday" and duration.days and not duration.hours:
            return max(now, self.position(self.calendar.add(at, Budget(duration.days, "workday"))))
        if command.counts == "workday":
            return now + duration.hours * 60 + duration.minutes
        return max(now, self.position(duration.after(at)))
