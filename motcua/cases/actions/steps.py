"""One step of a case's process: computed first, so that what cannot be computed writes nothing but why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.cases import rules
from motcua.cases.actions.batch import Batch, make_entry
from motcua.cases.models import Case, Incident
from motcua.cases.queries.processes import get_compiled
from motcua.cases.queries.texts import write_sentence
from motcua.cases.types import CaseNotFound, IncidentOpened
from motcua.outbox.public import insert_rows, publish
from motcua.process import public as process

_ANSWERED = (process.UnknownTokenError, process.MessageNotExpectedError, process.OutcomeNotOfferedError)


def lock_case(case_id: int) -> Case:
    """Lock a case for a change. Raises: CaseNotFound."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    return case


def compute_step(batch: Batch, event: process.ProcessEvent) -> process.Step:
    """Return what an event does to a case; nothing is written. Raises: ProcessStepError."""
    compiled = get_compiled(batch.case.process_version_id)
    step = process.advance(
        compiled.definition,
        batch.case.state,
        event,
        now=batch.now,
        library=compiled.library,
        decide=compiled.decide_at(batch.now),
    )
    check_countable(step)
    return step


def check_countable(step: process.Step) -> None:
    """Refuse a computed waiting time that no working calendar can count. Raises: ComputationFailed."""
    for command in step.commands:
        if isinstance(command, process.ScheduleTimer) and command.due_at is None:
            try:
                rules.read_work_duration(command.duration_iso or "")
            except ValueError as error:
                raise process.ComputationFailed(command.element_id, str(error)) from error


def take_step(batch: Batch, event: process.ProcessEvent) -> None:
    """Take a step that somebody waits for the answer of. Raises: ProcessStepError (nothing is written then)."""
    batch.take(compute_step(batch, event))
    batch.update()


def try_step(batch: Batch, event: process.ProcessEvent, *, kept: Mapping[str, Any]) -> bool:
    """Take a step that nobody watches: one that the process cannot take becomes an incident, with the event `kept`.

    Raises: UnknownTokenError, MessageNotExpectedError: those are answers, not faults.
    """
    try:
        step = compute_step(batch, event)
    except _ANSWERED:
        raise
    except process.ProcessStepError as error:
        open_incident(batch, error, kept=kept)
        return False
    batch.take(step)
    batch.update()
    return True


def open_incident(batch: Batch, error: process.ProcessStepError, *, kept: Mapping[str, Any]) -> Incident:
    """Keep what happened and why the process could not follow, for the operator and on the case's timeline."""
    case = batch.case
    incident = Incident(
        case=case,
        at=batch.now,
        element_id=getattr(error, "element_id", ""),
        code=error.code,
        text=str(error.message),
        event=dict(kept),
    )
    insert_rows([incident])
    data = {"reason": str(error.message)}
    entry = make_entry(case, "incident", write_sentence("incident", data=data), "office", data, batch.actor, batch.now)
    insert_rows([entry])
    publish(
        IncidentOpened(
            case_id=case.pk,
            case_uuid=case.uuid,
            case_kind=case.kind,
            code=error.code,
            element_id=incident.element_id,
        ),
        now=batch.now,
    )
    return incident
