"""`motcua load_register REGISTER FILE`: take up a file that an agency sent."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.registers.adapters.files import hash_file, read_rows
from motcua.registers.adapters.reports import write_report
from motcua.registers.public import LoadReport, Source, describe_registers, list_rejected_rows, load_register


class Command(BaseCommand):
    help = "Nạp một tệp (.csv, .jsonl, .xlsx, .parquet) vào sổ dữ liệu; dừng ở đâu, chạy lại thì nạp tiếp từ đó."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", help="mã sổ, ví dụ people")
        parser.add_argument("file", type=Path, help="đường dẫn tệp")
        parser.add_argument("--source", default="", help="cơ quan gửi tệp (mặc định: tên tệp)")
        parser.add_argument("--valid-from", type=datetime.fromisoformat, help="dữ liệu đúng từ lúc nào (ISO 8601)")
        parser.add_argument("--columns", type=Path, help='tệp TOML đổi tên cột: "Họ và tên" = "full_name"')
        parser.add_argument("--schema-version", type=int, default=0, help="tệp theo phiên bản cũ nào của sổ")
        parser.add_argument("--report", type=Path, help="ghi báo cáo Excel các dòng không nhận vào tệp này")
        parser.add_argument("--rejected", action="store_true", help="in các dòng không nhận kèm lý do")

    def handle(self, *args: Any, **options: Any) -> None:
        now, path = clock.now(), options["file"]
        valid_from = options["valid_from"] or now
        if valid_from.tzinfo is None:
            valid_from = valid_from.replace(tzinfo=clock.HCM)
        columns = _read_columns(options["columns"]) if options["columns"] else {}
        try:
            describe_registers(now=now)
            source = Source(
                file_name=path.name,
                sha256=hash_file(path),
                sender=options["source"] or path.name,
                valid_from=valid_from,
                columns=columns,
                schema_version=options["schema_version"],
            )
            report = load_register(
                options["register"], lambda: read_rows(path), source=source, progress=self._show, now=now
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self._show(report)
        if options["rejected"]:
            for row in list_rejected_rows(report.run_uuid):
                reasons = "; ".join(f"{each.field or 'dòng'}: {each.message}" for each in row.problems)
                self.stdout.write(f"dòng {row.line_no}: {reasons}")
        if options["report"]:
            try:
                options["report"].write_bytes(write_report(report, list_rejected_rows(report.run_uuid)))
            except OSError as error:
                raise CommandError(
                    f"Không ghi được báo cáo vào {options['report']}; hãy nêu đường dẫn khác."
                ) from error
        if report.is_quarantined:
            raise CommandError("Quá nhiều dòng sai: cả tệp bị trả lại, không dòng nào được nhận.")

    def _show(self, report: LoadReport) -> None:
        if report.rows_checked > report.rows_read:
            self.stdout.write(f"{report.register}: đã kiểm tra {report.rows_checked} dòng")
            self.stdout.flush()
            return
        self.stdout.write(
            f"{report.register}: đọc {report.rows_read} dòng; mới {report.rows_new}, đổi {report.rows_changed}, "
            f"không đổi {report.rows_same}, không nhận {report.rows_rejected}"
        )
        self.stdout.flush()


def _read_columns(path: Path) -> dict[str, str]:
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(
            f'Không đọc được tệp tên cột {path}; mỗi dòng cần có dạng "Họ và tên" = "full_name".'
        ) from error
    wrong = [name for name, field in said.items() if not isinstance(field, str)]
    if wrong:
        raise CommandError(f"Tệp tên cột: «{wrong[0]}» phải bằng tên một trường của sổ, đặt trong ngoặc kép.")
    return said
