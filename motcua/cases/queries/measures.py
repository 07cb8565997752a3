"""What the analytical copy may know of cases: measures and codes, nobody's name, no number that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from motcua.cases.models import Case, ClockLine
from motcua.cases.queries.ledger import get_calendar_of, to_entries
from motcua.cases.types import CaseMeasure
from motcua.kernel.workdays import Budget, read_clock

_ANY_TERM = Budget(amount=1, unit="workday")  # only its axis is used: working minutes, whatever unit the term has
_FIELDS = (
    "id", "uuid", "kind", "subject_code", "subject_title", "agency_id", "area_code", "channel", "stage", "outcome",
    "opened_at", "due_at", "stopped_at", "calendar_code",
)  # fmt: skip


def list_case_ids(*, after_id: int, limit: int) -> tuple[int, ...]:
    """Return the next case ids in order: a walk over all cases in bounded steps."""
    return tuple(Case.objects.filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit])


def list_case_measures(*, ids: Iterable[int] = (), uuids: Iterable[UUID] = ()) -> tuple[CaseMeasure, ...]:
    """Return the measures of these cases as they stand now, by id. Shape: two queries for all; no permission asked."""
    chosen = Case.objects.filter(pk__in=list(ids)) | Case.objects.filter(uuid__in=list(uuids))
    cases = list(chosen.only(*_FIELDS).order_by("pk"))
    lines: dict[int, list[ClockLine]] = {}
    for line in ClockLine.objects.filter(case_id__in=[case.pk for case in cases]).order_by("case_id", "seq"):
        lines.setdefault(line.case_id, []).append(line)
    return tuple(_measure(case, lines.get(case.pk, [])) for case in cases)


def _measure(case: Case, lines: list[ClockLine]) -> CaseMeasure:
    return CaseMeasure(
        case_id=case.pk,
        case_uuid=case.uuid,
        kind=case.kind,
        subject_code=case.subject_code,
        subject_title=case.subject_title,
        agency_id=case.agency_id,
        area_code=case.area_code,
        channel=case.channel,
        stage=case.stage,
        outcome=case.outcome,
        opened_at=case.opened_at,
        finished_at=case.stopped_at,
        is_on_time=None if case.due_at is None or case.stopped_at is None else case.stopped_at <= case.due_at,
        is_extended=any(line.kind == "extend" for line in lines),
        working_minutes=_count_minutes(case, lines),
    )


def _count_minutes(case: Case, lines: list[ClockLine]) -> int | None:
    """Count the working minutes that the office used, pauses left out, when it has finished."""
    if case.stopped_at is None:
        return None
    calendar = get_calendar_of(case)
    if not lines:
        return calendar.work_minutes_between(case.opened_at, case.stopped_at)
    return read_clock(_ANY_TERM, to_entries(lines), calendar, now=case.stopped_at).consumed_minutes
