"""Open registers of a folder to one GovStack client, in the demonstration only."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from motcua.audit.public import Actor
from motcua.exchange.public import (
    GOVSTACK_ENDPOINTS,
    ClientId,
    ServiceId,
    approve_grant,
    ask_grant,
    join_exchange,
    parse_client,
    publish_register_service,
)
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.registers.public import describe_registers, get_register

_OWNER = ClientId("VN", "GOV", "DEMO", "SO")


class Command(BaseCommand):
    """`motcua govstack_demo FOLDER [--client ID] [--api-version TEXT]`; FOLDER/<code>/{register.toml, schema.json}."""

    help = (
        "Chỉ ở chế độ trình diễn: nhận các bản mô tả sổ trong một thư mục và cấp mọi quyền GovStack cho một hệ thống."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--client", default="eGovStack/GOV/90000009/digitalregistries")
        parser.add_argument("--api-version", default="1.0")
        parser.add_argument("--network", default="127.0.0.0/8", help="mạng được gọi không cần chữ ký")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn, không chạy với cấu hình vận hành.")
        folder: Path = options["folder"]
        codes = [path.name for path in sorted(folder.iterdir()) if (path / "register.toml").is_file()]
        try:
            with transaction.atomic():
                describe_registers(now=clock.now(), folder=folder)
                for code in codes:
                    self._open(code, parse_client(options["client"]), options["api_version"], options["network"])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Đã mở: {', '.join(codes) or 'không có sổ nào'}.")

    def _open(self, code: str, client: ClientId, version: str, network: str) -> None:
        now = clock.now()
        join_exchange(_OWNER, name="Chủ sổ trình diễn", now=now)
        join_exchange(client, name="Bộ kiểm thử GovStack", addresses=[network], now=now)
        service = publish_register_service(
            ServiceId(_OWNER, code), register=code, title=get_register(code).name, openapi={}, version=version,
            endpoints=GOVSTACK_ENDPOINTS, now=now,
        )  # fmt: skip
        asker, owner = (Actor(kind="system", id=name, name="Trình diễn") for name in ("demo-asker", "demo-owner"))
        wish = ask_grant(
            client, service=service, purpose="Kiểm thử GovStack", legal_ground="Dữ liệu trình diễn", fields=["*"],
            endpoints=GOVSTACK_ENDPOINTS, valid_from=now, rate_per_minute=100_000, actor=asker, now=now,
        )  # fmt: skip
        approve_grant(wish, actor=owner, now=now)
