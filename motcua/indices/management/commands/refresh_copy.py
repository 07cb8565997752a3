"""`motcua refresh_copy [--rebuild]`: bring the analytical copy up to date and say how far it knows."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.indices.public import RefreshReport, refresh_copy
from motcua.kernel import clock
from motcua.ui.public import say_moment

_PATIENCE_SECONDS = 120  # the worker refreshes every 20 seconds; building anew takes it longer


class Command(BaseCommand):
    help = "Cập nhật bản sao số liệu để phân tích; --rebuild: dựng lại từ đầu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="dựng lại toàn bộ từ các hồ sơ")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        report = self._take_turn(rebuild=options["rebuild"])
        assert report.as_of is not None  # whoever was not busy knows until when it read
        done = "Đã dựng lại" if report.is_rebuilt else "Đã cập nhật"
        lag = max(0, round((clock.now() - report.as_of).total_seconds()))
        self.stdout.write(
            f"{done} {report.cases} hồ sơ trong {time.monotonic() - began:.1f} giây. "
            f"Số liệu đến lúc {say_moment(report.as_of)} (chậm {lag} giây)."
        )

    def _take_turn(self, *, rebuild: bool) -> RefreshReport:
        """Wait while the worker is at it, as one refresh runs at a time."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while (report := refresh_copy(now=clock.now(), rebuild=rebuild)).is_busy:
            if time.monotonic() > end:
                raise CommandError("Một lần cập nhật khác chạy quá lâu. Hãy xem máy chạy nền rồi thử lại.")
            self.stdout.write("Một lần cập nhật khác đang chạy, đang chờ...")
            time.sleep(2)
        return report
