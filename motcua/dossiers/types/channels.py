"""Ways in: by which front door a dossier came, and what another front door hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

CHANNELS: Final = ("direct", "online", "post", "national")
ONLINE_CHANNELS: Final = ("online", "national")  # filed from a screen: fees, slips and process see one way


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFiling:
    """A whole filing that another front door has taken from the applicant.

    `received_at`: when that door received it; the clock, the rules and the dossier's number follow that day.
    `files`: (key of the form's field, id of the stored file). `client_key`: the same for every delivery of it.
    """

    channel: str
    origin_code: str
    received_at: datetime
    procedure_version_id: int
    applicant_kind: str
    applicant_id: int
    data: Mapping[str, Any]
    client_key: UUID
    files: tuple[tuple[str, int], ...] = ()
    submitter: Mapping[str, Any] = field(default_factory=dict)
    result_channel: str = "online"
    reception_agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a filing came from when not from our own draft."""

    code: str
    received_at: datetime
