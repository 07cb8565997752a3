"""What national publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from motcua.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PackageReceived(Event):
    """A signed package of another front door is stored and waits to be taken in."""

    event_type: ClassVar[str] = "national.package_received.v1"

    intake_uuid: UUID
    national_code: str

    @property
    def subject(self) -> str:
        """Return the package the event is about."""
        return self.national_code
