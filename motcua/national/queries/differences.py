"""The comparison of a day: our messages beside the other side's list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from motcua.kernel.clock import HCM
from motcua.national.models import DayComparison, Intake, StatusMessage
from motcua.national.rules.differences import compare_day
from motcua.national.rules.said import recall
from motcua.national.types import DayReport, Difference, SentNote, ToldState


def compare_with(told: Sequence[ToldState], *, on: date, now: datetime) -> DayReport:
    """Compare our messages of a day with the other side's list. Shape: four queries, whatever the day."""
    since, until = bounds(on)
    threads = StatusMessage.objects.filter(happened_at__gte=since, happened_at__lt=until).values("thread")
    ours: dict[str, list[SentNote]] = {}
    ours_by_national: dict[str, str] = {}
    for row in StatusMessage.objects.filter(thread__in=threads).order_by("thread", "seq"):
        code = row.dossier_no or row.national_code
        ours.setdefault(code, []).append(_to_note(row))
        if row.national_code:
            ours_by_national[row.national_code] = code
    theirs = {ours_by_national.get(each.code, each.code): each for each in told}
    strangers = sorted(theirs.keys() - ours.keys())
    known = StatusMessage.objects.filter(Q(dossier_no__in=strangers) | Q(national_code__in=strangers))
    known_codes = {code for pair in known.values_list("dossier_no", "national_code") for code in pair if code}
    in_queue = Intake.objects.filter(national_code__in=strangers, state__in=("new", "waiting"))
    matched, differences = compare_day(
        ours, theirs, until=until, known=known_codes, in_queue=set(in_queue.values_list("national_code", flat=True))
    )
    return DayReport(on=on, made_at=now, matched=matched, differences=differences)


def find_comparison(on: date) -> DayReport | None:
    """Return the newest comparison of a day."""
    row = DayComparison.objects.filter(on=on).first()
    if row is None:
        return None
    return DayReport(
        on=row.on,
        made_at=row.made_at,
        matched=row.matched,
        differences=tuple(_to_difference(each) for each in row.differences),
    )


def bounds(on: date) -> tuple[datetime, datetime]:
    """Return the city's day, half-open."""
    since = datetime(on.year, on.month, on.day, tzinfo=HCM)
    following = on + timedelta(days=1)
    return since, datetime(following.year, following.month, following.day, tzinfo=HCM)


def _to_note(row: StatusMessage) -> SentNote:
    outcome = row.outcome
    assert outcome in ("waiting", "accepted", "refused")  # a constraint
    return SentNote(
        seq=row.seq,
        state=row.state,
        happened_at=row.happened_at,
        outcome=outcome,  # type: ignore[arg-type]  # the assertion above
        acked_at=row.acked_at,
        attempts=row.attempts,
        ack_text=row.ack_text,
    )


def _to_difference(kept: dict[str, Any]) -> Difference:
    return Difference(**{**kept, "says": recall(kept["says"])})
