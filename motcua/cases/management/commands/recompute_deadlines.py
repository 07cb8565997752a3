"""motcua recompute_deadlines [--calendar CODE] [--apply]."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from motcua.cases.public import recompute_deadlines
from motcua.kernel import clock


class Command(BaseCommand):
    """Read due times again after a working calendar was corrected; dry unless --apply."""

    help = "Tính lại hạn của mọi hồ sơ đang chạy sau khi sửa lịch làm việc. Mặc định chỉ báo, không ghi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calendar", default=None, help="chỉ tính hồ sơ theo lịch có mã này")
        parser.add_argument("--apply", action="store_true", help="ghi kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            report = recompute_deadlines(now=clock.now(), calendar_code=options["calendar"])
            if not options["apply"]:
                transaction.set_rollback(True)
        verb = "Đã đổi" if options["apply"] else "Sẽ đổi"
        self.stdout.write(
            f"Đã đọc {report.checked} hồ sơ. {verb} hạn của {report.cases_moved} hồ sơ, {report.timers_moved} hẹn giờ."
        )
