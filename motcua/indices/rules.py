"""What may stand in the copy and what may be shown of it (decision 0037). Pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from motcua.indices.types import Figures, ReportFilter, ShownFigures
from motcua.kernel.clock import local_date

MINUTES_STEP = 15  # working time is kept in quarters of an hour
DAY_MINUTES = 480  # a working day of the law's clock
DIMENSIONS = {
    "thang": "month",
    "co-quan": "agency_code",
    "thu-tuc": "procedure_code",
    "kenh": "channel",
    "trang-thai": "state",
    "dia-ban": "ward_code",
}
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_WARD = re.compile(r"[0-9]{5}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
MIN_YEAR, MAX_YEAR = 2000, 2100


def make_case_key(case_uuid: UUID, *, key: bytes) -> int:
    """Return the case's name in the copy: nobody without the key can tell the case, or try all cases."""
    digest = hmac.new(key, case_uuid.bytes, sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def print_key(key: bytes) -> str:
    """Return what tells one key from another and nothing else."""
    return hmac.new(key, b"motcua.indices.key_print", sha256).hexdigest()[:16]


def keep_code(text: str) -> str:
    """Return a code as it is; anything that is not one becomes 'other', so no free text slips in."""
    return text if _CODE.fullmatch(text) else "other"


def keep_ward(text: str) -> str:
    """Return a ward's code; nothing finer and nothing else."""
    return text if _WARD.fullmatch(text) else ""


def month_of(at: datetime) -> date:
    """Return the city's month of a moment, as its first day."""
    return local_date(at).replace(day=1)


def round_minutes(minutes: int) -> int:
    """Round working time to quarters of an hour, so that it is no fingerprint of a case."""
    return (minutes + MINUTES_STEP // 2) // MINUTES_STEP * MINUTES_STEP


def read_month(text: str) -> date | None:
    """Read '2026-03'; None for anything else."""
    found = _MONTH.fullmatch(text)
    if found is None or not MIN_YEAR <= int(found[1]) <= MAX_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def build_sql(dimension: str, wanted: ReportFilter, *, table: str = "cases") -> tuple[str, list[object]]:
    """Return the one statement of a report and its values. It is plain SQL: DuckDB and PostgreSQL give equal answers.

    Cases received count in the month they came, finished ones in the month their clock stopped.
    """
    received, finished = ("received_month", "finished_month") if dimension == "month" else (dimension, dimension)
    title = "procedure_title" if dimension == "procedure_code" else "''"
    where, values = _where(wanted)
    sql = f"""
    WITH picked AS NOT MATERIALIZED (SELECT * FROM {table} WHERE {where}),
    moved AS NOT MATERIALIZED (
        SELECT CAST({received} AS VARCHAR) AS key, {title} AS title, 1 AS received, 0 AS finished,
            CAST(NULL AS BOOLEAN) AS is_on_time, CAST(NULL AS INTEGER) AS minutes,
            papers_spared, facts_spared, waived_law_vnd, waived_city_vnd
        FROM picked WHERE received_month BETWEEN ? AND ?
        UNION ALL
        SELECT CAST({finished} AS VARCHAR), {title}, 0, 1, is_on_time, working_minutes, 0, 0, 0, 0
        FROM picked WHERE finished_month BETWEEN ? AND ?)
    SELECT GROUPING(key), key, max(title), sum(received), sum(finished), count(is_on_time),
        count(*) FILTER (WHERE is_on_time), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes),
        sum(papers_spared), sum(facts_spared),
        sum(waived_law_vnd), sum(waived_city_vnd)
    FROM moved GROUP BY GROUPING SETS ((key), ()) ORDER BY 1, 2"""  # noqa: S608  names are ours, values parameters
    return sql, [*values, wanted.first, wanted.last, wanted.first, wanted.last]


def _where(wanted: ReportFilter) -> tuple[str, list[object]]:
    parts: list[str] = ["1 = 1"]
    values: list[object] = []
    if wanted.scope is not None:
        parts.append(f"agency_code IN ({', '.join('?' * len(wanted.scope))})" if wanted.scope else "1 = 0")
        values.extend(sorted(wanted.scope))
    for column in ("agency_code", "procedure_code", "channel"):
        value = getattr(wanted, column)
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    return " AND ".join(parts), values


def hide_small(rows: Sequence[Figures], *, threshold: int) -> tuple[ShownFigures, ...]:
    """Mark what must not be shown: counts of fewer cases than the threshold, and as many more as keep those hidden.

    The total is shown, so hidden counts that together stay under the threshold take the next smallest with them.
    """
    received = _hidden([row.received for row in rows], threshold)
    finished = _hidden([row.finished for row in rows], threshold)
    return tuple(
        ShownFigures(figures=row, hides_received=index in received, hides_finished=index in finished)
        for index, row in enumerate(rows)
    )


def _hidden(counts: Sequence[int], threshold: int) -> set[int]:
    hidden = {index for index, count in enumerate(counts) if 0 < count < threshold}
    if hidden and (sum(counts[index] for index in hidden) < threshold or len(hidden) == 1):
        others = [(count, index) for index, count in enumerate(counts) if count >= threshold]
        if others:
            hidden.add(min(others)[1])
    return hidden


def blank(row: ShownFigures, *, label: str) -> ShownFigures:
    """Return the row with its name, and zeros where it is hidden: what leaves the copy no longer holds it."""
    figures = row.figures
    if row.hides_received:
        figures = replace(figures, received=0, papers_spared=0, facts_spared=0, waived_law_vnd=0, waived_city_vnd=0)
    if row.hides_finished:
        figures = replace(figures, finished=0, with_term=0, on_time=0, median_minutes=None, p90_minutes=None)
    return replace(row, figures=figures, label=label)


def share_percent(part: int, whole: int) -> float | None:
    """Return a share in percent, to a tenth; none of nothing."""
    return round(1000 * part / whole) / 10 if whole else None


def draw_bars(counts: Sequence[tuple[int, int]], *, width: int) -> tuple[tuple[int, int], ...]:
    """Return the lengths of two bars a group, to one scale; a count that is not nothing is always seen."""
    most = max((max(pair) for pair in counts), default=0)
    return tuple((_length(first, most, width), _length(second, most, width)) for first, second in counts)


def _length(count: int, most: int, width: int) -> int:
    return max(1, round(width * count / most)) if count else 0
