"""motcua load_designed_procedures: publish the procedures that ship with the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.kernel.clock import now
from motcua.kernel.errors import DomainError
from motcua.procedures.public import load_designed_procedures


class Command(BaseCommand):
    """Call the one action, print its report."""

    help = "Nạp các thủ tục thiết kế sẵn (quy trình, biểu mẫu, biểu phí, mẫu kết quả); chạy lại không làm thay đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=None, help="thư mục gói khác với thư mục đi kèm")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_designed_procedures(now=now(), folder=options["folder"])
        except DomainError as error:
            raise CommandError(error.message) from error
        for title, codes in (
            ("Mới", report.created),
            ("Đổi", report.changed),
            ("Giữ nguyên", report.unchanged),
            ("Cơ quan đã ban hành bản riêng", report.kept),
        ):
            self.stdout.write(f"{title}: {len(codes)}" + (f" ({', '.join(codes)})" if codes else ""))
        if not report.has_changes:
            self.stdout.write("Không có thay đổi.")
