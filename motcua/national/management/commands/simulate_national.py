"""`motcua simulate_national --port N`: the national platform of the demonstration, as a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.exchange.public import Door, QuerySimulator, Simulated, serve_simulator
from motcua.national.adapters.simulator import FAULTS, PortalSimulator, read_package_files, say

QUERY_FAULTS = ("slow", "down", "wrong", "partial", "duplicated", "stale")
KNOWN_FAULTS = tuple(sorted({*FAULTS, *QUERY_FAULTS}))


class Command(BaseCommand):
    help = "Chạy nền tảng quốc gia giả (dân cư, doanh nghiệp, đất đai, Cổng Dịch vụ công). Chỉ ở chế độ trình diễn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8200)
        parser.add_argument("--data", default="", help="tệp JSON: population, enterprise, land (người, đơn vị hư cấu)")
        parser.add_argument("--packages", default="", help="thư mục gói hồ sơ đã ký (*.json, *.jws) chờ thành phố lấy")
        parser.add_argument("--memory", default="", help="tệp nhớ những gì đã được báo, để tắt mở không mất")
        parser.add_argument("--faults", default="", help=f"trục trặc, cách nhau dấu phẩy: {', '.join(KNOWN_FAULTS)}")
        parser.add_argument("--chance", type=float, default=0.3, help="xác suất mỗi trục trặc xảy ra")
        parser.add_argument("--slow", type=float, default=8.0, help="giây chờ khi trục trặc slow")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn.")
        faults = frozenset(filter(None, options["faults"].split(",")))
        if not faults <= set(KNOWN_FAULTS):
            raise CommandError(f"Trục trặc chỉ gồm: {', '.join(KNOWN_FAULTS)}.")
        door = Door(
            client=settings.MOTCUA_NATIONAL_CLIENT,
            secret=settings.MOTCUA_NATIONAL_SECRET,
            faults=faults,
            chance=options["chance"],
            slow_seconds=options["slow"],
        )
        queries = QuerySimulator(door=door, records=_read_records(options["data"]))
        memory = Path(options["memory"]) if options["memory"] else None
        packages = read_package_files(Path(options["packages"])) if options["packages"] else {}
        portal = PortalSimulator(door=door, memory=memory, packages=packages)

        def answer(
            method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
        ) -> Simulated:
            if path == "/token":
                return door.give_token(body)
            for side in (queries, portal):
                said = side.answer(method, path, query, headers, body)
                if said is not None:
                    return said
            return say({"error": "unknown"}, status=404)

        server = serve_simulator(answer, port=options["port"])
        self.stdout.write(f"Nền tảng quốc gia giả: http://127.0.0.1:{server.server_port}/")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


def _read_records(path: str) -> dict[str, list[dict[str, Any]]]:
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"Không đọc được tệp dữ liệu {path}: {error}.") from error
    if not isinstance(found, dict):
        raise CommandError(f"Tệp dữ liệu {path} phải là một đối tượng JSON.")
    return found
