"""National databases as sources of facts: an answer counts as a record of the register of ours that holds the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from motcua.exchange.adapters.national import (
    ask_question,
    make_question,
    name_enterprise,
    name_parcel,
    name_person,
    note_answer,
    read_names,
)
from motcua.exchange.adapters.side_by_side import NotAsked, TooLate
from motcua.exchange.types.facts import KnownOf, NationalRecord, RegisterUnavailable, SourcedRecord
from motcua.exchange.types.national import (
    NationalAnswer,
    NationalQuestion,
    NationalRefused,
    NationalService,
    NationalUnavailable,
)
from motcua.registers.public import Reading

logger = logging.getLogger(__name__)
_PARCEL_PARTS = 3


def is_connected() -> bool:
    """Tell whether the national platform can be asked at all."""
    return bool(settings.MOTCUA_NATIONAL_URL)


def name_national(service: NationalService) -> str:
    """Return how people know this database."""
    return str(read_names()[service]["source"])


@dataclass(frozen=True, slots=True)
class NationalErrand:
    """A question to a national database and how its answer reads in our words."""

    shape: NationalRecord
    question: NationalQuestion
    asked: Mapping[str, str]  # our field: theirs
    reading: Reading
    now: datetime

    def ask(self) -> NationalAnswer:
        """Ask over the network; touches no database. Raises: NationalUnavailable, NationalRefused."""
        return ask_question(self.question, now=self.now)

    def settle(self, answer: Callable[[], NationalAnswer]) -> tuple[SourcedRecord, ...]:
        """Note what came and return it as a record of ours. Raises: RegisterUnavailable."""
        try:
            said = answer()
        except (NationalUnavailable, TooLate, NotAsked) as error:
            raise RegisterUnavailable(name_national(self.shape.service)) from error
        except NationalRefused as error:
            _tell_refused(self.shape.service, error)
            return ()
        note_answer(self.question, said, reading=self.reading, now=self.now)
        if said.state != "found":
            return ()
        values = {ours: said.values[name] for ours, name in self.asked.items() if name in said.values}
        found = SourcedRecord(
            data={**self.shape.says, **values},
            source=said.source,
            as_of=said.as_of or said.fetched_at,
            fetched_at=said.fetched_at,
            is_cached=said.is_cached,
        )
        return (found,)


def prepare_national(
    shape: NationalRecord, *, key: str, fields: frozenset[str], known: KnownOf, reading: Reading, now: datetime
) -> NationalErrand | None:
    """Return what to ask a national database about one thing; None when it knows none, or must not be asked.

    `fields`: in the words of our register.
    """
    theirs = {ours: shape.fields.get(ours, ours) for ours in fields if ours not in shape.says}
    offered = read_names()[shape.service]["fields"]
    asked = {ours: name for ours, name in theirs.items() if name in offered}
    keys = _name_keys(shape.service, key, known)
    if not asked or not keys:
        return None
    try:
        question = make_question(shape.service, keys=keys, fields=tuple(sorted(set(asked.values()))), reading=reading)
    except NationalRefused as error:
        _tell_refused(shape.service, error)
        return None
    return NationalErrand(shape=shape, question=question, asked=asked, reading=reading, now=now)


def _tell_refused(service: NationalService, error: NationalRefused) -> None:
    logger.warning("exchange.national_fact.refused", extra={"service": service, "code": error.code})


def _name_keys(service: NationalService, key: str, known: KnownOf) -> Mapping[str, str]:
    """Return by what the database is asked; nothing when that is not known whole."""
    if service == "enterprise":
        return name_enterprise(key)
    if service == "land":
        parts = key.split("|")
        if len(parts) != _PARCEL_PARTS:
            return {}
        return name_parcel(area_code=parts[0], sheet_no=parts[1], parcel_no=parts[2])
    try:
        birth_on = date.fromisoformat(known.birth_on)
    except ValueError:
        return {}
    if not known.full_name.strip():
        return {}  # it answers only who knows number, name and birth date together
    return name_person(key, full_name=known.full_name, birth_on=birth_on)
