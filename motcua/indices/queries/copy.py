"""The copy opened to read: DuckDB in memory over the Parquet files of one manifest, closed against all else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from django.conf import settings

from motcua.indices.queries.manifest import find_manifest
from motcua.indices.types import CopyMissing, Manifest

MEMORY = "512MB"
THREADS = 2


def get_folder() -> Path:
    """Return where the copy lies."""
    return Path(settings.MOTCUA_COPY_DIR)


@contextmanager
def open_copy(folder: Path, manifest: Manifest, *, threads: int = THREADS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a manifest's files as the table `cases`, each case once. Nothing can be written or fetched from there."""
    with duckdb.connect(config={"threads": threads, "memory_limit": MEMORY}) as connection:
        connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        connection.execute(f"SET allowed_directories = [{_quote(str(folder))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        connection.execute(f"CREATE VIEW cases AS {_select_latest(folder, manifest)}")
        yield connection


def ask(folder: Path, sql: str, values: Sequence[object]) -> tuple[Manifest, list[tuple[object, ...]]]:
    """Ask the copy as it is now. Raises: CopyMissing.

    A file may be swept between reading the manifest and the file; then the manifest of now is read once more.
    """
    for is_last in (False, True):
        manifest = find_manifest(folder)
        if manifest is None:
            raise CopyMissing
        try:
            with open_copy(folder, manifest) as connection:
                return manifest, connection.execute(sql, list(values)).fetchall()
        except duckdb.IOException:
            if is_last:
                raise
    raise AssertionError("unreachable")


def _select_latest(folder: Path, manifest: Manifest) -> str:
    """Return SQL that finds each case once: the newest row of the deltas, else the row of the base."""
    bases = _read(folder, [part.name for part in manifest.parts if part.kind == "base"])
    deltas = _read(folder, [part.name for part in manifest.parts if part.kind == "delta"])
    if not deltas:
        return f"SELECT * FROM {bases}"
    newest = f"SELECT * FROM {deltas} QUALIFY row_number() OVER (PARTITION BY case_key ORDER BY batch DESC) = 1"
    return f"""WITH newest AS MATERIALIZED ({newest})
        SELECT * FROM newest UNION ALL SELECT * FROM {bases} AS base ANTI JOIN newest USING (case_key)"""


def _read(folder: Path, names: list[str]) -> str:
    return f"read_parquet([{', '.join(_quote(str(folder / name)) for name in names)}])" if names else ""


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
