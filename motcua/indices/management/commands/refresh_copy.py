"""`motcua refresh_copy [--rebuild]`: bring the analytical copy up to date and say how far it knows."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from motcua.indices.public import refresh_copy
from motcua.kernel import clock
from motcua.ui.public import say_moment


class Command(BaseCommand):
    help = "Cập nhật bản sao số liệu để phân tích; --rebuild: dựng lại từ đầu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="dựng lại toàn bộ từ các hồ sơ")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        report = refresh_copy(now=clock.now(), rebuild=options["rebuild"])
        if report.is_busy or report.as_of is None:
            self.stdout.write("Một lần cập nhật khác đang chạy. Hãy thử lại sau.")
            return
        done = "Đã dựng lại" if report.is_rebuilt else "Đã cập nhật"
        lag = max(0, round((clock.now() - report.as_of).total_seconds()))
        self.stdout.write(
            f"{done} {report.cases} hồ sơ trong {time.monotonic() - began:.1f} giây. "
            f"Số liệu đến lúc {say_moment(report.as_of)} (chậm {lag} giây)."
        )
