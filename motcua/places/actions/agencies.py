"""Opening and closing offices."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from motcua.kernel.codes import check_agency_code
from motcua.kernel.messages import N_
from motcua.kernel.text import clean_line, fold, sort_key
from motcua.places.models import Agency, AgencyFormerName
from motcua.places.queries.agencies import get_calendar, to_agency_info
from motcua.places.queries.areas import find_area
from motcua.places.types import AgencyInfo, AgencyNotFound, AgencyRefused


def create_agency(
    code: str,
    *,
    name: str,
    short_name: str,
    kind: str,
    level: str,
    area_code: str,
    valid_from: date,
    parent_id: int | None = None,
    address: str = "",
    phone: str = "",
    calendar_code: str = "hcm",
) -> AgencyInfo:
    """Open an office. Raises: AgencyRefused for a wrong or taken code or an unknown area, CalendarNotFound."""
    good_code = _check_agency(code, area_code, valid_from)
    get_calendar(calendar_code)
    name = clean_line(name)
    try:
        with transaction.atomic():
            row = Agency.objects.create(
                code=good_code,
                name=name,
                name_folded=fold(name),
                sort_key=sort_key(name),
                short_name=clean_line(short_name),
                kind=kind,
                level=level,
                area_code=area_code,
                parent_id=parent_id,
                valid_from=valid_from,
                address=clean_line(address),
                phone=phone,
                calendar_code=calendar_code,
            )
    except IntegrityError as error:
        raise AgencyRefused(
            "places.agency_refused",
            N_("Mã %(code)s đã được dùng, hoặc loại, cấp hay cơ quan cấp trên không đúng.", code=good_code),
        ) from error
    return to_agency_info(row)


def _check_agency(code: str, area_code: str, valid_from: date) -> str:
    check = check_agency_code(code)
    if not check.ok:
        raise AgencyRefused("places.agency_code", check.message)
    if find_area(area_code, on=valid_from) is None:
        raise AgencyRefused(
            "places.agency_area",
            N_("Không có đơn vị hành chính %(area_code)s vào ngày thành lập cơ quan.", area_code=area_code),
        )
    return check.value


@transaction.atomic
def close_agency(agency_id: int, *, on: date, successor_id: int | None = None) -> AgencyInfo:
    """Close an office on a day, its work taken over by a successor if one is named.

    Raises: AgencyNotFound, AgencyRefused when it is closed already or the successor does not work on that day.
    """
    row = Agency.objects.select_for_update(of=("self",)).filter(id=agency_id).first()
    if row is None:
        raise AgencyNotFound(agency_id)
    if row.valid_to is not None or row.valid_from >= on:
        raise AgencyRefused(
            "places.agency_closed", N_("%(name)s đã đóng, hoặc chưa hoạt động vào ngày này.", name=row.name)
        )
    if successor_id is not None and not Agency.objects.valid_on(on).filter(id=successor_id).exclude(id=row.pk).exists():
        raise AgencyRefused("places.agency_successor", N_("Cơ quan kế thừa phải đang hoạt động vào ngày bàn giao."))
    row.valid_to, row.successor_id = on, successor_id
    row.save(update_fields=["valid_to", "successor"])
    return to_agency_info(row)


@transaction.atomic
def rename_agency(agency_id: int, *, name: str, short_name: str, on: date) -> AgencyInfo:
    """Give an office another name from a day on; what it was called before is kept with that day.

    Raises: AgencyNotFound, AgencyRefused when it is closed, has no name left, or was renamed on or after that day.
    """
    row = Agency.objects.select_for_update(of=("self",)).filter(id=agency_id).first()
    if row is None:
        raise AgencyNotFound(agency_id)
    new_name = clean_line(name)
    if row.valid_to is not None or row.valid_from >= on or not new_name:
        raise AgencyRefused(
            "places.agency_rename",
            N_("Chỉ đổi tên cơ quan đang hoạt động, từ một ngày sau ngày thành lập, và tên mới không để trống."),
        )
    if AgencyFormerName.objects.filter(agency=row, until__gte=on).exists():
        raise AgencyRefused(
            "places.agency_renamed", N_("Cơ quan đã đổi tên vào ngày này hoặc sau đó. Hãy chọn ngày khác.")
        )
    AgencyFormerName.objects.create(agency=row, name=row.name, short_name=row.short_name, until=on)
    row.name, row.name_folded, row.sort_key = new_name, fold(new_name), sort_key(new_name)
    row.short_name = clean_line(short_name) or new_name
    row.save(update_fields=["name", "name_folded", "sort_key", "short_name"])
    return to_agency_info(row)
