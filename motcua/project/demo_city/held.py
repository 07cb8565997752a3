"""What the demonstration holds so that nobody is asked for it: a hospital's notice of a birth; who guards the data."""

from __future__ import annotations

from datetime import datetime, timedelta

from motcua.audit.public import SYSTEM
from motcua.kernel.clock import local_date
from motcua.places.public import AgencyInfo
from motcua.project.demo_city.people import RESIDENTS
from motcua.registers.public import Wanted, assign_owner, find_records, write_record

NOTICE_NO = "CS-TD-2026-000001"
OWNER = "H29.700"
BORN_DAYS_AGO = 12
PROTECTOR = ("baove.dulieu", "Chế Thị Minh Giữ", "data_protection")  # user name, name, role


def build_held(agencies: tuple[AgencyInfo, ...], *, now: datetime) -> None:
    """Let the hospital have told of the birth of the demonstration mother's child. Done twice, it changes nothing."""
    owner = next((agency for agency in agencies if agency.code == OWNER), None)
    if owner is not None:
        assign_owner("birth_notices", agency_id=owner.id, actor=SYSTEM, now=now)
    wanted = Wanted(register="birth_notices", key="notice_no", value=NOTICE_NO)
    if find_records([wanted], at=now):
        return
    born_at, mother = now - timedelta(days=BORN_DAYS_AGO), RESIDENTS[0]
    born_on = local_date(born_at).isoformat()
    notice = {
        "notice_no": NOTICE_NO, "mother_id": mother.personal_id, "mother_name": mother.full_name,
        "child_name": "Nguyễn Gia Minh", "child_sex": "male", "birth_on": born_on, "weight_g": 3200,
        "facility_code": "79014", "facility_name": "Bệnh viện Trình Diễn", "birth_place": "Bệnh viện Trình Diễn",
        "issued_on": born_on, "status": "valid",
    }  # fmt: skip
    write_record("birth_notices", notice, valid_from=born_at, source="Bệnh viện Trình Diễn", actor=SYSTEM.id, now=now)
