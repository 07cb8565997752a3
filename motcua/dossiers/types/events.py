"""What dossiers publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from motcua.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DossierFiled(Event):
    """A dossier was filed and its case opened."""

    event_type: ClassVar[str] = "dossier.filed.v1"

    case_id: int
    dossier_no: str
    channel: str
    procedure_version_id: int
    agency_id: int

    @property
    def subject(self) -> str:
        """Return the dossier the event is about."""
        return self.dossier_no


@dataclass(frozen=True, kw_only=True)
class ResultIssued(Event):
    """A signed result was stored."""

    event_type: ClassVar[str] = "dossier.result_issued.v1"

    case_id: int
    dossier_no: str
    decision: str
    verification_code: str

    @property
    def subject(self) -> str:
        """Return the dossier the event is about."""
        return self.dossier_no
