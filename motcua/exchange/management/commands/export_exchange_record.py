"""A record of the message log with its proof, for whoever asks."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from motcua.exchange.public import RecordNotProved, export_record


class Command(BaseCommand):
    """`motcua export_exchange_record UUID FILE [--batch]`."""

    help = "Xuất một bản ghi nhật ký trao đổi kèm chứng cứ, kiểm được ở bất kỳ đâu bằng verify_exchange_log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uuid", type=UUID, help="X-Road-Request-Id của câu trả lời")
        parser.add_argument("file", type=Path)
        parser.add_argument("--batch", action="store_true", help="xuất cả đợt, không chỉ một bản ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = export_record(options["uuid"], with_batch=options["batch"])
        except RecordNotProved as error:
            raise CommandError(str(error.message)) from error
        options["file"].write_bytes(content)
        self.stdout.write(f"Đã ghi {options['file']} ({len(content)} byte).")
