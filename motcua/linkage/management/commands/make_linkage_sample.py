"""`motcua make_linkage_sample --people 9000 --seed 7 --out DIR`: invented people in up to three sources, and truth."""

from __future__ import annotations

import csv
import tomllib
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.linkage.rules.sampling import western
from motcua.linkage.rules.sampling.people import City
from motcua.linkage.rules.sampling.sources import COLUMNS, MAX_SOURCES, SOURCES, Writer, turn_around
from motcua.places.public import map_shipped_successors

DATA = Path(__file__).resolve().parents[2] / "data"
MAX_PEOPLE = 20_000_000


class Command(BaseCommand):
    help = (
        "Tạo dữ liệu người giả định trong nhiều nguồn, kèm sự thật, để đo việc đối soát; cùng hạt giống thì cùng tệp."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=50_000, help="số người")
        parser.add_argument("--sources", type=int, default=3, choices=range(1, MAX_SOURCES + 1), help="số nguồn")
        parser.add_argument("--seed", type=int, default=1, help="hạt giống")
        parser.add_argument(
            "--western", action="store_true", help="tên nước ngoài, một tệp: để huấn luyện mô hình chung (general)"
        )
        parser.add_argument("--fields", default="", help="với --western: chỉ ghi các cột này, cách nhau dấu phẩy")
        parser.add_argument("--out", type=Path, required=True, help="thư mục ghi tệp")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["people"] <= MAX_PEOPLE:
            raise CommandError(f"Số người phải từ 1 đến {MAX_PEOPLE}.")
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        names = tomllib.loads((DATA / "names.toml").read_text("utf-8"))
        chance = Random(options["seed"])
        if options["western"]:
            rows = self._write_western(out, names, options["people"], options["fields"], chance)
        else:
            rows = self._write_sources(out, names, options["people"], options["sources"], chance)
        self.stdout.write(f"Đã ghi {rows} bản ghi của {options['people']} người vào {out}; sự thật ở truth.csv.")

    def _write_sources(self, out: Path, names: dict[str, Any], people: int, count: int, chance: Random) -> int:
        successors = map_shipped_successors()
        wards = sorted({heir for heirs in successors.values() for heir in heirs})
        city = City(names, wards, chance=chance)
        writer = Writer(city, former=turn_around(successors), wards=wards, chance=chance)
        sources, rows = SOURCES[:count], 0
        with ExitStack() as stack:
            files = [_open(stack, out / f"{each.name}.csv", COLUMNS) for each in sources]
            truth = _open(stack, out / "truth.csv", ("source", "record", "person"))
            for person in city.make_people(people):
                for place, row in writer.write(person, sources=count):
                    files[place].writerow(row)
                    truth.writerow((sources[place].name, row[0], person.no))
                    rows += 1
                if person.no % 100_000 == 99_999:
                    self.stdout.write(f"{person.no + 1} người, {rows} bản ghi")
                    self.stdout.flush()
        return rows

    def _write_western(self, out: Path, names: dict[str, Any], people: int, fields: str, chance: Random) -> int:
        wanted = set(filter(None, fields.split(","))) or set(western.COLUMNS)
        if unknown := wanted - set(western.COLUMNS):
            raise CommandError(f"Không có cột {', '.join(sorted(unknown))}; các cột: {', '.join(western.COLUMNS)}.")
        places = [i for i, name in enumerate(western.COLUMNS) if name in wanted or i == 0]
        rows = 0
        with ExitStack() as stack:
            file = _open(stack, out / "people.csv", [western.COLUMNS[i] for i in places])
            truth = _open(stack, out / "truth.csv", ("source", "record", "person"))
            for person, row in western.make_people(names, count=people, chance=chance):
                file.writerow([row[i] for i in places])
                truth.writerow(("people", row[0], person))
                rows += 1
        columns = [f'{western.ROLES[western.COLUMNS[i]]} = "{western.COLUMNS[i]}"' for i in places[1:]]
        text = "\n".join(('model = "general"', f'id = "{western.COLUMNS[0]}"', "", "[columns]", *columns, ""))
        (out / "map.toml").write_text(text, "utf-8")
        return rows


def _open(stack: ExitStack, path: Path, header: Sequence[str]) -> Any:
    writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
    writer.writerow(header)
    return writer
