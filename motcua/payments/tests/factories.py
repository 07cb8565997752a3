"""Charges for tests, here and in modules above."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from motcua.payments.actions.charges import raise_charge
from motcua.payments.rules.receipts import make_payload
from motcua.payments.types import ChargeInfo, ChargeLine, Payer, ReceiptInfo

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


def make_receipt_info(*, payer: str, amount_vnd: int, label: str) -> ReceiptInfo:
    """Make the value of a receipt, without a database."""
    line = ChargeLine(
        label=label, amount_vnd=amount_vnd + 5_000, legal_ref="Thử", waived_vnd=5_000,
        waived_reason="Miễn theo nghị quyết",
    )  # fmt: skip
    charge = ChargeInfo(
        id=1, uuid=uuid4(), case_uuid=uuid4(), case_code="H29.1-260302-0001", agency_code="H29.1",
        payer=Payer(name=payer), lines=(line,), gross_vnd=line.amount_vnd, waived_vnd=5_000, open_vnd=0, raised_at=NOW,
    )  # fmt: skip
    return ReceiptInfo(
        id=1, uuid=uuid4(), charge_uuid=charge.uuid, case_uuid=charge.case_uuid, case_code=charge.case_code,
        agency_code="H29.1", form_sign="01BLP0-001", series="MC-26E", no=7, lookup_code="AAAA-BBBB-CCCC-DDDD",
        amount_vnd=amount_vnd, payload=make_payload(charge, amount_vnd=amount_vnd, agency_name="UBND phường Thử"),
        issued_at=NOW, pdf_file_id=None, cancelled_at=None, cancelled_reason="", replaces_no=None, replaced_by_no=None,
    )  # fmt: skip
