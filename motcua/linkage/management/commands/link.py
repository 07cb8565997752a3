"""`motcua link FILE… [--map MAP] [--truth FILE] [--report]`: say which records of the sources are the same person."""

from __future__ import annotations

import json
import time
import tomllib
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.linkage.adapters.export import write_groups, write_waiting
from motcua.linkage.adapters.linking import Decided, Linkage, Report, link_files
from motcua.linkage.adapters.models import load_model
from motcua.linkage.adapters.registers import iterate_pairs, write_register
from motcua.linkage.adapters.scoring import DuckdbEngine, Engine, SparkEngine
from motcua.linkage.adapters.tables import FileRead, InputFile
from motcua.linkage.public import RunInfo, apply_links, keep_run, list_decided
from motcua.linkage.rules.mapping import read_mapping
from motcua.linkage.rules.modelling import Model, for_one_register
from motcua.places.public import map_shipped_successors, map_successors


class Command(BaseCommand):
    help = "Đối soát người giữa nhiều nguồn: các tệp .csv, .jsonl, .parquet. Không ghi gì vào sổ nếu không có --apply."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", help="các tệp, hoặc mã của một sổ dữ liệu (people)")
        parser.add_argument("--map", type=Path, help="tệp TOML: cột nào là gì (xem docs/how-to/doi-soat-nguoi.md)")
        parser.add_argument(
            "--columns", nargs="+", default=(), metavar="VAI_TRÒ=CỘT",
            help="cột nào là gì, thay cho điều máy đoán: full_name=… birth_on=… id=… truth=… dates=dmy model=general",
        )  # fmt: skip
        parser.add_argument("--truth", type=Path, help="tệp sự thật, chỉ để đo: cặp bản ghi, hoặc bản ghi và người")
        parser.add_argument("--model", type=Path, help="tệp mô hình thay cho mô hình đi kèm")
        parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
        parser.add_argument("--spark-master", default="local[2]", help="địa chỉ cụm Spark")
        parser.add_argument("--out", type=Path, help="thư mục ghi nhóm (groups.csv) và cặp chờ người xem (waiting.csv)")
        parser.add_argument("--report", action="store_true", help="in báo cáo đầy đủ")
        parser.add_argument("--json", action="store_true", help="in báo cáo dạng JSON")
        parser.add_argument("--memory", type=int, default=6, help="bộ nhớ, GB")
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--apply", action="store_true", help="với sổ: gộp các bản ghi đã chắc (tách lại được)")

    def handle(self, *args: Any, **options: Any) -> None:
        self._begun = time.monotonic()
        self._is_quiet = options["json"]
        try:
            if any(Path(each).suffix or Path(each).exists() for each in options["sources"]):
                inputs = _read_inputs([Path(each) for each in options["sources"]], options["map"], options["columns"])
                with self._link(inputs, options, map_shipped_successors()) as linkage:
                    self._show(linkage, options)
            else:
                self._link_registers(options)
        except DomainError as error:
            raise CommandError(error.message) from error

    def _link(
        self,
        inputs: list[InputFile],
        options: dict[str, Any],
        successors: Mapping[str, Sequence[str]],
        decided: Sequence[Decided] = (),
        is_one_register: bool = False,
    ) -> AbstractContextManager[Linkage]:
        def model_for(kind: str) -> Model:
            model = load_model(options["model"], kind=kind)
            return for_one_register(model) if is_one_register else model

        engine: Engine = SparkEngine(master=options["spark_master"]) if options["engine"] == "spark" else DuckdbEngine()
        return link_files(
            inputs,
            model_for=model_for,
            engine=engine,
            successors=successors,
            truth=options["truth"],
            decided=decided,
            memory_gb=options["memory"],
            threads=options["threads"],
            progress=self._tell,
        )

    def _link_registers(self, options: dict[str, Any]) -> None:
        codes, now = options["sources"], clock.now()
        with TemporaryDirectory(prefix="motcua-linkage-") as folder:
            inputs = [write_register(code, folder=Path(folder), now=now) for code in codes]
            with self._link(
                inputs, options, map_successors(on=local_date(now)), list_decided(codes), len(inputs) == 1
            ) as linkage:
                report = linkage.report
                info = RunInfo(
                    registers=tuple(codes),
                    engine=report.engine,
                    model_sha256=report.model_sha256,
                    started_at=now,
                    report={
                        "records": report.records,
                        "people": report.people,
                        "linked": report.linked,
                        "waiting": report.waiting,
                        "precision": report.figures.precision,
                        "recall": report.figures.recall,
                        "is_measured": report.figures.is_measured,
                        "matches_per_record": linkage.model.matches_per_record,
                    },
                )
                pairs = iterate_pairs(linkage.connection, linkage.model)
                run = keep_run(info, pairs=pairs, actor=SYSTEM, now=clock.now())
                self._show(linkage, options)
        if options["apply"]:
            done = apply_links(run, actor=SYSTEM, now=clock.now())
            self._tell(f"đã gộp {done} cặp trong sổ; mỗi cặp tách lại được ở /doi-soat-nguoi/")
        else:
            self._tell("chưa gộp gì trong sổ; thêm --apply để gộp các cặp đã chắc")

    def _tell(self, said: str) -> None:
        if not self._is_quiet:
            self.stdout.write(f"[{time.monotonic() - self._begun:5.0f} s] {said}")
            self.stdout.flush()

    def _show(self, linkage: Linkage, options: dict[str, Any]) -> None:
        report, seconds = linkage.report, time.monotonic() - self._begun
        if options["out"]:
            options["out"].mkdir(parents=True, exist_ok=True)
            write_groups(linkage.connection, options["out"] / "groups.csv")
            write_waiting(linkage.connection, linkage.model, options["out"] / "waiting.csv")
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, default=str))
            return
        for line in _describe(report, seconds) if options["report"] else _describe(report, seconds)[:2]:
            self.stdout.write(line)


def _read_inputs(paths: list[Path], mapping: Path | None, said: Sequence[str]) -> list[InputFile]:
    columns = tuple(each for one in said for each in one.split(",") if each)
    if mapping is None:
        return [InputFile(path=path, columns=columns) for path in paths]
    try:
        data = tomllib.loads(mapping.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandError(f"Tệp ánh xạ không đọc được: {error}") from error
    return [InputFile(path=path, mapping=read_mapping(data, file_name=path.name), columns=columns) for path in paths]


def _describe(report: Report, seconds: float) -> list[str]:
    figures = report.figures
    how = "đo theo sự thật" if figures.is_measured else "ước lượng theo mô hình"
    lines = [
        f"{report.records} bản ghi, {report.people} người; {report.linked} cặp được nối,"
        f" {report.waiting} cặp chờ người xem.",
        f"Độ chính xác {figures.precision:.5f}, độ đủ {figures.recall:.5f}, F1 {figures.f1:.4f} ({how}).",
    ]
    for each in report.files:
        lines.append(f"Tệp {each.name}: {each.rows} dòng, {each.rejected} dòng không đọc được.")
        lines += _describe_columns(each)
    lines.append("Nhóm theo số bản ghi: " + ", ".join(f"{size}: {count}" for size, count in report.sizes.items()))
    if figures.true_pairs is not None:
        lines.append(f"Cặp thật {figures.true_pairs}; cặp nêu ra {figures.pairs}; cặp đúng {figures.right_pairs}.")
    lines.append(f"{report.cut} cặp bắc cầu yếu bị cắt, chuyển người xem.")
    spent = ", ".join(f"{name} {value:.0f} s" for name, value in report.seconds.items())
    lines.append(f"Mất {seconds:.0f} giây ({spent}); máy so cặp: {report.engine}; mô hình {report.model_sha256[:12]}.")
    return lines


def _describe_columns(file: FileRead) -> list[str]:
    """Say how the file's columns were understood: what was guessed can then be said otherwise."""
    mapping = file.mapping
    understood = [f"{role} = {' + '.join(names)}" for role, names in mapping.columns.items()]
    own = [f"{key} = {value}" for key, value in (("id", mapping.id), ("truth", mapping.truth)) if value]
    how = "đoán theo tên cột; nói khác bằng --columns" if mapping.guessed else "theo ánh xạ"
    lines = [f"  Hiểu cột ({how}): {', '.join(own + understood)}; mô hình {mapping.model}, ngày {mapping.dates}."]
    if file.unused:
        lines.append(f"  Không dùng: {', '.join(file.unused[:20])}.")
    return lines
