"""Single cases and tasks, timelines, and the cases of a party."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from motcua.cases.models import Case, Participation, ServiceCall, Task, TimelineEntry
from motcua.cases.queries.access import can_work_task, read_audience
from motcua.cases.queries.processes import get_compiled
from motcua.cases.queries.texts import read_sentence
from motcua.cases.types import Audience, CaseInfo, CaseNotFound, ServiceCallInfo, TaskInfo, TaskNotFound, TimelineItem
from motcua.identity.public import PartyRef, Principal
from motcua.kernel.paging import Page, make_page, page_window
from motcua.process.public import can_receive

COUNT_CAP = 1000
_READABLE: dict[str, tuple[str, ...]] = {
    "public": ("public",),
    "applicant": ("public", "applicant"),
    "office": ("public", "applicant", "office"),
}


def to_case_info(case: Case) -> CaseInfo:
    """Turn the row into what neighbours may hold."""
    return CaseInfo(
        id=case.pk,
        uuid=case.uuid,
        code=case.code,
        kind=case.kind,
        title=case.title,
        subject_code=case.subject_code,
        subject_title=case.subject_title,
        process_version_id=case.process_version_id,
        revision=case.revision,
        stage=case.stage,
        agency_id=case.agency_id,
        reception_agency_id=case.reception_agency_id,
        area_code=case.area_code,
        applicant_kind=case.applicant_kind,
        applicant_id=case.applicant_id,
        applicant_name=case.applicant_name,
        term_amount=case.term_amount,
        term_unit=case.term_unit,
        clock_rule=case.clock_rule,
        calendar_code=case.calendar_code,
        channel=case.channel,
        opened_at=case.opened_at,
        due_at=case.due_at,
        clock_state=case.clock_state,
        stopped_at=case.stopped_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        origin_code=case.origin_code or "",
    )


def to_task_info(task: Task) -> TaskInfo:
    """Turn the row and its case into what neighbours may hold."""
    return TaskInfo(
        uuid=task.uuid,
        case_id=task.case_id,
        case_uuid=task.case.uuid,
        case_code=task.case.code,
        case_kind=task.case.kind,
        token=task.token,
        element_id=task.element_id,
        name=task.name,
        role=task.role,
        agency_id=task.agency_id,
        screen=task.screen,
        outcomes=tuple(task.outcomes),
        properties=task.properties,
        share_minutes=task.share_minutes,
        assignee_id=task.assignee_id,
        assignee_name=task.assignee_name,
        created_at=task.created_at,
        due_at=task.due_at,
        completed_at=task.completed_at,
        completed_by_id=task.completed_by_id,
        completed_by_name=task.completed_by_name,
        outcome=task.outcome,
        note=task.note,
        cancelled_at=task.cancelled_at,
        revision=task.revision,
    )


def get_case(key: UUID | str | int) -> CaseInfo:
    """Return a case by its uuid, its printed code or its internal id; asks no permission. Raises: CaseNotFound."""
    rows = Case.objects.defer("state", "subject_folded")
    match key:
        case UUID():
            row = rows.filter(uuid=key).first()
        case int():
            row = rows.filter(pk=key).first()
        case str():
            row = rows.filter(code=key).first()
    if row is None:
        raise CaseNotFound
    return to_case_info(row)


def get_cases(case_ids: Iterable[int]) -> dict[int, CaseInfo]:
    """Return cases by internal id, in one query; asks no permission."""
    rows = Case.objects.defer("state", "subject_folded").filter(pk__in=list(case_ids))
    return {row.pk: to_case_info(row) for row in rows}


def find_case_by_code(code: str) -> CaseInfo | None:
    """Return the case with this printed code, ours or that of the front door it came by; asks no permission."""
    known = Q(code=code) | Q(origin_code=code)
    row = Case.objects.defer("state", "subject_folded").filter(known).order_by("id").first()
    return to_case_info(row) if row else None


def get_case_for(principal: Principal, key: UUID | str | int, *, now: datetime) -> tuple[CaseInfo, Audience]:
    """Return a case and the side its reader stands on. Raises: CaseNotFound, also when it is not theirs to see."""
    case = get_case(key)
    audience = read_audience(principal, case, now=now)
    if audience is None:
        raise CaseNotFound
    return case, audience


def can_receive_message(case_id: int, name: str) -> bool:
    """True when the case waits for this message now (whether to show the button). Raises: CaseNotFound."""
    row = Case.objects.filter(pk=case_id).values_list("process_version_id", "state", "closed_at").first()
    if row is None:
        raise CaseNotFound
    version_id, state, closed_at = row
    compiled = get_compiled(version_id)
    return closed_at is None and can_receive(compiled.definition, state, name, library=compiled.library)


def get_task(task_uuid: UUID) -> TaskInfo:
    """Return a task; asks no permission (see get_task_for). Raises: TaskNotFound."""
    row = (
        Task.objects.select_related("case").defer("case__state", "case__subject_folded").filter(uuid=task_uuid).first()
    )
    if row is None:
        raise TaskNotFound
    return to_task_info(row)


def get_task_for(principal: Principal, task_uuid: UUID) -> TaskInfo:
    """Return a task to an official who may do it. Raises: TaskNotFound, also when it is not theirs to see."""
    task = get_task(task_uuid)
    if not can_work_task(principal, task):
        raise TaskNotFound
    return task


def list_tasks(case_id: int, *, only_open: bool = False) -> tuple[TaskInfo, ...]:
    """Return the tasks of a case, oldest first."""
    rows = Task.objects.select_related("case").defer("case__state", "case__subject_folded").filter(case_id=case_id)
    if only_open:
        rows = rows.filter(completed_at=None, cancelled_at=None)
    return tuple(to_task_info(row) for row in rows.order_by("id"))


def get_service_call(case_id: int, token: str) -> ServiceCallInfo:
    """Return the newest call of a service under this token. Raises: TaskNotFound."""
    row = ServiceCall.objects.filter(case_id=case_id, token=token).order_by("-id").first()
    if row is None:
        raise TaskNotFound
    return ServiceCallInfo(
        case_id=case_id, token=token, element_id=row.element_id, topic=row.topic, inputs=row.inputs, state=row.state
    )


def list_timeline(case_id: int, *, audience: Audience) -> tuple[TimelineItem, ...]:
    """Return what happened, oldest first, as far as this audience may read it."""
    rows = TimelineEntry.objects.filter(case_id=case_id, audience__in=_READABLE[audience]).order_by("id")
    return tuple(
        TimelineItem(
            at=row.at,
            kind=row.kind,
            text=read_sentence(row.kind, data=row.data, text=row.text),
            actor_kind=row.actor_kind,
            actor_name=row.actor_name,
            data=row.data,
            audience=row.audience,
        )
        for row in rows
    )


def list_cases_of_parties(refs: Iterable[PartyRef], *, page: int, kind: str = "") -> Page[CaseInfo]:
    """Return the cases in which these parties are the applicant, newest first."""
    whose = Q(pk__in=[])
    for ref in refs:
        whose |= Q(party_kind=ref.kind, party_id=ref.id)
    ids = Participation.objects.filter(whose, role="applicant").values("case_id")
    rows = Case.objects.defer("state", "subject_folded").filter(pk__in=ids)
    if kind:
        rows = rows.filter(kind=kind)
    start, stop = page_window(page)
    found = [to_case_info(row) for row in rows.order_by("-id")[start:stop]]
    return make_page(found, number=page, total=rows.order_by()[: COUNT_CAP + 1].count(), cap=COUNT_CAP)
