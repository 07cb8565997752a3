"""A year of 300,000 cases asked of the copy and, in the same words, of PostgreSQL: equal answers, a fifth of the time.

PostgreSQL has the very same rows in one table, analysed and in its cache; the copy is opened anew each time.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import Promise

CASES, ROUNDS, MIN_RATIO = 300_000, 3, 5.0
_COLUMNS = """CAST(n AS BIGINT) AS case_key, 'dossier' AS kind, 'P' || (n * 7919 % 900) AS procedure_code,
    'Thủ tục số ' || (n * 7919 % 900) AS procedure_title, 'H29.' || (n * 104729 % 190) AS agency_code,
    CAST(26000 + n * 104729 % 168 AS VARCHAR) AS ward_code,
    CASE WHEN n % 3 = 0 THEN 'counter' ELSE 'online' END AS channel,
    CASE WHEN n % 11 = 0 THEN 'open.in_progress' ELSE 'closed.approved' END AS state,
    CAST(DATE '2026-01-01' + CAST(n % 12 AS INTEGER) * INTERVAL '1 month' AS DATE) AS received_month,
    CASE WHEN n % 11 = 0 THEN NULL
        ELSE CAST(DATE '2026-01-01' + CAST(n % 12 AS INTEGER) * INTERVAL '1 month' AS DATE) END AS finished_month,
    CASE WHEN n % 11 = 0 THEN NULL ELSE n % 23 <> 0 END AS is_on_time, n % 50 = 0 AS is_extended,
    CASE WHEN n % 11 = 0 THEN NULL ELSE CAST(15 * (n * 6151 % 640) AS INTEGER) END AS working_minutes,
    CAST(n % 3 AS INTEGER) AS papers_spared, CAST(n % 9 AS INTEGER) AS facts_spared,
    CAST(0 AS BIGINT) AS waived_law_vnd, CAST(n % 2 * 8000 AS BIGINT) AS waived_city_vnd, CAST(1 AS INTEGER) AS batch"""
_FROM = f"SELECT {_COLUMNS} FROM generate_series(CAST(1 AS BIGINT), CAST({CASES} AS BIGINT)) AS t(n)"


def run() -> list[Promise]:
    """Ask by month, office and procedure; also with many changed cases waiting in deltas."""
    from motcua.indices.rules import build_sql
    from motcua.indices.types import ReportFilter

    wanted = ReportFilter(first=date(2026, 1, 1), last=date(2026, 12, 1), scope=None)
    asked = [build_sql(column, wanted) for column in ("month", "agency_code", "procedure_code")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder)
        slow, theirs = _measure(lambda sql, values: _ask_postgres(sql, values), asked)
        fast, ours = _measure(lambda sql, values: _ask_copy(folder, sql, values), asked)
        assert ours == theirs, "the two answers differ"
        _touch(folder)
        changed, again = _measure(lambda sql, values: _ask_copy(folder, sql, values), asked)
        assert again == ours
    return [
        Promise(
            "Chỉ số cả năm trên bản sao so với cùng câu SQL trên PostgreSQL",
            slow / fast,
            MIN_RATIO,
            at_least=True,
            detail=f"{slow * 1000:.0f} ms so với {fast * 1000:.0f} ms, {CASES} hồ sơ, ba bảng",
        ),
        Promise(
            "Chỉ số cả năm khi bản sao còn phần chưa gộp",
            changed / fast,
            4.0,
            at_least=False,
            detail=f"{changed * 1000:.0f} ms với 12.000 hồ sơ vừa đổi trong 12 phần",
        ),
    ]


def _fill(folder: Path) -> None:
    import duckdb
    from django.db import connection

    from motcua.indices.actions.parts import SCHEMA, replace_manifest, write_table
    from motcua.indices.tests.factories import NOW
    from motcua.indices.types import Manifest

    with duckdb.connect() as made:
        table = made.execute(_FROM).to_arrow_table().cast(SCHEMA)
    part = write_table(folder, table, kind="base", batch=1)
    replace_manifest(folder, Manifest(batch=1, as_of=NOW, refreshed_at=NOW, key_print="", parts=(part,)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_cases AS {_FROM}")
        cursor.execute("VACUUM ANALYZE bench_cases")


def _touch(folder: Path) -> None:
    """Write twelve parts of a thousand cases again, unchanged: the answers must stay the same."""
    from motcua.indices.actions.parts import SCHEMA, replace_manifest, write_table
    from motcua.indices.queries.copy import open_copy
    from motcua.indices.queries.manifest import find_manifest
    from motcua.indices.types import Manifest

    manifest = find_manifest(folder)
    assert manifest is not None
    parts = list(manifest.parts)
    with open_copy(folder, manifest) as connection:
        for batch in range(2, 14):
            sql = f"SELECT * REPLACE (CAST({batch} AS INTEGER) AS batch) FROM cases WHERE case_key % 300 = {batch}"
            table = connection.execute(sql).to_arrow_table().cast(SCHEMA)
            parts.append(write_table(folder, table, kind="delta", batch=batch))
    replace_manifest(
        folder,
        Manifest(batch=13, as_of=manifest.as_of, refreshed_at=manifest.as_of, key_print="", parts=tuple(parts)),
    )


def _ask_copy(folder: Path, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    from motcua.indices.queries.copy import ask

    return ask(folder, sql, values)[1]


def _ask_postgres(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql.replace("FROM cases", "FROM bench_cases").replace("?", "%s"), values)
        return list(cursor.fetchall())


def _measure(
    ask: Callable[[str, list[Any]], list[tuple[Any, ...]]], asked: list[tuple[str, list[Any]]]
) -> tuple[float, list[list[tuple[Any, ...]]]]:
    """Return the median seconds of asking all, and the answers in one order and one kind of number."""
    times, answers = [], []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        answers = [ask(sql, values) for sql, values in asked]
        times.append(time.perf_counter() - start)
    return statistics.median(times), [sorted(map(_plain, answer), key=repr) for answer in answers]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    percentiles = tuple(row[7] or (None, None))
    flat = (*row[:7], *percentiles, *row[8:])
    return tuple(value if value is None or isinstance(value, str) else round(float(value), 6) for value in flat)
