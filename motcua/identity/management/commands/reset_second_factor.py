from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.identity.public import find_official_by_username, reset_second_factor
from motcua.kernel import clock


class Command(BaseCommand):
    """Forget an official's lost telephone: the next sign-in enrols a new one."""

    help = "Bỏ điện thoại đã mất của một cán bộ; lần đăng nhập sau sẽ cài ứng dụng xác thực mới."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")

    def handle(self, *args: object, **options: Any) -> None:
        official = find_official_by_username(options["username"])
        if official is None:
            raise CommandError("Không có cán bộ mang tên đăng nhập này.")
        reset_second_factor(official.user_id, actor=SYSTEM, now=clock.now())
        self.stdout.write(f"{official.full_name} sẽ cài lại ứng dụng xác thực ở lần đăng nhập sau.\n")
