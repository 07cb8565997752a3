"""Rates of a model from a sample with known truth: how often each level is met among pairs of one person and of two."""

from __future__ import annotations

import duckdb

from motcua.linkage.adapters.tables import PEOPLE
from motcua.linkage.rules.cleaning import COLUMNS
from motcua.linkage.rules.comparing import COMPARISONS, NULL
from motcua.linkage.rules.modelling import Rates, level_case, number_of, smooth

TRUTH = "truth"  # unique_id, person
_RANDOM_PAIRS = 3_000_000


def measure_rates(connection: duckdb.DuckDBPyConnection, kind: str) -> tuple[Rates, float]:
    """Count levels among all true pairs and among random ones; return the rates and the true pairs per record."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE true_pairs AS
        SELECT a.unique_id AS l, b.unique_id AS r FROM {TRUTH} a JOIN {TRUTH} b
        ON a.person = b.person AND a.unique_id < b.unique_id"""
    )
    connection.execute("SELECT setseed(0.42)")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE random_pairs AS
        WITH drawn AS (SELECT CAST(floor(random() * n) AS BIGINT) AS l, CAST(floor(random() * n) AS BIGINT) AS r
            FROM range({_RANDOM_PAIRS}), (SELECT count(*) AS n FROM {PEOPLE}))
        SELECT DISTINCT l, r FROM drawn ANTI JOIN true_pairs USING (l, r) WHERE l < r"""
    )
    matched, random = (_count(connection, kind, table) for table in ("true_pairs", "random_pairs"))
    records, pairs = (_number(connection, f"SELECT count(*) FROM {table}") for table in (PEOPLE, "true_pairs"))
    return {name: smooth(matched[name], random[name]) for name in COMPARISONS[kind]}, 2 * pairs / records


def _count(connection: duckdb.DuckDBPyConnection, kind: str, pairs: str) -> dict[str, dict[str, float]]:
    sides = ", ".join(f"a.{name} AS {name}_l, b.{name} AS {name}_r" for name in COLUMNS)
    cases = ", ".join(f"{level_case(levels)} AS {name}" for name, levels in COMPARISONS[kind].items())
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE levels AS SELECT {cases} FROM (SELECT {sides} FROM {pairs} p
        JOIN {PEOPLE} a ON a.unique_id = p.l JOIN {PEOPLE} b ON b.unique_id = p.r)"""
    )
    counts: dict[str, dict[str, float]] = {}
    for name, levels in COMPARISONS[kind].items():
        found = dict(connection.execute(f"SELECT {name}, count(*) FROM levels GROUP BY 1").fetchall())
        counts[name] = {code: float(found.get(number_of(levels, code), 0)) for code, _sql in levels if code != NULL}
    return counts


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0
