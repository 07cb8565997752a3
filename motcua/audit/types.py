"""Who acted, and what the log answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from motcua.kernel.errors import DomainError

ActorKind = Literal["resident", "official", "system"]
EntryKind = Literal["read", "decision"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the log will name them. `id` is the account's uuid, or a task's name for the system."""

    kind: ActorKind
    id: str
    name: str
    on_behalf_of: str | None = None
    agency_code: str | None = None


SYSTEM = Actor(kind="system", id="motcua", name="Hệ thống Một Cửa")


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry before it is written. `subject` is '<noun>:<uuid or code>', never a personal number."""

    kind: EntryKind
    actor: Actor
    subject: str
    what: str
    purpose: str = ""
    legal_ground: str = ""
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntryInfo:
    """One entry as it is read back."""

    uuid: UUID
    at: datetime
    kind: EntryKind
    actor: Actor
    subject: str
    what: str
    purpose: str
    legal_ground: str
    details: dict[str, object]


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last link of the chain: keep it outside the system to prove later that nothing was cut off."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of the whole chain found; `problems` are Vietnamese sentences."""

    links: int
    pending: int
    head: AuditHead | None
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """True when nothing was changed, cut, moved or put in between."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayLimits:
    """How long readings may be kept out of sight."""

    max_decision: timedelta
    max_hidden: timedelta
    max_backdate: timedelta
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelay:
    """A decision as it is noted: whose readings of whom stay out of sight, and until when."""

    decision_no: str
    decided_on: date
    authority: str
    party: str
    reader: str
    reads_from: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayInfo:
    """A decision that delays, as it stands. `ends_at`: the day it names, or when it was lifted before."""

    uuid: UUID
    decision_no: str
    decided_on: date
    authority: str
    party: str
    reader: str
    reads_from: datetime
    until_at: datetime
    noted_at: datetime
    noted_by_name: str
    lifted_at: datetime | None
    lifted_by_name: str

    @property
    def ends_at(self) -> datetime:
        return self.until_at if self.lifted_at is None else min(self.lifted_at, self.until_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenReading:
    """A reading as its subject sees it. `delayed_by`: the decision for whose sake it was shown late, or ''."""

    entry: AuditEntryInfo
    delayed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFilter:
    """What of the readings is asked for: a period [from_at, to_at), readers, with or without one's own looks.

    `reader_text` is compared with the names of programs and residents only: an official stands for the agency, which
    the caller names by code or, for entries without one, by the accounts that serve there.
    """

    from_at: datetime | None = None
    to_at: datetime | None = None
    reader_text: str = ""
    agency_codes: tuple[str, ...] = ()
    reader_ids: tuple[str, ...] = ()
    without_actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSpans:
    """A subject that was a person's at some times only, as a vehicle is its owner's: half-open spans."""

    subject: str
    spans: tuple[tuple[datetime, datetime | None], ...]


class DelayRefused(DomainError):
    """The decision may not delay like this, or it is noted already."""

    http_status = 422
