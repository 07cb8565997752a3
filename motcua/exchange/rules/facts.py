"""Which register answers a fact, whether it may be asked, and what a record says. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from motcua.exchange.types.facts import (
    HERE,
    FactCatalogue,
    FactOffer,
    FactRule,
    NationalRecord,
    SubjectInfo,
    SubjectKind,
)
from motcua.kernel.text import fold

RELATED = "@"  # a subject that is found by a relation: "@applicant.spouse"


def read_catalogue(text: bytes) -> FactCatalogue:
    """Read the catalogue. Raises: ValueError, KeyError for one that its own tests would refuse."""
    content = tomllib.loads(text.decode())
    kinds = {
        name: SubjectKind(
            name=name,
            register=row["register"],
            key=row["key"],
            typed=tuple(row["typed"]),
            proof=tuple(row["proof"]),
            proof_by=row.get("proof_by", "letter"),
            relations=row.get("relations", {}),
            sources=tuple(row.get("sources", (HERE,))),
        )
        for name, row in content["kinds"].items()
    }
    subjects = {
        row["name"]: SubjectInfo(
            name=row["name"], kind=row["kind"], via=row.get("via", ""), is_trusted=row.get("is_trusted", False)
        )
        for row in content["subjects"]
    }
    rules = {(rule.kind, rule.attribute): rule for rule in map(_read_rule, content["facts"])}
    unknown = {rule.kind for rule in rules.values()} | {each.kind for each in subjects.values()}
    if not unknown <= kinds.keys():
        raise ValueError(sorted(unknown - kinds.keys()))
    national: dict[tuple[str, str, str, str], NationalRecord] = {
        (each.service, each.register, each.key, each.value): each
        for each in (NationalRecord(**row) for row in content.get("national", ()))
    }
    _check_sources(kinds, rules, national)
    return FactCatalogue(kinds=kinds, subjects=subjects, rules=rules, national=national)


def _check_sources(
    kinds: Mapping[str, SubjectKind],
    rules: Mapping[tuple[str, str], FactRule],
    national: Mapping[tuple[str, str, str, str], NationalRecord],
) -> None:
    """Raises: ValueError for a source that cannot be asked for what the entry wants."""
    places = [(rule.sources, rule.register, rule.key, rule.value) for rule in rules.values()]
    places += [(kind.sources, kind.register, kind.key, "{id}") for kind in kinds.values()]
    for sources, *place in places:
        for source in sources:
            if source != HERE and (source, *place) not in national:
                raise ValueError((source, *place))


def _read_rule(row: Mapping[str, Any]) -> FactRule:
    lists = {name: tuple(row[name]) for name in ("words", "absent", "sources") if name in row}
    return FactRule(**{**row, **lists, "value": row.get("value", "{id}")})


def check_ask(fields: Iterable[str], offers: Sequence[FactOffer]) -> Literal["granted", "refused", "unavailable"]:
    """Tell whether these fields of one register may be read now: one grant must name every one of them."""
    wanted = frozenset(fields)
    fitting = [offer for offer in offers if "*" in offer.fields or wanted <= offer.fields]
    if not fitting:
        return "refused"
    return "granted" if any(offer.is_open for offer in fitting) else "unavailable"


def parse_subject(value: str) -> tuple[str, str]:
    """Return (subject, relation) of "@applicant.spouse", ("", "") for a key; "@applicant" has no relation."""
    if not value.startswith(RELATED):
        return "", ""
    owner, _, relation = value.removeprefix(RELATED).rpartition(".")
    return (owner, relation) if owner else (relation, "")


def is_proved(kind: SubjectKind, data: Mapping[str, Any], proof: str) -> bool:
    """Tell whether the asker knows what a stranger would not: the name on the record, or its holder's number."""
    known = [str(data[field]) for field in kind.proof if data.get(field)]
    if not proof.strip():
        return False
    if kind.proof_by == "name":
        return any(fold(each) == fold(proof) for each in known)
    return proof in known


def choose(rule: FactRule, records: Sequence[Mapping[str, Any]], *, on: date) -> tuple[int, ...]:
    """Return the places of the records that answer: none, one, or all of them where the fact is a list."""
    held = [place for place, data in enumerate(records) if _counts(rule, data, on)]
    if rule.many or not held:
        return tuple(held)
    if rule.only and len(held) > 1:
        return ()
    if not rule.latest:
        return (held[0],)
    return (max(held, key=lambda place: str(records[place].get(rule.latest) or "")),)


def _counts(rule: FactRule, data: Mapping[str, Any], on: date) -> bool:
    if data.get(rule.field) in (None, "", []):
        return False
    if any(str(data.get(name)) != wanted for name, wanted in rule.where.items()):
        return False
    if any(data.get(name) not in (None, "") for name in rule.absent):
        return False
    begins, ends = data.get(rule.since) if rule.since else None, data.get(rule.until) if rule.until else None
    return (begins is None or str(begins) <= on.isoformat()) and (ends is None or str(ends) >= on.isoformat())


def hash_fact(
    *, fact: str, value: object, register: str, record_uuid: UUID, as_of: datetime, known_at: datetime, record: str
) -> str:
    """Return the hash that binds a value to where it came from; `record`: the hash of that version of the record."""
    content = {
        "fact": fact, "value": value, "register": register, "record": str(record_uuid),
        "as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "record_sha256": record,
    }  # fmt: skip
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
