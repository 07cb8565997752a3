"""Statements, and what the match of ledger, gateway and bank says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

StatementSource = Literal["bank", "gateway"]
LineKind = Literal["money", "charged_back", "refunded", "settlement", "fee"]  # of a bank's statement: always "money"
DifferenceKind = Literal[
    "only_ledger",  # sổ có, sao kê không
    "only_gateway",  # cổng có, sổ không
    "only_bank",  # ngân hàng có, sổ không
    "amount",  # hai bên khác số tiền
    "double_payment",
    "overpaid",
    "underpaid",
    "late",
    "lost_callback",
    "charged_back",
    "no_reference",
    "forged",
    "clock",  # thông báo bị từ chối vì đồng hồ hai bên lệch
]
ActCode = Literal[
    "reverse", "adjust", "bank_fee", "gateway_fee", "to_treasury", "take_in", "return_money", "told_payer", "explain"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement of a bank account or in a gateway's report; `amount_vnd` is negative for money that left."""

    external_id: str
    amount_vnd: int
    on: date
    text: str = ""
    reference: str = ""
    kind: LineKind = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementInfo:
    """A file that was taken in. `is_repeat`: the same bytes were taken in before, nothing was written."""

    uuid: UUID | None = None
    name: str
    source: StatementSource
    lines: int
    new_lines: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the three sides do not say alike, by name. `is_explained`: the ledger holds it, nothing is open."""

    kind: DifferenceKind
    reference: str
    ledger_vnd: int | None
    other_vnd: int | None
    advice: str
    is_explained: bool = False
    case_code: str = ""
    external_id: str = ""  # what the other side calls the movement
    resolved_by: str = ""  # the act, and who did it, in words
    waits_for_second: str = ""  # uuid of an act that another person has to agree to

    @property
    def open_vnd(self) -> int:
        return 0 if self.is_explained else abs((self.other_vnd or 0) - (self.ledger_vnd or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionInfo:
    """A named act that explains a difference; `is_done` False while a second person has to agree."""

    uuid: UUID
    on: date
    kind: str
    reference: str
    act: str
    amount_vnd: int
    reason: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    is_done: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileReport:
    """What one day's match found. `applied`: movements that a statement told and the ledger took in now."""

    on: date
    matched: int
    applied: int = 0
    differences: tuple[Difference, ...] = field(default=())
    resolutions: tuple[ResolutionInfo, ...] = ()

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        return tuple(each for each in self.differences if not each.is_explained)

    @property
    def unexplained_vnd(self) -> int:
        return sum(each.open_vnd for each in self.differences)
