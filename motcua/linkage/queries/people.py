"""One person as the linked records say: the golden record, each value with where it comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.linkage.queries.pairs import find_group
from motcua.linkage.rules.golden import GoldenValue, SourceRecord, build_golden
from motcua.linkage.types import PairInfo, PairNotFound
from motcua.registers.public import OwnSlice

TRUST = {"people": 2, "civil_status": 1}  # the register that the law makes the source of who somebody is stands first


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPerson:
    """A person: the records, the links that join them, the values that stand."""

    records: tuple[SourceRecord, ...]
    links: tuple[PairInfo, ...]
    golden: tuple[GoldenValue, ...]


def list_members(record_uuid: UUID, *, registers: Collection[str]) -> tuple[frozenset[UUID], tuple[PairInfo, ...]]:
    """Return the records of a person and their links. Raises: PairNotFound when any is not the steward's to see."""
    members, links = find_group(record_uuid)
    if not links or any({each.left_register, each.right_register} - set(registers) for each in links):
        raise PairNotFound()
    return members, links


def build_person(slices: Collection[OwnSlice], *, links: tuple[PairInfo, ...]) -> LinkedPerson:
    """Return the person of records that were read."""
    records = tuple(to_source(each) for each in sorted(slices, key=lambda each: (each.register, each.record_uuid)))
    return LinkedPerson(records=records, links=links, golden=build_golden(records))


def to_source(each: OwnSlice) -> SourceRecord:
    """Return a record as the rules of the golden record take it."""
    known_from: datetime = each.known_from
    return SourceRecord(
        register=each.register,
        uuid=each.record_uuid,
        data=each.data,
        known_from=known_from,
        trust=TRUST.get(each.register, 0),
    )
