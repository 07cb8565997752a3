"""Who lives with whom in the demonstration city: invented husbands, children, households. Nobody is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.project.demo_city.people import CHILDREN, RESIDENTS, DemoResident


@dataclass(frozen=True, slots=True)
class Marriage:
    """A marriage of the demonstration: who, and since when."""

    wife: str
    husband: str
    since: date


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the demonstration with her parents' numbers."""

    personal_id: str
    full_name: str
    sex: str
    birth_on: date
    mother_id: str
    father_id: str


def make_id(*, is_female: bool, born: date, serial: int) -> str:
    """Return an invented personal number in the official pattern."""
    return f"079{(0 if born.year < 2000 else 2) + is_female}{born.year % 100:02d}9{serial:05d}"


def _husband(serial: int, name: str, born: date, *, of: DemoResident) -> DemoResident:
    number = make_id(is_female=False, born=born, serial=serial)
    return DemoResident(f"demo-{serial:02d}", number, name, "male", born, "", of.address, of.area_code)


HUSBANDS = (  # residents without an account
    _husband(41, "Nguyễn Thành Nhân", date(1988, 4, 17), of=RESIDENTS[0]),
    _husband(42, "Huỳnh Tấn Lộc", date(1986, 11, 3), of=RESIDENTS[4]),
)
_SEX = ("male", "female")
CHILD_IDS = tuple(  # in the order of CHILDREN
    make_id(is_female=_SEX[place] == "female", born=born, serial=51 + place)
    for place, (_parent, _name, born) in enumerate(CHILDREN)
)
FAMILY_CHILDREN = tuple(
    Child(CHILD_IDS[place], name, _SEX[place], born, RESIDENTS[parent].personal_id, HUSBANDS[place].personal_id)
    for place, (parent, name, born) in enumerate(CHILDREN)
)
_COUPLES = ((16, 1), (20, 5), (28, 13), (24, 19), (10, 15))  # wife, husband: both residents
MARRIAGES = (
    Marriage(RESIDENTS[0].personal_id, HUSBANDS[0].personal_id, date(2019, 11, 11)),
    Marriage(RESIDENTS[4].personal_id, HUSBANDS[1].personal_id, date(2015, 2, 14)),
    *(
        Marriage(RESIDENTS[wife].personal_id, RESIDENTS[husband].personal_id, date(2018 + place, 5, 20))
        for place, (wife, husband) in enumerate(_COUPLES)
    ),
)
EVERYBODY = (*RESIDENTS, *HUSBANDS)
PERSONS: tuple[DemoResident | Child, ...] = (*EVERYBODY, *FAMILY_CHILDREN)
BY_ID = {each.personal_id: each for each in EVERYBODY}


def find_spouse(personal_id: str) -> DemoResident | None:
    """Return who somebody is married to."""
    for each in MARRIAGES:
        if personal_id in (each.wife, each.husband):
            return BY_ID[each.husband if personal_id == each.wife else each.wife]
    return None


def find_head(personal_id: str) -> DemoResident:
    """Return the head of somebody's household: of couples the husband, of children the father."""
    for child in FAMILY_CHILDREN:
        if child.personal_id == personal_id:
            return BY_ID[child.father_id]
    for each in MARRIAGES:
        if personal_id in (each.wife, each.husband):
            return BY_ID[each.husband]
    return BY_ID[personal_id]


def household_no(head: DemoResident) -> str:
    """Return the invented number of the household that this person heads."""
    return f"HK{head.area_code}{head.personal_id[-5:]}"
