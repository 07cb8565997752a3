"""`motcua signing_key CODE`: show, issue or revoke a signing key, of an agency or of an official in it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.documents.public import (
    KeyKeeperAway,
    KeysKeptElsewhere,
    SigningKeyInfo,
    SigningKeyMissing,
    find_signing_key,
    issue_signing_key,
    revoke_signing_key,
)
from motcua.kernel import clock
from motcua.kernel.clock import format_moment


class Command(BaseCommand):
    help = "Xem, cấp hoặc thu hồi khóa ký (show, issue or revoke a signing key)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="mã cơ quan, hoặc <mã cơ quan>.cb-<tài khoản> của cán bộ")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--issue", metavar="TÊN_CƠ_QUAN", help="cấp khóa mới, ghi tên cơ quan vào chứng thư")
        what.add_argument("--revoke", metavar="LÝ_DO", help="hủy khóa, thu hồi chứng thư từ bây giờ")
        parser.add_argument("--person", default="", help="họ tên cán bộ, khi cấp khóa của cán bộ")
        parser.add_argument("--write", action="store_true", help="làm thật; không có thì chỉ nói sẽ làm gì")

    def handle(self, *args: Any, **options: Any) -> None:
        code, now = options["code"], clock.now()
        try:
            info = find_signing_key(code)
            if (options["issue"] or options["revoke"]) and not options["write"]:
                self.stdout.write(
                    f"Sẽ {'cấp khóa mới cho' if options['issue'] else 'hủy khóa của'} {code}. Thêm --write."
                )
            elif options["issue"]:
                info = issue_signing_key(
                    code, agency_name=options["issue"], person=options["person"], actor=SYSTEM, now=now
                )
            elif options["revoke"]:
                info = revoke_signing_key(code, reason=options["revoke"], actor=SYSTEM, now=now)
        except (KeyKeeperAway, KeysKeptElsewhere, SigningKeyMissing) as refused:
            raise CommandError(str(refused.message)) from refused
        self.stdout.write(to_text(code, info))


def to_text(code: str, info: SigningKeyInfo | None) -> str:
    if info is None:
        return f"{code}: chưa có khóa."
    state = "đã thu hồi" if info.is_revoked else "đang giữ"
    return (
        f"{code}: {state}; {info.agency_name}; từ {format_moment(info.valid_from)} "
        f"đến {format_moment(info.valid_to)}; do {info.issuer} cấp; {info.certificate_sha256}"
    )
