"""The clock of a case: an append-only ledger read against a calendar. Reading and explaining are one walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from motcua.kernel.clock import HCM, format_moment, to_local
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_, Message, join
from motcua.kernel.workdays.calendar import Budget, WorkCalendar

ClockKind = Literal["start", "pause", "resume", "restart", "extend", "stop"]
_WEEKDAYS = (N_("Thứ hai"), N_("Thứ ba"), N_("Thứ tư"), N_("Thứ năm"), N_("Thứ sáu"), N_("Thứ bảy"), N_("Chủ nhật"))


class LedgerInvalid(DomainError):
    """A ledger whose lines contradict each other."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "kernel.ledger_invalid",
            N_("Sổ thời hạn của hồ sơ bị sai (%(reason)s); hãy báo người vận hành hệ thống.", reason=reason),
        )


@dataclass(frozen=True, slots=True)
class ClockEntry:
    """One line of the ledger. `new_due_at` belongs to 'extend' alone."""

    at: datetime
    kind: ClockKind
    reason: str
    legal_ref: str = ""
    new_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Where the clock stands at a moment.

    `due_at` is None while a pause keeps the due time open. Minutes are units of the budget's own axis: 480 a working
    day, 60 a working hour, 1440 a calendar day.
    """

    due_at: datetime | None
    running: bool
    paused_since: datetime | None
    consumed_minutes: int
    remaining_minutes: int
    total_minutes: int
    is_overdue: bool
    extended: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of an explanation: what was counted, and why so much."""

    on: date
    minutes: int
    note: str


@dataclass
class _Segment:
    start: datetime
    end: datetime | None = None  # None: still running
    fixed_due: datetime | None = None  # the date that an extension named while this segment ran


@dataclass
class _Walk:
    """The state while the ledger is read line by line."""

    budget: Budget
    calendar: WorkCalendar
    segments: list[_Segment] = field(default_factory=list)
    total: int = 0
    promised: datetime | None = None  # an extension's date: later pauses never bring the due time to before it
    is_extended: bool = False
    paused_since: datetime | None = None
    stopped_at: datetime | None = None
    last_at: datetime | None = None

    def apply(self, entry: ClockEntry) -> None:
        if self.last_at is not None and entry.at < self.last_at:
            raise LedgerInvalid(N_("thời điểm đi lùi"))
        if (self.last_at is None) != (entry.kind == "start") or self.stopped_at is not None:
            raise LedgerInvalid(N_("dòng %(entry_kind)s đặt sai chỗ", entry_kind=entry.kind))
        self.last_at = entry.at
        {
            "start": self._begin,
            "restart": self._begin,
            "pause": self._pause,
            "resume": self._resume,
            "extend": self._extend,
            "stop": self._stop,
        }[entry.kind](entry)

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and bool(self.segments) and self.segments[-1].end is None

    def _begin(self, entry: ClockEntry) -> None:
        self.segments = [_Segment(start=entry.at)]
        self.total = self.calendar.size_of(self.budget, self.calendar.start_of(entry.at, unit=self.budget.unit))
        self.promised = self.paused_since = None

    def _pause(self, entry: ClockEntry) -> None:
        if not self.is_running:
            raise LedgerInvalid(N_("tạm dừng khi đang dừng"))
        self.segments[-1].end = self.paused_since = entry.at

    def _resume(self, entry: ClockEntry) -> None:
        if self.is_running:
            raise LedgerInvalid(N_("tính tiếp khi đang tính"))
        self.segments.append(_Segment(start=entry.at))
        self.paused_since = None

    def _extend(self, entry: ClockEntry) -> None:
        if entry.new_due_at is None or entry.new_due_at <= entry.at:
            raise LedgerInvalid(N_("hạn mới không sau lúc gia hạn"))
        left = self.calendar.measure(entry.at, entry.new_due_at, unit=self.budget.unit)
        self.total = self.consumed_at(entry.at) + left
        self.promised = entry.new_due_at
        self.is_extended = True
        if self.is_running:
            self.segments[-1].fixed_due = entry.new_due_at

    def _stop(self, entry: ClockEntry) -> None:
        self.stopped_at = entry.at

    def consumed_in(self, segment: _Segment, until: datetime) -> int:
        end = until if segment.end is None else min(segment.end, until)
        unit = self.budget.unit
        start = self.calendar.start_of(segment.start, unit=unit)
        return max(self.calendar.position_of(end, unit=unit) - start, 0)

    def consumed_at(self, until: datetime) -> int:
        return sum(self.consumed_in(segment, until) for segment in self.segments)

    def find_due(self) -> datetime | None:
        """Return when the budget is used up: in a closed segment, in the open one, or not yet known (None)."""
        used = 0
        for segment in self.segments:
            due = self._due_in(segment, max(self.total - used, 0))
            if segment.end is None or due <= segment.end:
                return due
            used += self.consumed_in(segment, segment.end)
        return None

    def _due_in(self, segment: _Segment, left: int) -> datetime:
        if segment.fixed_due is not None:
            return segment.fixed_due
        due = self.calendar.advance(segment.start, left, unit=self.budget.unit)
        return max(due, self.promised) if self.promised is not None else due


def read_clock(budget: Budget, entries: Sequence[ClockEntry], calendar: WorkCalendar, *, now: datetime) -> ClockReading:
    """Return where the clock stands at `now`. Lines later than `now` count too: the ledger is the past.

    Raises: LedgerInvalid when the lines contradict each other, CalendarOutOfRange.
    """
    walk = _read(budget, entries, calendar)
    due_at = walk.find_due()
    until = walk.stopped_at or now
    is_overdue = due_at is not None and (walk.paused_since or until) > due_at
    # a half-day closes before its clock hour: what ended with the office is used up, whatever the hour of the start
    consumed = max(walk.consumed_at(until), walk.total if is_overdue else 0)
    return ClockReading(
        due_at=due_at,
        running=walk.is_running,
        paused_since=walk.paused_since if walk.stopped_at is None else None,
        consumed_minutes=consumed,
        remaining_minutes=max(walk.total - consumed, 0),
        total_minutes=walk.total,
        is_overdue=is_overdue,
        extended=walk.is_extended,
    )


def explain_deadline(
    budget: Budget, entries: Sequence[ClockEntry], calendar: WorkCalendar, *, now: datetime
) -> tuple[DayLine, ...]:
    """Return the reason of the due time day by day, by the walk that `read_clock` takes.

    The minutes of all days sum to the budget; while a pause keeps the due time open, to what was consumed before it.
    Raises: LedgerInvalid, CalendarOutOfRange.
    """
    walk = _read(budget, entries, calendar)
    if not entries:
        return ()
    due_at = walk.find_due()
    target = walk.total if due_at is not None else walk.consumed_at(walk.paused_since or now)
    last_on = to_local(due_at or walk.paused_since or now).date()
    lines: list[DayLine] = []
    counted = 0
    for on in _days(to_local(entries[0].at).date(), last_on):
        end_of_day = datetime.combine(on + timedelta(days=1), time(), tzinfo=HCM)
        upto = target if on == last_on else min(walk.consumed_at(end_of_day), target)
        lines.append(DayLine(on=on, minutes=upto - counted, note=_note(on, walk, entries, due_at)))
        counted = upto
    return tuple(lines)


def _read(budget: Budget, entries: Sequence[ClockEntry], calendar: WorkCalendar) -> _Walk:
    walk = _Walk(budget=budget, calendar=calendar)
    for entry in entries:
        walk.apply(entry)
    return walk


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _note(on: date, walk: _Walk, entries: Sequence[ClockEntry], due_at: datetime | None) -> Message:
    """Say what kind of day this is, what the ledger wrote on it, and whether the time ends on it."""
    parts = [_kind_of_day(on, walk.calendar)]
    parts += [_say_entry(entry) for entry in entries if to_local(entry.at).date() == on]
    if len(parts) == 1 and not _touches(on, walk.segments):
        parts.append(N_("không tính vào thời hạn"))
    if due_at is not None and to_local(due_at).date() == on:
        parts.append(N_("hết thời hạn lúc %(moment)s", moment=format_moment(due_at)))
    return join(parts)


def _kind_of_day(on: date, calendar: WorkCalendar) -> Message:
    weekday = _WEEKDAYS[on.weekday()]
    day = calendar.find_day(on)
    if day is not None:
        parts = [weekday, N_(day.name), day.legal_ref]
        parts += [N_("chưa có thông báo chính thức")] if day.mark == "unsure" else []
        return join(parts, separator=", ")
    return join(
        (weekday, N_("ngày làm việc") if calendar.is_workday(on) else N_("ngày nghỉ hằng tuần")), separator=", "
    )


def _say_entry(entry: ClockEntry) -> Message:
    new = format_moment(entry.new_due_at) if entry.new_due_at is not None else ""
    at = format_moment(entry.at)
    text = {
        "start": N_("bắt đầu tính từ %(at)s", at=at),
        "pause": N_("tạm dừng từ %(at)s", at=at),
        "resume": N_("tính tiếp từ %(at)s", at=at),
        "restart": N_("tính lại từ đầu từ %(at)s", at=at),
        "extend": N_("hẹn lại đến %(new)s", new=new),
        "stop": N_("ngừng tính từ %(at)s", at=at),
    }[entry.kind]
    why = ", ".join(part for part in (entry.reason, entry.legal_ref) if part)
    return Message("%(text)s (%(why)s)", {"text": text, "why": why}) if why else text


def _touches(on: date, segments: Sequence[_Segment]) -> bool:
    return any(
        to_local(segment.start).date() <= on and (segment.end is None or on <= to_local(segment.end).date())
        for segment in segments
    )
