"""Load the official national tables of areas."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.places.public import AreaTableRefused, LoadReport, ensure_city_areas, load_official_areas


class Command(BaseCommand):
    """`motcua load_areas [PATH]`: without a path only the table shipped with the project."""

    help = "Nạp bảng đơn vị hành chính chính thức cả nước từ một thư mục; không ghi đường dẫn thì nạp bảng đi kèm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="Thư mục có bảng chuyển đổi 01/7/2025 (CSV).")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["path"]
        if path is not None and not path.exists():
            raise CommandError(f"Không có {path}; hãy kiểm tra lại đường dẫn.")
        try:
            report = ensure_city_areas() if path is None else load_official_areas(path)
        except AreaTableRefused as error:
            raise CommandError(error.message) from error
        self.print_report(report)

    def print_report(self, report: LoadReport) -> None:
        for problem in report.problems:
            self.stdout.write(f"- {problem}")
        self.stdout.write(f"Đã đọc {report.rows_read} dòng, {len(report.problems)} điều cần xem.")
        self.stdout.write(
            f"Đơn vị: {report.areas_created} mới, {report.areas_changed} sửa, {report.areas_unchanged} giữ nguyên."
        )
        self.stdout.write(f"Liên kết cũ → mới: {report.links_created} mới, {report.links_unchanged} giữ nguyên.")
        if not report.is_changed:
            self.stdout.write("Không có gì thay đổi.")
