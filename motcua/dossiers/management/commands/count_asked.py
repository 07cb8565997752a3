"""`motcua count_asked [--since D] [--on D]`: what each procedure still asks of people, against what the city holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from motcua.dossiers.queries.asked import count_asked
from motcua.kernel import clock
from motcua.kernel.clock import local_date


class Command(BaseCommand):
    help = "Đếm theo thủ tục: thông tin phải gõ, giấy tờ phải nộp, so với phần sổ và kho giấy tờ đã có."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="ngày (mặc định: hôm nay)")
        parser.add_argument("--since", type=date.fromisoformat, help="đếm hồ sơ nộp từ ngày này")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or local_date(clock.now())
        rows = count_asked(on=on, first_on=options["since"])
        for row in rows:
            self.stdout.write(
                f"{row.code} {row.name}: gõ {row.facts_typed} thông tin, sổ trả lời được {row.facts_known}; "
                f"hỏi {row.papers_asked} giấy tờ, đã có nguồn {row.papers_known}; {row.dossiers} hồ sơ, "
                f"{row.facts_answered} thông tin lấy từ sổ, {row.papers_handed_in} giấy tờ đã nộp, "
                f"{row.papers_spared} giấy tờ không phải nộp."
            )
        self.stdout.write(
            f"Tổng {len(rows)} thủ tục: {sum(row.facts_known for row in rows)} thông tin và "
            f"{sum(row.papers_known for row in rows)} giấy tờ không cần hỏi lại; đã miễn nộp "
            f"{sum(row.papers_spared for row in rows)} giấy tờ."
        )
