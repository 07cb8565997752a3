"""The registers of the demonstration city: every invented person, firm, home and right, so that facts agree.

One file a register, as an agency would send it; then a few changes, so that there is a history to see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from motcua.audit.public import SYSTEM, Actor
from motcua.places.public import AgencyInfo
from motcua.project.demo_city import register_rows as rows
from motcua.project.demo_city.people import RESIDENTS
from motcua.registers.public import (
    Source,
    Wanted,
    assign_owner,
    correct_record,
    describe_registers,
    find_records,
    load_register,
    write_record,
)

Rows = Iterator[dict[str, Any]]
BEGIN = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)  # 1 July 2025 in the city: wards of two levels
OWNERS: Mapping[str, str] = {  # register -> agency of the demonstration that answers for it
    "people": "H29.703", "residences": "H29.703", "driving_licences": "H29.703", "vehicles": "H29.703",
    "enterprises": "H29.701", "land": "H29.706", "social_allowances": "H29.707", "business_licences": "H29.708",
    "civil_status": "H29.700", "addresses": "H29.700", "planning_zones": "H29.700", "construction_permits": "H29.700",
    "health_cards": "H29.700", "vaccinations": "H29.700", "schools": "H29.700", "pupils": "H29.700",
}  # fmt: skip
MAKERS: Mapping[str, Callable[[], Rows]] = {
    "people": rows.make_people, "enterprises": rows.make_enterprises, "land": rows.make_land,
    "civil_status": rows.make_acts, "residences": rows.make_residences, "addresses": rows.make_addresses,
    "planning_zones": rows.make_zones, "construction_permits": rows.make_permits, "health_cards": rows.make_cards,
    "vaccinations": rows.make_doses, "schools": rows.make_schools, "pupils": rows.make_pupils,
    "driving_licences": rows.make_driving, "vehicles": rows.make_vehicles,
    "business_licences": rows.make_business_licences, "social_allowances": rows.make_statuses,
}  # fmt: skip


def build_registers(agencies: tuple[AgencyInfo, ...], *, now: datetime) -> int:
    """Fill the registers; return how many rows were given. Done twice, it changes nothing."""
    describe_registers(now=now)
    numbers = {agency.code: agency.id for agency in agencies}
    names = {agency.code: agency.name for agency in agencies}
    given = 0
    for code, make in MAKERS.items():
        owner = OWNERS[code]
        assign_owner(code, agency_id=numbers[owner], actor=SYSTEM, now=now)
        found = list(make())
        given += len(found)
        digest = hashlib.sha256(orjson.dumps(found, option=orjson.OPT_SORT_KEYS)).hexdigest()
        source = Source(file_name=f"{code}.jsonl", sha256=digest, sender=names[owner], valid_from=BEGIN)
        load_register(code, lambda found=found: enumerate(found, start=1), source=source, now=now)  # type: ignore[misc]  # the list of this very turn
    _tell_history(names, now=now)
    return given


def _tell_history(names: Mapping[str, str], *, now: datetime) -> None:
    """Let the demonstration's mother have moved, and one name have been put right."""
    police = names[OWNERS["people"]]
    mother = find_records([_person(RESIDENTS[0].personal_id)], at=now)[_person(RESIDENTS[0].personal_id)]
    if mother.data.get("phone") != RESIDENTS[0].phone:
        write_record(
            "people", {**mother.data, "phone": RESIDENTS[0].phone}, valid_from=datetime(2025, 11, 3, tzinfo=UTC),
            source=police, actor="demo", now=now,
        )  # fmt: skip
    wanted = _person(RESIDENTS[7].personal_id)
    man = find_records([wanted], at=now)[wanted]
    if man.data["full_name"] != RESIDENTS[7].full_name:
        actor = Actor(kind="system", id="demo", name="Trình diễn")
        correct_record(
            man.uuid, {**man.data, "full_name": RESIDENTS[7].full_name}, source=f"{police}, đính chính",
            actor=actor.id, now=now,
        )  # fmt: skip


def _person(personal_id: str) -> Wanted:
    return Wanted(register="people", key="personal_id", value=personal_id)
