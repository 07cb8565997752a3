"""National databases as sources of facts: an answer counts as a record of the register of ours that holds the same."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.conf import settings

from motcua.exchange.adapters.national import query_enterprise, query_parcel, query_population, read_names
from motcua.exchange.types.facts import KnownOf, NationalRecord, RegisterUnavailable, SourcedRecord
from motcua.exchange.types.national import NationalAnswer, NationalRefused, NationalService, NationalUnavailable
from motcua.registers.public import Reading

logger = logging.getLogger(__name__)
_PARCEL_PARTS = 3


def is_connected() -> bool:
    """Tell whether the national platform can be asked at all."""
    return bool(settings.MOTCUA_NATIONAL_URL)


def name_national(service: NationalService) -> str:
    """Return how people know this database."""
    return str(read_names()[service]["source"])


def ask_national(
    shape: NationalRecord, *, key: str, fields: frozenset[str], known: KnownOf, reading: Reading, now: datetime
) -> SourcedRecord | None:
    """Ask a national database about one thing; None when it knows none, or must not be asked.

    `fields`: in the words of our register. Raises: RegisterUnavailable.
    """
    theirs = {ours: shape.fields.get(ours, ours) for ours in fields if ours not in shape.says}
    offered = read_names()[shape.service]["fields"]
    asked = {ours: name for ours, name in theirs.items() if name in offered}
    if not asked:
        return None
    try:
        answer = _ask(shape.service, key, tuple(sorted(set(asked.values()))), known, reading, now)
    except NationalUnavailable as error:
        raise RegisterUnavailable(name_national(shape.service)) from error
    except NationalRefused as error:
        logger.warning("exchange.national_fact.refused", extra={"service": shape.service, "code": error.code})
        return None
    if answer is None or answer.state != "found":
        return None
    return SourcedRecord(
        data={**shape.says, **{ours: answer.values[name] for ours, name in asked.items() if name in answer.values}},
        source=answer.source,
        as_of=answer.as_of or answer.fetched_at,
        fetched_at=answer.fetched_at,
        is_cached=answer.is_cached,
    )


def _ask(
    service: NationalService, key: str, fields: tuple[str, ...], known: KnownOf, reading: Reading, now: datetime
) -> NationalAnswer | None:
    if service == "enterprise":
        return query_enterprise(code=key, fields=fields, reading=reading, now=now)
    if service == "land":
        parts = key.split("|")
        if len(parts) != _PARCEL_PARTS:
            return None
        return query_parcel(
            area_code=parts[0], sheet_no=parts[1], parcel_no=parts[2], fields=fields, reading=reading, now=now
        )
    try:
        birth_on = date.fromisoformat(known.birth_on)
    except ValueError:
        return None
    if not known.full_name.strip():
        return None  # it answers only who knows number, name and birth date together
    return query_population(
        personal_id=key, full_name=known.full_name, birth_on=birth_on, fields=fields, reading=reading, now=now
    )
