"""`motcua sync_national`: one round with the national platform, told in figures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.exchange.public import NationalRefused, NationalUnavailable
from motcua.kernel import clock
from motcua.national.adapters.base import is_connected
from motcua.national.queries.sync import get_sync_status
from motcua.national.tasks import fetch_packages, send_onwards, send_statuses
from motcua.outbox.public import drain


class Command(BaseCommand):
    help = "Một vòng liên thông: lấy gói hồ sơ, tiếp nhận, báo trạng thái, chuyển tiếp; in số liệu."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_connected():
            raise CommandError("Chưa kết nối nền tảng quốc gia: hãy đặt MOTCUA_NATIONAL_URL rồi chạy lại.")
        now = clock.now()
        try:
            fetched = fetch_packages(now=now)
        except (NationalUnavailable, NationalRefused) as failed:
            fetched = 0
            self.stderr.write(str(failed.message))
        drain(now=now)
        sent = send_statuses(now=now)
        onward = send_onwards(now=now)
        status = get_sync_status()
        self.stdout.write(f"Gói hồ sơ mới: {fetched}; chờ người xem: {status.intakes_waiting}.")
        self.stdout.write(
            f"Trạng thái: xác nhận {sent.accepted}, từ chối {sent.refused}, gửi lại sau {sent.again}; "
            f"còn chờ {status.waiting}."
        )
        self.stdout.write(f"Chuyển tiếp: đã tới {onward}, còn chờ {status.onward_waiting}.")
