"""`motcua renumber_parcels FILE`: parcels get their new numbers after wards were merged."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.audit.public import SYSTEM
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.registers.public import Renumbering, renumber_parcels

COLUMNS = ("from_area", "to_area", "from_sheet", "to_sheet")


class Command(BaseCommand):
    help = "Đánh lại số tờ, số thửa khi sáp nhập phường, xã (tệp CSV: from_area,to_area,from_sheet,to_sheet)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="đường dẫn tệp CSV; bỏ trống hai cột tờ nếu tờ giữ số cũ")
        parser.add_argument("--decision", required=True, help="số quyết định")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, required=True, help="có hiệu lực từ ngày (ISO 8601)"
        )
        parser.add_argument("--apply", action="store_true", help="ghi thật; không có thì chỉ cho biết sẽ đổi gì")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = renumber_parcels(
                _read(options["file"]),
                decision=options["decision"],
                valid_from=datetime.combine(options["valid_from"], time(), clock.HCM),
                is_dry=not options["apply"],
                progress=lambda done, of: self.stdout.write(f"{done}/{of}"),
                actor=SYSTEM,
                now=clock.now(),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        if report.collisions:
            raise CommandError(f"Không đổi thửa nào: số mới trùng nhau: {', '.join(report.collisions[:20])}")
        self.stdout.write(f"{'Đã đổi' if report.is_done else 'Sẽ đổi'} số của {report.moved} thửa.")


def _read(path: Path) -> list[Renumbering]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"Không đọc được tệp: {error}") from error
    if not rows or any(name not in rows[0] for name in COLUMNS[:2]):
        raise CommandError(f"Tệp phải có các cột {', '.join(COLUMNS)}.")
    sheets: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        found = sheets[row["from_area"].strip(), row["to_area"].strip()]
        if row.get("from_sheet") and row.get("to_sheet"):
            found[row["from_sheet"].strip()] = row["to_sheet"].strip()
    return [Renumbering(from_area=before, to_area=after, sheets=each) for (before, after), each in sheets.items()]
