"""Rows of the copy for tests and benchmarks: invented, no database needed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from motcua.indices.actions.parts import replace_manifest, write_rows
from motcua.indices.queries.copy import open_copy
from motcua.indices.queries.manifest import find_manifest
from motcua.indices.types import CopyRow, Manifest

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def make_row(key: int, **values: Any) -> CopyRow:
    """Return a row of an ordinary case."""
    defaults: dict[str, Any] = {
        "case_key": key,
        "kind": "dossier",
        "procedure_code": "1.001193",
        "procedure_title": "Đăng ký khai sinh",
        "agency_code": "H29.26743",
        "ward_code": "26743",
        "channel": "online",
        "state": "closed.approved",
        "received_month": date(2026, 3, 1),
        "finished_month": date(2026, 3, 1),
        "is_on_time": True,
        "is_extended": False,
        "working_minutes": 480,
        "papers_spared": 1,
        "facts_spared": 5,
        "waived_law_vnd": 0,
        "waived_city_vnd": 8_000,
    }
    return CopyRow(**defaults | values)


def make_copy(folder: Path, rows: list[CopyRow], *, now: datetime = NOW, key_print: str = "test") -> Manifest:
    """Write a copy of these rows."""
    part = write_rows(folder, rows, kind="base", batch=1)
    manifest = Manifest(batch=1, as_of=now, refreshed_at=now, key_print=key_print, parts=(part,))
    replace_manifest(folder, manifest)
    return manifest


def read_all(folder: Path) -> dict[int, tuple[Any, ...]]:
    """Return each case of the copy with everything that it says, but not when it was written."""
    manifest = find_manifest(folder)
    assert manifest is not None
    with open_copy(folder, manifest) as connection:
        found = connection.execute("SELECT * EXCLUDE (batch) FROM cases").fetchall()
    rows = {row[0]: tuple(row[1:]) for row in found}
    assert len(rows) == len(found), "a case stands in the copy twice"
    return rows
