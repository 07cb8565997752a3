"""`motcua reconcile --date D`: match ledger, gateway and bank of a day, or of the days up to another."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.audit.public import SYSTEM
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.kernel.money import format_vnd
from motcua.payments.public import ReconcileReport, import_statement, reconcile

MAX_DAYS = 400


class Command(BaseCommand):
    help = "Đối soát một ngày: sổ, báo cáo của cổng, sao kê ngân hàng. Mã thoát 1 khi còn chênh lệch chưa giải thích."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="ngày (mặc định: hôm qua)")
        parser.add_argument("--until", type=date.fromisoformat, help="đối soát từng ngày đến hết ngày này")
        parser.add_argument("--bank", type=Path, action="append", default=[], help="sao kê (CSV, camt.053, MT940)")
        parser.add_argument("--gateway", type=Path, action="append", default=[], help="báo cáo của cổng (CSV)")
        parser.add_argument("--agency", default="", help="mã cơ quan giữ tài khoản thu")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        first = options["date"] or local_date(now) - timedelta(days=1)
        days = ((options["until"] or first) - first).days + 1
        if not 0 < days <= MAX_DAYS:
            raise CommandError("Khoảng ngày không đúng.")
        for source in ("bank", "gateway"):
            for path in options[source]:
                self._take_in(path, source, options["agency"])
        reports = [reconcile(first + timedelta(days=step), now=now) for step in range(days)]
        for report in reports:
            self._show(report)
        open_ones = sum(len(report.unexplained) for report in reports)
        total = sum(report.unexplained_vnd for report in reports)
        self.stdout.write(f"Chưa giải thích: {open_ones} ({format_vnd(total)})")
        if open_ones:
            raise CommandError("Còn chênh lệch chưa giải thích.", returncode=1)

    def _take_in(self, path: Path, source: Any, agency_code: str) -> None:
        try:
            info = import_statement(
                path.read_bytes(), name=path.name, source=source, agency_code=agency_code, actor=SYSTEM, now=clock.now()
            )
        except (DomainError, OSError) as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(f"{path.name}: {info.lines} dòng, mới {info.new_lines}")

    def _show(self, report: ReconcileReport) -> None:
        self.stdout.write(f"{report.on}: khớp {report.matched}, ghi thêm {report.applied}")
        for each in report.differences:
            mark = "đã giải thích" if each.is_explained else "CHƯA GIẢI THÍCH"
            sums = " / ".join("–" if vnd is None else format_vnd(vnd) for vnd in (each.ledger_vnd, each.other_vnd))
            self.stdout.write(f"  [{each.kind}] {mark}: {each.case_code} {each.reference}: {sums}. {each.advice}")
