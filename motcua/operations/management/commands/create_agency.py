from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.audit.public import SYSTEM
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.operations.actions import open_office
from motcua.places.public import AGENCY_KINDS, AGENCY_LEVELS, ensure_city_areas, find_area


class Command(BaseCommand):
    """Open an office: the first step of an installation; a city's `service_centre` receives every procedure."""

    help = "Mở một cơ quan: ủy ban, công an, thuế, sở, hoặc trung tâm tiếp nhận."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="mã định danh theo Quyết định 20/2020/QĐ-TTg, ví dụ H29.26743")
        parser.add_argument("--name", required=True, help="tên đầy đủ")
        parser.add_argument("--short-name", default="", help="tên ngắn (mặc định: tên đầy đủ)")
        parser.add_argument("--kind", required=True, choices=list(AGENCY_KINDS), help="loại cơ quan")
        parser.add_argument("--level", required=True, choices=list(AGENCY_LEVELS), help="cấp")
        parser.add_argument("--area", required=True, help="mã đơn vị hành chính nơi đặt trụ sở; 79: cả thành phố")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="từ ngày (mặc định: hôm nay)")
        parser.add_argument("--address", default="", help="địa chỉ")
        parser.add_argument("--phone", default="", help="điện thoại")

    def handle(self, *args: object, **options: Any) -> None:
        now = clock.now()
        if find_area(options["area"], on=clock.local_date(now)) is None:
            ensure_city_areas()  # the first office of an installation: the project brings the city's own table
        try:
            agency = open_office(
                options["code"],
                name=options["name"],
                short_name=options["short_name"],
                kind=options["kind"],
                level=options["level"],
                area_code=options["area"],
                valid_from=options["valid_from"] or clock.local_date(now),
                address=options["address"],
                phone=options["phone"],
                actor=SYSTEM,
                now=now,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Đã mở {agency.name} ({agency.code}).")
