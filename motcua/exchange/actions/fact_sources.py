"""Read the records in which facts stand: from our registers, agencies' services, national databases, in that order.

Our own registers are read in one statement. What lies elsewhere is asked over the network, so nobody may call this
inside a transaction; a source that failed once is not asked again for the same form.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

import orjson
from django.conf import settings
from django.db import OperationalError, transaction

from motcua.exchange.actions.fact_services import ask_service, list_key_fields
from motcua.exchange.adapters.fact_national import ask_national, is_connected, name_national
from motcua.exchange.adapters.national import name_national_subject
from motcua.exchange.rules.facts import check_ask
from motcua.exchange.types import ClientId
from motcua.exchange.types.facts import HERE, FactCatalogue, FactOffer, KnownOf, RegisterUnavailable, SourcedRecord
from motcua.exchange.types.national import NationalService
from motcua.registers.public import Reading, RecordInfo, RecordSlice, Wanted, read_linked

ONE_STOP = ClientId("VN", "GOV", "H29", "MOTCUA")  # the one-stop system itself, as a member of the exchange
Verdict = Literal["granted", "refused", "unavailable"]
_SERVICE = "service:"
_DATABASES: Mapping[str, NationalService] = {"person": "population", "organisation": "enterprise", "parcel": "land"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact may stand: the records of a register that a key or link names, and who is asked for them.

    `pattern`: how the value is made of the subject's own key; `kind`: of the subject.
    """

    register: str
    key: str
    pattern: str
    id: str
    kind: str
    sources: tuple[str, ...]

    @property
    def value(self) -> str:
        return self.pattern.replace("{id}", self.id)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a place. `held_by`: whose answer, or whose silence, when it was not our register's."""

    records: tuple[RecordInfo, ...] = ()
    is_down: bool = False
    held_by: str = ""
    is_cached: bool = False


@dataclass(slots=True)
class FactSources:
    """Who can be asked, what was told so far, and who does not answer."""

    catalogue: FactCatalogue
    offers: Mapping[str, Sequence[FactOffer]]
    know: Callable[[str], KnownOf]  # by the subject's key
    reading: Reading
    now: datetime
    told: dict[tuple[str, Place], Told] = field(default_factory=dict)
    have: dict[tuple[str, Place], set[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    def check(self, register: str, names: Iterable[str]) -> Verdict:
        """Tell whether these fields of a register may be read at all, wherever it lies."""
        return check_ask(names, self.offers.get(register, ()))

    def name_register(self, register: str) -> str:
        """Return how the register is called: by us, else by who holds it."""
        offers = sorted(self.offers.get(register, ()), key=lambda offer: offer.service is not None)
        return offers[0].register_name if offers else ""

    def look(self, place: Place) -> Told:
        """Return what was told of a place: by the first source that has a record, else whether one of them is down."""
        down = Told()
        for source in self.order(place):
            told = self.told.get((source, place), Told())
            if told.records:
                return told
            if told.is_down and not down.is_down:
                down = told
        return down

    def has(self, place: Place, names: set[str]) -> bool:
        """Tell whether whoever was asked for a place was asked for these fields."""
        asked = [self.have[source, place] for source in self.order(place) if (source, place) in self.have]
        return bool(asked) and all(names <= each for each in asked)

    def order(self, place: Place) -> tuple[str, ...]:
        """Return who is asked for a place: a service that says so before our register, the others after it."""
        services = [each for each in self.offers.get(place.register, ()) if each.service is not None]
        first = [_name(each) for each in services if each.answers and each.answers.is_first]
        after = [_name(each) for each in services if each.answers and not each.answers.is_first]
        order: list[str] = []
        for source in place.sources:
            if source == HERE:
                order += [*first, HERE, *after]
            elif is_connected():
                order.append(source)
        return tuple(order)

    def read(self, wanted: Mapping[Place, set[str]]) -> None:
        """Ask for these fields of these places, source after source, until each has a record or nobody is left."""
        for step in range(max((len(self.order(place)) for place in wanted), default=0)):
            asked: dict[str, dict[Place, set[str]]] = {}
            for place, names in wanted.items():
                order = self.order(place)
                if step < len(order) and not any(self.told.get((each, place), Told()).records for each in order[:step]):
                    asked.setdefault(order[step], {})[place] = names
            for source, places in asked.items():
                self._ask(source, places)

    def _ask(self, source: str, places: Mapping[Place, set[str]]) -> None:
        for place, names in places.items():
            self.have[source, place] = set(names)
        if source == HERE:
            self._read_here(places)
            return
        for place, names in places.items():
            if source.startswith(_SERVICE):
                self.told[source, place] = self._ask_service(source, place, names)
            else:
                self.told[source, place] = self._ask_national(source, place, names)

    def _read_here(self, places: Mapping[Place, set[str]]) -> None:
        """Read all of them in one statement; the note of the reading stands or falls with it."""
        may: dict[Place, Wanted] = {}
        for place, names in places.items():
            ours = [offer for offer in self.offers.get(place.register, ()) if offer.service is None]
            verdict = check_ask(names, ours)
            if verdict == "granted":
                may[place] = Wanted(
                    register=place.register, key=place.key, value=place.value, fields=tuple(sorted(names))
                )
            elif verdict == "unavailable":
                self.told[HERE, place] = Told(is_down=True)
        if not may:
            return
        try:
            with transaction.atomic():
                found = read_linked(list(may.values()), reading=self.reading, now=self.now)
        except OperationalError:
            self.told.update({(HERE, place): Told(is_down=True) for place in may})
            return
        self.told.update({(HERE, place): Told(records=found.get(each, ())) for place, each in may.items()})

    def _ask_service(self, source: str, place: Place, names: set[str]) -> Told:
        offer = next(each for each in self.offers[place.register] if each.service is not None and _name(each) == source)
        fields = names | {*list_key_fields(place.register, place.key)}
        verdict = check_ask(fields, [offer])
        if verdict == "refused":
            return Told()
        if verdict == "unavailable" or source in self.silent:
            return Told(is_down=True, held_by=offer.register_name)
        wanted = Wanted(register=place.register, key=place.key, value=place.value, fields=tuple(sorted(fields)))
        subject = name_national_subject(_DATABASES[place.kind], place.id)
        try:
            found = ask_service(
                offer, wanted, consumer=ONE_STOP, subject=subject, reading=self.reading, now=self.now
            )  # fmt: skip
        except RegisterUnavailable:
            self.silent.add(source)
            return Told(is_down=True, held_by=offer.register_name)
        return _tell(place, found, offer.register_name)

    def _ask_national(self, source: str, place: Place, names: set[str]) -> Told:
        service = _DATABASES[place.kind]
        shape = self.catalogue.national[source, place.register, place.key, place.pattern]
        if self.check(place.register, names) == "refused":
            return Told()
        if source in self.silent:
            return Told(is_down=True, held_by=name_national(shape.service))
        known = self.know(place.id) if service == "population" else KnownOf()
        try:
            found = ask_national(
                shape, key=place.id, fields=frozenset(names), known=known, reading=self.reading, now=self.now
            )
        except RegisterUnavailable:
            self.silent.add(source)
            return Told(is_down=True, held_by=name_national(shape.service))
        return _tell(place, [found] if found is not None else [], name_national(shape.service))


def _name(offer: FactOffer) -> str:
    assert offer.service is not None
    return f"{_SERVICE}{offer.service.id}"


def _tell(place: Place, found: Sequence[SourcedRecord], held_by: str) -> Told:
    records = tuple(_to_record(place, each, number) for number, each in enumerate(found))
    return Told(records=records, held_by=held_by, is_cached=any(each.is_cached for each in found))


def _to_record(place: Place, told: SourcedRecord, number: int) -> RecordInfo:
    """Return it as a record of the register, under a number that says nothing of whom it is about."""
    named = hmac.new(settings.SECRET_KEY.encode(), f"{place.register}:{place.value}:{number}".encode(), sha256)
    content = orjson.dumps([told.source, dict(told.data)], option=orjson.OPT_SORT_KEYS)
    part = RecordSlice(
        data=told.data, valid_from=told.as_of, valid_to=None, known_from=told.fetched_at, known_to=None,
        schema_version=0, source=told.source[:200], sha256=sha256(content).hexdigest(), is_correction=False,
    )  # fmt: skip
    return RecordInfo(id=0, uuid=UUID(bytes=named.digest()[:16], version=5), register=place.register, slice=part)
