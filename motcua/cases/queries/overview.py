"""What a leader sees: figures by office, procedure and step, and the late cases one by one.

Read from the transaction tables for now, over open cases and those closed in the last weeks; see README.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from motcua.cases.models import OPEN_TASK, Case, ClockLine, Task
from motcua.cases.queries.access import filter_cases_of_leader
from motcua.cases.queries.ledger import get_calendar_of
from motcua.cases.queries.texts import ROLE_LABELS, label
from motcua.cases.types import LateCaseRow, LateFilter, OverviewGroup, OverviewRow
from motcua.identity.public import Principal
from motcua.kernel.clock import HCM, local_date
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.places.public import get_agencies

CLOSED_DAYS = 30
MAX_ROWS = 200
EXPORT_ROWS = 10_000
_EXPORT_BATCH = 500
_FIGURES = ("open", "due_today", "late", "paused", "extended", "closed_on_time", "closed_late")


def list_overview(
    principal: Principal, *, now: datetime, group: OverviewGroup = "agency", agency_id: int | None = None
) -> tuple[OverviewRow, ...]:
    """Return the figures of the cases this leader may see, the latest groups first. Shape: at most two queries."""
    cases = filter_cases_of_leader(principal, agency_id=agency_id)
    if group == "step":
        return _by_step(cases, now=now)
    since = now - timedelta(days=CLOSED_DAYS)
    cases = cases.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=since))
    figures = _case_figures(now)
    if group == "agency":
        rows = _read_groups(cases, "agency_id", figures)
        agencies = get_agencies({row["agency_id"] for row in rows})
        return tuple(_to_row(row, str(row["agency_id"]), agencies[row["agency_id"]].name) for row in rows)
    rows = _read_groups(cases, "subject_code", figures | {"label": Max("subject_title")})
    return tuple(_to_row(row, row["subject_code"], row["label"]) for row in rows)


def list_late_cases(principal: Principal, *, filter: LateFilter, page: int, now: datetime) -> Page[LateCaseRow]:
    """Return one page of the late cases this leader may see, the latest first. Shape: at most five queries."""
    late = _late_cases(principal, filter, now=now)
    start, stop = page_window(page)
    cases = list(late[start:stop])
    return make_page(_describe(cases, now=now), number=page, total=late.order_by()[: COUNT_CAP + 1].count())


def iterate_late_cases(principal: Principal, *, filter: LateFilter, now: datetime) -> Iterator[LateCaseRow]:
    """Yield all late cases this leader may see for an export, in batches, up to a cap."""
    late = _late_cases(principal, filter, now=now)
    for start in range(0, EXPORT_ROWS, _EXPORT_BATCH):
        cases = list(late[start : start + _EXPORT_BATCH])
        yield from _describe(cases, now=now)
        if len(cases) < _EXPORT_BATCH:
            return


def _late_cases(principal: Principal, filter: LateFilter, *, now: datetime) -> QuerySet[Case]:
    cases = filter_cases_of_leader(principal, agency_id=filter.agency_id)
    cases = cases.filter(closed_at__isnull=True, clock_state="running", due_at__lt=now)
    if filter.subject_code:
        cases = cases.filter(subject_code=filter.subject_code)
    return cases.defer("state", "subject_folded").order_by("due_at", "id")


def _describe(cases: list[Case], *, now: datetime) -> list[LateCaseRow]:
    """Add to each case its holder, its step and what was said about the delay."""
    ids = [case.pk for case in cases]
    tasks: dict[int, list[Task]] = {}
    for task in Task.objects.filter(OPEN_TASK, case_id__in=ids).order_by("id"):
        tasks.setdefault(task.case_id, []).append(task)
    reasons = dict(ClockLine.objects.filter(case_id__in=ids, kind="extend").values_list("case_id", "reason"))
    agency_ids = {case.agency_id for case in cases} | {task.agency_id for held in tasks.values() for task in held}
    agencies = get_agencies(agency_ids)
    names = {id: agency.short_name for id, agency in agencies.items()}
    return [_to_late_row(case, tasks.get(case.pk, []), names, reasons, now) for case in cases]


def _to_late_row(
    case: Case, tasks: list[Task], names: dict[int, str], reasons: dict[int, str], now: datetime
) -> LateCaseRow:
    due_at = case.due_at
    assert due_at is not None  # _late_cases compares it
    steps = ", ".join(task.name for task in tasks)
    holders = (task.assignee_name or f"{label(ROLE_LABELS, task.role)}, {names[task.agency_id]}" for task in tasks)
    return LateCaseRow(
        case_uuid=case.uuid,
        case_code=case.code,
        case_kind=case.kind,
        subject_code=case.subject_code,
        subject_title=case.subject_title,
        agency_id=case.agency_id,
        agency_name=names[case.agency_id],
        step=steps,
        holder=", ".join(dict.fromkeys(holders)),
        due_at=due_at,
        days_late=get_calendar_of(case).workdays_between(local_date(due_at), local_date(now)),
        is_extended=case.pk in reasons,
        reason=reasons.get(case.pk, ""),
    )


def _case_figures(now: datetime) -> dict[str, Any]:
    is_open = Q(closed_at__isnull=True)
    running = is_open & Q(clock_state="running")
    extended = Exists(ClockLine.objects.filter(case_id=OuterRef("pk"), kind="extend"))
    on_time = Q(due_at__isnull=True) | Q(stopped_at__lte=F("due_at"))
    return {
        "open": Count("id", filter=is_open),
        "due_today": Count("id", filter=running & Q(due_at__gte=now, due_at__lt=_end_of_day(now))),
        "late": Count("id", filter=running & Q(due_at__lt=now)),
        "paused": Count("id", filter=is_open & Q(clock_state="paused")),
        "extended": Count("id", filter=is_open & Q(extended)),
        "closed_on_time": Count("id", filter=~is_open & on_time),
        "closed_late": Count("id", filter=~is_open & Q(stopped_at__gt=F("due_at"))),
    }


def _by_step(cases: QuerySet[Case], *, now: datetime) -> tuple[OverviewRow, ...]:
    since = now - timedelta(days=CLOSED_DAYS)
    done = Q(completed_at__gte=since)
    extended = Exists(ClockLine.objects.filter(case_id=OuterRef("case_id"), kind="extend"))
    figures = {
        "open": Count("id", filter=OPEN_TASK),
        "due_today": Count("id", filter=OPEN_TASK & Q(due_at__gte=now, due_at__lt=_end_of_day(now))),
        "late": Count("id", filter=OPEN_TASK & Q(due_at__lt=now)),
        "paused": Count("id", filter=OPEN_TASK & Q(case__clock_state="paused")),
        "extended": Count("id", filter=OPEN_TASK & Q(extended)),
        "closed_on_time": Count("id", filter=done & (Q(due_at__isnull=True) | Q(completed_at__lte=F("due_at")))),
        "closed_late": Count("id", filter=done & Q(completed_at__gt=F("due_at"))),
    }
    tasks = Task.objects.filter(OPEN_TASK | done, case_id__in=cases.values("id"))
    return tuple(_to_row(row, row["name"], row["name"]) for row in _read_groups(tasks, "name", figures))


def _read_groups(table: Any, key: str, figures: dict[str, Any]) -> list[dict[str, Any]]:
    return list(table.values(key).annotate(**figures).order_by("-late", "-open", key)[:MAX_ROWS])


def _to_row(row: dict[str, Any], key: str, name: str) -> OverviewRow:
    return OverviewRow(key=key, label=name, **{figure: row[figure] for figure in _FIGURES})


def _end_of_day(now: datetime) -> datetime:
    tomorrow = local_date(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=HCM).astimezone(UTC)
