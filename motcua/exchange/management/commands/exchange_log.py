"""How far the message log is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from motcua.exchange.public import get_log_status


class Command(BaseCommand):
    """`motcua exchange_log`: what waits for its place, a signature, a time-stamp; the age of the last ones."""

    help = "Cho biết nhật ký trao đổi đã nối, ký và đóng dấu thời gian đến đâu."

    def handle(self, *args: Any, **options: Any) -> None:
        status = get_log_status()
        self.stdout.write(
            f"{status.linked} dòng đã nối, {status.pending} dòng chờ nối, {status.unsigned} dòng chưa ký."
        )
        signed = status.last_signed_at.isoformat() if status.last_signed_at else "chưa có"
        stamped = status.last_stamped_at.isoformat() if status.last_stamped_at else "chưa có"
        self.stdout.write(f"Ký lần cuối: {signed}. Dấu thời gian lần cuối: {stamped}.")
        if status.unstamped:
            self.stdout.write(f"{status.unstamped} đợt CHƯA có dấu thời gian; việc nền sẽ thử lại.")
