"""How an installation stands."""

from __future__ import annotations

from dataclasses import dataclass


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
