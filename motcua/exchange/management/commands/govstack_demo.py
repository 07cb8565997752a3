"""Open registers to one GovStack client, in the demonstration only."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from motcua.exchange.public import open_govstack_demo, parse_client, read_govstack_samples
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.registers.public import describe_registers

LOCAL = ("127.0.0.0/8", "::1/128")


class Command(BaseCommand):
    """`motcua govstack_demo [FOLDER] [--samples FILE] [--client ID] [--api-version TEXT]`.

    FOLDER/<code>/{register.toml, schema.json}; without it the registers that the public test suite names.
    """

    help = "Chỉ ở chế độ trình diễn: mở sổ dữ liệu cho một hệ thống, với mọi quyền của giao diện GovStack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--samples", type=Path, help="tệp dữ liệu mẫu của bộ kiểm thử công khai (test-data.json)")
        parser.add_argument("--client", default="eGovStack/GOV/90000009/digitalregistries")
        parser.add_argument("--api-version", default="1.0")
        parser.add_argument(
            "--network", action="append", help="mạng được gọi không cần chữ ký (mặc định: chính máy này)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn, không chạy với cấu hình vận hành.")
        now, folder, version = clock.now(), options["folder"], options["api_version"]
        try:
            samples = orjson.loads(options["samples"].read_bytes()) if options["samples"] else {}
            with transaction.atomic(), tempfile.TemporaryDirectory() as empty:
                describe_registers(now=now, folder=folder or Path(empty))
                codes = {path.parent.name: version for path in sorted((folder or Path(empty)).glob("*/register.toml"))}
                opened = open_govstack_demo(
                    codes, samples=read_govstack_samples(samples) if samples or not codes else None,
                    client=parse_client(options["client"]), networks=options["network"] or LOCAL, now=now,
                )  # fmt: skip
        except DomainError as error:
            raise CommandError(str(error)) from error
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise CommandError(
                f"Không đọc được tệp hoặc thư mục ({error}); cần test-data.json của bộ kiểm thử."
            ) from error
        self.stdout.write(f"Đã mở: {', '.join(opened) or 'không có sổ nào'}.")
        prefix = settings.MOTCUA_GOVSTACK_PREFIX
        places = dict.fromkeys((f"/{prefix}", "/"))  # in the demonstration at the root too: there the suite looks
        self.stdout.write("; ".join(f"Địa chỉ: {place}data/… và {place}databases" for place in places))
        self.stdout.write(f"Đầu mục: Information-Mediator-Client: {options['client']}")
