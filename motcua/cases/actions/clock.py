"""The clock by hand and by calendar: the one re-appointment, stopping and going on, and the dates read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases import rules
from motcua.cases.actions.batch import Batch
from motcua.cases.actions.steps import lock_case
from motcua.cases.models import OPEN_TASK, Case, ClockLine, Task, Timer
from motcua.cases.queries.ledger import cached_due_at, get_calendar_of, read_case_clock, task_due_at, to_entries
from motcua.cases.queries.reads import to_case_info
from motcua.cases.types import CaseInfo, ClockMoveRefused, DeadlineExtended, ExtensionInfo, RecomputeReport
from motcua.kernel.clock import format_moment

_BATCH = 500
_FROM = {"pause": ("running",), "resume": ("paused",), "restart": ("running", "paused"), "stop": ("running", "paused")}


def extend_deadline(
    case_id: int, *, new_due_at: datetime, reason: str, legal_ref: str = "", actor: Actor, now: datetime
) -> ExtensionInfo:
    """Apologise and appoint a new due time: at most once, before the due time, with the reason.

    Asked less than one working day ahead it still stands, and is flagged. Whether the actor may is asked by the view
    (`can_extend_deadline`). Raises: CaseNotFound, ExtensionRefused.
    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        batch = Batch(case=case, now=now, actor=actor)
        previous = rules.check_extension(
            to_entries(batch.ledger()),
            clock_state=case.clock_state,
            due_at=case.due_at,
            new_due_at=new_due_at,
            reason=reason,
            now=now,
        )
        is_late = rules.is_notice_late(get_calendar_of(case), due_at=previous, now=now)
        batch.move_clock("extend", reason=reason.strip(), legal_ref=legal_ref, new_due_at=new_due_at)
        facts = {"previous_due_at": previous, "new_due_at": new_due_at, "is_notice_late": is_late}
        batch.say(
            "extended",
            audience="applicant",
            data={"new_due": format_moment(new_due_at), "reason": reason.strip(), "is_notice_late": is_late},
        )
        batch.announce(DeadlineExtended, **facts)
        batch.update()
        record_decision(
            actor,
            subject=f"case:{case.uuid}",
            action="extend_deadline",
            details={"previous_due_at": previous.isoformat(), "new_due_at": new_due_at.isoformat(), "late": is_late},
            now=now,
        )
    return ExtensionInfo(
        case=to_case_info(case), previous_due_at=previous, new_due_at=new_due_at, is_notice_late=is_late
    )


def pause_clock(case_id: int, *, reason: str, legal_ref: str = "", actor: Actor, now: datetime) -> CaseInfo:
    """Pause a running clock on a ground that no stage of the process tells. Raises: CaseNotFound, ClockMoveRefused."""
    return _move(case_id, "pause", reason=reason, legal_ref=legal_ref, actor=actor, now=now)


def resume_clock(case_id: int, *, reason: str, legal_ref: str = "", actor: Actor, now: datetime) -> CaseInfo:
    """Let a paused clock go on from where it stood. Raises: CaseNotFound, ClockMoveRefused."""
    return _move(case_id, "resume", reason=reason, legal_ref=legal_ref, actor=actor, now=now)


def restart_clock(case_id: int, *, reason: str, legal_ref: str = "", actor: Actor, now: datetime) -> CaseInfo:
    """Begin the term again from zero. Raises: CaseNotFound, ClockMoveRefused."""
    return _move(case_id, "restart", reason=reason, legal_ref=legal_ref, actor=actor, now=now)


def stop_clock(case_id: int, *, reason: str, legal_ref: str = "", actor: Actor, now: datetime) -> CaseInfo:
    """Stop the clock for good. Raises: CaseNotFound, ClockMoveRefused."""
    return _move(case_id, "stop", reason=reason, legal_ref=legal_ref, actor=actor, now=now)


def recompute_deadlines(*, now: datetime, calendar_code: str | None = None) -> RecomputeReport:
    """Read every running due time from its ledger again, after a calendar was corrected; timers in working days too."""
    cases = Case.objects.exclude(clock_state="stopped").filter(term_amount__isnull=False)
    if calendar_code is not None:
        cases = cases.filter(calendar_code=calendar_code)
    checked = moved = 0
    ids = list(cases.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        moved += _recompute_cases(part, now=now)
        checked += len(part)
    return RecomputeReport(
        checked=checked, cases_moved=moved, timers_moved=_recompute_timers(calendar_code=calendar_code)
    )


def _move(case_id: int, kind: str, *, reason: str, legal_ref: str, actor: Actor, now: datetime) -> CaseInfo:
    with transaction.atomic():
        case = lock_case(case_id)
        if case.clock_state not in _FROM[kind]:
            raise ClockMoveRefused
        batch = Batch(case=case, now=now, actor=actor)
        batch.move_clock(kind, reason=reason, legal_ref=legal_ref)
        batch.say(f"clock_{kind}", audience="applicant", data={"reason": reason})
        batch.update()
    return to_case_info(case)


def _recompute_cases(ids: Sequence[int], *, now: datetime) -> int:
    with transaction.atomic():
        cases = list(
            Case.objects.select_for_update(of=("self",), no_key=True)
            .defer("state")
            .filter(pk__in=ids)
            .exclude(clock_state="stopped")
            .order_by("id")
        )
        rows = ClockLine.objects.filter(case_id__in=ids).order_by("case_id", "seq")
        lines = {case_id: list(group) for case_id, group in groupby(rows, key=lambda line: line.case_id)}
        changed = []
        for case in cases:
            due_at = cached_due_at(case, read_case_clock(case, lines.get(case.pk, []), now=now))
            if due_at != case.due_at:
                case.due_at = due_at
                changed.append(case)
        Case.objects.bulk_update(changed, ["due_at"])
        for case in changed:
            Task.objects.filter(OPEN_TASK, case=case).update(due_at=task_due_at(case))
    return len(changed)


def _recompute_timers(*, calendar_code: str | None) -> int:
    timers = Timer.objects.filter(fired_at=None, cancelled_at=None, counts="workday").exclude(duration__contains=":")
    if calendar_code is not None:
        timers = timers.filter(case__calendar_code=calendar_code)
    moved = []
    for timer in timers.select_related("case").defer("case__state").order_by("id"):
        budget = rules.read_work_duration(timer.duration)
        due_at = get_calendar_of(timer.case).add(timer.created_at, budget)
        if due_at != timer.due_at:
            timer.due_at = due_at
            moved.append(timer)
    Timer.objects.bulk_update(moved, ["due_at"], batch_size=_BATCH)
    return len(moved)
