"""Who acted, and what the log answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

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
