"""The calendar of an office as a value, and adding a budget to a moment.

Everything is counted on one of three axes, whole minutes each:
- a working day is 480 units whatever the office's hours that day (a budget of N working days is N x 480);
- a working hour is 60 minutes of open office;
- a calendar day or month is minutes of the wall clock, rolled to the end of an office day.
A moment is read to its minute; seconds are dropped.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Literal

from motcua.kernel.clock import HCM, to_local
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_

Unit = Literal["workday", "work_hour", "calendar_day", "month"]
DayKind = Literal["holiday", "swap_off", "swap_work"]
Sessions = tuple[tuple[time, time], ...]
_Session = tuple[int, int]  # minutes of the day: open, close

UNITS: tuple[Unit, ...] = ("workday", "work_hour", "calendar_day", "month")
DAY_UNITS = 480
_WALL: tuple[Unit, ...] = ("calendar_day", "month")
_DAY_MINUTES = 1440
_FIRST = date(1990, 1, 1).toordinal()
_LAST = date(2099, 12, 31).toordinal()


class CalendarOutOfRange(DomainError):
    """A moment or a budget beyond the years that can be counted."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__("kernel.calendar_range", N_("Thời hạn nằm ngoài các năm 1990–2099; hãy xem lại ngày đã nhập."))


@dataclass(frozen=True, slots=True)
class Budget:
    """How much time the law gives. Raises: ValueError for an unknown unit or a negative amount."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.amount < 0:
            raise ValueError(f"{self.amount} {self.unit} is no budget of time.")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from the week's rule. `mark` 'unsure' is shown to the operator until someone confirms it."""

    on: date
    kind: DayKind
    name: str
    legal_ref: str
    mark: Literal["sure", "unsure"] = "sure"


def office_hours(*days: int, hours: Sessions | None = None) -> tuple[Sessions, ...]:
    """Return the week (Monday first) with `hours` on `days` (0 is Monday); by default 07:30–11:30, 13:00–17:00.

    These are the usual hours (mark L): an agency's own calendar overrides them.
    """
    full = hours or ((time(7, 30), time(11, 30)), (time(13), time(17)))
    return tuple(full if day in (days or range(5)) else () for day in range(7))


@dataclass(frozen=True)
class WorkCalendar:
    """The working time of an office: its week and the days that differ from it.

    Immutable; the index of working days is laid once, on first use.
    """

    code: str
    name: str
    weekly: tuple[Sessions, ...] = field(default_factory=office_hours)
    days: tuple[CalendarDay, ...] = ()
    known_until: date | None = None

    def __post_init__(self) -> None:
        if len(self.weekly) != 7 or not any(self.weekly):
            raise ValueError("A week has seven days, one of them worked at least.")
        for sessions in self.weekly:
            ends = [_minute(moment) for session in sessions for moment in session]
            if ends != sorted(set(ends)):
                raise ValueError("The sessions of a day must follow one another.")
        if len(self._special) != len(self.days):
            raise ValueError("A day stands twice in the calendar.")

    def find_day(self, on: date) -> CalendarDay | None:
        """Return what makes this day differ from the week's rule, if anything does."""
        return self._special.get(on)

    def is_workday(self, on: date) -> bool:
        """True when the office works on this day."""
        return bool(self._sessions_of(on))

    def sessions(self, on: date) -> Sessions:
        """Return the hours of this day; a swapped-in working day has the hours of the week's first working day."""
        special = self._special.get(on)
        if special is None:
            return self.weekly[on.weekday()]
        return next(filter(None, self.weekly)) if special.kind == "swap_work" else ()

    def next_work_moment(self, at: datetime) -> datetime:
        """Return `at` itself when the office is open then, else the next opening."""
        local = to_local(at)
        minute = local.hour * 60 + local.minute
        if any(start <= minute < end for start, end in self._sessions_of(local.date())):
            return local
        return self.moment_of(self.position_of(at, unit="workday"), unit="workday")

    def roll_end(self, at: datetime) -> datetime:
        """Return `at` while the office is open or just closing, else the end of that or the next working day.

        Source: Civil Code 91/2015/QH13, Art. 148; in force 2017-01-01.
        """
        local = to_local(at).replace(second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        if any(start <= minute <= end for start, end in self._sessions_of(local.date())):
            return local
        sessions = self._sessions_of(local.date())
        return self._close_of_office(local.toordinal() + bool(sessions and minute > sessions[-1][1]))

    def add(self, at: datetime, budget: Budget) -> datetime:
        """Return when the budget that starts at `at` is used up.

        Working days: the day of the start is not counted, the end is N working days later at the same point of the
        office's day; a start outside office hours counts from the next opening. Hours end inside open hours. Calendar
        days and months end with the office day of their last day; when that is a day of rest, of the next working day.
        Raises: CalendarOutOfRange.
        Source: Civil Code 91/2015/QH13, Art. 147; in force 2017-01-01.
        Source: Civil Code 91/2015/QH13, Art. 148; in force 2017-01-01.
        """
        unit = budget.unit
        if budget.amount and unit not in _WALL:  # the hot path: one position, one moment
            start = self.position_of(at, unit=unit)
            return self.moment_of(start + self.size_of(budget, start), unit=unit)
        return self.advance(at, self.size_of(budget, self.start_of(at, unit=unit)), unit=unit)

    def advance(self, at: datetime, units: int, *, unit: Unit) -> datetime:
        """Return when `units` of the axis have passed since `at`; with none, the next opening of the office."""
        if units or unit in _WALL:
            return self.moment_of(self.start_of(at, unit=unit) + units, unit=unit)
        return self.next_work_moment(at).replace(second=0, microsecond=0)

    def start_of(self, at: datetime, *, unit: Unit) -> int:
        """Return where counting starts on the axis: at the next opening of the office."""
        return self.position_of(self.next_work_moment(at) if unit in _WALL else at, unit=unit)

    def work_minutes_between(self, start: datetime, end: datetime) -> int:
        """Return the minutes of open office from `start` to `end`; negative when `end` comes first."""
        return self.position_of(end, unit="work_hour") - self.position_of(start, unit="work_hour")

    def workdays_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and including `end`; negative when `end` comes first."""
        return self._rank(end.toordinal() + 1) - self._rank(start.toordinal() + 1)

    def measure(self, start: datetime, end: datetime, *, unit: Unit) -> int:
        """Return how much of a budget in `unit` passes between two moments, in the units of its axis."""
        return self.position_of(end, unit=unit) - self.position_of(start, unit=unit)

    def position_of(self, at: datetime, *, unit: Unit) -> int:
        """Return the moment's place on the axis of `unit`; it never falls as time goes on."""
        local = at.astimezone(HCM) if at.tzinfo is not None else to_local(at)
        ordinal, minute = local.toordinal(), local.hour * 60 + local.minute
        if unit in _WALL:
            return ordinal * _DAY_MINUTES + minute
        rank = self._rank(ordinal)
        worked, length = _worked(self._hours(ordinal), minute)
        if unit == "work_hour":
            return self._index.minutes_before[rank] + worked
        return rank * DAY_UNITS + (worked * DAY_UNITS // length if length else 0)

    def moment_of(self, position: int, *, unit: Unit) -> datetime:
        """Return the moment at which the axis of `unit` reaches `position`.

        At the seam of two days: working days answer the opening of the later one, hours the closing of the earlier one.
        """
        if unit in _WALL:
            return self._close_of_office(position // _DAY_MINUTES)
        index = self._index
        if unit == "work_hour":
            rank = max(bisect_left(index.minutes_before, position) - 1, 0)
            return self._inside(rank, position - index.minutes_before[rank], is_late=False)
        rank, units = divmod(position, DAY_UNITS)
        if not 0 <= rank < len(index.ordinals):
            raise CalendarOutOfRange
        length = index.minutes_before[rank + 1] - index.minutes_before[rank]
        return self._inside(rank, -(-units * length // DAY_UNITS), is_late=True)

    def size_of(self, budget: Budget, start: int) -> int:
        """Return the budget's size on its axis when it starts at the position `start`."""
        if budget.unit == "workday":
            return budget.amount * DAY_UNITS
        if budget.unit == "work_hour":
            return budget.amount * 60
        if budget.unit == "calendar_day":
            return budget.amount * _DAY_MINUTES
        ordinal = start // _DAY_MINUTES
        return (_add_months(ordinal, budget.amount) - ordinal) * _DAY_MINUTES

    @cached_property
    def _special(self) -> dict[date, CalendarDay]:
        return {day.on: day for day in self.days}

    @cached_property
    def _weekly_minutes(self) -> tuple[tuple[_Session, ...], ...]:
        return tuple(_in_minutes(sessions) for sessions in self.weekly)

    @cached_property
    def _special_minutes(self) -> dict[int, tuple[_Session, ...]]:
        return {day.on.toordinal(): _in_minutes(self.sessions(day.on)) for day in self.days}

    @cached_property
    def _index(self) -> _Index:
        return _lay_index(self)

    def _hours(self, ordinal: int) -> tuple[_Session, ...]:
        special = self._special_minutes.get(ordinal)
        return self._weekly_minutes[(ordinal + 6) % 7] if special is None else special

    def _sessions_of(self, on: date) -> tuple[_Session, ...]:
        return self._hours(on.toordinal())

    def _rank(self, ordinal: int) -> int:
        """Return how many working days lie before the day."""
        if not _FIRST <= ordinal <= _LAST:
            raise CalendarOutOfRange
        return self._index.ranks[ordinal - _FIRST]

    def _inside(self, rank: int, worked: int, *, is_late: bool) -> datetime:
        """Return the moment after `worked` minutes of the rank-th working day."""
        index = self._index
        if rank >= len(index.ordinals):
            raise CalendarOutOfRange
        ordinal = index.ordinals[rank]
        for start, end in self._hours(ordinal):
            length = end - start
            if worked < length or (worked == length and not is_late):
                return _moment(ordinal, start + worked)
            worked -= length
        raise CalendarOutOfRange

    def _close_of_office(self, ordinal: int) -> datetime:
        """Return when the office closes on this day, or on the next working day when this is a day of rest."""
        rank = self._rank(ordinal)
        if rank >= len(self._index.ordinals):
            raise CalendarOutOfRange
        day = self._index.ordinals[rank]
        return _moment(day, self._hours(day)[-1][1])


@dataclass(frozen=True, slots=True)
class _Index:
    ranks: list[int]  # by day since _FIRST: working days before it
    ordinals: list[int]  # by rank: the working day
    minutes_before: list[int]  # by rank: working minutes before that day; one entry more for the end


def _lay_index(calendar: WorkCalendar) -> _Index:
    ranks: list[int] = []
    ordinals: list[int] = []
    minutes_before = [0]
    lengths = [sum(end - start for start, end in sessions) for sessions in calendar._weekly_minutes]
    special = {
        ordinal: sum(end - start for start, end in sessions) for ordinal, sessions in calendar._special_minutes.items()
    }
    for ordinal in range(_FIRST, _LAST + 1):
        ranks.append(len(ordinals))
        length = special.get(ordinal, lengths[(ordinal + 6) % 7])
        if length:
            ordinals.append(ordinal)
            minutes_before.append(minutes_before[-1] + length)
    return _Index(ranks=ranks, ordinals=ordinals, minutes_before=minutes_before)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _in_minutes(sessions: Sessions) -> tuple[_Session, ...]:
    return tuple((_minute(start), _minute(end)) for start, end in sessions)


def _worked(sessions: tuple[_Session, ...], minute: int) -> tuple[int, int]:
    """Return (minutes worked before `minute`, minutes worked in the whole day)."""
    worked = length = 0
    for start, end in sessions:
        length += end - start
        if minute > start:
            worked += min(minute, end) - start
    return worked, length


def _moment(ordinal: int, minute: int) -> datetime:
    day = date.fromordinal(ordinal)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=HCM)


def _add_months(ordinal: int, months: int) -> int:
    """Return the corresponding day `months` later, or the last day of that month when it has none such."""
    day = date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 2099:
        raise CalendarOutOfRange
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1).toordinal() + day.day - 1, after.toordinal() - 1)
