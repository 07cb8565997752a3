"""Stop a register and open it again without a screen, for whoever runs the servers."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.exchange.public import set_register_open
from motcua.exchange.queries.register_states import find_register_state, list_register_states
from motcua.kernel import clock

MAX_REASON = 500


class Command(BaseCommand):
    """`motcua stop_register CODE --reason "…"`, `motcua stop_register CODE --open --reason "…"`; alone it lists."""

    help = "Tạm ngừng một sổ dữ liệu, hoặc mở lại (--open); hồ sơ vẫn nộp được. Không nêu mã sổ thì liệt kê các sổ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", default="", help="mã sổ, ví dụ people")
        parser.add_argument("--reason", default="", help="lý do, được lưu trong nhật ký")
        parser.add_argument("--open", action="store_true", help="mở lại sổ đang tạm ngừng")

    def handle(self, *args: Any, **options: Any) -> None:
        code, is_open = options["code"], options["open"]
        if not code:
            self._list()
            return
        state = find_register_state(code)
        if state is None:
            known = ", ".join(each.register for each in list_register_states()) or "chưa có sổ nào được chia sẻ"
            raise CommandError(f"Không có sổ «{code}» trên nền tảng chia sẻ. Các sổ đang có: {known}.")
        reason = options["reason"].replace("\x00", "").strip()[:MAX_REASON]
        if not reason:
            raise CommandError("Hãy ghi lý do bằng --reason; lý do được lưu trong nhật ký.")
        if state.is_open == is_open:
            self.stdout.write(f"Sổ {state.title} đã {'mở' if is_open else 'tạm ngừng'} từ trước; không có gì thay đổi.")
            return
        set_register_open(code, is_open=is_open, reason=reason, actor=SYSTEM, now=clock.now())
        done = "đã mở lại" if is_open else "đã tạm ngừng; hồ sơ vẫn nộp được, quyết định chờ đến khi sổ mở lại"
        self.stdout.write(f"Sổ {state.title} {done}.")

    def _list(self) -> None:
        for each in list_register_states():
            self.stdout.write(f"{each.register}\t{'đang trả lời' if each.is_open else 'đang tạm ngừng'}\t{each.title}")
