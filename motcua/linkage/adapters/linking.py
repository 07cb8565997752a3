"""The whole way from files to groups, one step after the other, each told as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from motcua.linkage.adapters.decided import apply_decided
from motcua.linkage.adapters.grouping import CUT, GROUPS, LINKED, group_records
from motcua.linkage.adapters.measuring import Figures, estimate, measure
from motcua.linkage.adapters.scoring import PAIRS, Engine, add_levels
from motcua.linkage.adapters.tables import PEOPLE, FileRead, InputFile, load_files, open_database
from motcua.linkage.adapters.truth import has_truth_columns, load_truth_columns, measure_by
from motcua.linkage.rules.modelling import Model

Progress = Callable[[str], None]
Decided = tuple[str, str, str, str, bool]  # source, record, source, record, is the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one linkage did. Unit: seconds by step."""

    files: tuple[FileRead, ...]
    records: int
    people: int
    sizes: Mapping[int, int]
    scored: int
    linked: int
    cut: int
    waiting: int
    figures: Figures
    seconds: Mapping[str, float]
    model_sha256: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """A finished linkage: its database is open as long as the context that made it."""

    connection: duckdb.DuckDBPyConnection
    model: Model
    report: Report


@contextmanager
def link_files(
    files: Sequence[InputFile],
    *,
    model_for: Callable[[str], Model],
    engine: Engine,
    successors: Mapping[str, Sequence[str]],
    truth: Path | None = None,
    decided: Sequence[Decided] = (),
    memory_gb: int = 6,
    threads: int = 2,
    folder: Path | None = None,
    progress: Progress = lambda said: None,
) -> Iterator[Linkage]:
    """Link the records of the files; the model is chosen by the kind that their mapping names. Raises: LinkRefused."""
    with TemporaryDirectory(prefix="motcua-linkage-", dir=folder) as place:
        connection = open_database(Path(place), memory_gb=memory_gb, threads=threads)
        try:
            steps = _Steps(progress)
            with steps.step("chuẩn hóa"):
                read = load_files(connection, files, successors=successors, progress=progress)
            model, records = model_for(read[0].mapping.model), _count(connection, PEOPLE)
            with steps.step("so cặp"):
                engine.score(connection, model, records=records, folder=Path(place))
                add_levels(connection, model)
            with steps.step("gom nhóm"):
                apply_decided(connection, decided)
                group_records(connection, model)
            figures = _measure(connection, read, truth)
            yield Linkage(
                connection=connection,
                model=model,
                report=_report(connection, read, model, engine.name, figures, steps.seconds),
            )
        finally:
            connection.close()


class _Steps:
    """Says each step when it begins and how long it took when it ends."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        self._progress(f"{name}…")
        yield
        self.seconds[name] = time.monotonic() - begun
        self._progress(f"{name}: xong sau {self.seconds[name]:.0f} giây")


def _measure(connection: duckdb.DuckDBPyConnection, read: Sequence[FileRead], truth: Path | None) -> Figures:
    if truth is not None:
        return measure_by(connection, truth)
    if has_truth_columns(read):
        load_truth_columns(connection, read)
        return measure(connection)
    return estimate(connection)


def _report(
    connection: duckdb.DuckDBPyConnection,
    read: tuple[FileRead, ...],
    model: Model,
    engine: str,
    figures: Figures,
    seconds: Mapping[str, float],
) -> Report:
    sizes = dict(
        connection.execute(
            f"SELECT size, count(*) FROM (SELECT count(*) AS size FROM {GROUPS} GROUP BY person) GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    return Report(
        files=read,
        records=_count(connection, PEOPLE),
        people=sum(sizes.values()),
        sizes=sizes,
        scored=_count(connection, PAIRS),
        linked=_count(connection, LINKED),
        cut=_count(connection, CUT),
        waiting=_count(connection, WAITING_SQL),
        figures=figures,
        seconds=dict(seconds),
        model_sha256=model.sha256,
        engine=engine,
    )


# Pairs for a person: heavy enough to be looked at, not in one group, not decided before. Cut bridges are among them.
WAITING_SQL = f"""(SELECT p.* FROM {PAIRS} p JOIN {GROUPS} a ON a.unique_id = p.l JOIN {GROUPS} b ON b.unique_id = p.r
    WHERE a.person <> b.person AND NOT EXISTS (SELECT 1 FROM decided d WHERE d.l = p.l AND d.r = p.r))"""


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0
