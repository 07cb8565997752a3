"""`motcua rotate_vault_keys [--write] [--destroy-old]`: change the key that closes people's keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from motcua.kernel import clock
from motcua.vault.public import count_keys, rotate_keeper_key


class Command(BaseCommand):
    help = "Đổi khóa bọc khóa của kho giấy tờ; nội dung không phải mã hóa lại. Không có --write thì chỉ đếm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="đổi khóa thật")
        parser.add_argument(
            "--destroy-old", action="store_true", help="hủy khóa cũ sau khi đổi: bản sao lưu cũ hết mở được"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(f"{count_keys()} khóa cá nhân sẽ được bọc lại. Thêm --write để đổi.")
            return
        name, count = rotate_keeper_key(now=clock.now(), destroy_old=options["destroy_old"])
        self.stdout.write(f"Khóa mới: {name}. Đã bọc lại {count} khóa cá nhân.")
