"""Registers as input of a linkage, and what it found as pairs of their records."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import duckdb

from motcua.kernel.messages import N_
from motcua.linkage.adapters.grouping import CUT, LINKED
from motcua.linkage.adapters.linking import WAITING_SQL
from motcua.linkage.adapters.scoring import PAIRS
from motcua.linkage.adapters.tables import PEOPLE, InputFile
from motcua.linkage.rules.comparing import COMPARISONS
from motcua.linkage.rules.guessing import guess_mapping
from motcua.linkage.rules.mapping import Mapping_
from motcua.linkage.rules.modelling import Model
from motcua.linkage.types import LinkRefused, ScoredPair
from motcua.registers.public import get_register, iterate_current

_ID = "_record_uuid"


def write_register(code: str, *, folder: Path, now: datetime) -> InputFile:
    """Write what the records of a register say now into a file, and how it is read. Raises: LinkRefused."""
    names = tuple(get_register(code).schema.get("properties", {}))
    guessed = guess_mapping(names)
    if "full_name" not in guessed.columns:
        raise LinkRefused(N_("sổ %(code)s không có họ tên người để đối soát", code=code))
    path = folder / f"{code}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((_ID, *names))
        for each in iterate_current(code, now=now):
            writer.writerow((each.record_uuid, *(_plain(each.data.get(name)) for name in names)))
    return InputFile(path=path, mapping=Mapping_(id=_ID, dates="ymd", columns=guessed.columns))


def iterate_pairs(connection: duckdb.DuckDBPyConnection, model: Model) -> Iterator[ScoredPair]:
    """Give the pairs worth keeping: those linked, and those that wait for a person."""
    names: Sequence[str] = tuple(COMPARISONS[model.kind])
    columns = ", ".join(f"p.{name}" for name in names)
    connection.execute(
        f"""SELECT a.source, a.record, b.source, b.record, p.weight, e.l IS NOT NULL, c.l IS NOT NULL, {columns}
        FROM {PAIRS} p JOIN {PEOPLE} a ON a.unique_id = p.l JOIN {PEOPLE} b ON b.unique_id = p.r
        LEFT JOIN {LINKED} e ON e.l = p.l AND e.r = p.r LEFT JOIN {CUT} c ON c.l = p.l AND c.r = p.r
        LEFT JOIN {WAITING_SQL} w ON w.l = p.l AND w.r = p.r
        WHERE e.l IS NOT NULL OR w.l IS NOT NULL ORDER BY p.l, p.r"""
    )
    while rows := connection.fetchmany(5_000):
        for row in rows:
            yield _to_pair(row, model, names)


def _to_pair(row: Sequence[object], model: Model, names: Sequence[str]) -> ScoredPair:
    one, other = (str(row[0]), UUID(str(row[1]))), (str(row[2]), UUID(str(row[3])))
    left, right = sorted((one, other), key=lambda each: each[1])
    levels = {
        name: model.level_codes(name)[value]
        for name, value in zip(names, row[7:], strict=True)
        if isinstance(value, int)
    }
    return ScoredPair(
        left_register=left[0],
        left_uuid=left[1],
        right_register=right[0],
        right_uuid=right[1],
        weight=float(str(row[4])),
        levels=levels,
        is_sure=bool(row[5]),
        is_cut_bridge=bool(row[6]),
    )


def _plain(value: object) -> str:
    return "" if value is None else str(value)
