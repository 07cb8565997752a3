"""From scored pairs to groups: linked pairs, connected groups, bridges checked where a group is not complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from motcua.linkage.adapters.scoring import PAIRS
from motcua.linkage.adapters.tables import PEOPLE
from motcua.linkage.rules.clustering import SAID, Edge, split_group
from motcua.linkage.rules.conflicts import FIELDS, conflict
from motcua.linkage.rules.deciding import may_link
from motcua.linkage.rules.modelling import Model

LINKED, GROUPS, CUT = "linked", "groups", "cut_pairs"


def group_records(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Create the tables of linked pairs, of groups (unique_id, person) and of cut pairs."""
    connection.execute(
        f"""CREATE OR REPLACE TABLE {LINKED} AS
        SELECT p.l, p.r, CASE WHEN d.is_same THEN {SAID} ELSE p.weight END AS weight
        FROM {PAIRS} p LEFT JOIN decided d ON d.l = p.l AND d.r = p.r
        WHERE coalesce(d.is_same, p.weight >= {model.link_weight} AND {may_link(model.kind)})"""
    )
    _connect(connection)
    connection.execute(f"CREATE OR REPLACE TABLE {CUT} (l BIGINT, r BIGINT, weight DOUBLE)")
    _check_bridges(connection, model)


def _connect(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each record its group's least number: every round takes the least of the neighbours' until nothing moves."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE edges AS SELECT l, r FROM {LINKED} UNION ALL SELECT r, l FROM {LINKED}"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE nodes AS SELECT DISTINCT l AS id, l AS head FROM edges")
    while True:
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE moved AS
            SELECT n.id, least(n.head, min(o.head)) AS head
            FROM nodes n JOIN edges e ON e.l = n.id JOIN nodes o ON o.id = e.r
            GROUP BY n.id, n.head"""
        )
        # a head's own head is the group's too: long chains shrink by half each round
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE next_nodes AS
            SELECT m.id, least(m.head, h.head) AS head FROM moved m JOIN moved h ON h.id = m.head"""
        )
        changed = connection.execute(
            "SELECT count(*) FROM nodes n JOIN next_nodes m USING (id) WHERE n.head <> m.head"
        ).fetchone()
        connection.execute("CREATE OR REPLACE TEMP TABLE nodes AS SELECT * FROM next_nodes")
        if not changed or not changed[0]:
            break
    connection.execute(
        f"CREATE OR REPLACE TABLE {GROUPS} AS SELECT p.unique_id, coalesce(n.head, p.unique_id) AS person"
        f" FROM {PEOPLE} p LEFT JOIN nodes n ON n.id = p.unique_id"
    )


def _check_bridges(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Look into the groups of three and more in which not every pair is linked: only these can have a bridge."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE doubtful AS
        WITH sizes AS (SELECT person, count(*) AS size FROM {GROUPS} GROUP BY person HAVING size >= 3),
        counts AS (SELECT g.person, count(*) AS links FROM {LINKED} e JOIN {GROUPS} g ON g.unique_id = e.l GROUP BY 1)
        SELECT person FROM sizes JOIN counts USING (person) WHERE links < size * (size - 1) / 2"""
    )
    members = _collect(connection, f"SELECT person, unique_id FROM {GROUPS} JOIN doubtful USING (person) ORDER BY 1, 2")
    edges = _collect(
        connection,
        f"SELECT g.person, l, r, weight FROM {LINKED} e JOIN {GROUPS} g ON g.unique_id = e.l"
        " JOIN doubtful USING (person)",
    )
    columns = ", ".join(f"p.{name}" for name in FIELDS)
    rows = connection.execute(
        f"SELECT p.unique_id, {columns} FROM {PEOPLE} p JOIN {GROUPS} USING (unique_id) JOIN doubtful USING (person)"
    ).fetchall()
    said: dict[int, Mapping[str, Any]] = {row[0]: dict(zip(FIELDS, row[1:], strict=True)) for row in rows}
    refused = _collect_refused(connection)

    def speaks_against(one: int, other: int) -> bool:
        return conflict(said[one], said[other])

    new_heads: list[tuple[int, int]] = []
    cut: list[Edge] = []
    for person, group in members.items():
        inside: list[Edge] = [(row[0], row[1], row[2]) for row in edges.get(person, [])]
        split = split_group(
            [row[0] for row in group],
            inside,
            bridge_weight=model.bridge_weight,
            conflicts=speaks_against,
            refused=refused.get(person, ()),
        )
        if split.cut:
            cut.extend(split.cut)
            new_heads.extend((member, each[0]) for each in split.groups for member in each)
    _write(connection, new_heads, cut)


def _collect(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(sql).fetchall():
        found.setdefault(row[0], []).append(row[1:])
    return found


def _collect_refused(connection: duckdb.DuckDBPyConnection) -> dict[int, list[tuple[int, int]]]:
    """Return the pairs inside one group that people have said are two persons, by group."""
    rows = connection.execute(
        f"""SELECT a.person, d.l, d.r FROM decided d JOIN {GROUPS} a ON a.unique_id = d.l
        JOIN {GROUPS} b ON b.unique_id = d.r WHERE NOT d.is_same AND a.person = b.person ORDER BY 1, 2, 3"""
    ).fetchall()
    found: dict[int, list[tuple[int, int]]] = {}
    for person, one, other in rows:
        found.setdefault(person, []).append((one, other))
    return found


def _write(connection: duckdb.DuckDBPyConnection, heads: list[tuple[int, int]], cut: list[Edge]) -> None:
    for chunk in range(0, len(heads), 10_000):
        part = heads[chunk : chunk + 10_000]
        values = ", ".join(f"({member}, {head})" for member, head in part)
        connection.execute(
            f"UPDATE {GROUPS} SET person = v.head FROM (VALUES {values}) v(id, head) WHERE {GROUPS}.unique_id = v.id"
        )
    for chunk in range(0, len(cut), 10_000):
        values = ", ".join(f"({one}, {other}, {weight})" for one, other, weight in cut[chunk : chunk + 10_000])
        connection.execute(f"INSERT INTO {CUT} VALUES {values}")
    connection.execute(f"DELETE FROM {LINKED} USING {CUT} c WHERE {LINKED}.l = c.l AND {LINKED}.r = c.r")
