"""How an installation stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

KeyState = Literal["none", "good", "ending", "ended", "revoked", "away"]


@dataclass(frozen=True, slots=True)
class Unready:
    """A procedure that cannot be filed online everywhere: where, why, and what mends it."""

    code: str
    name: str
    reason: str
    remedy: str
    wards_missing: int = 0  # 0: nowhere at all, whatever the ward


@dataclass(frozen=True, slots=True)
class Readiness:
    """What can be filed on a day. `listed_only`: names in the catalogue that nobody described yet."""

    total: int
    listed_only: int
    wards: int
    unready: tuple[Unready, ...]

    @property
    def ready(self) -> int:
        """How many can be filed online from every ward."""
        return self.total - self.listed_only - len(self.unready)


@dataclass(frozen=True, slots=True)
class SigningHand:
    """Who signs for an office: the office itself with its seal (no person), or a leader with a key of his own."""

    code: str
    person: str
    state: KeyState
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    issuer: str = ""
    certificate_sha256: str = ""


@dataclass(frozen=True, slots=True)
class OwnHand:
    """The key that signs in an official's own name for one office."""

    office: str
    hand: SigningHand
