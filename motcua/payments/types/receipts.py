"""What a receipt says, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptInfo:
    """One receipt (biên lai). `payload` is all that is printed; a file's id is None until it is made and signed."""

    id: int
    uuid: UUID
    charge_uuid: UUID
    case_uuid: UUID
    case_code: str
    agency_code: str
    form_sign: str
    series: str
    no: int
    lookup_code: str
    amount_vnd: int
    payload: Mapping[str, Any]
    issued_at: datetime
    pdf_file_id: int | None
    cancelled_at: datetime | None
    cancelled_reason: str
    replaces_no: int | None
    replaced_by_no: int | None
    xml_file_id: int | None = None

    @property
    def printed_no(self) -> str:
        """Return the number as it is printed: seven digits."""
        return f"{self.no:07d}"

    @property
    def is_valid(self) -> bool:
        return self.cancelled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptChangeInfo:
    """A wish to cancel or replace a receipt; `is_agreed` None while another has to say."""

    uuid: UUID
    receipt_uuid: UUID
    kind: str
    reason: str
    payer_name: str
    payer_code: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    is_agreed: bool | None
