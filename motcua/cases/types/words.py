"""The codes that tables, rules and screens share."""

from __future__ import annotations

from typing import Literal, get_args

Stage = Literal[
    "submitted",
    "accepted",
    "in_progress",
    "waiting_applicant",
    "waiting_payment",
    "withdrawing",
    "stopped",
    "decided",
    "delivered",
    "refused",
    "withdrawn",
]
TermUnit = Literal["workday", "work_hour", "calendar_day", "month"]
ClockRule = Literal["restart", "pause"]
ClockState = Literal["running", "paused", "stopped"]
ClockKind = Literal["start", "pause", "resume", "restart", "extend", "stop"]
Audience = Literal["public", "applicant", "office"]
PartyKind = Literal["person", "organisation", "user"]
Lateness = Literal["late", "today", "soon", "later", "paused", "none"]
InboxHolder = Literal["all", "mine", "unassigned"]
OverviewGroup = Literal["agency", "procedure", "step"]

STAGES: frozenset[str] = frozenset(get_args(Stage))
TERM_UNITS: frozenset[str] = frozenset(get_args(TermUnit))
CLOCK_RULES: frozenset[str] = frozenset(get_args(ClockRule))
CLOCK_STATES: frozenset[str] = frozenset(get_args(ClockState))
CLOCK_KINDS: frozenset[str] = frozenset(get_args(ClockKind))
AUDIENCES: frozenset[str] = frozenset(get_args(Audience))
SERVICE_STATES: frozenset[str] = frozenset({"requested", "done", "failed", "cancelled"})
TIMER_COUNTS: frozenset[str] = frozenset({"workday", "calendar"})
