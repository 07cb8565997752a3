"""Two at once: callbacks, closings of a shift, refunds, payments begun. One of them counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from motcua.audit.public import Actor
from motcua.kernel.errors import DomainError
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.actions.refunds import ask_refund
from motcua.payments.actions.tills import close_till, open_till, take_cash
from motcua.payments.models import Entry, Payment
from motcua.payments.queries.charges import get_charge
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import EntryKind, PaymentEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")
AT_ONCE = 4


def _at_once(work: Callable[[int], object]) -> list[object]:
    """Run the work in several threads at the same moment; return what each gave, or the refusal it met."""
    gate, answers = threading.Barrier(AT_ONCE), []

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            answers.append(work(number))
        except DomainError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == AT_ONCE
    return answers


def test_one_notice_that_comes_four_times_at_once_is_one_entry() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    event = PaymentEvent(kind="paid", external_id="bank:1", amount_vnd=100_000, happened_at=NOW)
    outcomes = _at_once(lambda _number: hear(payment.reference, event, source="callback", raw={}, now=NOW).outcome)
    assert sorted(map(str, outcomes)) == ["ok", "repeated", "repeated", "repeated"]
    assert Entry.objects.filter(kind=EntryKind.PAID_BANK).count() == 1


def test_a_shift_closed_by_several_at_once_is_closed_once() -> None:
    charge = make_charge(100_000)
    till = open_till(agency_code="H29.1", cashier_id=1, cashier_name="Thử", now=NOW)
    take_cash(charge.uuid, till_uuid=till.uuid, amount_vnd=100_000, key="c", actor=ANN, now=NOW)
    answers = _at_once(lambda _number: close_till(till.uuid, counted_vnd=100_000, note="", actor=ANN, now=NOW))
    assert answers.count("payments.till_closed") == AT_ONCE - 1
    assert Entry.objects.filter(kind=EntryKind.TILL_CLOSED).count() == 1


def test_what_was_paid_too_much_goes_back_once_whoever_asks() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vnpay", key="k", now=NOW)
    for number in ("1", "2"):
        event = PaymentEvent(kind="paid", external_id=f"x:{number}", amount_vnd=100_000, happened_at=NOW)
        hear(payment.reference, event, source="callback", raw={}, now=NOW)
    answers = _at_once(
        lambda number: (
            ask_refund(charge.uuid, amount_vnd=100_000, reason="trùng", key=str(number), actor=ANN, now=NOW).amount_vnd
        )
    )
    assert sorted(map(str, answers)) == ["100000"] + ["payments.refund_refused"] * 3
    assert get_charge(charge.uuid).open_vnd == 0


def test_a_button_pressed_in_four_windows_begins_one_payment() -> None:
    charge = make_charge(100_000)
    answers = _at_once(lambda _number: start_payment(charge.uuid, way="vietqr", key="k", now=NOW).uuid)
    assert len(set(answers)) == 1 and Payment.objects.count() == 1
