"""What officials do with tasks: claim, release, complete. The second hand is told, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from motcua.audit.public import Actor, record_decision
from motcua.cases import rules
from motcua.cases.actions.batch import Batch, make_entry
from motcua.cases.actions.steps import compute_step
from motcua.cases.models import OPEN_TASK, Case, Task, TimelineEntry
from motcua.cases.queries.access import list_grants_at
from motcua.cases.queries.reads import to_case_info, to_task_info
from motcua.cases.queries.texts import write_sentence
from motcua.cases.types import CaseInfo, StaleTask, TaskCompleted, TaskInfo, TaskNotFound, TaskNotYours, TaskTaken
from motcua.process import public as process


def complete_task(
    task_uuid: UUID,
    *,
    revision: int,
    actor: Actor,
    user_id: int,
    outcome: str,
    data: Mapping[str, Any],
    note: str,
    now: datetime,
) -> CaseInfo:
    """Complete a task and take the process one step on.

    `revision` is the task's as it was shown. `data` goes to the process beside the outcome; the note stays inside.
    Raises: TaskNotFound, StaleTask (with who and when), TaskNotYours, TaskTaken, OutcomeNotOfferedError.
    """
    with transaction.atomic():
        case = _lock_case_of(task_uuid)
        task = Task.objects.get(uuid=task_uuid)
        _check_role(task, user_id=user_id, now=now)
        _check_fresh(task, revision=revision, user_id=user_id)
        _check_free(task, user_id=user_id)
        batch = Batch(case=case, now=now, actor=actor)
        batch.say(
            "task_completed",
            audience="office",
            data={"step": task.name, "element_id": task.element_id, "task_outcome": outcome, "note": note},
        )
        batch.announce(TaskCompleted, task_uuid=task.uuid, element_id=task.element_id, outcome=outcome)
        event = process.TaskCompleted(token=task.token, outputs={**data, "outcome": outcome})
        batch.take(compute_step(batch, event))
        _write_completion(task, user_id=user_id, actor=actor, outcome=outcome, note=note, now=now)
        batch.update()
        record_decision(
            actor,
            subject=f"case:{case.uuid}",
            action=f"complete_task:{task.element_id}",
            details={"task": str(task.uuid), "outcome": outcome},
            now=now,
        )
    return to_case_info(case)


def claim_task(task_uuid: UUID, *, user_id: int, revision: int, actor: Actor, now: datetime) -> TaskInfo:
    """Take an unassigned task. Raises: TaskNotFound, StaleTask, TaskNotYours, TaskTaken."""
    with transaction.atomic():
        task = _read_task(task_uuid)
        _check_role(task, user_id=user_id, now=now)
        _check_fresh(task, revision=revision, user_id=user_id)
        _check_free(task, user_id=user_id)
        _assign(task, user_id=user_id, name=actor.name)
        _say(task, "task_claimed", actor=actor, now=now)
    return to_task_info(task)


def release_task(task_uuid: UUID, *, user_id: int, revision: int, actor: Actor, now: datetime) -> TaskInfo:
    """Put a claimed task back for all: its holder may, and a leader of the agency.

    Raises: TaskNotFound, StaleTask, TaskNotYours.
    """
    with transaction.atomic():
        task = _read_task(task_uuid)
        grants = list_grants_at(task.agency_id, user_id=user_id, now=now)
        if not rules.can_release(grants, agency_id=task.agency_id, is_assignee=task.assignee_id == user_id):
            raise TaskNotYours
        _check_fresh(task, revision=revision, user_id=user_id)
        _assign(task, user_id=None, name="")
        _say(task, "task_released", actor=actor, now=now)
    return to_task_info(task)


def _lock_case_of(task_uuid: UUID) -> Case:
    """Lock the case first: whoever changes it holds this row, and whoever waits then reads its last state."""
    owner = Task.objects.filter(uuid=task_uuid).values("case_id")
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=owner).first()
    if case is None:
        raise TaskNotFound
    return case


def _read_task(task_uuid: UUID) -> Task:
    task = Task.objects.select_related("case").defer("case__state").filter(uuid=task_uuid).first()
    if task is None:
        raise TaskNotFound
    return task


def _check_fresh(task: Task, *, revision: int, user_id: int) -> None:
    """Raise when the task is done, gone or changed hands since it was shown; one's own claim changes nothing."""
    is_unchanged = task.revision == revision or task.assignee_id == user_id
    if task.completed_at is not None or task.cancelled_at is not None or not is_unchanged:
        raise _stale(task)


def _stale(task: Task) -> StaleTask | TaskTaken:
    """Say who was first, and when."""
    if task.completed_at is not None:
        return StaleTask(task_uuid=task.uuid, who=task.completed_by_name, when=task.completed_at, outcome=task.outcome)
    if task.cancelled_at is None and task.assignee_name:
        return TaskTaken(who=task.assignee_name)
    last = TimelineEntry.objects.filter(case_id=task.case_id).order_by("-id").first()
    who, at = (last.actor_name, last.at) if last else ("", task.created_at)
    return StaleTask(task_uuid=task.uuid, who=who, when=task.cancelled_at or at)


def _check_role(task: Task, *, user_id: int, now: datetime) -> None:
    """Raise before anything else is said: who was first, and when, is told to colleagues alone."""
    grants = list_grants_at(task.agency_id, user_id=user_id, now=now)
    if not rules.can_work(grants, role=task.role, agency_id=task.agency_id):
        raise TaskNotYours


def _check_free(task: Task, *, user_id: int) -> None:
    if task.assignee_id is not None and task.assignee_id != user_id:
        raise TaskTaken(who=task.assignee_name)


def _write_completion(task: Task, *, user_id: int, actor: Actor, outcome: str, note: str, now: datetime) -> None:
    """Write who did it; the revision in the condition catches a claim that slipped in beside the case's lock."""
    changed = Task.objects.filter(OPEN_TASK, pk=task.pk, revision=task.revision).update(
        completed_at=now,
        completed_by_id=user_id,
        completed_by_name=actor.name,
        outcome=outcome or "done",
        note=note,
        revision=F("revision") + 1,
    )
    if not changed:
        task.refresh_from_db()
        raise _stale(task)


def _assign(task: Task, *, user_id: int | None, name: str) -> None:
    changed = Task.objects.filter(OPEN_TASK, pk=task.pk, revision=task.revision).update(
        assignee_id=user_id, assignee_name=name, revision=F("revision") + 1
    )
    if not changed:
        task.refresh_from_db()
        raise _stale(task)
    task.assignee_id, task.assignee_name, task.revision = user_id, name, task.revision + 1


def _say(task: Task, kind: str, *, actor: Actor, now: datetime) -> None:
    data = {"step": task.name}
    make_entry(task.case, kind, write_sentence(kind, data=data), "office", data, actor, now).save(force_insert=True)
