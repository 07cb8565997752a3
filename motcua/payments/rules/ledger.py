"""Which accounts an event moves. One table: the accountant reads it, the test walks it.

Every movement takes an amount from one account and puts it on another, so an entry cannot be out of balance. Money
of a payer goes through the one account PAYER of the charge, whatever comes first: the payments of a charge commute,
and "overpaid" is a negative balance, not a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from motcua.payments.types import AccountKind as A
from motcua.payments.types import AmountInvalid, Movement
from motcua.payments.types import EntryKind as E

MOVES: Mapping[E, tuple[A, A]] = MappingProxyType(  # entry: (debited, credited)
    {
        E.CHARGED: (A.PAYER, A.INCOME),
        E.WAIVED: (A.WAIVED, A.PAYER),
        E.CANCELLED: (A.INCOME, A.PAYER),
        E.PAID_GATEWAY: (A.GATEWAY, A.PAYER),
        E.PAID_BANK: (A.BANK, A.PAYER),
        E.PAID_CASH: (A.TILL, A.PAYER),
        E.PAID_UNKNOWN: (A.BANK, A.UNKNOWN),
        E.IDENTIFIED: (A.UNKNOWN, A.PAYER),
        E.SETTLED: (A.BANK, A.GATEWAY),
        E.PAID_UNKNOWN_GATEWAY: (A.GATEWAY, A.UNKNOWN),
        E.CHARGED_BACK: (A.PAYER, A.GATEWAY),
        E.CHARGED_BACK_BANK: (A.PAYER, A.BANK),
        E.REVERSED_BANK: (A.PAYER, A.BANK),
        E.REVERSED_GATEWAY: (A.PAYER, A.GATEWAY),
        E.ADDED_BANK: (A.BANK, A.PAYER),
        E.ADDED_GATEWAY: (A.GATEWAY, A.PAYER),
        E.TILL_CLOSED: (A.TRANSIT, A.TILL),
        E.TILL_SHORT: (A.TILL_DIFFERENCE, A.TILL),
        E.TILL_OVER: (A.TILL, A.TILL_DIFFERENCE),
        E.TILL_BANKED: (A.BANK, A.TRANSIT),
        E.REFUND_DECIDED: (A.PAYER, A.REFUND),
        E.REFUND_SENT_BANK: (A.REFUND, A.BANK),
        E.REFUND_SENT_CASH: (A.REFUND, A.TILL),
        E.REFUND_SENT_GATEWAY: (A.REFUND, A.GATEWAY),
        E.REFUND_RETURNED: (A.BANK, A.REFUND),
        E.UNKNOWN_RETURNED: (A.UNKNOWN, A.BANK),
        E.BANK_FEE: (A.BANK_FEE, A.BANK),
        E.GATEWAY_FEE: (A.BANK_FEE, A.GATEWAY),
        E.TO_TREASURY: (A.TREASURY, A.BANK),
    }
)
# Accounts of whoever holds the collecting account at the bank; the others are of the agency whose fee it is.
HELD = frozenset({A.GATEWAY, A.BANK, A.TRANSIT, A.UNKNOWN, A.TREASURY, A.BANK_FEE})
OF_A_CHARGE = frozenset(
    {E.CHARGED, E.WAIVED, E.CANCELLED, E.PAID_GATEWAY, E.PAID_BANK, E.PAID_CASH, E.IDENTIFIED, E.CHARGED_BACK,
     E.CHARGED_BACK_BANK, E.REVERSED_BANK, E.REVERSED_GATEWAY, E.ADDED_BANK, E.ADDED_GATEWAY,
     E.REFUND_DECIDED, E.REFUND_SENT_BANK, E.REFUND_SENT_CASH, E.REFUND_SENT_GATEWAY, E.REFUND_RETURNED}
)  # fmt: skip


def move(kind: E, amount_vnd: int) -> Movement:
    """Return the movement of an event. Raises: AmountInvalid for an amount that is not above zero."""
    if amount_vnd <= 0:
        raise AmountInvalid(amount_vnd)
    debit, credit = MOVES[kind]
    return Movement(debit=debit, credit=credit, amount_vnd=amount_vnd)


def sum_balances(movements: Iterable[Movement]) -> dict[A, int]:
    """Add movements up by account; the sum over all accounts is zero."""
    balances: dict[A, int] = {}
    for each in movements:
        balances[each.debit] = balances.get(each.debit, 0) + each.amount_vnd
        balances[each.credit] = balances.get(each.credit, 0) - each.amount_vnd
    return balances
