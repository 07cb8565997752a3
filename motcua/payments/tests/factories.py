"""Charges for tests, here and in modules above."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from motcua.payments.actions.charges import raise_charge
from motcua.payments.types import ChargeInfo, ChargeLine, Payer

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PAYER = Payer(name="Nguyễn Thị Hạnh Thử", code="079190000001", party_kind="person", party_id=1)


def make_charge(
    amount_vnd: int = 100_000, *, waived_vnd: int = 0, case_uuid: UUID | None = None, agency_code: str = "H29.1"
) -> ChargeInfo:
    """Raise a charge of one line."""
    line = ChargeLine(label="Lệ phí thử", amount_vnd=amount_vnd, legal_ref="Thử", waived_vnd=waived_vnd)
    return raise_charge(
        case_uuid or uuid4(), case_code="H29.1-260302-0001", agency_code=agency_code, payer=PAYER, lines=[line], now=NOW
    )
