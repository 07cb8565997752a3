"""What the demonstration's specialists enter for a result: numbers that the State gives, dates, classes. Invented."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from stdnum.vn import mst

YEAR = timedelta(days=365)
_CENTURY = {"male": {19: "0", 20: "2"}, "female": {19: "1", 20: "3"}}


@dataclass(frozen=True, slots=True)
class ResultSeed:
    """What an invented value is made of: the dossier's number in the stories, its answers, the day, chance."""

    index: int
    answers: Mapping[str, Any]
    on: date
    chance: random.Random


def make_result_fields(keys: Collection[str], *, seed: ResultSeed) -> dict[str, str]:
    """Return a value for each of these fields that this demonstration knows how to fill."""
    return {key: _MAKERS[key](seed) for key in keys if key in _MAKERS}


def make_personal_number(seed: ResultSeed) -> str:
    """Return a new child's number: Hồ Chí Minh City, century and sex, year of birth, and six digits of ours alone."""
    born = _read_day(seed.answers.get("child_birth_on")) or seed.on
    sex = "female" if seed.answers.get("child_sex") == "female" else "male"
    return f"079{_CENTURY[sex][born.year // 100]}{born.year % 100:02d}{970_000 + seed.index:06d}"


def _make_tax_code(seed: ResultSeed) -> str:
    """Return a number with its right check digit; not every nine digits have one."""
    for step in range(20):
        body = f"03{97_000 + seed.index:05d}{step:02d}"
        digit = mst.calc_check_digit(body)
        if len(digit) == 1:
            return body + digit
    raise AssertionError(seed.index)


def _say(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _read_day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _number(prefix: str) -> Callable[[ResultSeed], str]:
    return lambda seed: f"{prefix}{seed.index + 1:04d}/{seed.on.year}"


_MAKERS: dict[str, Callable[[ResultSeed], str]] = {
    "personal_number": make_personal_number,
    "company_code": _make_tax_code,
    "business_code": _make_tax_code,
    "tax_code": _make_tax_code,
    "certificate_no": _number("ATTP-"),
    "food_no": _number("ATTP-"),
    "permit_no": _number("GP-"),
    "title_no": _number("CH-"),
    "passport_no": lambda seed: f"P{seed.index + 1:08d}",
    "new_licence_no": lambda seed: f"790{97_000_0000 + seed.index:09d}",
    "grade": lambda seed: "A",
    "class_name": lambda seed: f"{seed.answers.get('grade') or 1}A{seed.chance.randint(1, 4)}",
    "start_on": lambda seed: _say(seed.on + timedelta(days=7)),
    "registered_on": lambda seed: _say(seed.on),
    "valid_from": lambda seed: _say(seed.on),
    "valid_until": lambda seed: _say(seed.on + 3 * YEAR),
    "work_from": lambda seed: _say(seed.on + timedelta(days=5)),
    "work_to": lambda seed: _say(seed.on + timedelta(days=12)),
    "coefficient": lambda seed: "1,5",
    "amount": lambda seed: "750.000",
    "paid_from": lambda seed: f"{seed.on:%m/%Y}",
}
