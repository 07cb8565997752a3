"""`motcua demo_money --month 2026-03 [--faulty]`: play an invented month of payments and write its statements."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.documents.public import ensure_demo_key
from motcua.kernel import clock
from motcua.project.demo_city.money import play_month


class Command(BaseCommand):
    help = "Diễn một tháng nộp tiền hư cấu và ghi sao kê của nó, để thử `motcua reconcile`. Chỉ ở chế độ trình diễn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", type=lambda text: date.fromisoformat(f"{text}-01"), required=True)
        parser.add_argument("--faulty", action="store_true", help="gài những trục trặc thường gặp")
        parser.add_argument("--agency", default="H29.1", help="mã cơ quan thu")
        parser.add_argument("--dir", type=Path, default=None, help="nơi ghi sao kê")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn.")
        month, faulty = options["month"], options["faulty"]
        ensure_demo_key(options["agency"], f"Cơ quan thu {options['agency']} (trình diễn)", now=clock.now())  # receipts
        folder = options["dir"] or settings.VAR_DIR / "sao-ke"
        bank, gateway = play_month(
            folder, month=month, agency_code=options["agency"], seed=month.year * 100 + month.month, faulty=faulty
        )
        files = [f"--bank {path}" for path in bank] + [f"--gateway {path}" for path in gateway]
        last = f"{month:%Y-%m}-28"
        self.stdout.write(
            f"motcua reconcile --date {month} --until {last} --agency {options['agency']} {' '.join(files)}"
        )
