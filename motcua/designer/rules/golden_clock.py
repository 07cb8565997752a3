"""The term of a sample dossier, counted as the clock of a case counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from motcua.kernel.workdays import Budget, ClockEntry, WorkCalendar, read_clock

WAITING = frozenset({"waiting_applicant", "waiting_payment"})
ENDING = frozenset({"decided", "delivered", "refused", "withdrawn", "stopped"})
_UNITS = ("workday", "work_hour", "calendar_day", "month")


class Clock:
    """Starts when the dossier is filed, pauses and goes on by the stages that the process enters.

    Source: Decree 61/2018/NĐ-CP, Art. 19(4); in force 2018-06-21.
    """

    def __init__(self, term: Mapping[str, Any], calendar: WorkCalendar, filed_at: datetime) -> None:
        amount, unit = term.get("amount"), term.get("unit", "workday")
        is_stated = isinstance(amount, int) and not isinstance(amount, bool) and amount > 0 and unit in _UNITS
        self.budget = Budget(int(amount or 0), unit) if is_stated else None
        self.restarts = term.get("clock_rule", "restart") == "restart"
        self.calendar = calendar
        self.entries = [ClockEntry(at=filed_at, kind="start", reason="")]
        self.stage = "submitted"
        self.state: Literal["running", "paused", "stopped"] = "running"
        self.now = filed_at

    @property
    def due_at(self) -> datetime | None:
        """The due time as it stands; None without a term, or while a pause keeps it open."""
        if self.budget is None:
            return None
        return read_clock(self.budget, self.entries, self.calendar, now=self.now).due_at

    def enter(self, stage: str, now: datetime) -> None:
        before, self.stage, self.now = self.stage, stage, now
        if self.state == "stopped":
            return
        if stage in ENDING:
            self._write("stop", "stopped", now)
            return
        is_new = self.state == "paused" and self.restarts and before == "waiting_applicant"
        if stage in WAITING:
            if is_new and stage != before:
                self._write("restart", "running", now)
            if self.state == "running":
                self._write("pause", "paused", now)
        elif self.state == "paused":
            self._write("restart" if is_new else "resume", "running", now)

    def end(self, now: datetime) -> None:
        self.now = now
        if self.state != "stopped":
            self._write("stop", "stopped", now)

    def _write(
        self,
        kind: Literal["pause", "resume", "restart", "stop"],
        state: Literal["running", "paused", "stopped"],
        now: datetime,
    ) -> None:
        self.entries.append(ClockEntry(at=max(now, self.entries[-1].at), kind=kind, reason=self.stage))
        self.state = state
