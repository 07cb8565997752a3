"""Invented people with names of other countries, for the general model: many gaps, many slips. Pure, seeded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from motcua.linkage.rules.sampling import errors
from motcua.linkage.rules.sampling.people import Chooser

COLUMNS = (
    "record_id",
    "given_name",
    "surname",
    "date_of_birth",
    "street",
    "city",
    "state",
    "postcode",
    "soc_sec_id",
    "email",
    "phone",
)
ROLES = {
    "given_name": "given_name",
    "surname": "family_name",
    "date_of_birth": "birth_on",
    "street": "address",
    "city": "city",
    "state": "region",
    "postcode": "postcode",
    "soc_sec_id": "personal_id",
    "email": "email",
    "phone": "phone",
}
# Shares of the values of each field: missing, with a slip; the field's own faults are below.
GAPS = {
    "given_name": (0.06, 0.12),
    "surname": (0.06, 0.12),
    "date_of_birth": (0.05, 0.10),
    "street": (0.08, 0.15),
    "city": (0.12, 0.12),
    "state": (0.06, 0.04),
    "postcode": (0.03, 0.06),
    "soc_sec_id": (0.05, 0.06),
    "email": (0.15, 0.10),
    "phone": (0.3, 0.04),
}
SHORTENED, TURNED, SWAPPED, MOVED, OTHER_CITY_LETTERS = 0.06, 0.03, 0.02, 0.05, 0.05
_AT = ("example.org", "example.com", "example.net")


def make_people(names: Mapping[str, Any], *, count: int, chance: Random) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give rows with the number of their person; each person has one to five of them."""
    parts, mailboxes = names["latin"], set[str]()
    givens, families = Chooser(parts["given"]), Chooser(parts["family"])
    record = 0
    for person in range(count):
        truth = _make_person(parts, givens.pick(chance), families.pick(chance), chance)
        while truth["email"] in mailboxes:  # two people never have one address
            truth["email"] = f"{chance.randint(1, 99)}{truth['email']}"
        mailboxes.add(truth["email"])
        for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 5))):
            record += 1
            yield person, (f"W{record:07d}", *_write(truth, chance))


def _make_person(parts: Mapping[str, Any], given: str, family: str, chance: Random) -> dict[str, str]:
    born = date(2020, 1, 1) - timedelta(days=chance.randint(0, 34_000))
    city = chance.choice(parts["cities"])
    return {
        "given_name": given,
        "surname": family,
        "date_of_birth": born.isoformat(),
        "street": " ".join(
            (str(chance.randint(1, 300)), chance.choice(parts["streets"]), chance.choice(("street", "road", "lane")))
        ),
        "city": city,
        "state": ("nsw", "vic", "qld", "wa", "sa")[sum(map(ord, city)) % 5],
        "postcode": f"{chance.randint(1000, 7999)}",
        "soc_sec_id": f"{chance.randrange(10**7):07d}",
        "email": f"{given}{family[: chance.randint(1, 6)]}{chance.randint(1, 99)}@{chance.choice(_AT)}".lower(),
        "phone": f"04{chance.randrange(10**8):08d}",
    }


def _write(truth: Mapping[str, str], chance: Random) -> tuple[str, ...]:
    said = dict(truth)
    if chance.random() < SHORTENED:
        said["given_name"] = said["given_name"][: chance.choice((1, 3, 3, 4))]
    if chance.random() < TURNED:
        said["given_name"], said["surname"] = said["surname"], said["given_name"]
    if chance.random() < SWAPPED:
        said["date_of_birth"] = errors.swap_day(date.fromisoformat(said["date_of_birth"])).isoformat()
    if chance.random() < MOVED:
        said |= {"street": f"{chance.randint(1, 300)} moved street", "postcode": f"{chance.randint(1000, 7999)}"}
    return tuple(_spoil(name, said[name], chance) for name in COLUMNS[1:])


def _spoil(name: str, value: str, chance: Random) -> str:
    missing, slip = GAPS[name]
    if chance.random() < missing:
        return ""
    if chance.random() >= slip:
        return value
    if name == "date_of_birth":
        return errors.mistype_date(date.fromisoformat(value), chance).isoformat()
    if value.isdigit():
        return errors.mistype_digits(value, chance)
    slipped = errors.slip(value, chance)
    return errors.slip(slipped, chance) if chance.random() < 0.3 else slipped
