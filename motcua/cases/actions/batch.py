"""Turn what the process commands into rows, gathered first and written in as few statements as there are tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet

from motcua.audit.public import SYSTEM, Actor
from motcua.cases import rules
from motcua.cases.models import OPEN_TASK, Case, ClockLine, ServiceCall, SignalListener, Task, TimelineEntry, Timer
from motcua.cases.queries.ledger import cached_due_at, get_calendar_of, read_case_clock, task_due_at
from motcua.cases.queries.processes import get_compiled
from motcua.cases.queries.texts import write_sentence
from motcua.cases.types import (
    Audience,
    CaseClosed,
    CaseEscalated,
    CaseEvent,
    MessageSent,
    ServiceRequested,
    SignalBroadcast,
    StageEntered,
)
from motcua.kernel.events import Event
from motcua.outbox.public import insert_row, insert_rows, publish_all
from motcua.process import public as process

_UPDATED = ["state", "revision", "stage", "due_at", "clock_state", "stopped_at", "closed_at", "outcome"]
_CLOCK_AFTER = {
    "start": "running",
    "resume": "running",
    "restart": "running",
    "extend": "running",
    "pause": "paused",
    "stop": "stopped",
}


@dataclass(slots=True)
class Batch:
    """Everything one change of a case writes. `lines` is its ledger so far; None means: read it when needed."""

    case: Case
    now: datetime
    actor: Actor = SYSTEM
    lines: list[ClockLine] | None = None
    new_lines: list[ClockLine] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    services: dict[str, ServiceCall] = field(default_factory=dict)
    entries: list[TimelineEntry] = field(default_factory=list)
    events: list[tuple[type[CaseEvent], dict[str, Any]]] = field(default_factory=list)
    listens_anew: bool = False
    gone_tasks: list[str] = field(default_factory=list)
    gone_timers: list[str] = field(default_factory=list)
    gone_services: list[str] = field(default_factory=list)

    # ---- Gathering

    def take(self, step: process.Step) -> None:
        """Take one step of the process: its state, and its commands in order."""
        self.case.state = step.state
        self.listens_anew |= get_compiled(self.case.process_version_id).has_signals
        for command in step.commands:
            self._obey(command)

    def say(self, kind: str, *, audience: Audience, data: Mapping[str, Any], actor: Actor | None = None) -> None:
        """Add an entry of one of our own kinds to the timeline."""
        text = write_sentence(kind, data=data)
        self.entries.append(make_entry(self.case, kind, text, audience, data, actor or self.actor, self.now))

    def announce(self, event: type[CaseEvent], **facts: Any) -> None:
        """Publish an event about this case when the batch is written."""
        self.events.append((event, facts))

    def move_clock(
        self, kind: str, *, reason: str = "", legal_ref: str = "", at: datetime | None = None, **extra: datetime
    ) -> None:
        """Add a line to the ledger and read the due time again."""
        lines = self.ledger()
        moment = at or self.now
        if lines and moment < lines[-1].at:
            moment = lines[-1].at  # a clock that the law starts later than the filing is not moved before its start
        line = ClockLine(
            case=self.case,
            seq=len(lines) + 1,
            kind=kind,
            at=moment,
            reason=reason,
            legal_ref=legal_ref or rules.LEGAL_CLOCK.get(kind, ""),
            new_due_at=extra.get("new_due_at"),
        )
        lines.append(line)
        self.new_lines.append(line)
        self.case.clock_state = _CLOCK_AFTER[kind]
        self.case.stopped_at = self.now if kind == "stop" else None
        self.case.due_at = cached_due_at(self.case, read_case_clock(self.case, lines, now=self.now))

    def ledger(self) -> list[ClockLine]:
        """Return the lines so far, read at most once."""
        if self.lines is None:
            self.lines = list(ClockLine.objects.filter(case=self.case).order_by("seq"))
        return self.lines

    def _obey(self, command: process.Command) -> None:
        match command:
            case process.CreateTask():
                self.tasks[command.token] = _make_task(self.case, command, self.now)
            case process.RunService():
                self.services[command.token] = _make_service(self.case, command, self.now)
                self.announce(ServiceRequested, token=command.token, topic=command.topic)
            case process.ScheduleTimer():
                self.timers[command.token] = _make_timer(self.case, command, self.now)
            case process.EnterStage():
                self._enter_stage(command.stage)
            case process.EndCase():
                self._end(command.outcome)
            case process.CancelTask():
                _drop(command.token, self.tasks, self.gone_tasks)
            case process.CancelTimer():
                _drop(command.token, self.timers, self.gone_timers)
            case process.CancelService():
                _drop(command.token, self.services, self.gone_services)
            case _:
                self._tell(command)

    def _tell(self, command: process.Command) -> None:
        """Tell others; what may be received is said by the state itself."""
        match command:
            case process.SendMessage():
                self._send(command)
            case process.BroadcastSignal():
                self.announce(SignalBroadcast, name=command.name, payload=_to_text(command.payload))
            case process.AwaitSignal() | process.CancelSignal():
                self.listens_anew = True
            case process.EscalationRaised():
                self._escalate(command)
            case _:
                pass

    def _send(self, command: process.SendMessage) -> None:
        self.say("message_sent", audience="office", data={"message": command.name})
        self.announce(
            MessageSent,
            element_id=command.element_id,
            name=command.name,
            payload=_to_text(command.payload),
            correlation=command.correlation,
            target=command.target,
        )

    def _escalate(self, command: process.EscalationRaised) -> None:
        self.say("escalated", audience="office", data={"escalation": command.code})
        self.announce(CaseEscalated, element_id=command.element_id, code=command.code, is_caught=command.is_caught)

    def _enter_stage(self, stage: str) -> None:
        before, self.case.stage = self.case.stage, stage
        self.say("stage", audience="applicant", data={"stage": stage})
        self.announce(StageEntered, stage=stage)
        moves = rules.plan_clock(
            clock_state=self.case.clock_state, clock_rule=self.case.clock_rule, stage_from=before, stage_to=stage
        )
        for kind in moves:
            self.move_clock(kind, reason=stage)
            self.say(f"clock_{kind}", audience="applicant", data={})

    def _end(self, outcome: str) -> None:
        if self.case.clock_state != "stopped":
            self.move_clock("stop", reason=self.case.stage)
        self.case.closed_at = self.now
        self.case.outcome = outcome or "closed"
        self.say("closed", audience="applicant", data={"outcome": self.case.outcome})
        self.announce(CaseClosed, outcome=self.case.outcome)

    # ---- Writing

    def insert(self) -> None:
        """Write a new case and all that belongs to it."""
        self.case.pk = insert_row(self.case)
        self.case._state.adding = False
        self._write_rows()

    def update(self) -> None:
        """Write a change of a case whose row is locked."""
        self.case.revision += 1
        self.case.save(update_fields=_UPDATED)
        if self.gone_tasks:
            _open_tasks(self.case).filter(token__in=self.gone_tasks).update(cancelled_at=self.now)
        if self.gone_timers:
            Timer.objects.filter(case=self.case, token__in=self.gone_timers, fired_at=None).update(
                cancelled_at=self.now
            )
        if self.gone_services:
            ServiceCall.objects.filter(case=self.case, token__in=self.gone_services, state="requested").update(
                state="cancelled"
            )
        if self.new_lines:
            _open_tasks(self.case).update(due_at=task_due_at(self.case))
        self._write_rows()

    def _write_rows(self) -> None:
        for task in self.tasks.values():
            task.due_at = task_due_at(self.case)
        for rows in (
            self.new_lines,
            *(made.values() for made in (self.tasks, self.timers, self.services)),
            self.entries,
        ):
            for row in rows:
                row.case_id = self.case.pk
            insert_rows(list(rows))
        if self.listens_anew:
            self._write_listeners()
        if self.events:
            publish_all([_make_event(self.case, event, facts) for event, facts in self.events], now=self.now)

    def _write_listeners(self) -> None:
        """Keep the table of listeners as the state says it."""
        compiled = get_compiled(self.case.process_version_id)
        state, library = self.case.state, compiled.library
        waiting = (
            *process.open_elements(compiled.definition, state, library=library),
            *process.open_events(compiled.definition, state, library=library),
        )
        names = {one.awaits for one in waiting if one.event == "signal"} if not state["ended"] else set()
        SignalListener.objects.filter(case=self.case).exclude(name__in=names).delete()
        rows = [SignalListener(case=self.case, name=name) for name in sorted(names)]
        SignalListener.objects.bulk_create(rows, ignore_conflicts=True)


def make_entry(
    case: Case, kind: str, text: str, audience: Audience, data: Mapping[str, Any], actor: Actor, now: datetime
) -> TimelineEntry:
    """Make one entry of the timeline, not yet written."""
    return TimelineEntry(
        case=case,
        at=now,
        kind=kind,
        actor_kind=actor.kind,
        actor_name=actor.name,
        text=text,
        data=dict(data),
        audience=audience,
    )


def _to_text(payload: Mapping[str, Any]) -> str:
    return orjson.dumps(payload).decode()


def _make_event(case: Case, event: type[CaseEvent], facts: dict[str, Any]) -> Event:
    return event(case_id=case.pk, case_uuid=case.uuid, case_kind=case.kind, **facts)


def _make_task(case: Case, command: process.CreateTask, now: datetime) -> Task:
    share = command.share_minutes
    if share is None and command.share_workdays is not None:
        share = command.share_workdays * rules.WORK_MINUTES_A_DAY
    return Task(
        case=case,
        token=command.token,
        element_id=command.element_id,
        name=command.name,
        role=command.role,
        agency_id=rules.place_task(
            command.role, agency_id=case.agency_id, reception_agency_id=case.reception_agency_id
        ),
        screen=command.screen,
        outcomes=list(command.outcomes),
        properties={**command.properties, **_given(command)},
        share_minutes=share,
        created_at=now,
    )


def _given(command: process.CreateTask) -> dict[str, Any]:
    """What the drawing computed for this one task, beside its fixed properties."""
    given: dict[str, Any] = {"inputs": dict(command.inputs)} if command.inputs else {}
    return given | ({"due": command.due} if command.due else {})


def _make_service(case: Case, command: process.RunService, now: datetime) -> ServiceCall:
    return ServiceCall(
        case=case,
        token=command.token,
        element_id=command.element_id,
        topic=command.topic,
        inputs=dict(command.inputs),
        created_at=now,
    )


def _make_timer(case: Case, command: process.ScheduleTimer, now: datetime) -> Timer:
    due_at = command.due_at
    duration = command.duration_iso or ""
    if due_at is None:
        due_at = get_calendar_of(case).add(now, rules.read_work_duration(duration))
    return Timer(
        case=case,
        token=command.token,
        element_id=command.element_id,
        counts=command.counts,
        duration=duration or due_at.isoformat(),
        created_at=now,
        due_at=due_at,
    )


def _drop(token: str, made: dict[str, Any], gone: list[str]) -> None:
    """Forget what this very batch made; otherwise note that the stored row must go."""
    if made.pop(token, None) is None:
        gone.append(token)


def _open_tasks(case: Case) -> QuerySet[Task]:
    return Task.objects.filter(OPEN_TASK, case=case)
