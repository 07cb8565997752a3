"""Answer facts from registers: find the register, check purpose and ground, ask, say where each value is from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from django.db import OperationalError, transaction

from motcua.exchange.queries.facts import get_fact_catalogue, list_fact_offers
from motcua.exchange.rules.facts import check_ask, choose, hash_fact, is_proved, parse_subject
from motcua.exchange.types import ClientId
from motcua.exchange.types.facts import (
    FactCatalogue,
    FactOffer,
    FactRule,
    FactValue,
    RegisterUnavailable,
    SubjectKind,
)
from motcua.kernel.clock import local_date
from motcua.registers.public import Reading, ReadingRefused, RecordInfo, Wanted, read_linked

ONE_STOP = ClientId("VN", "GOV", "H29", "MOTCUA")  # the one-stop system itself, as a member of the exchange
FACT_PURPOSE = "Giải quyết thủ tục hành chính"
FACT_GROUND = "Nghị định 224/2026/NĐ-CP, Điều 15; Luật Dữ liệu 60/2024/QH15"
Place = tuple[str, str, str]  # register, key, value
Found = Mapping[Wanted, tuple[RecordInfo, ...]]
FactReader = Callable[[Sequence[Wanted], Reading, datetime], Found]
_readers: dict[str, FactReader] = {}


def use_reader(register: str, reader: FactReader | None) -> None:
    """Let somebody else answer for a register that does not lie here; None: it lies here again.

    The reader raises RegisterUnavailable while it cannot be reached.
    """
    if reader is None:
        _readers.pop(register, None)
    else:
        _readers[register] = reader


@dataclass(slots=True)
class _Asking:
    """One question for many facts: what is known of each subject so far, and what was read.

    `refuted`: the asker does not know what he should; `waiting`: that cannot be told while a register is down.
    """

    catalogue: FactCatalogue
    rules: Mapping[str, FactRule]
    related: Mapping[str, tuple[str, str]]
    keys: dict[str, str]
    proofs: Mapping[str, str]
    offers: Mapping[str, list[FactOffer]]
    reading: Reading
    now: datetime
    read: dict[Place, tuple[RecordInfo, ...]] = field(default_factory=dict)
    have: dict[Place, set[str]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    refuted: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)

    def kind_of(self, subject: str) -> SubjectKind:
        return self.catalogue.kinds[self.catalogue.subjects[subject].kind]

    def subject_of(self, fact: str) -> str:
        names = self.catalogue.split(fact)
        assert names is not None  # facts without a rule were left out
        return names[0]

    def is_trusted(self, subject: str) -> bool:
        """Tell whether nothing has to be proved: who is signed in, and whom a register names as his relation."""
        return self.catalogue.subjects[subject].is_trusted or subject in self.related

    def is_down(self, register: str) -> bool:
        offers = self.offers.get(register, ())
        return register in self.down or (bool(offers) and not any(offer.is_open for offer in offers))


def resolve_facts(
    facts: Collection[str],
    *,
    subjects: Mapping[str, str],
    proofs: Mapping[str, str] | None = None,
    reading: Reading,
    now: datetime,
) -> dict[str, FactValue]:
    """Return what registers say of these facts, each with its source and times; every record read is logged.

    `subjects`: subject -> its key (a personal id, "area|sheet|parcel"), or "@applicant.spouse" for a relation of
    another one. `proofs`: what the asker knows of a subject that was typed, not signed in (its name, its holder's
    number): without it, or when it does not agree, nothing is said. The number of queries does not grow with the
    number of facts: one for grants, and one reading in each of at most two rounds.
    Raises: ReadingRefused without purpose or ground.
    """
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise ReadingRefused
    catalogue = get_fact_catalogue()
    rules = {fact: rule for fact in facts if (rule := _find_rule(catalogue, fact, subjects)) is not None}
    registers = {rule.register for rule in rules.values()}
    registers |= {catalogue.kinds[rule.kind].register for rule in rules.values()}
    asking = _Asking(
        catalogue=catalogue,
        rules=rules,
        related={name: found for name, value in subjects.items() if (found := parse_subject(value))[0]},
        keys={name: value for name, value in subjects.items() if value and not parse_subject(value)[0]},
        proofs=proofs or {},
        offers=list_fact_offers(ONE_STOP, registers=registers, reading=reading, now=now) if registers else {},
        reading=reading,
        now=now,
    )
    for name, (owner, relation) in asking.related.items():  # "@applicant": the applicant himself
        if not relation and owner in asking.keys:
            asking.keys[name] = asking.keys[owner]
    _read_first(asking)
    _settle_subjects(asking)
    _read_rest(asking)
    return {fact: _answer(asking, fact) for fact in facts}


def _find_rule(catalogue: FactCatalogue, fact: str, subjects: Mapping[str, str]) -> FactRule | None:
    names = catalogue.split(fact)
    return catalogue.find(fact) if names is not None and subjects.get(names[0]) else None


def _read_first(asking: _Asking) -> None:
    """Read everything of those who need no proof, and of the others only the record in which they stand."""
    wanted: dict[Place, set[str]] = {}
    for fact, rule in asking.rules.items():
        subject = asking.subject_of(fact)
        if subject not in asking.keys:
            continue
        kind, key = asking.kind_of(subject), asking.keys[subject]
        if asking.is_trusted(subject):
            _want_fact(asking, wanted, rule, key)
            continue
        if rule.register == kind.register and rule.key == kind.key:
            _want_fact(asking, wanted, rule, key)
        _want(asking, wanted, (kind.register, kind.key, key), frozenset(kind.proof))
    for owner, relation in asking.related.values():
        if relation and owner in asking.keys:
            kind = asking.kind_of(owner)
            if relation in kind.relations:
                place = (kind.register, kind.key, asking.keys[owner])
                _want(asking, wanted, place, frozenset({kind.relations[relation]}))
    _fetch(asking, wanted)


def _settle_subjects(asking: _Asking) -> None:
    """Find who is named by a relation, and who of the others is proved to be known to the asker."""
    for name, (owner, relation) in asking.related.items():
        if not relation or owner not in asking.keys:
            continue
        kind = asking.kind_of(owner)
        if asking.is_down(kind.register):
            asking.waiting.add(name)
            continue
        for record in asking.read.get((kind.register, kind.key, asking.keys[owner]), ()):
            value = record.data.get(kind.relations.get(relation, ""))
            if value:
                asking.keys[name] = str(value)
    for name, key in asking.keys.items():
        if asking.is_trusted(name):
            continue
        kind = asking.kind_of(name)
        records = asking.read.get((kind.register, kind.key, key), ())
        if asking.is_down(kind.register):
            asking.waiting.add(name)
        elif not any(is_proved(kind, record.data, asking.proofs.get(name, "")) for record in records):
            asking.refuted.add(name)


def _read_rest(asking: _Asking) -> None:
    """Read what hung on a relation or on a proof."""
    wanted: dict[Place, set[str]] = {}
    for fact, rule in asking.rules.items():
        if _standing(asking, asking.subject_of(fact)) == "known":
            _want_fact(asking, wanted, rule, asking.keys[asking.subject_of(fact)])
    new = {place: names for place, names in wanted.items() if not names <= asking.have.get(place, set())}
    if new:
        _fetch(asking, new)


def _want_fact(asking: _Asking, wanted: dict[Place, set[str]], rule: FactRule, key: str) -> None:
    _want(asking, wanted, (rule.register, rule.key, rule.value.replace("{id}", key)), rule.reads)


def _want(asking: _Asking, wanted: dict[Place, set[str]], place: Place, names: frozenset[str]) -> None:
    """Ask for fields of a record if one grant names them all; without it nothing is read."""
    if check_ask(names, asking.offers.get(place[0], ())) == "granted" and place[0] not in asking.down:
        wanted.setdefault(place, set()).update(names)


def _fetch(asking: _Asking, wanted: Mapping[Place, set[str]]) -> None:
    """Read from each register's reader; one that is down leaves the others alone."""
    by_reader: dict[FactReader, list[Wanted]] = {}
    for (register, key, value), names in wanted.items():
        each = Wanted(register=register, key=key, value=value, fields=tuple(sorted(names)))
        by_reader.setdefault(_readers.get(register, _read_here), []).append(each)
    for reader, group in by_reader.items():
        try:
            found = reader(group, asking.reading, asking.now)
        except (RegisterUnavailable, OperationalError):
            asking.down |= {each.register for each in group}
            continue
        for each in group:
            place = (each.register, each.key, each.value)
            asking.read[place] = found.get(each, ())
            asking.have[place] = set(each.fields)


def _read_here(wanted: Sequence[Wanted], reading: Reading, now: datetime) -> Found:
    with transaction.atomic():  # the note of the reading stands or falls with it
        return read_linked(wanted, reading=reading, now=now)


def _standing(asking: _Asking, subject: str) -> Literal["known", "unknown", "waiting"]:
    if subject in asking.waiting:
        return "waiting"
    return "known" if subject in asking.keys and subject not in asking.refuted else "unknown"


def _answer(asking: _Asking, fact: str) -> FactValue:
    rule = asking.rules.get(fact)
    if rule is None:
        return FactValue(fact=fact, state="none")
    offers = asking.offers.get(rule.register, [])
    nothing = FactValue(
        fact=fact, state="none", register=rule.register, field=rule.field, use=rule.use,
        register_name=offers[0].register_name if offers else "",
    )  # fmt: skip
    verdict, standing = check_ask(rule.reads, offers), _standing(asking, asking.subject_of(fact))
    if verdict == "refused" or standing == "unknown":
        return nothing
    if verdict == "unavailable" or standing == "waiting" or rule.register in asking.down:
        return replace(nothing, state="unavailable")
    return _read_value(asking, nothing, rule, asking.keys[asking.subject_of(fact)])


def _read_value(asking: _Asking, nothing: FactValue, rule: FactRule, key: str) -> FactValue:
    """Say what the records give, and which of them said it."""
    records = asking.read.get((rule.register, rule.key, rule.value.replace("{id}", key)), ())
    places = choose(rule, [record.data for record in records], on=local_date(asking.now))
    if not places:
        return nothing
    values = [records[place].data[rule.field] for place in places]
    value: Any = sorted({str(each) for each in values}) if rule.many else values[0]
    record, part = records[places[0]], records[places[0]].slice
    return replace(
        nothing, state="found", value=value, record_uuid=record.uuid, source=part.source, as_of=part.valid_from,
        known_at=part.known_from,
        sha256=hash_fact(
            fact=nothing.fact, value=value, register=rule.register, record_uuid=record.uuid, as_of=part.valid_from,
            known_at=part.known_from, record=part.sha256,
        ),
    )  # fmt: skip
