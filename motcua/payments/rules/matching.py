"""The three-way match: our ledger, the gateway's report, the bank's statement. Pure.

Two steps. `plan` says what a statement tells that the ledger does not hold yet and that needs no person: a callback
that was lost, money nobody's reference is in, a gateway's transfer, a till's cash, a transfer to the treasury. After
these were written, `compare` names every difference that is left, and what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.payments.rules.folding import received_vnd
from motcua.payments.types import Difference, EntryKind, PaymentEvent, StatementLine

E = EntryKind
StepKind = Literal[
    "paid",
    "charged_back",
    "refunded",
    "unknown",
    "settled",
    "till_banked",
    "to_treasury",
    "refund_returned",
    "gateway_fee",
]
_AT_BANK = frozenset(
    {E.PAID_BANK, E.PAID_UNKNOWN, E.SETTLED, E.TILL_BANKED, E.TO_TREASURY, E.REFUND_SENT_BANK, E.CHARGED_BACK_BANK,
     E.REFUND_RETURNED, E.UNKNOWN_RETURNED, E.BANK_FEE, E.REVERSED_BANK, E.ADDED_BANK}
)  # fmt: skip
_AT_GATEWAY = frozenset(
    {E.PAID_GATEWAY, E.PAID_UNKNOWN_GATEWAY, E.CHARGED_BACK, E.REFUND_SENT_GATEWAY, E.REVERSED_GATEWAY,
     E.ADDED_GATEWAY, E.GATEWAY_FEE}
)  # fmt: skip
_OUT = frozenset(
    {E.TO_TREASURY, E.REFUND_SENT_BANK, E.CHARGED_BACK, E.CHARGED_BACK_BANK, E.REFUND_SENT_GATEWAY, E.UNKNOWN_RETURNED,
     E.BANK_FEE, E.GATEWAY_FEE, E.REVERSED_BANK, E.REVERSED_GATEWAY}
)  # fmt: skip
_MENDS = frozenset({E.REVERSED_BANK, E.REVERSED_GATEWAY, E.ADDED_BANK, E.ADDED_GATEWAY})  # mend another entry
_SKEW = timedelta(minutes=5)  # clocks of two houses differ by so much without meaning anything
_OfOrder = Literal["charged_back", "lost_callback", "late", "overpaid", "underpaid", "double_payment"]
_ADVICE: Mapping[_OfOrder, str] = {
    "charged_back": N_("Ngân hàng đã lấy lại tiền. Khoản phải nộp mở lại; hãy báo người nộp."),
    "lost_callback": N_("Thông báo của cổng hoặc ngân hàng đã mất; sao kê cho biết và sổ đã ghi."),
    "late": N_("Tiền đến sau khi mã hết hạn; sổ vẫn ghi cho hồ sơ này."),
    "overpaid": N_("Người nộp chuyển thừa. Hãy đề nghị hoàn phần thừa."),
    "underpaid": N_("Người nộp chuyển thiếu. Hồ sơ còn phải nộp phần thiếu; hãy báo người nộp."),
    "double_payment": N_("Đã nộp hai lần. Hãy đề nghị hoàn một lần; trên hạn mức cần người thứ hai duyệt."),
}
_TREASURY = re.compile(r"NOP\s*(?:NSNN|NGAN SACH|KHO BAC)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerItem:
    """An entry that a statement must show. `external_id` names the movement there."""

    kind: EntryKind
    external_id: str
    amount_vnd: int
    on: date
    reference: str = ""
    case_code: str = ""

    @property
    def signed_vnd(self) -> int:
        return -self.amount_vnd if self.kind in _OUT else self.amount_vnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One attempt to pay with what was told of it, and how its charge stands."""

    reference: str
    charge_id: int
    case_code: str
    amount_vnd: int
    expires_at: datetime | None
    charge_open_vnd: int
    told: tuple[tuple[PaymentEvent, str], ...] = ()  # (event, told by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Everything the match of a day looks at. Codes in the words of a statement: of tills and of refunds."""

    on: date
    ledger: Sequence[LedgerItem] = ()
    gateway: Sequence[StatementLine] = ()
    bank: Sequence[StatementLine] = ()
    orders: Mapping[str, Order] = field(default_factory=dict)
    tills: Mapping[str, int] = field(default_factory=dict)  # code: counted, not yet at the bank
    refunds: Mapping[str, int] = field(default_factory=dict)  # code: amount sent by bank
    identified: frozenset[str] = frozenset()  # unknown money whose owner was found
    forged: Sequence[str] = ()  # why messages of the day were not believed
    clock: Sequence[str] = ()  # truly signed ones that came with another time than ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One movement to write."""

    kind: StepKind
    line: StatementLine
    reference: str = ""


def plan(sides: Sides) -> tuple[Step, ...]:
    """Return what the day's lines tell that the ledger does not hold yet, in the order of the lines."""
    known = {item.external_id for item in sides.ledger}
    known_fees = {item.external_id for item in sides.ledger if item.kind == E.GATEWAY_FEE}
    known_of_side = {(item.external_id, item.signed_vnd < 0) for item in sides.ledger}
    steps = []
    for line in sides.gateway:
        if line.kind == "fee":
            steps += [Step(kind="gateway_fee", line=line)] if line.external_id not in known_fees else []
            continue
        step = _plan_gateway(line, sides) if (line.external_id not in known or line.kind != "money") else None
        if step is not None and not _is_written(step, sides):
            steps.append(step)
    for line in sides.bank:
        is_known = (line.external_id, line.amount_vnd < 0) in known_of_side
        step = _plan_bank(line, sides) if not is_known else None
        if step is not None:
            steps.append(step)
    return tuple(steps)


def compare(sides: Sides) -> tuple[int, tuple[Difference, ...]]:
    """Return how many lines agree and every difference of the day by name, in a stable order."""
    matched, found = _compare_side(sides, sides.bank, at=_AT_BANK, name="only_bank")
    more, others = _compare_side(sides, sides.gateway, at=_AT_GATEWAY, name="only_gateway")
    told = [each for order in sides.orders.values() for each in _judge_order(order, sides.on)]
    forged = [
        Difference(
            kind="forged", reference=reason, ledger_vnd=None, other_vnd=None, is_explained=True,
            advice=N_("Thông báo không đúng chữ ký hoặc nội dung đã bị từ chối và lưu lại; không ghi tiền nào."),
        )
        for reason in sides.forged
    ]  # fmt: skip
    clock = [
        Difference(
            kind="clock", reference=reason, ledger_vnd=None, other_vnd=None, is_explained=True,
            advice=N_("Đồng hồ hai bên lệch quá 5 phút. Hãy chỉnh giờ; tiền được ghi khi hỏi lại hoặc có sao kê."),
        )
        for reason in sides.clock
    ]  # fmt: skip
    found += _judge_settlements(sides)
    return matched + more, (*found, *others, *_judge_doubles(sides), *told, *forged, *clock)


def _plan_gateway(line: StatementLine, sides: Sides) -> Step | None:
    if line.kind == "settlement" or line.reference not in sides.orders:
        return None
    kinds: Mapping[str, StepKind] = {"money": "paid", "charged_back": "charged_back", "refunded": "refunded"}
    return Step(kind=kinds[line.kind], line=line, reference=line.reference) if line.kind != "refunded" else None


def _is_written(step: Step, sides: Sides) -> bool:
    order = sides.orders[step.reference]
    return any(event.kind == step.kind and event.external_id == step.line.external_id for event, _ in order.told)


def _plan_bank(line: StatementLine, sides: Sides) -> Step | None:
    if line.amount_vnd < 0:
        if _TREASURY.search(line.text) is not None:
            return Step(kind="to_treasury", line=line)
        is_of_order = line.reference in sides.orders  # the bank took a payer's money back
        return Step(kind="charged_back", line=line, reference=line.reference) if is_of_order else None
    if line.reference in sides.orders:
        return Step(kind="paid", line=line, reference=line.reference)
    batch = _find_batch(line, sides.gateway)
    if batch is not None:
        return Step(kind="settled", line=line, reference=batch.external_id)
    returned = find_code(line.text, sides.refunds)
    if returned:
        return Step(kind="refund_returned", line=line, reference=returned)
    till = find_code(line.text, sides.tills)
    if till and sides.tills[till] == line.amount_vnd:
        return Step(kind="till_banked", line=line, reference=till)
    return Step(kind="unknown", line=line)


def _judge_settlements(sides: Sides) -> Iterable[Difference]:
    """What the gateway says it handed over must stand at the bank, to the đồng."""
    for batch in sides.gateway:
        if batch.kind != "settlement" or batch.on != sides.on:
            continue
        came = [line for line in sides.bank if line.amount_vnd > 0 and _find_batch(line, [batch]) is not None]
        if sum(line.amount_vnd for line in came) == batch.amount_vnd:
            continue
        yield Difference(
            kind="amount" if came else "only_gateway", reference=batch.external_id, external_id=batch.external_id,
            ledger_vnd=sum(line.amount_vnd for line in came) if came else None, other_vnd=batch.amount_vnd,
            advice=N_("Cổng báo đã chuyển tiền mà ngân hàng ghi khác, hoặc chưa có. Hãy hỏi cổng thanh toán."),
        )  # fmt: skip


def _find_batch(line: StatementLine, gateway: Iterable[StatementLine]) -> StatementLine | None:
    words = _compact(line.text)
    for each in gateway:
        if each.kind == "settlement" and _compact(each.external_id.partition(":")[2]) in words:
            return each
    return None


def _compare_side(
    sides: Sides,
    lines: Sequence[StatementLine],
    *,
    at: frozenset[EntryKind],
    name: Literal["only_bank", "only_gateway"],
) -> tuple[int, list[Difference]]:
    items = {(item.external_id, item.signed_vnd < 0): item for item in _mend(sides.ledger, at)}
    matched, found, seen = 0, [], set()
    for line in lines:
        if line.kind == "settlement":
            continue
        key = (line.external_id, line.amount_vnd < 0)
        item = items.get(key) or _find_refund(line, sides, items)
        if item is not None:
            seen.add((item.external_id, item.signed_vnd < 0))
        if line.on != sides.on:
            continue
        difference = _judge_line(line, item, sides, name)
        if difference is None:
            matched += 1
        else:
            found.append(difference)
    found += [
        Difference(
            kind="only_ledger", reference=item.reference or item.external_id, ledger_vnd=item.signed_vnd,
            other_vnd=None, external_id=item.external_id, case_code=item.case_code,
            advice=N_("Sổ có mà sao kê chưa có. Hãy chờ sao kê ngày sau; quá 2 ngày thì hỏi ngân hàng hoặc cổng."),
        )
        for key, item in items.items()
        if key not in seen and item.on == sides.on
    ]  # fmt: skip
    return matched, found


def _mend(ledger: Iterable[LedgerItem], at: frozenset[EntryKind]) -> Iterable[LedgerItem]:
    """Yield what a statement must show of each movement: the entry and what was written to mend it, as one."""
    here = [item for item in ledger if item.kind in at]
    mended: dict[str, int] = {}
    for item in here:
        if item.kind in _MENDS:
            mended[item.external_id] = mended.get(item.external_id, 0) + item.signed_vnd
    for item in here:
        if item.kind not in _MENDS:
            amount = item.amount_vnd + mended.get(item.external_id, 0)
            if amount:
                yield replace(item, amount_vnd=amount)


def find_code(text: str, codes: Iterable[str]) -> str:
    """Return the longest of our codes that stands in the words of a transfer; "" for none."""
    words = _compact(text)
    return max((code for code in codes if code in words), key=len, default="")


def _find_refund(line: StatementLine, sides: Sides, items: Mapping[tuple[str, bool], LedgerItem]) -> LedgerItem | None:
    """A refund by bank carries its code in the words of the transfer."""
    if line.amount_vnd >= 0:
        return None
    code = find_code(line.text, sides.refunds)
    return items.get((code, True)) if code else None


def _judge_line(
    line: StatementLine, item: LedgerItem | None, sides: Sides, name: Literal["only_bank", "only_gateway"]
) -> Difference | None:
    shown = line.reference or line.external_id
    if item is None:
        return Difference(
            kind=name, reference=shown, ledger_vnd=None, other_vnd=line.amount_vnd, external_id=line.external_id,
            advice=N_("Sao kê có mà sổ không giải thích được. Hãy xem nội dung và hỏi ngân hàng hoặc cổng."),
        )  # fmt: skip
    if item.signed_vnd != line.amount_vnd:
        return Difference(
            kind="amount", reference=shown, ledger_vnd=item.signed_vnd, other_vnd=line.amount_vnd,
            external_id=line.external_id, case_code=item.case_code,
            advice=N_("Hai bên ghi khác số tiền. Sao kê là bằng chứng; hãy ghi bút toán điều chỉnh có người duyệt."),
        )  # fmt: skip
    if item.kind in (E.PAID_UNKNOWN, E.PAID_UNKNOWN_GATEWAY):
        return Difference(
            kind="no_reference", reference=line.external_id, external_id=line.external_id, ledger_vnd=None,
            other_vnd=line.amount_vnd,
            advice=N_("Tiền vào không có mã nộp. Hãy tìm hồ sơ theo tên, số tiền rồi gán; không tìm được thì hoàn."),
            is_explained=line.external_id in sides.identified,
        )  # fmt: skip
    return None


def _judge_order(order: Order, on: date) -> Iterable[Difference]:
    """Name what was odd about the messages of a day. What is explained hangs on how the charge stands today."""
    is_paid, is_over = order.charge_open_vnd <= 0, order.charge_open_vnd < 0
    for event, told_by in order.told:
        if local_date(event.happened_at) != on:
            continue
        if event.kind == "charged_back":
            yield _of_order("charged_back", order, -event.amount_vnd, is_explained=is_paid)
        if event.kind != "paid":
            continue
        checks: tuple[tuple[_OfOrder, bool, bool], ...] = (
            ("lost_callback", told_by == "statement", True),
            ("late", told_by != "statement" and _is_late(event, order), True),  # a statement knows the day only
            ("overpaid", event.amount_vnd > order.amount_vnd, not is_over),
            ("underpaid", event.amount_vnd < order.amount_vnd, is_paid),
        )
        for kind, holds, is_explained in checks:
            if holds:
                yield _of_order(kind, order, event.amount_vnd, is_explained=is_explained)


def _is_late(event: PaymentEvent, order: Order) -> bool:
    return order.expires_at is not None and event.happened_at >= order.expires_at + _SKEW


def _judge_doubles(sides: Sides) -> Iterable[Difference]:
    """Two payments that both came in for one charge: named on the day of the later one."""
    by_charge: dict[int, list[tuple[Order, PaymentEvent]]] = {}
    for order in sides.orders.values():
        back = {event.external_id for event, _ in order.told if event.kind == "charged_back"}
        paid = {event.external_id: event for event, _ in order.told if event.kind == "paid"}
        by_charge.setdefault(order.charge_id, []).extend(
            (order, event)
            for own_id, event in paid.items()
            if own_id not in back and event.amount_vnd >= order.amount_vnd and not _is_all_back(order)
        )
    for came in by_charge.values():
        came.sort(key=lambda each: (each[1].happened_at, each[1].external_id))
        for order, event in came[1:]:
            if local_date(event.happened_at) == sides.on:
                is_explained = order.charge_open_vnd >= 0
                yield _of_order("double_payment", order, event.amount_vnd, is_explained=is_explained)


def _is_all_back(order: Order) -> bool:
    """A bank takes back under a number of its own: then the sums of the order tell."""
    return received_vnd(event for event, _told_by in order.told) <= 0


def _of_order(kind: _OfOrder, order: Order, came_vnd: int, *, is_explained: bool) -> Difference:
    due = None if kind in ("charged_back", "double_payment") else order.amount_vnd
    return Difference(
        kind=kind, reference=order.reference, ledger_vnd=due, other_vnd=came_vnd, advice=_ADVICE[kind],
        is_explained=is_explained, case_code=order.case_code,
    )  # fmt: skip


def _compact(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())
