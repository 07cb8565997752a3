"""What payments hand out: charges, ways to pay, ledger entries, differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from motcua.payments.types.failures import AmountInvalid

Way = Literal["vietqr", "vnpay", "cash"]
WAYS: tuple[Way, ...] = ("vietqr", "vnpay", "cash")


class AccountKind(StrEnum):
    """Where money of one agency stands. The sign of a balance: positive is owed to us or held by us."""

    PAYER = "payer"  # người nộp: dương là còn phải nộp, âm là nộp thừa
    INCOME = "income"  # phí, lệ phí đã ghi nhận, phải nộp ngân sách
    WAIVED = "waived"  # phí, lệ phí được miễn, giảm
    GATEWAY = "gateway"  # tiền đang ở cổng thanh toán
    BANK = "bank"  # tài khoản thu tại ngân hàng
    TILL = "till"  # tiền mặt tại quầy
    TRANSIT = "transit"  # tiền mặt đã chốt ca, chưa vào ngân hàng
    TILL_DIFFERENCE = "till_difference"  # thừa, thiếu khi chốt ca
    REFUND = "refund"  # phải hoàn, chưa chuyển
    UNKNOWN = "unknown"  # tiền vào chưa rõ của ai
    TREASURY = "treasury"  # đã nộp kho bạc
    BANK_FEE = "bank_fee"  # phí ngân hàng, cổng thu trên tài khoản


class EntryKind(StrEnum):
    """Why an entry was written; `rules.ledger` says which accounts each one moves."""

    CHARGED = "charged"  # ghi số phải nộp
    WAIVED = "waived"  # miễn, giảm
    CANCELLED = "cancelled"  # huỷ khoản phải nộp
    PAID_GATEWAY = "paid_gateway"  # cổng thanh toán báo đã thu
    PAID_BANK = "paid_bank"  # tiền vào thẳng tài khoản ngân hàng
    PAID_CASH = "paid_cash"  # thu tiền mặt
    PAID_UNKNOWN = "paid_unknown"  # tiền vào chưa rõ của ai
    IDENTIFIED = "identified"  # đã rõ tiền của ai
    SETTLED = "settled"  # cổng thanh toán chuyển tiền về ngân hàng
    PAID_UNKNOWN_GATEWAY = "paid_unknown_gateway"  # cổng đã thu, không có lệnh nào của ta
    CHARGED_BACK = "charged_back"  # ngân hàng đòi lại tiền của người nộp, qua cổng
    CHARGED_BACK_BANK = "charged_back_bank"  # ngân hàng lấy lại tiền đã vào thẳng tài khoản
    REVERSED_BANK = "reversed_bank"  # đã ghi thu mà ngân hàng không có: ghi ngược
    REVERSED_GATEWAY = "reversed_gateway"  # đã ghi thu mà cổng không có: ghi ngược
    ADDED_BANK = "added_bank"  # ngân hàng có nhiều hơn đã ghi: ghi thêm
    ADDED_GATEWAY = "added_gateway"
    TILL_CLOSED = "till_closed"  # chốt ca thu tiền mặt
    TILL_SHORT = "till_short"
    TILL_OVER = "till_over"
    TILL_BANKED = "till_banked"  # tiền mặt đã nộp ngân hàng
    REFUND_DECIDED = "refund_decided"
    REFUND_SENT_BANK = "refund_sent_bank"
    REFUND_SENT_CASH = "refund_sent_cash"
    REFUND_SENT_GATEWAY = "refund_sent_gateway"
    REFUND_RETURNED = "refund_returned"  # tiền hoàn bị trả lại
    UNKNOWN_RETURNED = "unknown_returned"  # trả lại tiền không rõ của ai
    BANK_FEE = "bank_fee"
    GATEWAY_FEE = "gateway_fee"  # cổng thanh toán giữ lại phí của mình trước khi chuyển về ngân hàng
    TO_TREASURY = "to_treasury"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One fee: the sum by law, and what of it is waived, each with its ground."""

    label: str
    amount_vnd: int
    legal_ref: str = ""
    waived_vnd: int = 0
    waived_reason: str = ""
    waived_legal_ref: str = ""
    waived_by: str = ""  # "statute": an exemption of the law; "city": the zero rate for online filing
    proof: str = ""  # what proved it, in words

    def __post_init__(self) -> None:
        if not 0 <= self.waived_vnd <= self.amount_vnd:
            raise AmountInvalid(self.amount_vnd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays, as it stands on the receipt; `party_id` when the person or firm has an account."""

    name: str
    code: str = ""  # số định danh cá nhân hoặc mã số thuế
    party_kind: str = ""
    party_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Who pays in the payer's place (nộp thay): a relative, an official; the receipt names both."""

    name: str
    role: str = ""  # "con", "cán bộ Tổ công nghệ số cộng đồng"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeInfo:
    """What one case owes, and how it stands: `due_vnd` = gross − waived − cancelled; `open_vnd` < 0 is overpaid."""

    id: int
    uuid: UUID
    case_uuid: UUID
    case_code: str
    agency_code: str
    payer: Payer
    lines: tuple[ChargeLine, ...]
    gross_vnd: int
    waived_vnd: int
    open_vnd: int
    raised_at: datetime

    @property
    def due_vnd(self) -> int:
        return self.gross_vnd - self.waived_vnd

    @property
    def is_settled(self) -> bool:
        return self.open_vnd <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInfo:
    """One attempt to pay. `state` is where its events stand now; none of them is the last for ever."""

    id: int
    uuid: UUID
    charge_uuid: UUID
    way: Way
    reference: str
    amount_vnd: int
    state: PaymentState
    received_vnd: int
    created_at: datetime
    expires_at: datetime | None
    helper: Helper | None = None


PaymentEventKind = Literal["paid", "failed", "expired", "charged_back", "refunded"]
PaymentState = Literal["waiting", "paid", "failed", "expired", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEvent:
    """What a driver learnt of a payment: by callback, by asking, or from a statement.

    `external_id` names the movement of money at the other side: the same movement told twice counts once.
    """

    kind: PaymentEventKind
    external_id: str
    amount_vnd: int
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of a ledger entry: `amount_vnd` moves from the credited to the debited account."""

    debit: AccountKind
    credit: AccountKind
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundInfo:
    uuid: UUID
    charge_uuid: UUID
    amount_vnd: int
    reason: str
    is_approved: bool
    is_sent: bool
    needs_second: bool
    way: str = ""  # how it goes back: "gateway" where the money came by it; "" until somebody chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    """A refund as the office's list shows it."""

    uuid: UUID
    charge_uuid: UUID
    case_code: str
    agency_code: str
    payer_name: str
    amount_vnd: int
    reason: str
    asked_by: str
    asked_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    needs_second: bool
    attempt: int = 1
    by_gateway: bool = False  # the money came by the gateway and goes back by it, without an official's hand
    gateway_said: str = ""
    sent_way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillInfo:
    """One shift: `expected_vnd` is what the ledger says lies in the drawer."""

    uuid: UUID
    agency_code: str
    cashier_name: str
    opened_at: datetime
    closed_at: datetime | None
    expected_vnd: int
    counted_vnd: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    agency_code: str
    kind: AccountKind
    debit_vnd: int
    credit_vnd: int

    @property
    def balance_vnd(self) -> int:
        return self.debit_vnd - self.credit_vnd
