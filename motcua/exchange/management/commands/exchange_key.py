"""Keys of subsystems on the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.exchange.public import add_certificate, add_signature_key, end_key, parse_client
from motcua.kernel import clock
from motcua.kernel.errors import DomainError


class Command(BaseCommand):
    """`motcua exchange_key add CLIENT KEY_ID FILE [--days N] [--certificate]`, `motcua exchange_key end KEY_ID`."""

    help = "Thêm hoặc chấm dứt khóa của một hệ thống con; thêm khóa mới trước khi chấm dứt khóa cũ để không gián đoạn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        add = commands.add_parser("add", help="thêm khóa công khai hoặc chứng thư")
        add.add_argument("client", help="ví dụ VN/GOV/H29.15/HOTICH")
        add.add_argument("key_id")
        add.add_argument("file", type=Path, help="tệp PEM")
        add.add_argument("--days", type=int, default=730, help="số ngày hiệu lực của khóa ký")
        add.add_argument("--certificate", action="store_true", help="tệp là chứng thư của kết nối TLS")
        commands.add_parser("end", help="chấm dứt ngay").add_argument("key_id")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        try:
            if options["what"] == "end":
                end_key(options["key_id"], actor=SYSTEM, now=now)
            elif options["certificate"]:
                client = parse_client(options["client"])
                pem = options["file"].read_text()
                add_certificate(client, key_id=options["key_id"], pem=pem, actor=SYSTEM, now=now)
            else:
                client = parse_client(options["client"])
                pem, until = options["file"].read_text(), now + timedelta(days=options["days"])
                add_signature_key(
                    client,
                    key_id=options["key_id"],
                    public_pem=pem,
                    valid_from=now,
                    valid_to=until,
                    actor=SYSTEM,
                    now=now,
                )
        except (DomainError, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Đã ghi nhận.")
