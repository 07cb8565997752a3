"""The golden record: the best value of each field among the records of one person, with where it comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.kernel.text import compare_key, fold

FIELDS = ("full_name", "birth_on", "sex", "personal_id", "old_id", "area_code", "address", "phone", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One record of the person as its register says it."""

    register: str
    uuid: UUID
    data: Mapping[str, Any]
    known_from: datetime
    trust: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenValue:
    """The value that stands, the records that say it, and what the others say."""

    field: str
    value: str
    said_by: tuple[SourceRecord, ...]
    others: tuple[tuple[str, SourceRecord], ...]


def build_golden(records: Sequence[SourceRecord]) -> tuple[GoldenValue, ...]:
    """Return a value for each field that any record fills.

    More records that agree stand before fewer; then the fuller value (marks, a known day); then the more trusted
    register; then what was learned last. The order in which the records come changes nothing.
    """
    golden = []
    for name in FIELDS:
        said = [(str(record.data[name]), record) for record in records if record.data.get(name) not in (None, "")]
        if said:
            golden.append(_choose(name, said))
    return tuple(golden)


def _choose(name: str, said: Sequence[tuple[str, SourceRecord]]) -> GoldenValue:
    def support(value: str) -> int:
        return sum(_same(name, value, other) for other, _record in said)

    best, _record = max(
        said,
        key=lambda each: (
            support(each[0]),
            _fullness(name, each[0]),
            each[1].trust,
            each[1].known_from,
            each[1].uuid,
            each[0],
        ),
    )
    ordered = sorted(said, key=lambda each: (each[1].register, each[1].uuid))
    return GoldenValue(
        field=name,
        value=best,
        said_by=tuple(record for value, record in ordered if _same(name, value, best)),
        others=tuple((value, record) for value, record in ordered if not _same(name, value, best)),
    )


def _same(name: str, one: str, other: str) -> bool:
    """Say whether two values say the same; a name without marks agrees with one that has them."""
    if name == "full_name":
        return fold(one) == fold(other) and (_bare(one) or _bare(other) or compare_key(one) == compare_key(other))
    return fold(one) == fold(other)


def _fullness(name: str, value: str) -> int:
    if name == "birth_on":
        return 0 if value.endswith("-01-01") else 1
    if name == "full_name":
        return 0 if _bare(value) else 1 + (value != value.upper())
    return len(value) if name == "address" else 0


def _bare(name: str) -> bool:
    return fold(name) == " ".join(name.casefold().split())
