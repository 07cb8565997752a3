"""What payments tell upper modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from motcua.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ChargeSettled(Event):
    """Nothing is left to pay on a charge: paid, waived, or zero from the start. May come again after a charge-back."""

    event_type: ClassVar[str] = "payments.charge_settled.v1"
    charge_uuid: UUID
    case_uuid: UUID
    amount_vnd: int

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class MoneyReceived(Event):
    """Money of a payer came in, by whatever way."""

    event_type: ClassVar[str] = "payments.money_received.v1"
    charge_uuid: UUID
    case_uuid: UUID
    entry_reference: str
    amount_vnd: int

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class MoneyTakenBack(Event):
    """Money that had come in was taken back by a bank, or never was there: `entry_reference` is of the taking back."""

    event_type: ClassVar[str] = "payments.money_taken_back.v1"
    charge_uuid: UUID
    case_uuid: UUID
    entry_reference: str
    amount_vnd: int

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class RefundApproved(Event):
    """A refund may go out."""

    event_type: ClassVar[str] = "payments.refund_approved.v1"
    refund_uuid: UUID
    case_uuid: UUID

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued(Event):
    """A receipt has its number and can be looked up."""

    event_type: ClassVar[str] = "payments.receipt_issued.v1"
    receipt_uuid: UUID
    charge_uuid: UUID
    case_uuid: UUID
    lookup_code: str

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class ReceiptSigned(Event):
    """The paper of a receipt is drawn, signed and kept: of zero đồng later than its number."""

    event_type: ClassVar[str] = "payments.receipt_signed.v1"
    receipt_uuid: UUID
    charge_uuid: UUID
    case_uuid: UUID
    lookup_code: str

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"


@dataclass(frozen=True, kw_only=True)
class RefundSent(Event):
    """Money was given back."""

    event_type: ClassVar[str] = "payments.refund_sent.v1"
    refund_uuid: UUID
    case_uuid: UUID
    amount_vnd: int

    @property
    def subject(self) -> str:
        return f"case:{self.case_uuid}"
