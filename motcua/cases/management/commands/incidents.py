"""motcua incidents [--retry UUID ...]."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.cases.public import list_open_incidents, retry_incident
from motcua.kernel import clock
from motcua.kernel.errors import DomainError


class Command(BaseCommand):
    """List the steps that processes could not take; take those named again."""

    help = "Liệt kê các bước mà quy trình chưa tự đi tiếp được; với --retry thì thử lại các bước được nêu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", nargs="+", type=UUID, default=[], help="mã các sự cố cần thử lại")
        parser.add_argument("--page", type=int, default=1, help="trang của danh sách")

    def handle(self, *args: Any, **options: Any) -> None:
        for incident_uuid in options["retry"]:
            try:
                found = retry_incident(incident_uuid, actor=SYSTEM, now=clock.now())
            except DomainError as error:
                raise CommandError(str(error.message)) from error
            said = "đã đi tiếp" if found.resolved_at else f"vẫn chưa đi tiếp: {found.text}"
            self.stdout.write(f"{found.uuid}  {found.case_code}: {said}")
        page = list_open_incidents(page=options["page"])
        for one in page.items:
            self.stdout.write(f"{one.uuid}  {one.case_code}  {one.code}  {one.text}")
        self.stdout.write(f"{page.total_capped} sự cố chưa xử lý")
