"""`motcua verify FILE`: is this PDF as its signers left it? Exit status 0 only when it is."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.documents.public import MAX_VERIFY_BYTES, verify_pdf
from motcua.kernel import clock


class Command(BaseCommand):
    help = "Kiểm tra chữ ký số của một tệp PDF (verify the electronic signatures of a PDF)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp PDF cần kiểm tra")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as handle:
                content = handle.read(MAX_VERIFY_BYTES + 1)
        except OSError as error:
            raise CommandError(f"Không mở được tệp {path}: {error.strerror}") from error
        report = verify_pdf(content, now=clock.now())
        self.stdout.write(f"{report.status}: {path.name}")
        for sentence in report.sentences_vi:
            self.stdout.write(f"  {sentence}")
        if not report.is_valid:
            raise CommandError("Chữ ký không hợp lệ.", returncode=1)
