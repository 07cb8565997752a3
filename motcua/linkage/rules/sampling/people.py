"""A city of invented households: parents, children, twins, grandparents; who shares what with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from zlib import crc32

_TODAY = date(2026, 1, 1)
_PROVINCES = ("079", "079", "079", "079", "079", "079", "077", "074", "080", "082", "086", "092", "001", "038", "040")
_TWINS = 0.012  # births that are of two
_NAMED_ALIKE = 0.7  # twins of one sex who share their middle name
_OLD_ID_UNTIL = 2004  # born later: never had a number of nine digits
_UNKNOWN_DAY_BEFORE = 1970
_UNKNOWN_DAY = 0.06  # of those born before it: papers of a lifetime say 1 January


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented, as truth has it."""

    no: int
    family: str
    middle: str
    given: str
    sex: str
    birth_on: date
    is_day_unknown: bool
    personal_id: str
    old_id: str
    ward: str
    address: str
    phone: str

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.family, self.middle, self.given) if part)


class Chooser:
    """Weighted choice at the price of one bisection."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._values = [str(row[0]) for row in rows]
        self._weights = list(accumulate(float(row[1]) for row in rows))

    def pick(self, chance: Random) -> str:
        return chance.choices(self._values, cum_weights=self._weights)[0]


class City:
    """People come out household by household; numbers are never given twice."""

    def __init__(self, names: Mapping[str, Any], wards: Sequence[str], *, chance: Random) -> None:
        self._chance = chance
        self._wards = wards
        self._streets: Sequence[str] = names["streets"]
        self._families = Chooser(names["family"])
        self._middles = {"male": Chooser(names["middle_male"]), "female": Chooser(names["middle_female"])}
        self._givens = {"male": Chooser(names["given_male"]), "female": Chooser(names["given_female"])}
        self._serials: Counter[str] = Counter()
        self._no = 0

    def make_people(self, count: int) -> Iterator[Person]:
        """Give `count` people, the last household cut where the number is reached."""
        while True:
            for person in self._make_household():
                if self._no >= count:
                    return
                self._no += 1
                yield person

    def _make_household(self) -> Iterator[Person]:
        chance = self._chance
        ward, address, phone = chance.choice(self._wards), self.make_address(), self.make_phone()
        head_sex = "male" if chance.random() < 0.6 else "female"
        head_born = self._make_birth(22, 78)
        family = self._families.pick(chance)
        yield self._make(family, head_sex, head_born, ward, address, phone)
        if chance.random() < 0.25:
            return
        other = "female" if head_sex == "male" else "male"
        spouse_born = min(head_born + timedelta(days=chance.randint(-2600, 2600)), date(2006, 1, 1))
        spouse_family = self._families.pick(chance)
        yield self._make(spouse_family, other, spouse_born, ward, address, self.make_phone())
        child_family = family if head_sex == "male" else spouse_family
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
            yield from self._make_birth_of(child_family, max(head_born, spouse_born), ward, address, phone)
        if chance.random() < 0.2:  # a parent of the head lives with them, often under a name like his
            born = head_born - timedelta(days=chance.randint(7000, 12_000))
            if born.year > 1925:
                yield self._make(family, chance.choice(("male", "female")), born, ward, address, phone)

    def _make_birth_of(self, family: str, parents: date, ward: str, address: str, phone: str) -> Iterator[Person]:
        chance = self._chance
        born = parents + timedelta(days=chance.randint(7200, 13_500))
        if born >= _TODAY:
            return
        sex = chance.choice(("male", "female"))
        first = self._make(family, sex, born, ward, address, phone, is_exact=True)
        yield first
        if chance.random() >= _TWINS:
            return
        sex = sex if chance.random() < 0.7 else chance.choice(("male", "female"))
        middle = first.middle if sex == first.sex and chance.random() < _NAMED_ALIKE else None
        while True:
            twin = self._make(family, sex, born, ward, address, phone, middle=middle, is_exact=True)
            if twin.full_name != first.full_name:
                yield twin
                return

    def _make(
        self, family: str, sex: str, born: date, ward: str, address: str, phone: str,
        *, middle: str | None = None, is_exact: bool = False,
    ) -> Person:  # fmt: skip
        chance = self._chance
        unknown = not is_exact and born.year < _UNKNOWN_DAY_BEFORE and chance.random() < _UNKNOWN_DAY
        birth_on = date(born.year, 1, 1) if unknown else born
        return Person(
            no=self._no,
            family=family,
            middle=self._middles[sex].pick(chance) if middle is None else middle,
            given=self._givens[sex].pick(chance),
            sex=sex,
            birth_on=birth_on,
            is_day_unknown=unknown,
            personal_id=self._make_personal_id(sex, birth_on),
            old_id=self._make_serial("cmnd", "02", 7) if born.year < _OLD_ID_UNTIL else "",
            ward=ward,
            address=address,
            phone=phone,
        )

    def make_address(self) -> str:
        """Return a house number and a street."""
        chance = self._chance
        number = str(chance.randint(1, 900))
        if chance.random() < 0.35:
            number += f"/{chance.randint(1, 60)}"
        return f"{number} {chance.choice(self._streets)}"

    def make_phone(self) -> str:
        """Return a mobile number that nobody else has."""
        return "09" + self._make_serial("phone", "", 8)

    def _make_birth(self, youngest: int, oldest: int) -> date:
        days = self._chance.randint(youngest * 365, oldest * 365)
        return _TODAY - timedelta(days=days)

    def _make_personal_id(self, sex: str, born: date) -> str:
        century = 2 * (born.year // 100 - 19) + (sex == "female")
        prefix = f"{self._chance.choice(_PROVINCES)}{century}{born.year % 100:02d}"
        return self._make_serial(prefix, prefix, 6)

    def _make_serial(self, kind: str, prefix: str, digits: int) -> str:
        self._serials[kind] += 1
        # A step that shares no factor with ten walks through every number once, in an order that looks random;
        # each kind begins elsewhere, or people of neighbouring years would hold numbers one digit apart.
        serial = crc32(kind.encode()) + self._serials[kind] * 7_368_787
        return f"{prefix}{serial % 10**digits:0{digits}d}"
