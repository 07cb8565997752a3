"""motcua import_procedures PATH: bring the national records and lists in and print how they were read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.kernel.clock import now
from motcua.kernel.errors import DomainError
from motcua.procedures.public import ImportReport, import_procedures

_NAMES = {
    "name": "tên thủ tục",
    "field": "lĩnh vực",
    "levels": "cấp thực hiện",
    "subjects": "đối tượng",
    "executing_agency": "cơ quan thực hiện",
    "steps": "trình tự",
    "channels": "cách thức nộp",
    "term": "thời hạn",
    "fees": "phí, lệ phí",
    "papers": "thành phần hồ sơ",
    "requirements": "yêu cầu, điều kiện",
    "legal_bases": "căn cứ pháp lý",
    "results": "kết quả",
}


class Command(BaseCommand):
    """Parse the path, call the one action, print its report."""

    help = "Nạp danh mục thủ tục quốc gia (thư mục records/ và lists/); chạy lại không làm thay đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="thư mục có các tệp JSON và XLSX")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_procedures(options["path"], now=now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self._print(report)

    def _print(self, report: ImportReport) -> None:
        write = self.stdout.write
        write(f"Bản ghi: {report.records_imported} trên {report.records_found}.")
        write(f"  mới {report.created}, đổi {report.changed}, giữ nguyên {report.unchanged}")
        write(f"Dòng danh mục: {report.catalogue_rows}.")
        write(
            f"  mới {report.catalogue_created}, đổi {report.catalogue_changed}, giữ nguyên {report.catalogue_unchanged}"
        )
        write(f"{'Trường':<22}{'đọc được':>10}{'chưa chắc':>11}{'chưa đọc':>10}{'trống':>7}")
        for field, count in report.fields.items():
            write(f"{_NAMES[field]:<22}{count.parsed:>10}{count.doubtful:>11}{count.unparsed:>10}{count.empty:>7}")
        write(f"Điều cần xem lại: {len(report.problems)}")
        for problem in report.problems:
            write(f"  [{problem.code}] {problem.subject}: {problem.message}")
        if not report.has_changes:
            write("Không có thay đổi.")
