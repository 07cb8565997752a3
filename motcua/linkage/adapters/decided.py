"""What people decided about pairs binds every later linkage: same is linked, not the same is never linked."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from motcua.linkage.adapters.scoring import PAIRS
from motcua.linkage.adapters.tables import PEOPLE

_CHUNK = 2_000


def apply_decided(connection: duckdb.DuckDBPyConnection, decided: Sequence[tuple[str, str, str, str, bool]]) -> None:
    """Create the table `decided` (l, r, is_same), l before r; pairs that no rule looked at join the scored ones."""
    connection.execute(
        "CREATE OR REPLACE TABLE decided_in (s1 VARCHAR, r1 VARCHAR, s2 VARCHAR, r2 VARCHAR, is_same BOOLEAN)"
    )
    for first in range(0, len(decided), _CHUNK):
        part = decided[first : first + _CHUNK]
        marks = ", ".join(["(?, ?, ?, ?, ?)"] * len(part))
        connection.execute(f"INSERT INTO decided_in VALUES {marks}", [value for row in part for value in row])
    connection.execute(
        f"""CREATE OR REPLACE TABLE decided AS
        SELECT least(a.unique_id, b.unique_id) AS l, greatest(a.unique_id, b.unique_id) AS r,
            bool_and(is_same) AS is_same
        FROM decided_in d JOIN {PEOPLE} a ON a.source = d.s1 AND a.record = d.r1
        JOIN {PEOPLE} b ON b.source = d.s2 AND b.record = d.r2 WHERE a.unique_id <> b.unique_id GROUP BY 1, 2"""
    )
    connection.execute(
        f"INSERT INTO {PAIRS} BY NAME SELECT l, r, 0.0 AS weight FROM decided"
        f" WHERE is_same AND NOT EXISTS (SELECT 1 FROM {PAIRS} p WHERE p.l = decided.l AND p.r = decided.r)"
    )
