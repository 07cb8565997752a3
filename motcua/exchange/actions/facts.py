"""Answer facts from registers: find the register, check purpose and ground, ask, say where each value is from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from motcua.exchange.actions.fact_sources import ONE_STOP, FactSources, Place, Told
from motcua.exchange.queries.facts import get_fact_catalogue, list_fact_offers
from motcua.exchange.rules.facts import choose, hash_fact, is_proved, parse_subject
from motcua.exchange.types.facts import FactCatalogue, FactRule, FactValue, KnownOf, SubjectKind
from motcua.kernel.clock import local_date
from motcua.registers.public import Reading, ReadingRefused

FACT_PURPOSE = "Giải quyết thủ tục hành chính"
FACT_GROUND = "Nghị định 224/2026/NĐ-CP, Điều 15; Luật Dữ liệu 60/2024/QH15"
__all__ = ["FACT_GROUND", "FACT_PURPOSE", "ONE_STOP", "resolve_facts"]


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
    sources: FactSources
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

    def place_of(self, rule: FactRule, key: str) -> Place:
        return Place(
            register=rule.register, key=rule.key, pattern=rule.value, id=key, kind=rule.kind, sources=rule.sources
        )

    def own_place(self, subject: str) -> Place:
        """Return where the subject's own record lies."""
        kind = self.kind_of(subject)
        return Place(register=kind.register, key=kind.key, pattern="{id}", id=self.keys[subject], kind=kind.name,
                     sources=kind.sources)  # fmt: skip


def resolve_facts(
    facts: Collection[str],
    *,
    subjects: Mapping[str, str],
    proofs: Mapping[str, str] | None = None,
    know: Callable[[str], KnownOf] | None = None,
    reading: Reading,
    now: datetime,
) -> dict[str, FactValue]:
    """Return what registers say of these facts, each with its source and times; every record read is logged.

    `subjects`: subject -> its key (a personal id, "area|sheet|parcel"), or "@applicant.spouse" for a relation of
    another one. `proofs`: what the asker knows of a subject that was typed, not signed in (its name, its holder's
    number): without it, or when it does not agree, nothing is said. `know`: name and birth date of a subject, asked
    only when a national database wants them beside the number. The number of queries does not grow with the number of
    facts: one for grants, and one reading in each of at most two rounds. Sources may be asked over the network, side by
    side and within one limit of time: never call this inside a transaction.
    Raises: ReadingRefused without purpose or ground.
    """
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise ReadingRefused
    catalogue = get_fact_catalogue()
    rules = {fact: rule for fact in facts if (rule := _find_rule(catalogue, fact, subjects)) is not None}
    registers = {rule.register for rule in rules.values()}
    registers |= {catalogue.kinds[rule.kind].register for rule in rules.values()}
    offers = list_fact_offers(ONE_STOP, registers=registers, reading=reading, now=now) if registers else {}
    asking = _Asking(
        catalogue=catalogue,
        rules=rules,
        related={name: found for name, value in subjects.items() if (found := parse_subject(value))[0]},
        keys={name: value for name, value in subjects.items() if value and not parse_subject(value)[0]},
        proofs=proofs or {},
        sources=FactSources(
            catalogue=catalogue, offers=offers, know=lambda _key: KnownOf(), reading=reading, now=now
        ),
    )  # fmt: skip
    for name, (owner, relation) in asking.related.items():  # "@applicant": the applicant himself
        if not relation and owner in asking.keys:
            asking.keys[name] = asking.keys[owner]
    if know is not None:
        asking.sources.know = lambda key: _know(asking, know, key)
    try:
        _read_first(asking)
        _settle_subjects(asking)
        _read_rest(asking)
    finally:
        asking.sources.close()
    return {fact: _answer(asking, fact) for fact in facts}


def _know(asking: _Asking, know: Callable[[str], KnownOf], key: str) -> KnownOf:
    """Return what the asker knows of whom the key names; the name may be the proof that was typed."""
    for name in (each for each, value in asking.keys.items() if value == key):
        said = know(name)
        found = KnownOf(full_name=said.full_name or asking.proofs.get(name, ""), birth_on=said.birth_on)
        if found.full_name and found.birth_on:
            return found
    return KnownOf()


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
            _want(asking, wanted, asking.place_of(rule, key), rule.reads)
            continue
        if rule.register == kind.register and rule.key == kind.key:
            _want(asking, wanted, asking.place_of(rule, key), rule.reads)
        _want(asking, wanted, asking.own_place(subject), frozenset(kind.proof))
    for owner, relation in asking.related.values():
        if relation and owner in asking.keys and relation in (relations := asking.kind_of(owner).relations):
            _want(asking, wanted, asking.own_place(owner), frozenset({relations[relation]}))
    asking.sources.read(wanted)


def _settle_subjects(asking: _Asking) -> None:
    """Find who is named by a relation, and who of the others is proved to be known to the asker."""
    for name, (owner, relation) in asking.related.items():
        if not relation or owner not in asking.keys:
            continue
        told = asking.sources.look(asking.own_place(owner))
        if told.is_down:
            asking.waiting.add(name)
            continue
        for record in told.records:
            value = record.data.get(asking.kind_of(owner).relations.get(relation, ""))
            if value:
                asking.keys[name] = str(value)
    for name in [each for each in asking.keys if not asking.is_trusted(each)]:
        told, kind = asking.sources.look(asking.own_place(name)), asking.kind_of(name)
        if told.is_down:
            asking.waiting.add(name)
        elif not any(is_proved(kind, record.data, asking.proofs.get(name, "")) for record in told.records):
            asking.refuted.add(name)


def _read_rest(asking: _Asking) -> None:
    """Read what hung on a relation or on a proof."""
    wanted: dict[Place, set[str]] = {}
    for fact, rule in asking.rules.items():
        subject = asking.subject_of(fact)
        if _standing(asking, subject) == "known":
            _want(asking, wanted, asking.place_of(rule, asking.keys[subject]), rule.reads)
    new = {place: names for place, names in wanted.items() if not asking.sources.has(place, names)}
    if new:
        asking.sources.read(new)


def _want(asking: _Asking, wanted: dict[Place, set[str]], place: Place, names: frozenset[str]) -> None:
    """Ask for fields of a record if one grant names them all; without it nothing is read."""
    if asking.sources.check(place.register, names) != "refused":
        wanted.setdefault(place, set()).update(names)


def _standing(asking: _Asking, subject: str) -> Literal["known", "unknown", "waiting"]:
    if subject in asking.waiting:
        return "waiting"
    return "known" if subject in asking.keys and subject not in asking.refuted else "unknown"


def _answer(asking: _Asking, fact: str) -> FactValue:
    rule = asking.rules.get(fact)
    if rule is None:
        return FactValue(fact=fact, state="none")
    nothing = FactValue(
        fact=fact, state="none", register=rule.register, field=rule.field, use=rule.use,
        register_name=asking.sources.name_register(rule.register),
    )  # fmt: skip
    subject = asking.subject_of(fact)
    standing = _standing(asking, subject)
    if asking.sources.check(rule.register, rule.reads) == "refused" or standing == "unknown":
        return nothing
    if standing == "waiting":
        return replace(nothing, state="unavailable", held_by=_waited_for(asking, subject))
    place = asking.place_of(rule, asking.keys[subject])
    told = asking.sources.look(place)
    if told.is_down:
        return replace(nothing, state="unavailable", held_by=told.held_by)
    return _read_value(asking, nothing, rule, told)


def _waited_for(asking: _Asking, subject: str) -> str:
    owner = asking.related.get(subject, (subject, ""))[0]
    return asking.sources.look(asking.own_place(owner)).held_by if owner in asking.keys else ""


def _read_value(asking: _Asking, nothing: FactValue, rule: FactRule, told: Told) -> FactValue:
    """Say what the records give, and which of them said it."""
    records = told.records
    places = choose(rule, [record.data for record in records], on=local_date(asking.sources.now))
    if not places:
        return nothing
    values = [records[place].data[rule.field] for place in places]
    value: Any = sorted({str(each) for each in values}) if rule.many else values[0]
    record, part = records[places[0]], records[places[0]].slice
    return replace(
        nothing, state="found", value=value, record_uuid=record.uuid, source=part.source, as_of=part.valid_from,
        known_at=part.known_from, held_by=told.held_by, is_cached=told.is_cached,
        sha256=hash_fact(
            fact=nothing.fact, value=value, register=rule.register, record_uuid=record.uuid, as_of=part.valid_from,
            known_at=part.known_from, record=part.sha256,
        ),
    )  # fmt: skip
