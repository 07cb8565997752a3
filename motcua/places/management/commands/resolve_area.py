"""Say what an old or new code or name of a ward means."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.kernel import clock
from motcua.places.public import AreaResolution, resolve_area

ANSWERS = {
    "same": "Đơn vị hiện có:",
    "one": "Nay là:",
    "several": "Đã chia cho nhiều đơn vị, phải hỏi lại địa chỉ:",
    "unknown": "Không có đơn vị nào như vậy.",
}


class Command(BaseCommand):
    """`motcua resolve_area CODE_OR_NAME [--written-on YYYY-MM-DD]`."""

    help = "Tra mã hoặc tên phường, xã cũ sang đơn vị hiện nay, ví dụ: resolve_area 'Phường 1, Quận 3'."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code_or_name")
        parser.add_argument("--written-on", type=date.fromisoformat, help="Ngày của giấy tờ ghi mã hoặc tên này.")

    def handle(self, *args: Any, **options: Any) -> None:
        text: str = options["code_or_name"]
        today = clock.local_date(clock.now())
        answer = resolve_area(text, on=today, written_on=options["written_on"])
        self.print_answer(answer)
        if answer.status == "unknown":
            raise CommandError("Hãy kiểm tra lại mã, hoặc ghi tên kèm quận, huyện: 'Phường 1, Quận 3'.")
        if answer.status == "same" and answer.area and answer.area.valid_from and not options["written_on"]:
            before = date.fromordinal(answer.area.valid_from.toordinal() - 1)
            older = resolve_area(text, on=today, written_on=before)
            if older.candidates:
                self.stdout.write(f"Nếu giấy tờ lập trước {clock.format_date(answer.area.valid_from)}:")
                self.print_answer(older)

    def print_answer(self, answer: AreaResolution) -> None:
        self.stdout.write(ANSWERS[answer.status])
        for candidate in answer.candidates:
            origin = candidate.from_area
            share = "toàn bộ" if candidate.share == "whole" else "một phần"
            came = f" (từ {share} {origin.full_name}, mã {origin.code})" if origin else ""
            self.stdout.write(f"  {candidate.area.code} {candidate.area.full_name}{came}")
