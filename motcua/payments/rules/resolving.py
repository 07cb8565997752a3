"""The named acts by which a person explains a difference of the match: one table, the accountant reads it.

An act that moves money writes the entry named here; the statement is the proof. `second`: another person has to
agree, whatever the amount; other acts need one from the limit of `limits` on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from motcua.kernel.messages import N_
from motcua.payments.rules.limits import needs_second_person
from motcua.payments.types import ActCode, Difference, DifferenceKind, EntryKind

E = EntryKind
Side = Literal["any", "in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: for which kinds of difference, whether money came or left, what it is called."""

    code: ActCode
    kinds: frozenset[DifferenceKind]
    name: str
    side: Side = "any"
    second: bool = False
    moves: bool = True


ACTS: Mapping[ActCode, Act] = MappingProxyType(
    {
        each.code: each
        for each in (
            Act(code="reverse", kinds=frozenset({"only_ledger"}), side="in", second=True,
                name=N_("Ghi ngược: tiền này không có ở bên kia")),
            Act(code="adjust", kinds=frozenset({"amount"}), second=True,
                name=N_("Điều chỉnh sổ theo số tiền của sao kê")),
            Act(code="bank_fee", kinds=frozenset({"only_bank"}), side="out", name=N_("Ghi là phí ngân hàng")),
            Act(code="gateway_fee", kinds=frozenset({"only_gateway"}), side="out",
                name=N_("Ghi là phí cổng thanh toán giữ lại")),
            Act(code="to_treasury", kinds=frozenset({"only_bank"}), side="out",
                name=N_("Ghi là nộp ngân sách nhà nước")),
            Act(code="take_in", kinds=frozenset({"only_gateway"}), side="in",
                name=N_("Ghi tiền chưa rõ của ai ở cổng thanh toán")),
            Act(code="return_money", kinds=frozenset({"no_reference"}), side="in", second=True,
                name=N_("Trả lại tiền không tìm được người nộp")),
            Act(code="told_payer", kinds=frozenset({"underpaid", "charged_back"}), moves=False,
                name=N_("Đã báo người nộp nộp phần còn thiếu")),
            Act(code="explain", second=True, moves=False, name=N_("Giải thích bằng văn bản, không ghi tiền"),
                kinds=frozenset({"only_ledger", "only_bank", "only_gateway", "amount", "overpaid", "double_payment"})),
        )
    }
)  # fmt: skip


def list_acts(difference: Difference) -> tuple[Act, ...]:
    """Return the acts that may explain this difference, the one most often right first; none once it is explained."""
    if difference.is_explained or difference.waits_for_second:
        return ()
    shown = difference.other_vnd if difference.other_vnd is not None else difference.ledger_vnd or 0
    side = "out" if shown < 0 else "in"
    return tuple(act for act in ACTS.values() if difference.kind in act.kinds and act.side in ("any", side))


def moved_vnd(act: Act, difference: Difference) -> int:
    """Return how much the act moves; zero for one that moves nothing."""
    if not act.moves:
        return 0
    return abs((difference.other_vnd or 0) - (difference.ledger_vnd or 0))


def needs_second(act: Act, amount_vnd: int) -> bool:
    """Tell whether another person has to agree."""
    return act.second or needs_second_person(amount_vnd)


def entry_kind(act: Act, difference: Difference, *, is_gateway: bool) -> EntryKind | None:
    """Return the entry that the act writes; None for an act without money."""
    is_more = (difference.other_vnd or 0) > (difference.ledger_vnd or 0)
    kinds: Mapping[ActCode, EntryKind] = {
        "reverse": E.REVERSED_GATEWAY if is_gateway else E.REVERSED_BANK,
        "adjust": (E.ADDED_GATEWAY if is_gateway else E.ADDED_BANK)
        if is_more
        else (E.REVERSED_GATEWAY if is_gateway else E.REVERSED_BANK),
        "bank_fee": E.BANK_FEE,
        "gateway_fee": E.GATEWAY_FEE,
        "to_treasury": E.TO_TREASURY,
        "take_in": E.PAID_UNKNOWN_GATEWAY,
        "return_money": E.UNKNOWN_RETURNED,
    }
    return kinds.get(act.code)
