"""Three sources that keep the same people, each with its own habits, gaps and rates of error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from motcua.linkage.rules.sampling import errors
from motcua.linkage.rules.sampling.people import City, Person

MAX_SOURCES = 3
OLD_WARDS_KNOWN_UNTIL = 4  # heirs of one ward


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a source writes people down: shares of its records, unless said otherwise (how-to/doi-soat-nguoi)."""

    name: str
    coverage: float  # share of people it knows
    twice: float  # known twice
    no_marks: float
    other_tone_place: float
    name_slip: float
    middle_lost: float
    order_turned: float
    id_missing: float
    id_old: float  # of those who have one: the number of nine digits instead
    id_slip: float
    id_of_another: float  # a number that is nobody's here: somebody else's was written
    id_zero_lost: float  # the leading zero eaten by a spreadsheet
    birth_missing: float
    birth_slip: float
    birth_swapped: float
    birth_first_january: float  # only the year was known
    sex_missing: float
    sex_wrong: float
    moved: float  # at another address
    address_missing: float
    ward_old: float  # the ward as before July 2025
    phone_missing: float
    phone_other: float
    date_format: str


SOURCES = (
    Habits(
        name="dan_cu",
        coverage=0.92,
        twice=0.003,
        no_marks=0.02,
        other_tone_place=0.3,
        name_slip=0.006,
        middle_lost=0.001,
        order_turned=0.002,
        id_missing=0.03,
        id_old=0.02,
        id_slip=0.003,
        id_of_another=0.0005,
        id_zero_lost=0.0,
        birth_missing=0.001,
        birth_slip=0.003,
        birth_swapped=0.003,
        birth_first_january=0.01,
        sex_missing=0.005,
        sex_wrong=0.0005,
        moved=0.05,
        address_missing=0.02,
        ward_old=0.05,
        phone_missing=0.35,
        phone_other=0.1,
        date_format="%Y-%m-%d",
    ),
    Habits(
        name="bao_hiem",
        coverage=0.80,
        twice=0.005,
        no_marks=0.35,
        other_tone_place=0.3,
        name_slip=0.015,
        middle_lost=0.004,
        order_turned=0.005,
        id_missing=0.12,
        id_old=0.3,
        id_slip=0.008,
        id_of_another=0.001,
        id_zero_lost=0.02,
        birth_missing=0.004,
        birth_slip=0.008,
        birth_swapped=0.008,
        birth_first_january=0.03,
        sex_missing=0.02,
        sex_wrong=0.002,
        moved=0.12,
        address_missing=0.08,
        ward_old=0.8,
        phone_missing=0.4,
        phone_other=0.15,
        date_format="%d/%m/%Y",
    ),
    Habits(
        name="tro_cap",
        coverage=0.55,
        twice=0.01,
        no_marks=0.3,
        other_tone_place=0.3,
        name_slip=0.03,
        middle_lost=0.015,
        order_turned=0.02,
        id_missing=0.2,
        id_old=0.5,
        id_slip=0.012,
        id_of_another=0.002,
        id_zero_lost=0.05,
        birth_missing=0.015,
        birth_slip=0.015,
        birth_swapped=0.015,
        birth_first_january=0.05,
        sex_missing=0.05,
        sex_wrong=0.004,
        moved=0.2,
        address_missing=0.1,
        ward_old=0.9,
        phone_missing=0.45,
        phone_other=0.15,
        date_format="%d-%m-%Y",
    ),
)
COLUMNS = (
    "ma_ban_ghi",
    "ho_ten",
    "ngay_sinh",
    "gioi_tinh",
    "so_giay_to",
    "so_cmnd",
    "ma_phuong",
    "dia_chi",
    "dien_thoai",
)
Row = tuple[str, ...]


class Writer:
    """Writes people down as the sources would."""

    def __init__(
        self, city: City, *, former: Mapping[str, Sequence[str]], wards: Sequence[str], chance: Random
    ) -> None:
        self._city, self._former, self._wards, self._chance = city, former, wards, chance
        self._counts = [0] * MAX_SOURCES

    def write(self, person: Person, *, sources: int) -> Iterator[tuple[int, Row]]:
        """Give the person's rows with the number of their source; at least one."""
        chance, known = self._chance, False
        for place in range(sources):
            habits = SOURCES[place]
            is_last_chance = place == sources - 1 and not known
            if is_last_chance or chance.random() < habits.coverage:
                known = True
                for _ in range(2 if chance.random() < habits.twice else 1):
                    yield place, self._write_row(person, place, habits)

    def _write_row(self, person: Person, place: int, habits: Habits) -> Row:
        self._counts[place] += 1
        personal_id, old_id = self._write_ids(person, habits, is_first=place == 0)
        ward, address = self._write_home(person, habits)
        sexes = {"male": "Nam", "female": "Nữ"} if place else {"male": "male", "female": "female"}
        return (
            f"{habits.name[0].upper()}{self._counts[place]:08d}",
            self._write_name(person, habits),
            self._write_birth(person, habits),
            "" if self._happens(habits.sex_missing) else sexes[self._write_sex(person, habits)],
            personal_id,
            old_id,
            ward,
            address,
            self._write_phone(person, habits),
        )

    def _happens(self, rate: float) -> bool:
        return self._chance.random() < rate

    def _write_sex(self, person: Person, habits: Habits) -> str:
        if self._happens(habits.sex_wrong):
            return "female" if person.sex == "male" else "male"
        return person.sex

    def _write_name(self, person: Person, habits: Habits) -> str:
        name = person.full_name
        if self._happens(habits.other_tone_place):
            name = errors.move_tone(name)
        if self._happens(habits.middle_lost):
            name = errors.shorten_middle(name, self._chance)
        if self._happens(habits.order_turned):
            name = errors.turn_order(name)
        if self._happens(habits.name_slip):
            name = errors.misspell(name, self._chance)
        if self._happens(habits.no_marks):
            return errors.drop_marks(name)
        return name.upper() if habits.name == "tro_cap" else name

    def _write_birth(self, person: Person, habits: Habits) -> str:
        born, chance = person.birth_on, self._chance
        if self._happens(habits.birth_missing):
            return ""
        if self._happens(habits.birth_first_january) and born.year < 1990:
            born = date(born.year, 1, 1)
        elif self._happens(habits.birth_swapped):
            born = errors.swap_day(born)
        elif self._happens(habits.birth_slip):
            born = errors.mistype_date(born, chance)
        return born.strftime(habits.date_format)

    def _write_ids(self, person: Person, habits: Habits, *, is_first: bool) -> tuple[str, str]:
        number = person.personal_id
        if person.old_id and self._happens(habits.id_old):
            number = person.old_id
        extra = person.old_id if is_first and self._happens(0.35) else ""
        if self._happens(habits.id_missing):
            return "", extra
        if self._happens(habits.id_of_another):
            number = number[:-6] + f"{self._chance.randrange(10**6):06d}"
        elif self._happens(habits.id_slip):
            number = errors.mistype_digits(number, self._chance)
        if number.startswith("0") and self._happens(habits.id_zero_lost):
            number = number[1:]
        return number, extra

    def _write_home(self, person: Person, habits: Habits) -> tuple[str, str]:
        ward, address, chance = person.ward, person.address, self._chance
        if self._happens(habits.moved):
            ward, address = chance.choice(self._wards), self._city.make_address()
        if self._happens(habits.ward_old) and self._former.get(ward):
            ward = chance.choice(self._former[ward])
        if self._happens(habits.address_missing):
            return ward, ""
        return ward, errors.vary_address(address, chance)

    def _write_phone(self, person: Person, habits: Habits) -> str:
        if self._happens(habits.phone_missing):
            return ""
        phone = self._city.make_phone() if self._happens(habits.phone_other) else person.phone
        form = self._chance.randrange(3)
        return (phone, f"+84{phone[1:]}", f"{phone[:4]} {phone[4:7]} {phone[7:]}")[form]


def turn_around(successors: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return, for each ward of today, the codes that may have been written for it before."""
    former: dict[str, list[str]] = {}
    for old, heirs in successors.items():
        for heir in heirs[:OLD_WARDS_KNOWN_UNTIL]:
            if heir != old:
                former.setdefault(heir, []).append(old)
    return {ward: tuple(sorted(codes)) for ward, codes in former.items()}
