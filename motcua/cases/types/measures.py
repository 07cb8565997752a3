"""What of a case may be counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMeasure:
    """A case as figures need it. `finished_at`: when its clock stopped; `is_on_time`: none without a term or an end.

    `outcome`: empty until it is closed. `working_minutes`: as the law's clock counted them, pauses left out.
    """

    case_id: int
    case_uuid: UUID
    kind: str
    subject_code: str
    subject_title: str
    agency_id: int
    area_code: str
    channel: str
    stage: str
    outcome: str
    opened_at: datetime
    finished_at: datetime | None
    is_on_time: bool | None
    is_extended: bool
    working_minutes: int | None
