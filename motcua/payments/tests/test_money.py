"""Money through the real database: told in any order, any number of times, the ledger ends the same."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.audit.public import Actor
from motcua.payments.actions.charges import cancel_charge
from motcua.payments.actions.paying import hear, hear_unknown, identify_money, start_payment
from motcua.payments.actions.refunds import approve_refund, ask_refund, send_refund
from motcua.payments.actions.tills import close_till, open_till, take_cash
from motcua.payments.models import Charge, Entry, PaymentTold
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge, list_charges_of_cases
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import (
    AccountKind,
    AmountInvalid,
    EntryKind,
    NothingToPay,
    PaymentEvent,
    PaymentEventKind,
    RefundRefused,
    TillClosed,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")
BE = Actor(kind="official", id="be", name="Lê Thị Bé Thử")


def _paid(number: str, amount: int, kind: PaymentEventKind = "paid") -> PaymentEvent:
    return PaymentEvent(kind=kind, external_id=f"vnpay:{number}", amount_vnd=amount, happened_at=NOW)


def _balances() -> dict[AccountKind, int]:
    return {row.kind: row.balance_vnd for row in list_balances(before=LATER) if row.balance_vnd}


def test_a_charge_is_raised_once_and_zero_is_settled_at_once() -> None:
    case = uuid4()
    first = make_charge(75_000, waived_vnd=75_000, case_uuid=case)
    again = make_charge(90_000, case_uuid=case)
    assert again.uuid == first.uuid and first.is_settled and first.due_vnd == 0
    assert _balances() == {AccountKind.INCOME: -75_000, AccountKind.WAIVED: 75_000}


@pytest.mark.slow
def test_every_order_of_the_same_history_ends_in_the_same_ledger() -> None:
    ends = []
    for order in itertools.permutations(range(4)):
        sid = transaction.savepoint()
        charge = make_charge(100_000)
        one = start_payment(charge.uuid, way="vnpay", key="a", now=NOW)
        two = start_payment(charge.uuid, way="vnpay", key="b", now=NOW)
        history = [
            (one.reference, _paid("1", 100_000)),
            (one.reference, _paid("f", 100_000, "failed")),
            (two.reference, _paid("2", 100_000)),
            (two.reference, _paid("2", 100_000, "charged_back")),
        ]
        for step in [*order, *order]:  # each told twice
            hear(history[step][0], history[step][1], source="callback", raw={}, now=NOW)
        ends.append((_balances(), get_charge(charge.uuid).open_vnd, Entry.objects.count()))
        transaction.savepoint_rollback(sid)
    assert all(end == ends[0] for end in ends)
    assert ends[0][0] == {AccountKind.INCOME: -100_000, AccountKind.GATEWAY: 100_000} and ends[0][1] == 0


def test_pressing_pay_twice_begins_once_and_a_paid_charge_is_not_paid_again() -> None:
    charge = make_charge()
    first = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    assert start_payment(charge.uuid, way="vietqr", key="k", now=NOW).uuid == first.uuid
    assert hear(first.reference, _paid("1", 100_000), source="callback", raw={}, now=NOW).outcome == "ok"
    assert hear(first.reference, _paid("1", 100_000), source="question", raw={}, now=NOW).outcome == "repeated"
    with pytest.raises(NothingToPay):
        start_payment(charge.uuid, way="vietqr", key="other", now=NOW)


@pytest.mark.slow
def test_another_amount_is_written_as_it_came_and_said_to_be_wrong() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    assert hear(payment.reference, _paid("1", 60_000), source="callback", raw={}, now=NOW).outcome == "amount"
    assert get_charge(charge.uuid).open_vnd == 40_000
    assert hear("MC-unknown", _paid("2", 1), source="callback", raw={}, now=NOW).outcome == "unknown"


@pytest.mark.slow
def test_a_double_payment_is_refunded_by_two_people_when_it_is_large() -> None:
    charge = make_charge(3_000_000)
    payment = start_payment(charge.uuid, way="vnpay", key="k", now=NOW)
    for number in ("1", "2"):
        hear(payment.reference, _paid(number, 3_000_000), source="callback", raw={}, now=NOW)
    assert get_charge(charge.uuid).open_vnd == -3_000_000
    with pytest.raises(RefundRefused):
        ask_refund(charge.uuid, amount_vnd=3_000_001, reason="trùng", key="r", actor=ANN, now=NOW)
    refund = ask_refund(charge.uuid, amount_vnd=3_000_000, reason="nộp trùng", key="r", actor=ANN, now=NOW)
    assert refund.needs_second and not refund.is_approved
    with pytest.raises(RefundRefused):
        ask_refund(charge.uuid, amount_vnd=1, reason="lần nữa", key="r2", actor=ANN, now=NOW)
    with pytest.raises(RefundRefused):
        send_refund(refund.uuid, way="gateway", external_id="x", actor=ANN, now=NOW)
    with pytest.raises(RefundRefused):
        approve_refund(refund.uuid, actor=ANN, now=NOW)
    approve_refund(refund.uuid, actor=BE, now=NOW)
    for _ in range(2):
        assert send_refund(refund.uuid, way="gateway", external_id="x", actor=ANN, now=NOW).is_sent
    assert get_charge(charge.uuid).open_vnd == 0
    assert _balances() == {AccountKind.INCOME: -3_000_000, AccountKind.GATEWAY: 3_000_000}


def test_a_cancelled_charge_that_was_paid_is_overpaid() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    hear(payment.reference, _paid("1", 100_000), source="callback", raw={}, now=NOW)
    cancel_charge(charge.uuid, amount_vnd=100_000, reason="từ chối tiếp nhận", actor="ann", now=NOW)
    with pytest.raises(AmountInvalid):
        cancel_charge(charge.uuid, amount_vnd=1, reason="lần nữa", actor="ann", now=NOW)
    refund = ask_refund(charge.uuid, amount_vnd=100_000, reason="từ chối", key="r", actor=ANN, now=NOW)
    assert refund.is_approved  # below the limit one person is enough
    send_refund(refund.uuid, way="bank", external_id="b", actor=ANN, now=NOW)
    assert _balances() == {}


def test_unknown_money_waits_for_its_owner_and_moves_once() -> None:
    charge = make_charge(100_000)
    event = PaymentEvent(kind="paid", external_id="bank:77", amount_vnd=100_000, happened_at=NOW)
    assert hear_unknown(event, agency_code="H29.1", note="CK", now=NOW)
    assert not hear_unknown(event, agency_code="H29.1", note="CK", now=NOW)
    assert identify_money("bank:77", charge_uuid=charge.uuid, actor="ann", now=NOW)
    assert not identify_money("bank:77", charge_uuid=charge.uuid, actor="ann", now=NOW)
    assert get_charge(charge.uuid).open_vnd == 0
    assert _balances() == {AccountKind.BANK: 100_000, AccountKind.INCOME: -100_000}


def test_a_shift_of_cash_is_closed_once_and_its_shortage_is_written() -> None:
    charge = make_charge(100_000)
    till = open_till(agency_code="H29.1", cashier_id=7, cashier_name="Thử", now=NOW)
    assert open_till(agency_code="H29.1", cashier_id=7, cashier_name="Thử", now=NOW).uuid == till.uuid
    assert take_cash(charge.uuid, till_uuid=till.uuid, amount_vnd=100_000, key="c", actor=ANN, now=NOW)
    assert not take_cash(charge.uuid, till_uuid=till.uuid, amount_vnd=100_000, key="c", actor=ANN, now=NOW)
    with pytest.raises(AmountInvalid):
        take_cash(charge.uuid, till_uuid=till.uuid, amount_vnd=1, key="d", actor=ANN, now=NOW)
    closed = close_till(till.uuid, counted_vnd=90_000, note="thiếu", actor=ANN, now=NOW)
    assert (closed.expected_vnd, closed.counted_vnd) == (100_000, 90_000)
    with pytest.raises(TillClosed):
        close_till(till.uuid, counted_vnd=90_000, note="", actor=ANN, now=NOW)
    expected = {AccountKind.TRANSIT: 90_000, AccountKind.TILL_DIFFERENCE: 10_000, AccountKind.INCOME: -100_000}
    assert _balances() == expected


@pytest.mark.parametrize("model", [Entry, PaymentTold, Charge])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_written_stays(model: type[Entry] | type[PaymentTold] | type[Charge], change: str) -> None:
    charge = make_charge()
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    hear(payment.reference, _paid("1", 100_000), source="callback", raw={}, now=NOW)
    table = model._meta.db_table
    sql = f"UPDATE {table} SET id = id" if change == "update" else f"DELETE FROM {table}"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_entry_of_nothing_or_in_a_circle_is_refused_by_the_database() -> None:
    make_charge()
    row = Entry.objects.first()
    assert row is not None
    for change in ({"amount_vnd": 0}, {"credit_id": row.debit_id}):
        values = {"kind": row.kind, "debit_id": row.debit_id, "credit_id": row.credit_id, "amount_vnd": 5} | change
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(reference=str(uuid4()), happened_at=NOW, recorded_at=NOW, **values)


def test_charges_of_many_cases_take_two_queries(django_assert_num_queries: object) -> None:
    cases = [uuid4() for _ in range(5)]
    for case in cases:
        make_charge(case_uuid=case)
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
        assert len(list_charges_of_cases(cases)) == 5


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_a_gateway_whose_clock_is_wrong_dates_nothing_before_the_order_nor_after_now(hours: int) -> None:
    payment = start_payment(make_charge(100_000).uuid, way="vnpay", key="k", now=NOW)
    told_at = NOW + timedelta(minutes=5)
    event = PaymentEvent(
        kind="paid", external_id="vnpay:1", amount_vnd=100_000, happened_at=told_at + timedelta(hours=hours)
    )
    hear(payment.reference, event, source="callback", raw={}, now=told_at)
    assert Entry.objects.get(kind=EntryKind.PAID_GATEWAY).happened_at == (NOW if hours < 0 else told_at)
