"""`motcua national_differences --date D [--resend]`: our states of a day beside the national side's list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.audit.public import SYSTEM
from motcua.exchange.public import NationalRefused, NationalUnavailable
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.national.actions.resending import resend
from motcua.national.tasks import compare_day
from motcua.national.types import KIND_LABELS, DayReport, NothingToResend


class Command(BaseCommand):
    help = "So trạng thái trong ngày với danh sách của Cổng quốc gia; lỗi (mã 1) khi còn chênh lệch chưa giải thích."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_read_date, default=None, help="ngày, yyyy-mm-dd (mặc định hôm qua)")
        parser.add_argument("--resend", action="store_true", help="gửi lại mọi chênh lệch sửa được bằng cách gửi lại")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        on = options["date"] or local_date(now) - timedelta(days=1)
        try:
            report = compare_day(on, now=now)
        except (NationalUnavailable, NationalRefused) as failed:
            raise CommandError(str(failed.message)) from failed
        self._tell(report)
        if options["resend"]:
            self._resend(report)
        if report.unexplained:
            raise CommandError(f"Còn {len(report.unexplained)} chênh lệch chưa giải thích được.", returncode=1)

    def _tell(self, report: DayReport) -> None:
        for each in report.differences:
            mark = "" if each.is_explained else " [CHƯA GIẢI THÍCH]"
            self.stdout.write(
                f"{each.code}: {KIND_LABELS[each.kind]}{mark} (ta {each.ours or '-'}, bên kia {each.theirs or '-'}). "
                f"{each.says}"
            )
        self.stdout.write(
            f"Ngày {report.on:%d/%m/%Y}: khớp {report.matched}, chênh lệch {len(report.differences)}, "
            f"cần xử lý {len(report.open)}, chưa giải thích {len(report.unexplained)}."
        )

    def _resend(self, report: DayReport) -> None:
        count = 0
        for each in report.open:
            try:
                count += resend(each.code, on=report.on, actor=SYSTEM, now=clock.now())
            except NothingToResend:
                self.stdout.write(f"{each.code}: không có gì để gửi lại.")
        self.stdout.write(f"Đã xếp gửi lại {count} thông điệp.")


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” không phải ngày; hãy ghi yyyy-mm-dd.") from error
