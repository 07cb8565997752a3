"""Who read the data of a person: over everything that is hers, in a fixed number of queries."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet

from motcua.audit.models import AuditEntry, ReadingDelay
from motcua.audit.queries.log import to_info
from motcua.audit.rules import covers
from motcua.audit.types import AuditEntryInfo, DelayInfo, DelayLimits, ReadingFilter, SeenReading, SubjectSpans
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window

_FILE = Path(__file__).resolve().parents[1] / "data" / "secrecy.toml"
_NO_FILTER = ReadingFilter()


def list_readings(
    subjects: Collection[str],
    *,
    party: str,
    at_times: Collection[SubjectSpans] = (),
    wanted: ReadingFilter = _NO_FILTER,
    page: int = 1,
    now: datetime,
) -> Page[SeenReading]:
    """Return one page of the readings of these subjects that may be seen now, the latest first: three queries.

    `at_times`: subjects of which the readings at these times alone are asked for. `party`: whose subjects they are,
    'person:<uuid>' or 'organisation:<uuid>'; a decision may delay for that party.
    Source: Law 91/2025/QH15, Art. 4; in force 2026-01-01.
    """
    delays, limits = list_delays(party), read_limits()
    rows = _select(_of(subjects, at_times), delays, wanted=wanted, limits=limits, now=now)
    start, stop = page_window(page)
    found = [to_info(row) for row in rows[start:stop]]
    total = len(rows.values_list("id")[: COUNT_CAP + 1])
    seen = [SeenReading(entry=entry, delayed_by=_find_delayed_by(entry, delays)) for entry in found]
    return make_page(seen, number=page, total=total)


def iterate_readings(
    subjects: Collection[str], *, party: str, at_times: Collection[SubjectSpans] = (), now: datetime
) -> Iterator[SeenReading]:
    """Yield every reading that may be seen now, the latest first, streamed however many: two queries."""
    delays = list_delays(party)
    rows = _select(_of(subjects, at_times), delays, wanted=_NO_FILTER, limits=read_limits(), now=now)
    for row in rows.iterator(chunk_size=2_000):
        entry = to_info(row)
        yield SeenReading(entry=entry, delayed_by=_find_delayed_by(entry, delays))


def list_delays(party: str = "") -> tuple[DelayInfo, ...]:
    """Return the decisions that delay readings of this party (of all, when none is named), the newest first."""
    rows = ReadingDelay.objects.order_by("-noted_at", "-id")
    return tuple(_to_delay(row) for row in (rows.filter(party=party) if party else rows[:COUNT_CAP]))


@cache
def read_limits() -> DelayLimits:
    """Return how long readings may be kept out of sight, from the data that a lawyer keeps."""
    row = tomllib.loads(_FILE.read_text("utf-8"))
    return DelayLimits(
        max_decision=timedelta(days=row["max_decision_days"]),
        max_hidden=timedelta(days=row["max_hidden_days"]),
        max_backdate=timedelta(days=row["max_backdate_days"]),
        basis=row["basis"],
    )


def _of(subjects: Collection[str], at_times: Collection[SubjectSpans]) -> Q:
    """Return the condition that names what is a person's: some subjects always, others at their times."""
    wanted = Q(subject__in=set(subjects))
    for each in at_times:
        for start, end in each.spans:
            in_time = Q(at__gte=start) if end is None else Q(at__gte=start, at__lt=end)
            wanted |= Q(subject=each.subject) & in_time
    return wanted


def _select(
    hers: Q,
    delays: Collection[DelayInfo],
    *,
    wanted: ReadingFilter,
    limits: DelayLimits,
    now: datetime,
) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(hers, kind="read", at__lte=now)
    for delay in delays:
        if delay.ends_at > now:
            by_reader = Q(agency_code=delay.reader) | Q(actor_id=delay.reader)
            in_time = Q(at__gte=delay.reads_from, at__lt=delay.ends_at, at__gt=now - limits.max_hidden)
            rows = rows.exclude(by_reader & in_time)
    if wanted.from_at is not None:
        rows = rows.filter(at__gte=wanted.from_at)
    if wanted.to_at is not None:
        rows = rows.filter(at__lt=wanted.to_at)
    if wanted.without_actor:
        rows = rows.exclude(actor_id=wanted.without_actor)
    if wanted.reader_text:
        rows = rows.filter(
            Q(actor_kind__in=("system", "resident"), actor_name__icontains=wanted.reader_text)
            | Q(agency_code__in=wanted.agency_codes)
            | Q(agency_code="", actor_id__in=wanted.reader_ids)
        )
    return rows.order_by("-at", "-id")


def _find_delayed_by(entry: AuditEntryInfo, delays: Collection[DelayInfo]) -> str:
    """Return the decision for whose sake a reading came late into sight."""
    return next((delay.decision_no for delay in delays if covers(delay, entry)), "")


def _to_delay(row: ReadingDelay) -> DelayInfo:
    return DelayInfo(
        uuid=row.uuid,
        decision_no=row.decision_no,
        decided_on=row.decided_on,
        authority=row.authority,
        party=row.party,
        reader=row.reader,
        reads_from=row.reads_from,
        until_at=row.until_at,
        noted_at=row.noted_at,
        noted_by_name=row.noted_by_name,
        lifted_at=row.lifted_at,
        lifted_by_name=row.lifted_by_name,
    )
