"""Read the records in which facts stand: from our registers, agencies' services, national databases, in that order.

Our own registers are read in one statement. What lies elsewhere is asked over the network, independent sources side by
side within one limit of time, so nobody may call this inside a transaction; a source that failed once is not asked
again for the same form.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol
from uuid import UUID

import orjson
from django.conf import settings
from django.db import OperationalError, transaction

from motcua.exchange.actions.fact_services import list_key_fields, prepare_service
from motcua.exchange.adapters.fact_national import is_connected, name_national, prepare_national
from motcua.exchange.adapters.national import name_national_subject
from motcua.exchange.adapters.side_by_side import SideBySide
from motcua.exchange.rules.facts import check_ask
from motcua.exchange.types import ClientId
from motcua.exchange.types.facts import HERE, FactCatalogue, FactOffer, KnownOf, RegisterUnavailable, SourcedRecord
from motcua.exchange.types.national import NationalService
from motcua.registers.public import Reading, RecordInfo, RecordSlice, Wanted, read_linked

ONE_STOP = ClientId("VN", "GOV", "H29", "MOTCUA")  # the one-stop system itself, as a member of the exchange
Verdict = Literal["granted", "refused", "unavailable"]
TOTAL_SECONDS = 8.0  # that all network sources of one form may take together: a person waits for the page
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


class _Errand(Protocol):
    """A question over the network; the answer comes wrapped in what gives it or raises what went wrong."""

    def ask(self) -> Any: ...

    def settle(self, answer: Callable[[], Any]) -> tuple[SourcedRecord, ...]: ...


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of whom about which place."""

    source: str
    place: Place
    held_by: str
    errand: _Errand


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
    network: SideBySide[_Question, Any] = field(default_factory=lambda: SideBySide(TOTAL_SECONDS))

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
        """Ask for these fields of these places, source after source, until each has a record or nobody is left.

        Each place goes its own way: one that waits for a slow source holds no other.
        """
        left = {place: list(self.order(place)) for place in wanted}
        ready = list(wanted)
        while ready or self.network.is_busy():
            here: dict[Place, set[str]] = {}
            for place in ready:
                if self._ask_next(place, wanted[place], left[place]) == HERE:
                    here[place] = wanted[place]
            if here:
                self._read_here(here)
                ready = [place for place in here if not self.told.get((HERE, place), Told()).records]
            else:
                ready = self._take() if self.network.is_busy() else []

    def close(self) -> None:
        """Let go of who still has not answered."""
        self.network.close()

    def _ask_next(self, place: Place, names: set[str], left: list[str]) -> str:
        """Return who is asked now: our register, for the caller to read, or who is under way; empty: nobody is left."""
        while left:
            source = left.pop(0)
            self.have[source, place] = set(names)
            if source == HERE:
                return source
            told = self._send(source, place, names)
            if told is None:
                return source
            self.told[source, place] = told
        return ""

    def _send(self, source: str, place: Place, names: set[str]) -> Told | None:
        """Put the question; what is known without asking is returned at once."""
        prepare = self._prepare_service if source.startswith(_SERVICE) else self._prepare_national
        question = prepare(source, place, names)
        if isinstance(question, Told):
            return question
        self.network.send(source, question, question.errand.ask)
        return None

    def _take(self) -> list[Place]:
        """Wait for answers; return the places that have none of their own yet."""
        without: list[Place] = []
        for question, answer in self.network.take():
            source, place = question.source, question.place
            try:
                found = question.errand.settle(answer.result)
            except RegisterUnavailable:
                self.network.give_up(source)
                self.told[source, place] = Told(is_down=True, held_by=question.held_by)
            else:
                self.told[source, place] = _tell(place, found, question.held_by)
            if not self.told[source, place].records:
                without.append(place)
        return without

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

    def _prepare_service(self, source: str, place: Place, names: set[str]) -> _Question | Told:
        offer = next(each for each in self.offers[place.register] if each.service is not None and _name(each) == source)
        fields = names | {*list_key_fields(place.register, place.key)}
        verdict = check_ask(fields, [offer])
        if verdict == "refused":
            return Told()
        down = Told(is_down=True, held_by=offer.register_name)
        if verdict == "unavailable" or self.network.has_failed(source):
            return down
        wanted = Wanted(register=place.register, key=place.key, value=place.value, fields=tuple(sorted(fields)))
        subject = name_national_subject(_DATABASES[place.kind], place.id)
        try:
            errand = prepare_service(
                offer, wanted, consumer=ONE_STOP, subject=subject, reading=self.reading, now=self.now
            )  # fmt: skip
        except RegisterUnavailable:
            self.network.give_up(source)
            return down
        return _Question(source, place, offer.register_name, errand) if errand else Told()

    def _prepare_national(self, source: str, place: Place, names: set[str]) -> _Question | Told:
        service = _DATABASES[place.kind]
        shape = self.catalogue.national[source, place.register, place.key, place.pattern]
        if self.check(place.register, names) == "refused":
            return Told()
        held_by = name_national(shape.service)
        if self.network.has_failed(source):
            return Told(is_down=True, held_by=held_by)
        known = self.know(place.id) if service == "population" else KnownOf()
        errand = prepare_national(
            shape, key=place.id, fields=frozenset(names), known=known, reading=self.reading, now=self.now
        )
        return _Question(source, place, held_by, errand) if errand else Told()


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
