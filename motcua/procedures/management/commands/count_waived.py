"""`motcua count_waived [--on D]`: the procedures whose fees the city takes to zero for online filing, by category."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import list_waived


class Command(BaseCommand):
    help = "Liệt kê thủ tục được thu 0 đồng khi nộp trực tuyến, theo nhóm, trên danh mục đang nạp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="ngày (mặc định: hôm nay)")
        parser.add_argument("--names", action="store_true", help="in cả mã và tên từng thủ tục")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or local_date(clock.now())
        categories = list_waived(on=on)
        write = self.stdout.write
        for category in categories:
            read = sum(each.is_read for each in category.procedures)
            write(f"{category.name}: {len(category.procedures)} thủ tục, {read} đọc được khoản thu")
            if options["names"]:
                for each in category.procedures:
                    write(f"  {each.code} {each.name} [{', '.join(each.labels) or each.field}]")
        codes = {each.code for category in categories for each in category.procedures}
        if not categories:
            write(f"Ngày {on:%d/%m/%Y} không có mức 0 đồng nào đang áp dụng.")
        write(f"Tổng: {len(codes)} thủ tục, {len(categories)} nhóm, ngày {on:%d/%m/%Y}.")
