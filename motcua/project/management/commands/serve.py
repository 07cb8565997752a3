from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from motcua.project.demo_city.national import find_folder


class Command(BaseCommand):
    help = "Chạy máy chủ web và tiến trình nền, cùng dừng khi nhận Ctrl+C hay SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe (mặc định chỉ máy này)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument("--simulator-port", type=int, default=0, help="chạy kèm cổng thanh toán giả (trình diễn)")
        parser.add_argument("--national-port", type=int, default=0, help="chạy kèm nền tảng quốc gia giả (trình diễn)")

    def handle(self, *args: Any, **options: Any) -> None:
        use_port(options["port"])
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        for connection in connections.all():
            connection.close()
            getattr(connection, "close_pool", lambda: None)()
        environment = os.environ | {
            "DATABASE_URL": settings.DATABASE_URL,  # children use our server; they do not start one
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        }
        web = [
            sys.executable, "-m", "gunicorn", "motcua.project.wsgi:application",
            "--bind", f"{options['host']}:{options['port']}", "--worker-class", "gthread",
            "--workers", str(options["processes"]), "--threads", str(options["threads"]),
            "--keep-alive", "30", "--graceful-timeout", "20", "--log-level", "warning",
        ]  # fmt: skip
        worker = [sys.executable, "-m", "motcua.project.cli", "run_worker"]
        commands = [web, worker]
        if settings.DEMO_MODE and options["simulator_port"]:
            environment["MOTCUA_PAYMENT_SIMULATOR"] = f"http://127.0.0.1:{options['simulator_port']}"
            notify = f"http://127.0.0.1:{options['port']}"
            simulator = ["simulate_payments", "--port", str(options["simulator_port"]), "--notify", notify]
            commands.append([sys.executable, "-m", "motcua.project.cli", *simulator])
        if settings.DEMO_MODE and options["national_port"]:
            environment["MOTCUA_NATIONAL_URL"] = f"http://127.0.0.1:{options['national_port']}"
            commands.append([sys.executable, "-m", "motcua.project.cli", *simulate_national(options["national_port"])])
        self.stdout.write(f"Máy chủ: http://{options['host']}:{options['port']}/  (Ctrl+C để dừng)")
        self.stdout.flush()
        sys.exit(supervise(commands, environment))


def simulate_national(port: int) -> list[str]:
    """Return the command that runs the national side beside the city, with what the city's building left for it."""
    folder = find_folder()
    data = ["--data", str(folder / "data.json")] if (folder / "data.json").exists() else []
    packages = ["--packages", str(folder / "packages")]
    return ["simulate_national", "--port", str(port), *data, *packages, "--memory", str(folder / "memory.jsonl")]


def use_port(port: int) -> None:
    """Let the demonstration's papers and QR codes name the port that it answers on; a given address stands."""
    if settings.DEMO_MODE and "MOTCUA_PUBLIC_URL" not in os.environ:
        settings.PUBLIC_URL = os.environ["MOTCUA_PUBLIC_URL"] = f"http://localhost:{port}"


def supervise(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run the commands until one stops or we are told to; pass the stop on to all. Return the exit code."""
    children = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603  our own commands
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        if child.poll() is None:
            child.terminate()
    codes = [child.wait(timeout=30) for child in children]
    return 0 if stopping else next((code for code in codes if code), 1)
