from __future__ import annotations

import secrets
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from motcua.audit.public import SYSTEM
from motcua.identity.public import Role, create_official, grant_role
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.places.public import find_agency_by_code, list_agencies


class Command(BaseCommand):
    """Make an official's account with one role at one agency; print the first password once."""

    help = "Tạo tài khoản cán bộ với một vai trò tại một cơ quan; mật khẩu đầu tiên chỉ in ra một lần."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--name", required=True, help="họ và tên")
        parser.add_argument("--role", required=True, choices=[str(role) for role in Role], help="vai trò")
        parser.add_argument("--agency", required=True, help="mã cơ quan, ví dụ H29.901")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="từ ngày (mặc định: hôm nay)")

    def handle(self, *args: object, **options: Any) -> None:
        now = clock.now()
        agency = find_agency_by_code(options["agency"])
        if agency is None:
            raise CommandError(advise(options["agency"], on=clock.local_date(now)))
        password = secrets.token_urlsafe(12)
        try:
            with transaction.atomic():
                official = create_official(options["username"], full_name=options["name"], now=now, password=password)
                grant_role(
                    official.user_id,
                    role=options["role"],
                    agency_id=agency.id,
                    valid_from=options["valid_from"] or clock.local_date(now),
                    actor=SYSTEM,
                    now=now,
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Tên đăng nhập: {official.username}\nMật khẩu đầu tiên: {password}\n")


def advise(code: str, *, on: date) -> str:
    """Say what there is instead of an office that is not: the list of codes, or how to open the first one."""
    found = list_agencies(on=on)
    if not found:
        return (
            "Chưa có cơ quan nào. Hãy mở cơ quan trước, ví dụ: motcua create_agency H29 --name 'Trung tâm phục vụ "
            "hành chính công Thành phố' --kind service_centre --level city --area 79"
        )
    listed = "\n".join(f"  {agency.code}  {agency.name}" for agency in found[:40])
    return f"Không có cơ quan mang mã {code}. Các cơ quan đang hoạt động:\n{listed}"
