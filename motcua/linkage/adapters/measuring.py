"""How good a linkage was: against the truth where it is given, estimated from the model's own odds where not."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from motcua.linkage.adapters.grouping import GROUPS, LINKED
from motcua.linkage.adapters.scoring import PAIRS
from motcua.linkage.adapters.training import TRUTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Pairs that the groups assert, transitively; `precision` and `recall` are measured or estimated."""

    pairs: int
    true_pairs: int | None
    right_pairs: int | None
    precision: float
    recall: float
    is_measured: bool

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def measure(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Hold the groups against the truth, pairwise: every pair of a group counts, linked directly or not."""
    asserted = _pairs_within(connection, f"SELECT g.person AS k FROM {GROUPS} g JOIN {TRUTH} t USING (unique_id)", "k")
    true = _pairs_within(connection, f"SELECT person AS k FROM {TRUTH}", "k")
    right = _pairs_within(
        connection, f"SELECT g.person AS a, t.person AS b FROM {GROUPS} g JOIN {TRUTH} t USING (unique_id)", "a, b"
    )
    return Figures(
        pairs=asserted,
        true_pairs=true,
        right_pairs=right,
        precision=right / asserted if asserted else 1.0,
        recall=right / true if true else 1.0,
        is_measured=True,
    )


def measure_listed(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Hold the groups against a list of true pairs (`true_list`: l, r); what is not in the list is taken for false."""
    asserted = _pairs_within(connection, f"SELECT person AS k FROM {GROUPS}", "k")
    row = connection.execute(
        f"""SELECT count(*), count(*) FILTER (WHERE a.person = b.person) FROM true_list t
        JOIN {GROUPS} a ON a.unique_id = t.l JOIN {GROUPS} b ON b.unique_id = t.r"""
    ).fetchone()
    true, right = row or (0, 0)
    return Figures(
        pairs=asserted,
        true_pairs=true,
        right_pairs=right,
        precision=right / asserted if asserted else 1.0,
        recall=right / true if true else 1.0,
        is_measured=True,
    )


def measure_labelled(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Hold the groups against pairs that people have judged (`true_list`: l, r, is_same); other pairs do not count."""
    row = connection.execute(
        f"""SELECT count(*) FILTER (WHERE is_same), count(*) FILTER (WHERE a.person = b.person),
            count(*) FILTER (WHERE is_same AND a.person = b.person)
        FROM true_list t JOIN {GROUPS} a ON a.unique_id = t.l JOIN {GROUPS} b ON b.unique_id = t.r"""
    ).fetchone()
    true, asserted, right = row or (0, 0, 0)
    return Figures(
        pairs=asserted,
        true_pairs=true,
        right_pairs=right,
        precision=right / asserted if asserted else 1.0,
        recall=right / true if true else 1.0,
        is_measured=True,
    )


def estimate(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Estimate from the odds of the scored pairs; what no rule looked at is not in the estimate of recall."""
    asserted = _pairs_within(connection, f"SELECT person AS k FROM {GROUPS}", "k")
    row = connection.execute(
        f"""WITH p AS (SELECT l, r, CASE WHEN weight > 40 THEN 1.0 WHEN weight < -40 THEN 0.0
            ELSE pow(2, weight) / (1 + pow(2, weight)) END AS prob FROM {PAIRS})
        SELECT sum(prob), sum(CASE WHEN a.person = b.person THEN prob END), count(*) FILTER (WHERE a.person = b.person)
        FROM p JOIN {GROUPS} a ON a.unique_id = p.l JOIN {GROUPS} b ON b.unique_id = p.r"""
    ).fetchone()
    expected, inside, seen = row or (0.0, 0.0, 0)
    return Figures(
        pairs=asserted,
        true_pairs=None,
        right_pairs=None,
        precision=(inside or 0.0) / seen if seen else 1.0,
        recall=(inside or 0.0) / expected if expected else 1.0,
        is_measured=False,
    )


def _pairs_within(connection: duckdb.DuckDBPyConnection, sql: str, keys: str) -> int:
    found = connection.execute(
        f"SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM ({sql}) GROUP BY {keys})"
    ).fetchone()
    return int(found[0]) if found else 0


def count_linked(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many pairs are linked directly."""
    found = connection.execute(f"SELECT count(*) FROM {LINKED}").fetchone()
    return int(found[0]) if found else 0
