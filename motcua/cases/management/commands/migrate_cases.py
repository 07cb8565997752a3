"""motcua migrate_cases RULE.toml [--apply]."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.cases.public import migrate_cases, plan_migration, read_migration_rule
from motcua.kernel import clock
from motcua.kernel.errors import DomainError


class Command(BaseCommand):
    """Move running cases to another version of their process by a written rule; dry unless --apply."""

    help = "Chuyển hồ sơ đang chạy sang phiên bản quy trình khác theo quy tắc viết sẵn. Mặc định chỉ báo, không ghi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", type=Path, help="tệp quy tắc .toml")
        parser.add_argument("--apply", action="store_true", help="ghi kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rule = read_migration_rule(options["rule"].read_bytes())
            now = clock.now()
            plan = migrate_cases(rule, actor=SYSTEM, now=now) if options["apply"] else plan_migration(rule, now=now)
        except OSError as error:
            raise CommandError(f"Không đọc được tệp quy tắc: {error}") from error
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        verb = "Đã chuyển" if options["apply"] else "Sẽ chuyển"
        for move in plan.moves:
            self.stdout.write(f"{verb}  {move.case_code}")
        for move in plan.refused:
            self.stdout.write(f"Ở lại  {move.case_code}: {move.reason}")
        self.stdout.write(
            f"{verb} {len(plan.moves)} hồ sơ từ phiên bản {rule.from_version} sang {rule.to_version}; "
            f"{len(plan.refused)} hồ sơ ở lại vì chưa chuyển được; {plan.left_out} hồ sơ ngoài điều kiện."
        )
