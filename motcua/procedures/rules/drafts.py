"""What a version is to be, before it is stored: the same shape for a national record, a list's row and a package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from dataclasses import field as data_field
from datetime import date
from typing import Any

from motcua.procedures.rules.glued import Status
from motcua.procedures.types import (
    Audience,
    Channel,
    ChannelRow,
    CompetenceRule,
    Doubt,
    FeeRow,
    LegalBasis,
    Level,
    LinkedProcedure,
    Mark,
    OnlineLevel,
    Paper,
    Source,
    Term,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDraft:
    """Everything that a source says about a procedure, read."""

    code: str
    name: str
    source: Source
    term: Term
    competence: CompetenceRule
    aliases: tuple[str, ...] = ()
    field: str = ""
    levels: tuple[Level, ...] = ()
    issuing_agency: str = ""
    executing_agency: str = ""
    receiving_address: str = ""
    decision_no: str = ""
    subjects: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    online_level: OnlineLevel = "none"
    online_reason: str = ""
    channels: tuple[Channel, ...] = ()
    channel_rows: tuple[ChannelRow, ...] = ()
    papers: tuple[Paper, ...] = ()
    fees: tuple[FeeRow, ...] = ()
    steps: str = ""
    requirements: str = ""
    legal_bases: tuple[LegalBasis, ...] = ()
    result_names: tuple[str, ...] = ()
    source_url: str = ""
    mark: Mark = "sure"
    doubts: tuple[Doubt, ...] = ()
    source_texts: Mapping[str, str] = data_field(default_factory=dict)
    statuses: Mapping[str, Status] = data_field(default_factory=dict)
    life_events: tuple[str, ...] = ()
    linked: tuple[LinkedProcedure, ...] = ()


def to_plain(value: object) -> dict[str, Any]:
    """Return a dataclass as plain JSON: dates in ISO, tuples as lists."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(value), default=_encode, ensure_ascii=False))  # type: ignore[call-overload]  # to_plain takes dataclasses only
    return plain


def _encode(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")


def paper_from_plain(plain: Mapping[str, Any]) -> Paper:
    """Rebuild a paper from `to_plain`'s answer."""
    values = _known(Paper, plain)
    return Paper(**values | {"answered_by": tuple(values.get("answered_by", ()))})


def fee_from_plain(plain: Mapping[str, Any]) -> FeeRow:
    """Rebuild a fee row from `to_plain`'s answer."""
    values = _known(FeeRow, plain)
    for name in ("valid_from", "valid_to"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return FeeRow(**values)


def competence_from_plain(plain: Mapping[str, Any]) -> CompetenceRule:
    """Rebuild a competence rule from `to_plain`'s answer."""
    return CompetenceRule(**_known(CompetenceRule, plain))


def linked_from_plain(plain: Mapping[str, Any]) -> LinkedProcedure:
    """Rebuild a linked procedure from `to_plain`'s answer."""
    return LinkedProcedure(**_known(LinkedProcedure, plain))


def _known(kind: type, plain: Mapping[str, Any]) -> dict[str, Any]:
    names = {entry.name for entry in fields(kind)}
    return {name: value for name, value in plain.items() if name in names}
