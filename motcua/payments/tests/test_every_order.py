"""Every path that money takes ends at zero unexplained, in whatever order its events come and however often."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import Actor
from motcua.documents.public import ensure_demo_key
from motcua.kernel.errors import DomainError
from motcua.outbox.public import drain
from motcua.payments.actions.charges import waive_charge
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.actions.receipt_changes import ask_receipt_change, decide_receipt_change
from motcua.payments.actions.refunds import ask_refund, send_refund
from motcua.payments.models import Account, Entry, Receipt
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge
from motcua.payments.queries.receipts import list_receipts
from motcua.payments.rules.ledger import MOVES
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import AccountKind, EntryKind, Payer, PaymentEvent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
E, A = EntryKind, AccountKind
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")
BE = Actor(kind="official", id="be", name="Lê Thị Bé Thử")
LATER = NOW + timedelta(days=9)
DUE = 100
Step = tuple[EntryKind, int]
# What happens to one fee of 100, by name, until the money lies at the treasury or went back.
STORIES: Mapping[str, Sequence[Step]] = {
    "paid at the gateway": [(E.PAID_GATEWAY, DUE), (E.SETTLED, DUE)],
    "paid twice, once refunded by the gateway": [
        (E.PAID_GATEWAY, DUE), (E.PAID_GATEWAY, DUE), (E.REFUND_DECIDED, DUE), (E.REFUND_SENT_GATEWAY, DUE),
        (E.SETTLED, DUE),
    ],
    "paid in two parts": [(E.PAID_BANK, 60), (E.PAID_BANK, 40)],
    "overpaid, the rest refunded by bank, sent back, sent again": [
        (E.PAID_BANK, 130), (E.REFUND_DECIDED, 30), (E.REFUND_SENT_BANK, 30), (E.REFUND_RETURNED, 30),
        (E.REFUND_SENT_BANK, 30),
    ],
    "charged back and paid again": [(E.PAID_GATEWAY, DUE), (E.CHARGED_BACK, DUE), (E.PAID_BANK, DUE)],
    "taken back by the bank and paid again": [(E.PAID_BANK, DUE), (E.CHARGED_BACK_BANK, DUE), (E.PAID_BANK, DUE)],
    "told wrongly and mended": [(E.PAID_BANK, 120), (E.REVERSED_BANK, 20)],
    "told too little and mended": [(E.PAID_GATEWAY, 80), (E.ADDED_GATEWAY, 20), (E.SETTLED, DUE)],
    "told too little by the bank": [(E.PAID_BANK, 90), (E.ADDED_BANK, 10)],
    "never came, reversed, paid": [(E.PAID_GATEWAY, DUE), (E.REVERSED_GATEWAY, DUE), (E.PAID_BANK, DUE)],
    "nobody's money, identified": [(E.PAID_UNKNOWN, DUE), (E.IDENTIFIED, DUE)],
    "nobody's money at the gateway": [(E.PAID_UNKNOWN_GATEWAY, DUE), (E.IDENTIFIED, DUE), (E.SETTLED, DUE)],
    "nobody's money sent back": [(E.PAID_UNKNOWN, 70), (E.UNKNOWN_RETURNED, 70), (E.PAID_BANK, DUE)],
    "cash, one note short": [
        (E.PAID_CASH, DUE), (E.TILL_SHORT, 10), (E.TILL_CLOSED, 90), (E.TILL_BANKED, 90),
    ],
    "cash, given back in cash": [
        (E.PAID_CASH, DUE), (E.CANCELLED, DUE), (E.REFUND_DECIDED, DUE), (E.REFUND_SENT_CASH, DUE),
    ],
    "cash too much": [(E.PAID_CASH, DUE), (E.TILL_OVER, 5), (E.TILL_CLOSED, 105), (E.TILL_BANKED, 105)],
    "waived": [(E.WAIVED, DUE)],
    "a gateway that keeps its fee": [(E.PAID_GATEWAY, DUE), (E.GATEWAY_FEE, 3), (E.SETTLED, DUE - 3)],
    "a fee of the bank": [(E.PAID_BANK, DUE), (E.BANK_FEE, 22)],
}  # fmt: skip
ENDS_AT_ZERO = (A.PAYER, A.GATEWAY, A.TILL, A.TRANSIT, A.REFUND, A.UNKNOWN)


def _write(names: Sequence[str], chance: random.Random) -> dict[AccountKind, int]:
    """Write the stories mixed up, some steps twice; return how the accounts stand, then forget it all."""
    with transaction.atomic():
        steps = []
        for place, name in enumerate(names):
            charge = make_charge(DUE)
            for number, (kind, amount) in enumerate(STORIES[name]):
                entry = NewEntry(
                    kind=kind, amount_vnd=amount, agency_code="H29.1", reference=f"{kind}:{place}:{number}",
                    happened_at=NOW, charge_id=charge.id,
                )  # fmt: skip
                steps.append(entry)
        banked = _lies_at_bank(steps)
        if banked > 0:
            steps.append(
                NewEntry(
                    kind=E.TO_TREASURY, amount_vnd=banked, agency_code="H29.1", reference="to_treasury:1",
                    happened_at=NOW,
                )
            )  # fmt: skip
        told = [*steps, *chance.sample(steps, len(steps) // 2)]
        chance.shuffle(told)
        for each in told:
            post([each], now=NOW)
        end = {row.kind: row.balance_vnd for row in list_balances(before=LATER)}
        assert sum(end.values()) == 0
        assert Entry.objects.filter(happened_at=NOW).exclude(kind=E.CHARGED).count() == len(steps)
        transaction.set_rollback(True)
    return {kind: vnd for kind, vnd in end.items() if vnd}


def _lies_at_bank(steps: Sequence[NewEntry]) -> int:
    return sum(each.amount_vnd * ((MOVES[each.kind][0] == A.BANK) - (MOVES[each.kind][1] == A.BANK)) for each in steps)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(STORIES)), min_size=1, max_size=3), st.integers(0, 10**6))
def test_stories_mixed_in_any_order_end_alike_with_nothing_unexplained(names: list[str], seed: int) -> None:
    first = _write(names, random.Random(seed))
    assert _write(names, random.Random(seed + 1)) == first
    for kind in ENDS_AT_ZERO:
        assert kind not in first, f"{names}: {kind} {first}"
    assert A.BANK not in first  # all of it lies at the treasury


def test_every_kind_of_entry_has_a_story() -> None:
    told = {kind for steps in STORIES.values() for kind, _amount in steps}
    assert told | {E.CHARGED, E.TO_TREASURY} == set(EntryKind)


def test_every_story_alone_ends_at_zero() -> None:
    for name in STORIES:
        assert not set(_write([name], random.Random(7))) & {*ENDS_AT_ZERO, A.BANK}, name


def _live(order: Sequence[int]) -> tuple[object, ...]:
    """Live through one history by the actions themselves, steps that come too early tried again until quiet."""
    with transaction.atomic():
        charge = make_charge(100_000)
        one = start_payment(charge.uuid, way="vnpay", key="1", now=NOW)
        two = start_payment(charge.uuid, way="vietqr", key="2", now=NOW)

        def tell(reference: str, kind: str, number: str) -> None:
            event = PaymentEvent(kind=kind, external_id=number, amount_vnd=100_000, happened_at=NOW)  # type: ignore[arg-type]  # a table of kinds
            hear(reference, event, source="callback", raw={}, now=NOW)

        def give_back() -> None:
            refund = ask_refund(charge.uuid, amount_vnd=100_000, reason="trùng", key="r", actor=ANN, now=NOW)
            send_refund(refund.uuid, way="bank", external_id="x", actor=ANN, now=NOW)

        steps = (
            lambda: tell(one.reference, "failed", "vnpay:f"),
            lambda: tell(one.reference, "paid", "vnpay:1"),
            lambda: tell(two.reference, "paid", "bank:2"),
            give_back,
            lambda: drain(now=NOW),
        )
        waiting = list(order)
        while waiting:
            left = []
            for number in waiting:
                try:
                    steps[number]()
                except DomainError:
                    left.append(number)
            assert len(left) < len(waiting), "nothing moves any more"
            waiting = left
        drain(now=NOW)
        balances = tuple((row.kind, row.balance_vnd) for row in list_balances(before=LATER) if row.balance_vnd)
        receipts = sorted((each.amount_vnd, each.is_valid) for each in list_receipts([charge.uuid]))
        end = balances, get_charge(charge.uuid).open_vnd, receipts
        transaction.set_rollback(True)
    return end


def test_a_double_payment_and_its_refund_in_any_order() -> None:
    orders = random.Random(5).sample(list(itertools.permutations(range(5))), 5)
    ends = [_live(order) for order in orders]
    assert all(end == ends[0] for end in ends) and ends[0][1] == 0


@pytest.mark.parametrize("order", list(itertools.permutations(("paid", "charged_back", "drain"))))
def test_a_receipt_of_money_that_is_gone_is_cancelled_or_never_issued(order: tuple[str, ...]) -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vnpay", key="1", now=NOW)
    for step in (*order, "drain"):
        if step == "drain":
            drain(now=NOW)
            continue
        event = PaymentEvent(kind=step, external_id="vnpay:1", amount_vnd=100_000, happened_at=NOW)  # type: ignore[arg-type]  # as above
        hear(payment.reference, event, source="callback", raw={}, now=NOW)
    assert get_charge(charge.uuid).open_vnd == 100_000
    assert not any(each.is_valid for each in list_receipts([charge.uuid]))
    numbers = sorted(Receipt.objects.values_list("no", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_cancelled_and_a_replaced_receipt_leave_the_ledger_alone() -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="1", now=NOW)
    event = PaymentEvent(kind="paid", external_id="bank:1", amount_vnd=100_000, happened_at=NOW)
    hear(payment.reference, event, source="callback", raw={}, now=NOW)
    drain(now=NOW)
    before = list_balances(before=LATER)
    (receipt,) = list_receipts([charge.uuid])
    payer = Payer(name="Người nộp Đúng Tên Thử")
    wish = ask_receipt_change(receipt.uuid, kind="replace", reason="sai tên", payer=payer, actor=ANN, now=NOW)
    with pytest.raises(DomainError):
        decide_receipt_change(wish.uuid, agrees=True, actor=ANN, now=NOW)
    with pytest.raises(DomainError):
        ask_receipt_change(receipt.uuid, kind="cancel", reason="lần nữa", actor=BE, now=NOW)
    second = decide_receipt_change(wish.uuid, agrees=True, actor=BE, now=NOW)
    assert second is not None and second.replaces_no == receipt.no and second.payload["payer"] == payer.name
    drain(now=NOW)
    assert list_balances(before=LATER) == before
    assert [each.is_valid for each in list_receipts([charge.uuid])] == [False, True]


def test_what_is_proved_later_is_waived_once_and_no_more_than_is_due() -> None:
    charge = make_charge(100_000)
    for _ in range(2):
        info = waive_charge(charge.uuid, amount_vnd=60_000, reason="hộ nghèo", key="k", actor="motcua", now=NOW)
    assert (info.due_vnd, info.open_vnd, info.waived_vnd) == (40_000, 40_000, 60_000)
    with pytest.raises(DomainError):
        waive_charge(charge.uuid, amount_vnd=40_001, reason="nữa", key="k2", actor="motcua", now=NOW)


def test_the_database_knows_which_accounts_a_kind_moves() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, debit_kind, credit_kind FROM payments_move")
        table = {kind: (debit, credit) for kind, debit, credit in cursor.fetchall()}
    assert table == {kind.value: (debit.value, credit.value) for kind, (debit, credit) in MOVES.items()}
    make_charge()
    ids = dict(Account.objects.filter(agency_code="H29.1").values_list("kind", "pk"))
    wrong = {"debit_id": ids["till"], "credit_id": ids["income"]}
    with pytest.raises(IntegrityError, match="its kind does not"), transaction.atomic():
        Entry.objects.create(
            kind="paid_cash", reference=str(uuid4()), amount_vnd=5, happened_at=NOW, recorded_at=NOW, **wrong
        )
