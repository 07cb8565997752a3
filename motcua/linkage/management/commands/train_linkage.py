"""`motcua train_linkage --train DIR --calibrate DIR --out FILE`: measure rates, choose thresholds, freeze both."""

from __future__ import annotations

import dataclasses
import tomllib
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from django.core.management.base import BaseCommand, CommandError

from motcua.kernel.errors import DomainError
from motcua.linkage.adapters.decided import apply_decided
from motcua.linkage.adapters.grouping import group_records
from motcua.linkage.adapters.measuring import measure
from motcua.linkage.adapters.scoring import DuckdbEngine, add_levels
from motcua.linkage.adapters.tables import PEOPLE, InputFile, load_files, open_database
from motcua.linkage.adapters.training import measure_rates
from motcua.linkage.adapters.truth import load_people
from motcua.linkage.rules.calibration import choose_best, choose_review, choose_weights
from motcua.linkage.rules.cleaning import literal
from motcua.linkage.rules.mapping import read_mapping
from motcua.linkage.rules.modelling import Model, read_model, write_model
from motcua.places.public import map_shipped_successors

_LOWEST = -12.0  # bits: where the search for thresholds begins


class Command(BaseCommand):
    help = "Huấn luyện mô hình đối soát trên mẫu có sự thật, chọn ngưỡng trên mẫu thứ hai, ghi cả hai vào một tệp."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--train", type=Path, required=True, help="thư mục mẫu để đo tần suất (make_linkage_sample)"
        )
        parser.add_argument(
            "--calibrate", type=Path, nargs="+", required=True, help="các thư mục mẫu khác để chọn ngưỡng"
        )
        parser.add_argument(
            "--precision", type=float, default=0.9998, help="độ chính xác phải đạt trên mẫu chọn ngưỡng"
        )
        parser.add_argument(
            "--best-f1", action="store_true", help="chọn ngưỡng theo F1 cao nhất thay vì theo độ chính xác"
        )
        parser.add_argument("--out", type=Path, required=True, help="tệp mô hình")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["train"].resolve() in [each.resolve() for each in options["calibrate"]]:
            raise CommandError("Mẫu chọn ngưỡng phải khác mẫu huấn luyện.")
        try:
            draft, trained = self._train(options["train"])
            target = None if options["best_f1"] else options["precision"]
            text = self._calibrate(draft, trained, options["calibrate"], target)
        except DomainError as error:
            raise CommandError(error.message) from error
        options["out"].write_text(text, "utf-8")
        self.stdout.write(f"Đã ghi mô hình vào {options['out']}.")

    def _train(self, folder: Path) -> tuple[Model, dict[str, Any]]:
        with TemporaryDirectory(prefix="motcua-linkage-") as place:
            connection = open_database(Path(place))
            kind, records = _load(connection, folder)
            rates, matches = measure_rates(connection, kind)
            connection.close()
        text = write_model(kind, rates, matches_per_record=matches, weights=(0.0, 0.0, _LOWEST), trained={})
        self.stdout.write(f"Đã đo tần suất trên {records} bản ghi của {folder}.")
        return read_model(text), {"kind": kind, "rates": rates, "matches": matches, "records": records}

    def _calibrate(self, draft: Model, trained: dict[str, Any], folders: list[Path], target: float | None) -> str:
        """Choose the weights on all sets at once: the worst precision of any must reach the target."""
        with ExitStack() as stack:
            scored = [_score(stack, draft, folder) for folder in folders]

            def try_weights(link: float, bridge: float) -> tuple[float, float]:
                weighed = dataclasses.replace(draft, link_weight=link, bridge_weight=bridge)
                figures = []
                for connection in scored:
                    group_records(connection, weighed)
                    figures.append(measure(connection))
                precision = min(each.precision for each in figures)
                recall = sum(each.recall for each in figures) / len(figures)
                self.stdout.write(f"ngưỡng {link:.0f}, cầu {bridge:.0f}: chính xác {precision:.5f}, đủ {recall:.5f}")
                return precision, recall

            link, bridge = choose_weights(try_weights, target=target) if target else choose_best(try_weights)
            precision, recall = try_weights(link, bridge)
            bands = [row for connection in scored for row in connection.execute(_BANDS).fetchall()]
            review = choose_review([(float(low), right, total) for low, right, total in bands], link=link)
        measured = {
            "train_records": trained["records"],
            "calibration_sets": len(folders),
            "aim": target or "f1",
            "calibration_precision": round(precision, 6),
            "calibration_recall": round(recall, 6),
        }
        return write_model(
            trained["kind"],
            trained["rates"],
            matches_per_record=trained["matches"],
            weights=(link, bridge, review),
            trained=measured,
        )


_BANDS = """SELECT floor(p.weight), count(*) FILTER (WHERE a.person = b.person), count(*) FROM pairs p
    JOIN truth a ON a.unique_id = p.l JOIN truth b ON b.unique_id = p.r GROUP BY 1 ORDER BY 1"""


def _score(stack: ExitStack, draft: Model, folder: Path) -> duckdb.DuckDBPyConnection:
    """Read and score one calibration set; its database stays open as long as the stack."""
    place = Path(stack.enter_context(TemporaryDirectory(prefix="motcua-linkage-")))
    connection = stack.enter_context(open_database(place))
    _kind, records = _load(connection, folder)
    DuckdbEngine().score(connection, draft, records=records, folder=place)
    add_levels(connection, draft)
    apply_decided(connection, ())
    return connection


def _load(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, int]:
    """Read a sample's files, and its truth beside them."""
    data = tomllib.loads((folder / "map.toml").read_text("utf-8")) if (folder / "map.toml").exists() else None
    paths = sorted(path for path in folder.glob("*.csv") if path.name != "truth.csv")
    files = [InputFile(path=path, mapping=read_mapping(data, file_name=path.name) if data else None) for path in paths]
    read = load_files(connection, files, successors=map_shipped_successors(), progress=lambda said: None)
    table = f"read_csv({literal(str(folder / 'truth.csv'))}, all_varchar = true, header = true)"
    load_people(connection, table, ("source", "record", "person"), "person")
    row = connection.execute(f"SELECT count(*) FROM {PEOPLE}").fetchone()
    return read[0].mapping.model, int(row[0]) if row else 0
