"""The files of the copy: any order of batches and folds gives the same rows; a process may die anywhere."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.indices.actions import parts
from motcua.indices.actions.parts import append, sweep
from motcua.indices.queries.copy import ask, open_copy
from motcua.indices.queries.manifest import MANIFEST, find_manifest
from motcua.indices.tests.factories import NOW, make_copy, make_row, read_all
from motcua.indices.types import CopyMissing, CopyRow

CHANGES = st.lists(
    st.dictionaries(st.integers(-3, 6), st.integers(0, 5_000), max_size=5), min_size=1, max_size=12
)  # batches: which cases changed, to which working time
MOMENTS = ("part written", "folded", "manifest written")


class Died(Exception):
    """The process is gone at this moment."""


def to_rows(changed: dict[int, int]) -> list[CopyRow]:
    return [make_row(key, working_minutes=minutes) for key, minutes in changed.items()]


@settings(max_examples=15, deadline=None)
@given(batches=CHANGES, fold_rows=st.sampled_from([3, 8, 10_000]), max_deltas=st.sampled_from([1, 3, 99]))
@pytest.mark.slow
def test_any_batches_and_any_folding_say_what_the_last_change_said(
    batches: list[dict[int, int]], fold_rows: int, max_deltas: int
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "MIN_FOLD_ROWS", fold_rows)
        patch.setattr(parts, "MAX_DELTAS", max_deltas)
        folder, truth = Path(name), dict(batches[0])
        manifest = make_copy(folder, to_rows(batches[0]))
        for changed in batches[1:]:
            manifest = append(folder, manifest, to_rows(changed), as_of=NOW, now=NOW)
            truth |= changed
        assert read_all(folder) == {row.case_key: astuple(row)[1:] for row in to_rows(truth)}
        assert len([part for part in manifest.parts if part.kind == "delta"]) <= max_deltas


@pytest.mark.parametrize("moment", MOMENTS)
def test_death_before_the_rename_leaves_the_old_copy_whole(tmp_path: Path, moment: str) -> None:
    manifest = make_copy(tmp_path, to_rows({1: 15, 2: 30}))
    before = read_all(tmp_path)

    def die(at: str) -> None:
        if at == moment:
            raise Died

    with pytest.raises(Died):
        append(tmp_path, manifest, to_rows({1: 45, 3: 60}), as_of=NOW, now=NOW, hook=die)
    assert find_manifest(tmp_path) == manifest
    assert read_all(tmp_path) == before
    again = append(tmp_path, manifest, to_rows({1: 45, 3: 60}), as_of=NOW, now=NOW)
    assert {key: row[11] for key, row in read_all(tmp_path).items()} == {1: 45, 2: 30, 3: 60}
    left = sweep(tmp_path, again, now=NOW + timedelta(days=400))
    assert left == (2 if moment == "manifest written" else 1)  # what the dead one left is swept when it is old
    assert {path.name for path in tmp_path.iterdir()} == {MANIFEST} | {part.name for part in again.parts}


@pytest.mark.slow
def test_kill_minus_nine_at_any_moment_leaves_a_copy_that_holds_together(tmp_path: Path) -> None:
    make_copy(tmp_path, to_rows({1: 0, 2: 0}))
    for round_no in range(6):
        child = os.fork()
        if child == 0:  # pragma: no cover  the child is killed
            manifest = find_manifest(tmp_path)
            assert manifest is not None
            for step in range(10_000):
                manifest = append(tmp_path, manifest, to_rows({1: step, 2: step}), as_of=NOW, now=NOW)
            os._exit(0)
        time.sleep(0.03 + 0.017 * round_no)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rows = read_all(tmp_path)
        assert set(rows) == {1, 2}
        assert rows[1][11] == rows[2][11]  # a batch is in the copy whole or not at all


def test_a_file_swept_while_it_is_read_is_looked_for_once_more_and_its_absence_is_told(tmp_path: Path) -> None:
    with pytest.raises(CopyMissing):
        ask(tmp_path, "SELECT 1", [])
    manifest = make_copy(tmp_path, to_rows({1: 15}))
    (tmp_path / manifest.parts[0].name).unlink()
    with pytest.raises(duckdb.IOException):
        ask(tmp_path, "SELECT count(*) FROM cases", [])


@pytest.mark.parametrize(
    "statement",
    [
        "COPY cases TO '{folder}/../out.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH '/nowhere/other.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_readers_reach_nothing_but_the_folder_of_the_copy(tmp_path: Path, statement: str) -> None:
    manifest = make_copy(tmp_path, to_rows({1: 15}))
    with open_copy(tmp_path, manifest) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(folder=tmp_path))


def test_a_copy_of_another_format_is_no_copy(tmp_path: Path) -> None:
    make_copy(tmp_path, to_rows({1: 15}))
    path = tmp_path / MANIFEST
    path.write_text(path.read_text().replace('"format": 1', '"format": 0'))
    assert find_manifest(tmp_path) is None
