"""`motcua demo_pki`: the demonstration's time-stamps, OCSP answers and revocation lists over HTTP, until stopped."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.documents.adapters.demo_authority import DemoAuthority
from motcua.documents.adapters.pki_server import make_server


class Command(BaseCommand):
    help = "Dịch vụ chứng thực của bản trình diễn qua HTTP (demonstration TSA, OCSP and CRL over HTTP)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8099)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Chỉ dùng được trong bản trình diễn.")
        authority = DemoAuthority(Path(settings.VAR_DIR) / "keys", services_url=settings.MOTCUA_DEMO_PKI_URL)
        server = make_server(authority, host=options["host"], port=options["port"])
        self.stdout.write(f"http://{options['host']}:{server.server_address[1]}/tsa")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
