"""What a linkage found, as files that a spreadsheet opens."""

from __future__ import annotations

from pathlib import Path

import duckdb

from motcua.linkage.adapters.grouping import GROUPS
from motcua.linkage.adapters.linking import WAITING_SQL
from motcua.linkage.adapters.tables import PEOPLE
from motcua.linkage.rules.cleaning import literal
from motcua.linkage.rules.comparing import COMPARISONS, NULL
from motcua.linkage.rules.modelling import Model, number_of


def write_groups(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write every record with the number of its person."""
    connection.execute(
        f"COPY (SELECT {_plain('p.source')} AS source, {_plain('p.record')} AS record, g.person"
        f" FROM {PEOPLE} p JOIN {GROUPS} g USING (unique_id)"
        " ORDER BY g.person, p.source, p.record)"
        f" TO {literal(str(path))} (FORMAT csv, HEADER)"
    )


def _plain(column: str) -> str:
    """Return the SQL of a text that no spreadsheet takes for a formula; a signed number stays one."""
    risky = literal(r"^([=@\t\r]|[+-][^0-9.])")
    return f"CASE WHEN regexp_matches({column}, {risky}) THEN chr(39) || {column} ELSE {column} END"


def write_waiting(connection: duckdb.DuckDBPyConnection, model: Model, path: Path) -> None:
    """Write the pairs that a person should look at, the likeliest first, with the level of each comparison."""
    levels = ", ".join(
        "CASE w."
        + name
        + " "
        + " ".join(f"WHEN {number_of(each, code)} THEN '{'' if code == NULL else code}'" for code, _sql in each)
        + f" END AS {name}"
        for name, each in COMPARISONS[model.kind].items()
    )
    connection.execute(
        f"""COPY (SELECT {_plain("a.source")} AS source_l, {_plain("a.record")} AS record_l,
            {_plain("b.source")} AS source_r, {_plain("b.record")} AS record_r, round(w.weight, 2) AS weight, {levels}
            FROM {WAITING_SQL} w JOIN {PEOPLE} a ON a.unique_id = w.l JOIN {PEOPLE} b ON b.unique_id = w.r
            ORDER BY w.weight DESC, w.l, w.r) TO {literal(str(path))} (FORMAT csv, HEADER)"""
    )
