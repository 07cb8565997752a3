"""`motcua read_vietqr CODE…`: take VietQR payloads apart and print what each says, as JSON; "-" reads lines."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.payments.public import QrInvalid, read_payload


class Command(BaseCommand):
    help = "Đọc mã VietQR (chuỗi EMVCo) và in nội dung dạng JSON; mã hỏng thì nói hỏng ở đâu, mã thoát 1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="+", help='các chuỗi mã; "-" đọc từng dòng từ đầu vào')

    def handle(self, *args: Any, **options: Any) -> None:
        texts = [
            text
            for each in options["codes"]
            for text in (sys.stdin.read().splitlines() if each == "-" else [each])
            if text
        ]
        broken = 0
        for text in texts:
            try:
                order = asdict(read_payload(text))
            except QrInvalid as refusal:
                broken += 1
                said: dict[str, Any] = {"error": str(refusal.message)}
            else:
                said = {name: value for name, value in order.items() if name != "objects" and value not in ("", ())}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        if broken:
            raise CommandError(f"{broken} mã không dùng được.", returncode=1)
