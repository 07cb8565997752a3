"""What the public GovStack test suite expects to find: its registers, its records, its databases.

The suite brings its data as a file of its own (test-data.json); without one only the registers it names are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIELDS = (
    "id", "firstName", "lastName", "birthCertificateId", "ID", "FirstName", "LastName", "BirthCertificateID", "uuid",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRegister:
    """A register to open: its records' fields are texts; `number` is the id by which the Database API knows it."""

    code: str
    version: str
    fields: tuple[str, ...] = FIELDS
    number: int | None = None
    records: tuple[Mapping[str, str], ...] = ()


BUILT_IN = (
    SampleRegister(code="registryname", version="111"),
    SampleRegister(code="registryempty", version="111"),
    SampleRegister(code="MCTS", version="1.0"),
)


def read_samples(said: Mapping[str, Any]) -> tuple[SampleRegister, ...]:
    """Read the suite's file. Raises: KeyError, ValueError for another one."""
    if not said:
        return BUILT_IN
    data = said.get("registries") or said["dataAPI"]
    records = _read_records([each for each in data["records"] if isinstance(each, Mapping)])
    fields = tuple(dict.fromkeys((*FIELDS, *(name for each in records for name in each))))
    found = [
        SampleRegister(code=data["registryname"], version=data["versionnumber"], fields=fields, records=records),
        SampleRegister(code=data["databaseID"], version="1.0", fields=fields, records=records),
        SampleRegister(code="registryempty", version=data["versionnumber"], fields=fields),
    ]
    for group in said.get("databases") or said.get("databaseAPI") or ():
        for each in group["databases"]:
            code = f"{each['name']}-{each['id']}"
            found.append(SampleRegister(code=code, version=each["version"], fields=FIELDS, number=int(each["id"])))
    return tuple(found)


def _read_records(said: Sequence[Mapping[str, Any]]) -> tuple[dict[str, str], ...]:
    """Return the records, each number once: the suite's file gives some ids and uuids to two people."""
    read: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for each in said:
        texts = {name: value for name, value in each.items() if isinstance(value, str)}
        if texts.get("uuid") in seen:
            del texts["uuid"]
        seen.add(texts.get("uuid", ""))
        read.setdefault(texts["id"], {**texts, "ID": texts["id"]})
    return tuple(read.values())
