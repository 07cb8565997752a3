"""Check the whole audit log."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import AuditHead, verify_chain


def read_head(text: str) -> AuditHead:
    """Read 'SEQ:HASH' as this command printed it."""
    seq, _, digest = text.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(digest) == 64):
        raise ArgumentTypeError("hãy ghi SỐ:MÃ_BĂM đúng như lệnh này đã in ra lần trước")
    return AuditHead(seq=int(seq), hash=digest)


class Command(BaseCommand):
    """`motcua verify_audit [--expect SEQ:HASH]`; ends with an error when anything was changed."""

    help = "Kiểm tra toàn bộ nhật ký: có dòng nào bị sửa, xóa, đổi chỗ, chèn vào hay cắt đuôi không."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", type=read_head, help="SỐ:MÃ_BĂM cuối chuỗi đã ghi lại bên ngoài lần trước.")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_chain(options["expect"])
        for problem in report.problems:
            self.stdout.write(f"- {problem}")
        self.stdout.write(f"{report.links} mắt xích, {report.pending} dòng chờ niêm.")
        if report.head is not None:
            self.stdout.write(f"Cuối chuỗi, hãy ghi lại bên ngoài: {report.head.seq}:{report.head.hash}")
        if not report.is_intact:
            raise CommandError("Nhật ký KHÔNG nguyên vẹn; hãy giữ nguyên máy chủ và báo bộ phận an toàn thông tin.")
        self.stdout.write("Nhật ký nguyên vẹn.")
