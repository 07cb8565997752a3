"""The truth about a set of files, read only to measure with: it never meets the table of keys that scoring sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from motcua.kernel.messages import N_
from motcua.linkage.adapters.measuring import Figures, measure, measure_labelled, measure_listed
from motcua.linkage.adapters.tables import PEOPLE, RAW, FileRead
from motcua.linkage.adapters.training import TRUTH
from motcua.linkage.rules.cleaning import literal, quote
from motcua.linkage.rules.shaping import ROW_ID
from motcua.linkage.types import LinkRefused

_PERSON = ("person", "cluster", "cluster_id", "person_id", "entity")
_SAME = 0.5


def has_truth_columns(read: Sequence[FileRead]) -> bool:
    """Say whether every file has a column with the truth."""
    return all(each.mapping.truth for each in read)


def load_truth_columns(connection: duckdb.DuckDBPyConnection, read: Sequence[FileRead]) -> None:
    """Take the truth from the files' own columns, named in the mapping."""
    union = " UNION ALL ".join(
        f"SELECT {ROW_ID} AS unique_id, {quote(each.mapping.truth)} AS person FROM {RAW}_{place}"
        for place, each in enumerate(read)
    )
    connection.execute(f"CREATE OR REPLACE TABLE {TRUTH} AS {union}")


def measure_by(connection: duckdb.DuckDBPyConnection, path: Path) -> Figures:
    """Measure by a file: records with their person, or pairs of records (with a score: 1 the same, 0 not).

    Raises: LinkRefused for a file that is neither.
    """
    try:
        names = connection.sql(
            f"SELECT * FROM read_csv({literal(str(path))}, all_varchar = true, header = true)"
        ).columns
    except duckdb.Error as error:
        raise LinkRefused(N_("tệp sự thật không đọc được: %(name)s", name=path.name)) from error
    table = f"read_csv({literal(str(path))}, all_varchar = true, header = true)"
    person = next((name for name in names if name.strip().lower() in _PERSON), "")
    if person:
        load_people(connection, table, names, person)
        return measure(connection)
    return _measure_pairs(connection, table, names)


def load_people(connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], person: str) -> None:
    """Take the truth from a table of records with their person: (source,) record, person."""
    others = [name for name in names if name != person]
    if len(others) not in (1, 2):
        raise LinkRefused(N_("tệp sự thật cần các cột: source (nếu nhiều nguồn), record, person"))
    record = f"p.record = trim(t.{quote(others[-1])})"
    source = f" AND p.source = trim(t.{quote(others[0])})" if len(others) == 2 else ""
    connection.execute(
        f"CREATE OR REPLACE TABLE {TRUTH} AS SELECT p.unique_id, t.{quote(person)} AS person"
        f" FROM {PEOPLE} p JOIN {table} t ON {record}{source}"
    )
    _check_found(connection, TRUTH)


def _measure_pairs(connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str]) -> Figures:
    lower = [name.strip().lower() for name in names]
    score = next((name for name in names if "score" in name.lower()), "")
    sides = [name for name, low in zip(names, lower, strict=True) if not low.startswith("source") and name != score]
    if len(sides) != 2:
        raise LinkRefused(N_("tệp sự thật cần hai cột mã bản ghi, hoặc cột person"))
    sources = [name for name, low in zip(names, lower, strict=True) if low.startswith("source")]
    places = [f"trim(t.{quote(name)})" for name in sources] if len(sources) == 2 else _two_files(connection)
    where = f"a.source = {places[0]} AND b.source = {places[1]} AND " if places else ""
    value = f"TRY_CAST(t.{quote(score)} AS DOUBLE) >= {_SAME}" if score else "TRUE"
    connection.execute(
        f"CREATE OR REPLACE TABLE true_list AS SELECT a.unique_id AS l, b.unique_id AS r, {value} AS is_same"
        f" FROM {table} t"
        f" JOIN {PEOPLE} a ON a.record = trim(t.{quote(sides[0])})"
        f" JOIN {PEOPLE} b ON b.record = trim(t.{quote(sides[1])})"
        f" WHERE {where}a.unique_id <> b.unique_id"
    )
    _check_found(connection, "true_list")
    return measure_labelled(connection) if score else measure_listed(connection)


def _two_files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the two sources, in the order of their files, when both number their records alike: 1 and 1 are two."""
    alike = connection.execute(
        f"SELECT 1 FROM {PEOPLE} GROUP BY record HAVING count(DISTINCT source) > 1 LIMIT 1"
    ).fetchone()
    rows = connection.execute(f"SELECT source FROM {PEOPLE} GROUP BY 1 ORDER BY min(unique_id)").fetchall()
    return [literal(str(row[0])) for row in rows] if alike and len(rows) == 2 else []


def _check_found(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    found = connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    if found is None:
        raise LinkRefused(N_("không bản ghi nào của tệp sự thật có trong các tệp đối soát; hãy xem lại cột mã (id)"))
