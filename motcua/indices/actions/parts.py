"""Files of the copy. A part is whole and durable before the manifest names it, and is never changed after."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

from motcua.indices.queries.copy import open_copy
from motcua.indices.queries.manifest import MANIFEST, dump_manifest
from motcua.indices.types import CopyRow, Manifest, PartInfo, PartKind

SCHEMA = pa.schema(
    [
        ("case_key", pa.int64()),
        ("kind", pa.string()),
        ("procedure_code", pa.string()),
        ("procedure_title", pa.string()),
        ("agency_code", pa.string()),
        ("ward_code", pa.string()),
        ("channel", pa.string()),
        ("state", pa.string()),
        ("received_month", pa.date32()),
        ("finished_month", pa.date32()),
        ("is_on_time", pa.bool_()),
        ("is_extended", pa.bool_()),
        ("working_minutes", pa.int32()),
        ("papers_spared", pa.int32()),
        ("facts_spared", pa.int32()),
        ("waived_law_vnd", pa.int64()),
        ("waived_city_vnd", pa.int64()),
        ("batch", pa.int32()),
    ]
)
MAX_DELTAS = 12  # more are folded into one
MIN_FOLD_ROWS = 20_000  # deltas of fewer rows never make the base be written anew
KEEP_SECONDS = 600  # a file no longer named stays this long for those who still read it
Hook = Callable[[str], None]  # told of each moment at which a process may die; tests die there


def no_hook(_moment: str) -> None:
    return


def write_rows(folder: Path, rows: Iterable[CopyRow], *, kind: PartKind, batch: int) -> PartInfo:
    """Write one part and make it durable. Until a manifest names it, it is nothing."""
    table = pa.Table.from_pylist([asdict(row) | {"batch": batch} for row in rows], schema=SCHEMA)
    return write_table(folder, table, kind=kind, batch=batch)


def append(
    folder: Path, manifest: Manifest, rows: Iterable[CopyRow], *, as_of: datetime, now: datetime, hook: Hook = no_hook
) -> Manifest:
    """Add newer rows of some cases, fold when there are many small parts, and let the new manifest hold."""
    batch = manifest.batch + 1
    part = write_rows(folder, rows, kind="delta", batch=batch)
    hook("part written")
    parts = (*manifest.parts, part) if part.rows else manifest.parts
    changed = replace(manifest, batch=batch, as_of=as_of, refreshed_at=now, parts=parts)
    changed = _fold(folder, changed)
    hook("folded")
    replace_manifest(folder, changed, hook=hook)
    sweep(folder, changed, now=now)
    return changed


def replace_manifest(folder: Path, manifest: Manifest, *, hook: Hook = no_hook) -> None:
    """Let this manifest hold, by one rename; killed before it, the old one holds."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{MANIFEST}.{token_hex(4)}.tmp"
    with fresh.open("wb") as file:
        file.write(dump_manifest(manifest))
        file.flush()
        os.fsync(file.fileno())
    hook("manifest written")
    fresh.replace(folder / MANIFEST)
    _sync_folder(folder)
    hook("manifest renamed")


def sweep(folder: Path, manifest: Manifest, *, now: datetime) -> int:
    """Delete files that no manifest names and that nobody can still be reading; return how many."""
    named = {part.name for part in manifest.parts}
    old = [
        path
        for path in folder.iterdir()
        if path.name not in named | {MANIFEST}
        and path.suffix in (".parquet", ".tmp")
        and path.stat().st_mtime < now.timestamp() - KEEP_SECONDS
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _fold(folder: Path, manifest: Manifest) -> Manifest:
    """Fold the deltas into one, or everything into a new base, when reading them costs too much."""
    deltas = [part for part in manifest.parts if part.kind == "delta"]
    bases = tuple(part for part in manifest.parts if part.kind == "base")
    waiting, settled = sum(part.rows for part in deltas), sum(part.rows for part in bases)
    if waiting > max(MIN_FOLD_ROWS, settled // 5):
        with open_copy(folder, manifest) as connection:
            table = connection.execute("SELECT * FROM cases").to_arrow_table().cast(SCHEMA)
        return replace(manifest, parts=(write_table(folder, table, kind="base", batch=manifest.batch),))
    if len(deltas) > MAX_DELTAS:
        only = replace(manifest, parts=(write_table(folder, SCHEMA.empty_table(), kind="base", batch=0), *deltas))
        with open_copy(folder, only) as connection:
            table = connection.execute("SELECT * FROM cases").to_arrow_table().cast(SCHEMA)
        return replace(manifest, parts=(*bases, write_table(folder, table, kind="delta", batch=manifest.batch)))
    return manifest


def write_table(folder: Path, table: pa.Table, *, kind: PartKind, batch: int) -> PartInfo:
    """Write a table of SCHEMA as one durable part."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{batch:08d}-{kind}-{token_hex(4)}.parquet"
    fresh = folder / f"{name}.tmp"
    pq.write_table(table, fresh, compression="zstd")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(folder / name)
    return PartInfo(name=name, kind=kind, rows=table.num_rows)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
