"""Figures of quality, by who sent the data and over time; records that outlived their retention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max, Sum

from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.registers.models import CaseRecord, LoadRun, QualityFigure
from motcua.registers.rules.quality import FILLED, FITS
from motcua.registers.types import RegisterInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRow:
    """How one rule stands: of how many records it holds. Unit: shares in basis points, rounded down."""

    rule: str
    field: str
    message: str
    checked: int
    failed: int

    @property
    def holds_bp(self) -> int:
        return (self.checked - self.failed) * 10_000 // self.checked if self.checked else 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityDay:
    """How all rules together stood on a day."""

    measured_on: date
    checked: int
    failed: int

    @property
    def holds_bp(self) -> int:
        return (self.checked - self.failed) * 10_000 // self.checked if self.checked else 10_000


def list_quality(info: RegisterInfo, *, source: str = "") -> tuple[date | None, tuple[QualityRow, ...]]:
    """Return the newest day and its figures by rule, the worst first; of one sender when one is named."""
    rows = QualityFigure.objects.filter(register=info.id, run__isnull=True)
    on = rows.aggregate(last=Max("measured_on"))["last"]
    day = rows.filter(measured_on=on, **({"source": source} if source else {}))
    found = day.values("rule", "field").annotate(all=Sum("checked"), bad=Sum("failed")).order_by("rule")
    listed = [_to_row(info, each["rule"], each["field"], each["all"], each["bad"]) for each in found]
    return on, tuple(sorted(listed, key=lambda row: (row.holds_bp, row.rule)))


def list_quality_of_load(info: RegisterInfo, *, run_uuid: UUID) -> tuple[QualityRow, ...]:
    """Return the figures of one load; empty while its batches wait to be measured."""
    rows = QualityFigure.objects.filter(run__uuid=run_uuid).values_list("rule", "field", "checked", "failed")
    listed = [_to_row(info, *row) for row in rows.order_by("rule")]
    return tuple(sorted((row for row in listed if row.failed), key=lambda row: (row.holds_bp, row.rule)))


def list_quality_sources(info: RegisterInfo, *, on: date | None) -> tuple[tuple[str, int, int], ...]:
    """Return who sent the data: name, records, share in basis points in which the rules hold; the worst first."""
    if on is None:
        return ()
    rows = QualityFigure.objects.filter(register=info.id, run__isnull=True, measured_on=on)
    kept = rows.exclude(rule__startswith=FILLED)
    found = (
        kept.values("source").annotate(all=Sum("checked"), bad=Sum("failed"), most=Max("checked")).order_by("source")
    )
    listed = [(row["source"], row["most"], (row["all"] - row["bad"]) * 10_000 // max(row["all"], 1)) for row in found]
    return tuple(sorted(listed, key=lambda row: (row[2], row[0])))


def list_quality_days(
    info: RegisterInfo, *, rule: str = "", source: str = "", now: datetime, days: int = 90
) -> tuple[QualityDay, ...]:
    """Return day by day, the newest first: one rule, or all rules of the steward's together."""
    since = local_date(now) - timedelta(days=days)
    rows = QualityFigure.objects.filter(register=info.id, run__isnull=True, measured_on__gt=since)
    rows = rows.filter(rule=rule) if rule else rows.exclude(rule__startswith=FILLED)
    if source:
        rows = rows.filter(source=source)
    found = rows.values("measured_on").annotate(all=Sum("checked"), bad=Sum("failed")).order_by("-measured_on")
    return tuple(QualityDay(measured_on=row["measured_on"], checked=row["all"], failed=row["bad"]) for row in found)


def count_waiting(register_ids: Sequence[int]) -> dict[int, int]:
    """Return how many records of finished cases wait for a steward, by register."""
    rows = CaseRecord.objects.filter(register__in=register_ids, record__isnull=True, dismissed_at__isnull=True)
    counted: dict[int, int] = {}
    for register_id in rows.values_list("register_id", flat=True)[:10_000]:
        counted[register_id] = counted.get(register_id, 0) + 1
    return counted


def find_last_loads(register_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each register was last loaded."""
    rows = LoadRun.objects.filter(register__in=register_ids).values("register").annotate(last=Max("started_at"))
    return {row["register"]: row["last"] for row in rows.order_by("register")}


def count_outlived(info: RegisterInfo, *, now: datetime) -> int | None:
    """Return how many records outlived their retention, counted up to 10,000; None when they are kept for ever."""
    if not info.retention_years or not info.retention_from:
        return None
    today = local_date(now)
    limit = today.replace(year=today.year - info.retention_years, day=min(today.day, 28))
    with connection.cursor() as cursor:
        cursor.execute(_OUTLIVED, [info.id, info.retention_from, limit.isoformat()])
        return int(cursor.fetchone()[0])


_OUTLIVED = """
SELECT count(*) FROM (
    SELECT 1 FROM registers_recordversion v JOIN registers_record r ON r.id = v.record_id
    WHERE r.register_id = %s AND v.known_to IS NULL AND v.valid_to IS NULL AND v.data ->> %s < %s LIMIT 10000
) found
"""


def _to_row(info: RegisterInfo, rule: str, field: str, checked: int, failed: int) -> QualityRow:
    said = {each.code: each.message for each in info.quality}
    if rule.startswith(FILLED):
        message: str = N_("Chưa điền “%(field)s”", field=info.get_title(field))
    elif rule == FITS:
        message = N_("Không đúng cấu trúc hiện nay của sổ")
    else:
        message = said.get(rule, rule)
    return QualityRow(rule=rule, field=field, message=message, checked=checked, failed=failed)
