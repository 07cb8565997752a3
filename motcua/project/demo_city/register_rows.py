"""Rows of the demonstration's registers, made from the same invented people as everything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from motcua.project.demo_city.families import (
    BY_ID,
    EVERYBODY,
    FAMILY_CHILDREN,
    MARRIAGES,
    PERSONS,
    Child,
    find_head,
    find_spouse,
    household_no,
)
from motcua.project.demo_city.people import FIRMS, RESIDENTS, WARDS, DemoResident

Rows = Iterator[dict[str, Any]]
MISSPELT = {RESIDENTS[7].personal_id: "Bùi Văn Khõe"}  # put right afterwards: a correction to look at
_OFFICE = {ward: f"H29.9{place + 1:02d}" for place, ward in enumerate(WARDS)}
_SCHOOLS = (("Tiểu học Nắng Mai", "primary"), ("Trung học cơ sở Bình Minh", "secondary"))
_BRANDS = ("Chim Sẻ", "Gió Nam", "Sao Khuê")


def make_people() -> Rows:
    """Everybody, with household, relations and where permanently registered."""
    for each in EVERYBODY:
        head, spouse = find_head(each.personal_id), find_spouse(each.personal_id)
        yield {
            "personal_id": each.personal_id, "full_name": MISSPELT.get(each.personal_id, each.full_name),
            "birth_on": each.birth_on.isoformat(), "sex": each.sex, "nationality": "Việt Nam", "ethnicity": "Kinh",
            "hometown": "Thành phố Hồ Chí Minh", "area_code": each.area_code, "address": each.address,
            "permanent_area_code": head.area_code, "permanent_address": head.address,
            "household_no": household_no(head), "household_head_id": head.personal_id,
            "relation_to_head": "self" if head is each else "spouse",
            "marital_status": "married" if spouse else "single", "email": each.email,
            **({"spouse_id": spouse.personal_id} if spouse else {}),
        }  # fmt: skip
    for child in FAMILY_CHILDREN:
        head = find_head(child.personal_id)
        yield {
            "personal_id": child.personal_id, "full_name": child.full_name, "birth_on": child.birth_on.isoformat(),
            "sex": child.sex, "nationality": "Việt Nam", "ethnicity": "Kinh", "hometown": "Thành phố Hồ Chí Minh",
            "area_code": head.area_code, "address": head.address, "permanent_area_code": head.area_code,
            "permanent_address": head.address, "household_no": household_no(head),
            "household_head_id": head.personal_id, "relation_to_head": "child", "marital_status": "single",
            "mother_id": child.mother_id, "father_id": child.father_id,
        }  # fmt: skip


def make_enterprises() -> Rows:
    """The firms, the household businesses among them, and a branch."""
    kinds = {"Hộ kinh doanh": "household_business", "Hợp tác xã": "cooperative"}
    for firm in FIRMS:
        who = RESIDENTS[firm.representative]
        yield {
            "tax_code": firm.tax_code, "name": firm.name, "address": firm.address, "area_code": firm.area_code,
            "kind": next((kind for start, kind in kinds.items() if firm.name.startswith(start)), "enterprise"),
            "representative_id": who.personal_id, "representative_name": who.full_name, "owner_id": who.personal_id,
            "owner_name": who.full_name, "activities": ["5610" if "cơm" in firm.name else "4711"],
            "capital_vnd": 500_000_000, "registered_on": "2021-03-15", "status": "active",
        }  # fmt: skip
    parent = FIRMS[0]
    yield {
        "tax_code": f"{parent.tax_code}-001", "name": f"Chi nhánh {parent.name}", "kind": "branch",
        "parent_tax_code": parent.tax_code, "address": f"8 đường Sen Hồng, {WARDS['26740']}", "area_code": "26740",
        "activities": ["1071"], "registered_on": "2023-08-01", "status": "active",
    }  # fmt: skip


def _heads() -> list[DemoResident]:
    return [each for each in EVERYBODY if find_head(each.personal_id) is each]


def _parcel(place: int) -> tuple[str, str]:
    return str(place % 6 + 1), str(100 + place * 3)


def make_land() -> Rows:
    """One parcel for each household; of couples both hold it."""
    for place, head in enumerate(_heads()):
        sheet, parcel = _parcel(place)
        spouse = find_spouse(head.personal_id)
        both = [{"personal_id": spouse.personal_id, "full_name": spouse.full_name, "share_bp": 5000}] if spouse else []
        yield {
            "area_code": head.area_code, "sheet_no": sheet, "parcel_no": parcel, "address": head.address,
            "area_m2": 48 + place % 9 * 6.5, "purpose": "ODT", "right_kind": "Sử dụng riêng",
            "holder_id": head.personal_id, "holder_name": head.full_name, "certificate_no": f"CS{900000 + place}",
            "certified_on": "2016-05-12", "is_mortgaged": place % 11 == 5, **({"co_holders": both} if both else {}),
        }  # fmt: skip


def make_addresses() -> Rows:
    """One home for each household, on its parcel."""
    for place, head in enumerate(_heads()):
        sheet, parcel = _parcel(place)
        house, _, rest = head.address.partition(" đường ")
        yield {
            "address_no": _address_no(head), "area_code": head.area_code, "house_no": house,
            "street": rest.partition(",")[0], "address": head.address, "kind": "house",
            "floor_area_m2": 80 + place % 5 * 20, "built_year": 1995 + place % 25, "floors": 1 + place % 4,
            "sheet_no": sheet, "parcel_no": parcel, "owner_id": head.personal_id, "owner_name": head.full_name,
            "tenure": "owned",
        }  # fmt: skip


def _address_no(head: DemoResident) -> str:
    return f"DC{head.area_code}{head.personal_id[-4:]}"


def make_residences() -> Rows:
    """Where everybody is permanently registered; a few stay elsewhere for a time."""
    for each in PERSONS:
        head = find_head(each.personal_id)
        relation = "self" if head is each else "child" if isinstance(each, Child) else "spouse"
        yield {
            "personal_id": each.personal_id, "full_name": each.full_name, "kind": "permanent",
            "area_code": head.area_code, "address": head.address, "address_no": _address_no(head),
            "household_no": household_no(head), "household_head_id": head.personal_id, "relation_to_head": relation,
            "since_on": max(each.birth_on, date(2008, 1, 1)).isoformat(),
        }  # fmt: skip
    for place in (6, 9, 23):
        guest, host = RESIDENTS[place], RESIDENTS[place - 1]
        home = _address_no(find_head(host.personal_id))
        yield {
            "personal_id": guest.personal_id, "full_name": guest.full_name, "kind": "temporary",
            "area_code": host.area_code, "address": host.address, "address_no": home,
            "since_on": "2025-09-01", "until_on": "2027-08-31", "relation_to_head": "lodger",
        }  # fmt: skip


def make_acts() -> Rows:
    """Births of all and marriages of all couples."""
    for place, each in enumerate(PERSONS):
        area = find_head(each.personal_id).area_code
        parents: dict[str, Any] = {}
        if isinstance(each, Child):
            mother, father = BY_ID[each.mother_id], BY_ID[each.father_id]
            parents = {
                "mother_id": mother.personal_id, "mother_name": mother.full_name, "father_id": father.personal_id,
                "father_name": father.full_name, "declared_by_id": mother.personal_id,
                "declared_by_name": mother.full_name,
            }  # fmt: skip
        yield {
            "kind": "birth", "act_no": str(place + 1), "book_year": each.birth_on.year, "office_code": _OFFICE[area],
            "area_code": area, "registered_on": (each.birth_on + timedelta(days=20)).isoformat(),
            "subject_id": each.personal_id, "subject_name": each.full_name, "subject_sex": each.sex,
            "subject_birth_on": each.birth_on.isoformat(), "birth_place": "Thành phố Hồ Chí Minh", **parents,
        }  # fmt: skip
    for place, marriage in enumerate(MARRIAGES):
        wife, husband = BY_ID[marriage.wife], BY_ID[marriage.husband]
        yield {
            "kind": "marriage", "act_no": str(place + 1), "book_year": marriage.since.year,
            "office_code": _OFFICE[husband.area_code], "area_code": husband.area_code,
            "registered_on": marriage.since.isoformat(), "wife_id": wife.personal_id, "wife_name": wife.full_name,
            "wife_birth_on": wife.birth_on.isoformat(), "husband_id": husband.personal_id,
            "husband_name": husband.full_name, "husband_birth_on": husband.birth_on.isoformat(),
        }  # fmt: skip


def make_zones() -> Rows:
    """One zone of low houses in each ward, with the parcels that lie in it."""
    heads = _heads()
    for place, (ward, name) in enumerate(WARDS.items()):
        inside = [
            "|".join((ward, *_parcel(number))) for number, head in enumerate(heads) if head.area_code == ward
        ]  # fmt: skip
        yield {
            "zone_no": f"QH{ward}-01", "name": f"Khu dân cư hiện hữu {name}", "area_codes": [ward], "parcels": inside,
            "plan_no": f"QĐ-TD-{place + 101}", "approved_on": "2024-04-10", "land_use": "Đất ở hiện hữu cải tạo",
            "max_floors": 5 + place, "max_height_m": 19 + place * 3, "max_density_percent": 80,
            "floor_area_ratio": 4, "setback_m": 2,
        }  # fmt: skip


def make_permits() -> Rows:
    """Permits to build of some households."""
    for place, head in list(enumerate(_heads()))[::7]:
        sheet, parcel = _parcel(place)
        yield {
            "permit_no": f"GP-TD-{place + 1:03d}", "kind": "new" if place % 2 else "repair",
            "holder_id": head.personal_id, "holder_name": head.full_name, "area_code": head.area_code,
            "address": head.address, "sheet_no": sheet, "parcel_no": parcel, "floors": 3, "basements": 0,
            "ground_area_m2": 40, "total_area_m2": 120, "height_m": 11.5, "issued_on": "2026-01-20",
            "start_before_on": "2027-01-20", "issued_by": _OFFICE[head.area_code], "status": "valid",
        }  # fmt: skip


def make_cards() -> Rows:
    """Health insurance for all."""
    for place, each in enumerate(PERSONS):
        group = "TE" if isinstance(each, Child) else "GD"
        yield {
            "card_no": f"{group}479{place + 1:010d}", "personal_id": each.personal_id, "full_name": each.full_name,
            "birth_on": each.birth_on.isoformat(), "group_code": group, "facility_code": "79014",
            "benefit_percent": 100 if group == "TE" else 80, "facility_name": "Trạm y tế trình diễn",
            "from_on": "2026-01-01", "to_on": "2026-12-31", "status": "valid",
        }  # fmt: skip


def make_doses() -> Rows:
    """Vaccinations of the children."""
    for child in FAMILY_CHILDREN:
        for dose, days in enumerate((60, 90, 120), start=1):
            yield {
                "personal_id": child.personal_id, "full_name": child.full_name, "vaccine": "5 trong 1",
                "dose_no": dose, "given_on": (child.birth_on + timedelta(days=days)).isoformat(),
                "lot_no": f"TD{dose:03d}", "facility_code": "79014", "facility_name": "Trạm y tế trình diễn",
            }  # fmt: skip


def make_schools() -> Rows:
    """A primary and a secondary school in each ward."""
    for place, (ward, name) in enumerate(WARDS.items()):
        for number, (school, level) in enumerate(_SCHOOLS):
            yield {
                "school_code": _school_code(ward, number), "name": f"Trường {school} {name}", "level": level,
                "kind": "public", "area_code": ward, "address": f"Đường Phượng Vĩ, {name}",
                "principal_name": f"Hiệu trưởng {place * 2 + number + 1}", "places": 900, "status": "open",
            }  # fmt: skip


def _school_code(ward: str, number: int) -> str:
    return f"79{ward}{number + 1:02d}"


def make_pupils() -> Rows:
    """Children who are old enough go to the primary school of their ward."""
    for child in FAMILY_CHILDREN:
        ward, grade = find_head(child.personal_id).area_code, 2026 - child.birth_on.year - 5
        if grade < 1:
            continue
        yield {
            "pupil_code": f"79{child.personal_id[-8:]}", "personal_id": child.personal_id, "sex": child.sex,
            "full_name": child.full_name, "birth_on": child.birth_on.isoformat(), "school_code": _school_code(ward, 0),
            "school_name": f"Trường {_SCHOOLS[0][0]} {WARDS[ward]}", "school_year": "2026-2027", "grade": grade,
            "class_name": f"{grade}A1", "status": "studying", "guardian_ids": [child.mother_id, child.father_id],
        }  # fmt: skip


def make_driving() -> Rows:
    """Most grown-ups may ride a motorcycle, some drive a car."""
    for place, each in enumerate(EVERYBODY):
        if place % 4 == 3:
            continue
        yield {
            "licence_no": f"79{each.personal_id[4:6]}9{place + 1:07d}", "personal_id": each.personal_id,
            "full_name": each.full_name, "birth_on": each.birth_on.isoformat(), "issued_on": "2021-06-01",
            "classes": ["A1", "B"] if place % 3 == 0 else ["A1"], "issued_by": "Công an Thành phố", "points": 12,
            "status": "valid", **({"expires_on": "2031-06-01"} if place % 3 == 0 else {}),
        }  # fmt: skip


def make_vehicles() -> Rows:
    """A motorcycle for every second person, a car for every eighth."""
    for place, each in enumerate(EVERYBODY[::2]):
        is_car = place % 4 == 0
        yield {
            "plate_no": f"59A-9{place:02d}.{place + 10:02d}" if is_car else f"59X1-9{place:02d}.{place + 10:02d}",
            "kind": "car" if is_car else "motorcycle", "brand": _BRANDS[place % 3], "made_year": 2015 + place % 9,
            "engine_no": f"TDM{place:05d}", "chassis_no": f"TDK{place:07d}", "owner_id": each.personal_id,
            "owner_name": each.full_name, "area_code": each.area_code, "registered_on": "2022-02-02",
            "status": "in_use", **({"inspected_until_on": "2027-02-02"} if is_car else {}),
        }  # fmt: skip


def make_business_licences() -> Rows:
    """Food-safety licences of the firms that cook or bake."""
    for place in (0, 2, 4):
        firm = FIRMS[place]
        yield {
            "licence_no": f"ATTP-TD-{place + 1:03d}", "kind": "food_safety", "tax_code": firm.tax_code,
            "holder_name": firm.name, "area_code": firm.area_code, "address": firm.address, "scope": "Chế biến tại chỗ",
            "issued_on": "2024-10-01", "expires_on": "2027-10-01", "issued_by": "Sở An toàn thực phẩm",
            "status": "valid",
        }  # fmt: skip


def make_statuses() -> Rows:
    """The old, a poor and a nearly poor household, a disabled man, a woman of merit, the small child."""
    holders = [
        (RESIDENTS[7], "elderly", {}), (RESIDENTS[8], "elderly", {}), (RESIDENTS[8], "poor_household", {}),
        (RESIDENTS[22], "near_poor", {}), (RESIDENTS[17], "disabled", {"severity": "severe", "coefficient": 1.5}),
        (RESIDENTS[25], "merit", {}),
    ]  # fmt: skip
    for place, (each, category, more) in enumerate(holders):
        yield {
            "personal_id": each.personal_id, "full_name": each.full_name, "category": category,
            "from_on": "2026-01-01", "decision_no": f"QĐ-XH-{place + 1:03d}", "decided_on": "2025-12-20",
            "issued_by": "Ủy ban nhân dân phường", "household_no": household_no(find_head(each.personal_id)), **more,
        }  # fmt: skip
    for child in FAMILY_CHILDREN:
        grown = child.birth_on.replace(year=child.birth_on.year + 16)
        yield {
            "personal_id": child.personal_id, "full_name": child.full_name, "category": "child",
            "from_on": child.birth_on.isoformat(), "to_on": grown.isoformat(),
        }  # fmt: skip
