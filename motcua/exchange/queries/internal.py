"""Grants of the city's own systems on its own registers: asked inside, by the same rules as from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from motcua.exchange.queries.services import list_register_grants
from motcua.exchange.rules.admission import pick_grant
from motcua.exchange.types import ClientId, GrantInfo


def list_internal_grants(
    consumer: ClientId, *, registers: Collection[str], now: datetime
) -> Mapping[str, tuple[GrantInfo, ...]]:
    """Return the grants in force of a system on some registers, oldest first: one query for all."""
    found: dict[str, list[GrantInfo]] = {code: [] for code in registers}
    for code, (grant, _) in list_register_grants(consumer, registers=registers, now=now):
        found[code].append(grant)
    return {code: tuple(grants) for code, grants in found.items()}


def find_internal_grant(
    consumer: ClientId, *, register: str, fields: Collection[str], purpose: str = "", now: datetime
) -> GrantInfo | None:
    """Return a grant that lets a system read these fields of one record, or None. A grant by consent is none here."""
    granted = list_internal_grants(consumer, registers=[register], now=now)
    return pick_grant(granted[register], fields=fields, purpose=purpose)
