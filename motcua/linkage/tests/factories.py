"""Pairs, stewards and small files for tests. Nobody here is real."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from motcua.linkage.actions.keeping import keep_run
from motcua.linkage.models import LinkPair
from motcua.linkage.rules.sampling.people import City
from motcua.linkage.rules.sampling.sources import COLUMNS, SOURCES, Writer
from motcua.linkage.types import RunInfo, ScoredPair
from motcua.registers.public import write_record
from motcua.registers.tests.factories import NOW, OFFICIAL, person

NAMES = tomllib.loads((Path(__file__).resolve().parents[1] / "data" / "names.toml").read_text("utf-8"))
WARDS = ("26734", "26737", "26740", "26743", "26746")
LEVELS = {"name": "same", "birth": "swapped", "id": "null", "sex": "same"}


def write_sample(folder: Path, *, people: int, seed: int) -> list[Path]:
    """Write three small sources and the truth beside them, as the command does."""
    chance = Random(seed)
    city = City(NAMES, WARDS, chance=chance)
    writer = Writer(city, former={}, wards=WARDS, chance=chance)
    rows: list[list[tuple[str, ...]]] = [[] for _ in SOURCES]
    truth = []
    for each in city.make_people(people):
        for place, row in writer.write(each, sources=len(SOURCES)):
            rows[place].append(row)
            truth.append((SOURCES[place].name, row[0], str(each.no)))
    paths = [folder / f"{source.name}.csv" for source in SOURCES]
    for path, each_rows in zip(paths, rows, strict=True):
        _write_csv(path, COLUMNS, each_rows)
    _write_csv(folder / "truth.csv", ("source", "record", "person"), truth)
    return paths


def make_record(number: str, name: str = "Nguyễn Thị Hạnh Thử", **more: object) -> UUID:
    """Write a record of the register of people; an empty number is none."""
    data = {key: value for key, value in person(number, name, **more).items() if value}
    return write_record("people", data, valid_from=NOW - timedelta(days=365), source="Thử", now=NOW).uuid


def make_pair(
    one: UUID, other: UUID, *, weight: float = 2.0, is_sure: bool = False, register: str = "people"
) -> LinkPair:
    """Keep a pair as a linkage would."""
    left, right = sorted((one, other))
    scored = ScoredPair(
        left_register=register, left_uuid=left, right_register=register, right_uuid=right, weight=weight, levels=LEVELS,
        is_sure=is_sure,
    )  # fmt: skip
    info = RunInfo(registers=(register,), engine="duckdb", model_sha256="0" * 64, report={}, started_at=NOW)
    keep_run(info, pairs=[scored], actor=OFFICIAL, now=NOW)
    return LinkPair.objects.get(left_uuid=left, right_uuid=right)


def _write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
