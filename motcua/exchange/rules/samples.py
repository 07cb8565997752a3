"""What the public GovStack test suite expects to find: its registers, its records, its databases.

Its own file of data (test-data.json) may be read too; without it the same invented people are made from here. Each of
its releases spells the fields in its own way ("FirstName", "firstName"): a record here has both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REGISTER, EMPTY, USED, VERSION = "registryname", "registryempty", "MCTS", "111"
_SPELT = {
    "id": "ID", "FirstName": "firstName", "LastName": "lastName", "BirthCertificateID": "birthCertificateId",
}  # fmt: skip
FIELDS = (*_SPELT, *_SPELT.values(), "uuid")
READ_NUMBERS = (1, 123, 8438778473, 3287483474, 8484848484)  # the databases that the suite reads
CLOSED_NUMBERS = (75858, 6745, 896756, 234234)  # and those it deletes
# id, first name, last name, number of the birth certificate, uuid where one is asked for: nobody is real.
_PEOPLE = (
    ("EE123627348834", "John", "Bon", "RR-3334537999", "80bcb084-fa17-11ed-be56-0242ac120002"),
    ("EE456627348834", "Alice", "Hendrix", "RR-1114537999", ""),
    ("EE789627348834", "Jack", "King", "RR-4444537999", ""),
    ("EE987627348834", "Bob", "Small", "RR-5555537999", ""),
    ("EE654627348834", "Eva", "Sorenz", "RR-7777537999", ""),
    ("EE6546273487865", "Emma", "Smith", "RR-7777536299", ""),
    ("EE378129127223", "Billy", "Johnson", "RR-1112223331", ""),
    ("EE334569121212", "John", "Smith", "RR-1234567890", ""),
    ("EE390029120500", "Ana", "Adams", "RR-0987654321", ""),
    ("EE378129277266", "John", "Bon", "RR-3334537999", ""),
    ("EE3784545277266", "Philip", "Red", "RR-30045370099", ""),
    ("EE34462734834865", "Alex", "Green", "RR-441124937", ""),
    ("EE61287673487865", "Alise", "Black", "RR-49075937", ""),
    ("EE6534523487865", "Zyra", "Blue", "RR-24523937", ""),
    ("EE65346467865", "Alina", "Soft", "RR-24521537", ""),
    ("EE65989865", "Casandra", "Flu", "RR-20021537", ""),
    ("EE6387665", "Olga", "Bread", "RR-200215677", ""),
    ("EE1112223331", "Billy", "Johnson", "RR-1112223331", ""),
    ("EE378627348834", "John", "Corn", "RR-0987000321", ""),
    ("EE378627348855", "John", "Snow", "RR-0900654321", ""),
    ("RR378627348834", "John", "Great", "RR-0987654300", ""),
    ("DD378627348834", "John", "Kane", "RR-0008765401", ""),
)
# Asked for by some releases of the suite, and in no file of its own.
_MORE = (
    ("EE000000000001", "John Helmut", "Carry", "EE6546273487865", ""),
    ("c473a46c-dd2d-42f5-aca3-f318d478d555", "Mai", "Lane", "EE-4419523937", ""),
    ("ID", "John", "LastName", "BirthertificateID", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRegister:
    """A register to open: its records' fields are texts; `number` is the id by which the Database API knows it."""

    code: str
    version: str
    fields: tuple[str, ...] = FIELDS
    number: int | None = None
    records: tuple[Mapping[str, str], ...] = ()


def read_samples(said: Mapping[str, Any]) -> tuple[SampleRegister, ...]:
    """Read the suite's file; what it does not say is as built in. Raises: KeyError, ValueError for another file."""
    data = said.get("registries") or said.get("dataAPI") or {}
    if said and not data:
        raise ValueError("no registries")
    named = [each for each in data.get("records", ()) if isinstance(each, Mapping)] or _name(_PEOPLE)
    records = _read_records([*named, *_name(_MORE)])
    fields = tuple(dict.fromkeys((*FIELDS, *(name for each in records for name in each))))
    version = str(data.get("versionnumber", VERSION))
    found = [
        SampleRegister(code=data.get("registryname", REGISTER), version=version, fields=fields, records=records),
        SampleRegister(code=data.get("databaseID", USED), version="1.0", fields=fields, records=records),
        SampleRegister(code=EMPTY, version=version, fields=fields),
    ]
    return (*found, *_read_databases(said.get("databases") or said.get("databaseAPI") or ()))


def _read_databases(groups: Sequence[Any]) -> list[SampleRegister]:
    """Return the databases by number. A comment may stand among them."""
    listed = [each for group in groups for each in group["databases"] if isinstance(each, Mapping)]
    numbers = {int(each["id"]): str(each.get("version", "1.0")) for each in listed}
    numbers = numbers or dict.fromkeys((*READ_NUMBERS, *CLOSED_NUMBERS), "1.1")
    return [
        SampleRegister(code=f"{USED}-{number}", version=version, number=number) for number, version in numbers.items()
    ]


def _name(people: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    names = ("id", "FirstName", "LastName", "BirthCertificateID", "uuid")
    return [{name: value for name, value in zip(names, each, strict=True) if value} for each in people]


def _read_records(said: Sequence[Mapping[str, Any]]) -> tuple[dict[str, str], ...]:
    """Return the records, each number once: the suite's file gives some ids and uuids to two people."""
    read: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for each in said:
        texts = {name: value for name, value in each.items() if isinstance(value, str)}
        if texts.get("uuid") in seen:
            del texts["uuid"]
        seen.add(texts.get("uuid", ""))
        for one, other in (*_SPELT.items(), *((other, one) for one, other in _SPELT.items())):
            if one in texts:
                texts.setdefault(other, texts[one])
        read.setdefault(texts["id"], texts)
    return tuple(read.values())
