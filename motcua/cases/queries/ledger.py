"""The deadline read from its ledger: one budget, one list of lines, one engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from motcua.cases.models import Case, ClockLine
from motcua.cases.queries.texts import read_amount, read_term
from motcua.cases.rules import read_lateness
from motcua.cases.types import CaseNotFound, DeadlineView
from motcua.kernel.workdays import Budget, ClockEntry, ClockReading, DayLine, WorkCalendar, explain_deadline, read_clock
from motcua.places.public import get_calendar
from motcua.ui.public import say_moment

NO_TERM = ClockReading(
    due_at=None,
    running=False,
    paused_since=None,
    consumed_minutes=0,
    remaining_minutes=0,
    total_minutes=0,
    is_overdue=False,
    extended=False,
)


def get_calendar_of(case: Case) -> WorkCalendar:
    """Return the working calendar frozen at filing."""
    return get_calendar(case.calendar_code)


def read_budget(case: Case) -> Budget | None:
    """Return the term as the engine counts it; none when the law sets no term."""
    if case.term_amount is None:
        return None
    return Budget(amount=case.term_amount, unit=case.term_unit)  # type: ignore[arg-type]  # checked by case_term_whole


def to_entries(lines: Iterable[ClockLine]) -> tuple[ClockEntry, ...]:
    """Turn rows, in order, into the engine's entries."""
    return tuple(
        ClockEntry(
            at=line.at,
            kind=line.kind,  # type: ignore[arg-type]  # checked by clock_kind_known
            reason=line.reason,
            legal_ref=line.legal_ref,
            new_due_at=line.new_due_at,
        )
        for line in lines
    )


def read_case_clock(case: Case, lines: Iterable[ClockLine], *, now: datetime) -> ClockReading:
    """Read the case's clock from its lines."""
    budget = read_budget(case)
    return NO_TERM if budget is None else read_clock(budget, to_entries(lines), get_calendar_of(case), now=now)


def cached_due_at(case: Case, reading: ClockReading) -> datetime | None:
    """Return what `Case.due_at` must hold: the ledger's due time, nothing while the clock is paused."""
    return None if case.clock_state == "paused" else reading.due_at


def task_due_at(case: Case) -> datetime | None:
    """Return what `Task.due_at` must hold: the due time while it counts."""
    return case.due_at if case.clock_state == "running" else None


def get_deadline(case_id: int, *, now: datetime) -> ClockReading:
    """Read a case's deadline from its ledger. Raises: CaseNotFound."""
    case, lines = _load(case_id)
    return read_case_clock(case, lines, now=now)


def get_explained_deadline(case_id: int, *, now: datetime) -> tuple[ClockReading, tuple[DayLine, ...]]:
    """Read a case's deadline and explain it day by day from one reading of its ledger. Raises: CaseNotFound."""
    case, lines = _load(case_id)
    reading, budget = read_case_clock(case, lines, now=now), read_budget(case)
    if budget is None:
        return reading, ()
    return reading, tuple(explain_deadline(budget, to_entries(lines), get_calendar_of(case), now=now))


def describe_deadline(case_id: int, *, now: datetime) -> DeadlineView:
    """Return the deadline as a page shows it. Raises: CaseNotFound."""
    case, lines = _load(case_id)
    reading = read_case_clock(case, lines, now=now)
    unit = case.term_unit
    has_term = case.term_amount is not None
    return DeadlineView(
        due_at=case.due_at,
        lateness=read_lateness(due_at=case.due_at, clock_state=case.clock_state, now=now),
        headline=_headline(case, reading, now=now),
        term=read_term(case.term_amount, unit=unit),
        spent=read_amount(reading.consumed_minutes, unit=unit) if has_term else "",
        left=read_amount(reading.remaining_minutes, unit=unit) if has_term and not reading.is_overdue else "",
        notes=tuple(_note(line) for line in lines if line.kind in ("pause", "resume", "restart", "extend")),
        is_extended=reading.extended,
    )


def _headline(case: Case, reading: ClockReading, *, now: datetime) -> str:
    if case.stopped_at is not None:
        return _("Đã kết thúc tính thời hạn lúc %(moment)s.") % {"moment": say_moment(case.stopped_at)}
    if case.clock_state == "paused":
        since = reading.paused_since or now
        return _("Đang tạm dừng tính thời hạn từ %(moment)s.") % {"moment": say_moment(since)}
    if case.due_at is None:
        return _("Thủ tục này không quy định thời hạn giải quyết.")
    moment = {"moment": say_moment(case.due_at)}
    return (
        _("Đã quá hạn trả kết quả: %(moment)s.") if case.due_at < now else _("Hẹn trả kết quả: %(moment)s.")
    ) % moment


def _note(line: ClockLine) -> str:
    facts = {"moment": say_moment(line.at), "reason": line.reason}
    if line.kind == "extend" and line.new_due_at is not None:
        facts["new_due"] = say_moment(line.new_due_at)
        return _("%(moment)s: xin lỗi và hẹn lại vào %(new_due)s. Lý do: %(reason)s") % facts
    if line.kind == "pause":
        return _("%(moment)s: tạm dừng tính thời hạn.") % facts
    if line.kind == "resume":
        return _("%(moment)s: tiếp tục tính thời hạn.") % facts
    return _("%(moment)s: tính lại thời hạn từ đầu.") % facts


def list_clock_entries(case_id: int) -> tuple[ClockEntry, ...]:
    """Return the ledger of a case, oldest first."""
    return to_entries(ClockLine.objects.filter(case_id=case_id).order_by("seq"))


def _load(case_id: int) -> tuple[Case, tuple[ClockLine, ...]]:
    case = Case.objects.defer("state").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    return case, tuple(ClockLine.objects.filter(case_id=case_id).order_by("seq"))
