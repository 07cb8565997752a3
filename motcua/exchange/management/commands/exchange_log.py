"""How far the message log is."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.exchange.public import RecordNotProved, check_witness, export_checkpoint, get_log_status


class Command(BaseCommand):
    """`motcua exchange_log [--checkpoint FILE | --witness FILE]`: what waits; the last ages; what an outsider keeps."""

    help = "Cho biết nhật ký trao đổi đã nối, ký và đóng dấu thời gian đến đâu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--checkpoint", type=Path, help="xuất bản kê đã ký của đợt cuối, để người ngoài giữ")
        parser.add_argument("--witness", type=Path, help="đối chiếu nhật ký với một bản kê đã giữ")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["checkpoint"]:
                options["checkpoint"].write_bytes(export_checkpoint())
            if options["witness"]:
                wrong = check_witness(options["witness"].read_bytes())
                if wrong:
                    raise CommandError(wrong)
                self.stdout.write("Nhật ký hôm nay nối tiếp đúng dấu mốc đã giữ.")
        except (RecordNotProved, OSError) as error:
            raise CommandError(str(error)) from error
        status = get_log_status()
        self.stdout.write(
            f"{status.linked} dòng đã nối, {status.pending} dòng chờ nối, {status.unsigned} dòng chưa ký."
        )
        signed = status.last_signed_at.isoformat() if status.last_signed_at else "chưa có"
        stamped = status.last_stamped_at.isoformat() if status.last_stamped_at else "chưa có"
        self.stdout.write(f"Ký lần cuối: {signed}. Dấu thời gian lần cuối: {stamped}.")
        if status.unstamped:
            self.stdout.write(f"{status.unstamped} đợt CHƯA có dấu thời gian; việc nền sẽ thử lại.")
