"""`motcua simulate_payments --port N`: the gateway and the bank of the demonstration, as a process of their own."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.kernel import clock
from motcua.payments.adapters.simulator import FAULTS, Simulator

MAX_BODY = 64 * 1024


class Command(BaseCommand):
    help = "Chạy cổng thanh toán và ngân hàng giả, nói đúng giao thức thật qua HTTP. Chỉ ở chế độ trình diễn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument("--notify", default="http://127.0.0.1:8000", help="địa chỉ trang của ta, để báo đã thu")
        parser.add_argument("--faults", default="", help=f"trục trặc, cách nhau dấu phẩy: {', '.join(FAULTS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn.")
        faults = frozenset(filter(None, options["faults"].split(",")))
        if not faults <= set(FAULTS):
            raise CommandError(f"Trục trặc chỉ gồm: {', '.join(FAULTS)}.")
        simulator = Simulator(
            terminal=settings.SIMULATED_TERMINAL,
            secret=settings.SIMULATED_SECRET,
            bank_secret=settings.SIMULATED_SECRET,
            notify=options["notify"].rstrip("/"),
            faults=faults,
        )
        server = ThreadingHTTPServer(("127.0.0.1", options["port"]), make_handler(simulator))
        self.stdout.write(f"Cổng và ngân hàng giả: http://127.0.0.1:{server.server_port}/bank/")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()


def make_handler(simulator: Simulator) -> Callable[..., BaseHTTPRequestHandler]:
    """Return the class of a server's requests that the simulator answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
            self._answer(self.rfile.read(length))

        def _answer(self, body: bytes) -> None:
            parts = urllib.parse.urlsplit(self.path)
            is_form = "form" in self.headers.get("Content-Type", "")
            pairs = urllib.parse.parse_qsl(body.decode("utf-8", "replace") if is_form else parts.query)
            answer = simulator.answer(self.command, parts.path, dict(pairs), body, now=clock.now())
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.location:
                self.send_header("Location", answer.location)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler
