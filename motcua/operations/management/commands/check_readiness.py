from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from motcua.kernel import clock
from motcua.operations.queries import find_readiness


class Command(BaseCommand):
    """Say which procedures could not be filed online today, and how to mend it; exit code 1 when there are any."""

    help = "Kiểm tra thủ tục nào chưa nộp trực tuyến được vì thiếu cơ quan tiếp nhận, và cách khắc phục."

    def handle(self, *args: object, **options: Any) -> None:
        found = find_readiness(on=clock.local_date(clock.now()))
        self.stdout.write(
            f"{found.ready} trên {found.total} thủ tục nộp trực tuyến được từ mọi phường, xã; "
            f"{found.listed_only} thủ tục mới có tên; {len(found.unready)} thủ tục còn thiếu nơi tiếp nhận."
        )
        for item in found.unready:
            self.stdout.write(f"  {item.code} {item.name}\n    {item.reason} {item.remedy}")
        if found.unready:
            sys.exit(1)
