from __future__ import annotations

import csv
import signal
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from motcua.kernel import clock
from motcua.process.dmn import DecisionModel, DecisionModelError, load_model
from motcua.process.dmn.tck import TestCase, Verdict, judge_case, read_tests

SECONDS_PER_CASE = 20
RECURSION = 8_000  # models of the suite may call themselves deeply; this process does nothing else
TESTS = b"http://www.omg.org/spec/DMN/20160719/testcase"
LEVEL = "compliance-level-"
HEADER = ("level", "test", "case", "result", "status", "reason")


class _TooSlowError(Exception):
    """One case took longer than it may."""


class Command(BaseCommand):
    help = "Chạy bộ kiểm thử tương thích DMN (TCK) đã công bố và in số ca đạt theo từng mức."
    requires_system_checks: list[str] = []  # no database is needed here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="thư mục của bộ kiểm thử, của TestCases hoặc của một mức")
        parser.add_argument("--csv", default="", help="ghi kết quả từng ca vào tệp CSV này")
        parser.add_argument("--failures", action="store_true", help="in từng ca không đạt")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(options["path"])
        files = [path for path in sorted(root.rglob("*.xml")) if TESTS in path.read_bytes()]
        if not files:
            raise CommandError(f"Không thấy tệp kiểm thử (testCases) nào trong {root}.")
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(RECURSION)
        try:
            rows = [row for path in files for row in _run_file(path)]
        finally:
            sys.setrecursionlimit(before)
        if options["csv"]:
            _write_csv(Path(options["csv"]), rows)
        if options["failures"]:
            for row in rows:
                if row[4] != "SUCCESS":
                    self.stdout.write(" · ".join(row))
        self._report(rows)

    def _report(self, rows: list[tuple[str, ...]]) -> None:
        """Print passed and total by level: a case passes when all its results are right."""
        cases: dict[tuple[str, ...], bool] = {}
        for row in rows:
            key = row[:3]
            cases[key] = cases.get(key, True) and row[4] == "SUCCESS"
        total = Counter(level for level, _test, _case in cases)
        passed = Counter(key[0] for key, is_right in cases.items() if is_right)
        for level in sorted(total):
            share = 100 * passed[level] / total[level]
            self.stdout.write(f"{level}: {passed[level]}/{total[level]} ({share:.2f} %)")
        everything = sum(total.values())
        self.stdout.write(f"Tổng: {sum(passed.values())}/{everything}")


def _run_file(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield a row for each result of one test file; a fault stays inside its case."""
    level = next((part for part in reversed(path.parts) if part.startswith(LEVEL)), path.parent.parent.name)
    name = f"{path.parent.name}/{path.stem}"
    try:
        tests = read_tests(path.read_bytes())
    except DecisionModelError as error:
        yield level, name, "", "", "ERROR", error.message
        return
    try:
        model = _load(path.parent, tests.model_name)
    except DecisionModelError as error:
        for case in tests.cases:
            yield level, name, case.id, "", "ERROR", error.message
        return
    for case in tests.cases:
        for verdict in _run_case(model, case):
            status = "SUCCESS" if verdict.is_right else "ERROR"
            yield level, name, case.id, verdict.result, status, verdict.reason


def _load(folder: Path, model_name: str) -> DecisionModel:
    others = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    wanted = Path(model_name).name
    if wanted not in others:
        wanted = f"{folder.name}.dmn" if f"{folder.name}.dmn" in others or not others else next(iter(others))
    if wanted not in others:
        raise CommandError(f"Không thấy mô hình {model_name} trong {folder}.")
    xml = others.pop(wanted)
    return load_model(xml, imports=others)


def _run_case(model: DecisionModel, case: TestCase) -> list[Verdict]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_CASE)
    try:
        return list(judge_case(model, case, now=clock.now()))
    except _TooSlowError:
        return [Verdict(case.id, "", f"quá {SECONDS_PER_CASE} giây")]
    except Exception as error:  # noqa: BLE001  one case that breaks must not hide the others
        return [Verdict(case.id, "", f"{type(error).__name__}: {error}")]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _write_csv(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows)
