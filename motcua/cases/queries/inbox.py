"""The one inbox: open tasks of the roles one holds, what is due first on top. Four queries, whatever the size."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from motcua.cases.models import OPEN_TASK, Task
from motcua.cases.queries.access import filter_tasks_in_scope
from motcua.cases.rules import inbox_scope, read_lateness
from motcua.cases.types import InboxCount, InboxFilter, InboxRow
from motcua.identity.public import Principal
from motcua.kernel.paging import COUNT_CAP, PAGE_SIZE, Page, make_page, page_window
from motcua.kernel.text import fold
from motcua.places.public import get_agencies

_COLUMNS = (
    "uuid",
    "revision",
    "name",
    "due_at",
    "agency_id",
    "assignee_id",
    "assignee_name",
    "case__id",
    "case__uuid",
    "case__code",
    "case__kind",
    "case__title",
    "case__subject_title",
    "case__subject_code",
    "case__applicant_name",
    "case__channel",
    "case__clock_state",
)


def list_inbox(principal: Principal, *, filter: InboxFilter, page: int, now: datetime) -> Page[InboxRow]:
    """Return one page of the tasks this official may do, due first. Shape: at most four queries."""
    parts = [_narrow(tasks, filter, user_id=principal.user_id) for tasks in _open_in_scope(principal, filter)]
    if not parts:
        return make_page([], number=1, total=0)
    start, stop = page_window(page)
    ids = _find_first(parts, start=start, stop=stop)
    rows = _read_rows(ids, now=now)
    total = _capped(parts).count() if page > 1 or len(ids) > PAGE_SIZE else len(ids)
    return make_page(rows, number=page, total=total)


def count_inbox(principal: Principal, *, now: datetime) -> InboxCount:
    """Count what waits for this official, each figure up to a cap. Shape: at most two queries."""
    parts = _open_in_scope(principal, InboxFilter())
    if not parts:
        return InboxCount(open=0, mine=0, late=0, is_capped=False)
    waiting = Task.objects.filter(pk__in=_capped(parts))
    found = waiting.aggregate(open=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    mine = _capped([part.filter(assignee_id=principal.user_id) for part in parts]).count()
    return InboxCount(
        open=min(found["open"], COUNT_CAP),
        late=min(found["late"], COUNT_CAP),
        mine=min(mine, COUNT_CAP),
        is_capped=found["open"] > COUNT_CAP,
    )


def _open_in_scope(principal: Principal, filter: InboxFilter) -> list[QuerySet[Task]]:
    return filter_tasks_in_scope(inbox_scope(principal.grants), agency_id=filter.agency_id)


def _narrow(tasks: QuerySet[Task], filter: InboxFilter, *, user_id: int) -> QuerySet[Task]:
    if filter.holder == "mine":
        tasks = tasks.filter(assignee_id=user_id)
    elif filter.holder == "unassigned":
        tasks = tasks.filter(assignee_id=None)
    if filter.screen:
        tasks = tasks.filter(screen=filter.screen)
    if filter.case_ids is not None:
        tasks = tasks.filter(case_id__in=filter.case_ids)
    text = fold(filter.text)
    if text:
        code = filter.text.strip().upper()
        tasks = tasks.filter(Q(case__subject_folded__contains=text) | Q(case__code=code) | Q(case__origin_code=code))
    return tasks


def _find_first(parts: list[QuerySet[Task]], *, start: int, stop: int) -> list[int]:
    """Merge the scopes by due time; each gives no more than can be shown, so that each stops early in its index."""
    heads = [part.order_by("due_at", "id").values_list("id", "due_at")[:stop] for part in parts]
    if len(heads) == 1:
        return [id for id, _due_at in heads[0][start:stop]]
    merged = heads[0].union(*heads[1:], all=True).order_by("due_at", "id")
    return [id for id, _due_at in merged[start:stop]]


def _capped(parts: list[QuerySet[Task]]) -> QuerySet[Task, int]:
    """Return the ids to count: those due first, no more of each scope than the cap can tell."""
    heads = [part.order_by("due_at", "id").values_list("id", flat=True)[: COUNT_CAP + 1] for part in parts]
    return heads[0] if len(heads) == 1 else heads[0].union(*heads[1:], all=True)


def _read_rows(ids: list[int], *, now: datetime) -> list[InboxRow]:
    tasks = Task.objects.filter(OPEN_TASK, pk__in=ids).select_related("case").only(*_COLUMNS)
    rows = list(tasks.order_by(F("due_at").asc(nulls_last=True), "id"))
    agencies = get_agencies({row.agency_id for row in rows})
    return [
        InboxRow(
            task_uuid=row.uuid,
            task_revision=row.revision,
            case_id=row.case.pk,
            case_uuid=row.case.uuid,
            case_code=row.case.code,
            case_kind=row.case.kind,
            title=row.case.title,
            subject=row.case.subject_title,
            subject_code=row.case.subject_code,
            applicant_name=row.case.applicant_name,
            step=row.name,
            due_at=row.due_at,
            lateness=read_lateness(due_at=row.due_at, clock_state=row.case.clock_state, now=now),
            agency_id=row.agency_id,
            agency_name=agencies[row.agency_id].short_name,
            assignee_id=row.assignee_id,
            assignee_name=row.assignee_name,
            channel=row.case.channel,
        )
        for row in rows
    ]
