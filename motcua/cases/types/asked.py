"""What is asked of the spine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from motcua.cases.types.words import ClockRule, InboxHolder, PartyKind, TermUnit


@dataclass(frozen=True, slots=True)
class Participant:
    """Who stands outside the office in a case, and as what."""

    party_kind: PartyKind
    party_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Everything a case begins with; the rules in it stay frozen to its end.

    `reception_agency_id`: the one-stop unit that received it, when not the deciding agency itself.
    `clock_starts_at`: when the law starts the clock later than the filing. No `term_amount`: the law sets no term.
    `received_at`: when another front door received it, before us; the clock starts then. `origin_code`: its code there.
    `calendar_code`: the deciding agency's, when the caller has read the agency anyway; saves a query.
    """

    kind: str
    code: str
    title: str
    subject_code: str
    subject_title: str
    process_version_id: int
    agency_id: int
    applicant_kind: str
    applicant_id: int | None
    applicant_name: str
    channel: str
    reception_agency_id: int | None = None
    area_code: str = ""
    term_amount: int | None = None
    term_unit: TermUnit | Literal[""] = ""
    clock_rule: ClockRule = "restart"
    clock_starts_at: datetime | None = None
    received_at: datetime | None = None
    origin_code: str = ""
    calendar_code: str = ""
    term_legal_ref: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """What the official narrows the inbox to."""

    holder: InboxHolder = "all"
    agency_id: int | None = None
    text: str = ""
    screen: str = ""
    case_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilter:
    """What the leader narrows the list of late cases to."""

    agency_id: int | None = None
    subject_code: str = ""
