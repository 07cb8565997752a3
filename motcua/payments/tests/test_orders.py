"""All orders and repetitions of one history of money end in the same ledger; the database holds the rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, Actor
from motcua.payments.actions.paying import hear, hear_unknown, identify_money, start_payment
from motcua.payments.actions.receipts import issue_receipt
from motcua.payments.actions.reconciling import reconcile
from motcua.payments.actions.refunds import ask_refund
from motcua.payments.actions.statements import import_statement
from motcua.payments.models import Entry, Receipt, ReceiptSeries, Statement, StatementRow, Till
from motcua.payments.queries.balances import list_balances
from motcua.payments.queries.charges import get_charge
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import PaymentEvent, PaymentEventKind, RefundRefused, Way

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
ANN = Actor(kind="official", id="ann", name="Trần Văn An Thử")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the other side, on one of two attempts."""

    attempt: int
    kind: PaymentEventKind
    number: int
    amount_vnd: int


_SAID = st.builds(
    Said,
    st.integers(0, 1),
    st.sampled_from(("paid", "paid", "failed", "expired", "charged_back")),
    st.integers(1, 3),
    st.sampled_from((40_000, 100_000, 130_000)),
)


def _consistent(history: Sequence[Said]) -> list[Said]:
    """One movement has one amount and belongs to one attempt, whoever tells it."""
    facts: dict[int, Said] = {}
    for each in history:
        facts.setdefault(each.number, each)
    return [Said(facts[each.number].attempt, each.kind, each.number, facts[each.number].amount_vnd) for each in history]


def _play(order: Sequence[Said], ways: tuple[Way, Way]) -> tuple[object, ...]:
    """Play the messages in this order; return the ledger and how everything stands; then forget it all."""
    with transaction.atomic():
        charge = make_charge(100_000)
        attempts = [start_payment(charge.uuid, way=way, key=str(at), now=NOW) for at, way in enumerate(ways)]
        for each in order:
            event = PaymentEvent(
                kind=each.kind, external_id=f"x:{each.number}", amount_vnd=each.amount_vnd, happened_at=NOW
            )
            hear(attempts[each.attempt].reference, event, source="callback", raw={}, now=NOW)
        balances = tuple((row.kind, row.debit_vnd, row.credit_vnd) for row in list_balances(before=LATER))
        entries = tuple(sorted(Entry.objects.values_list("kind", "amount_vnd", "debit__kind", "credit__kind")))
        end = balances, entries, get_charge(charge.uuid).open_vnd
        transaction.set_rollback(True)
    return end


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(_SAID, min_size=1, max_size=5),
    st.tuples(st.sampled_from(("vnpay", "vietqr")), st.sampled_from(("vnpay", "vietqr"))),
    st.randoms(use_true_random=False),
)
def test_all_orders_and_repetitions_of_a_history_reach_the_same_ledger(
    history: list[Said], ways: tuple[Way, Way], random: object
) -> None:
    told = _consistent(history)
    first = _play(told, ways)
    assert _play(list(reversed(told)), ways) == first
    for _ in range(3):
        shuffled = [*told, *told]
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
        assert _play(shuffled, ways) == first


@pytest.mark.slow
def test_every_permutation_of_callback_question_and_statement_is_the_same() -> None:
    ends = set()
    for order in itertools.permutations(("callback", "question", "statement", "identify")):
        with transaction.atomic():
            charge, other = make_charge(100_000), make_charge(7_000)
            payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
            paid = PaymentEvent(kind="paid", external_id="bank:9", amount_vnd=100_000, happened_at=NOW)
            unknown = PaymentEvent(kind="paid", external_id="bank:8", amount_vnd=7_000, happened_at=NOW)
            content = f"id,date,amount,text\n9,2026-03-02,100000,{payment.reference}\n8,2026-03-02,7000,qua\n".encode()
            for step in order:
                if step == "statement":
                    import_statement(content, name="a", source="bank", agency_code="H29.1", actor=SYSTEM, now=NOW)
                    reconcile(NOW.date(), now=NOW)
                elif step == "identify":
                    hear_unknown(unknown, agency_code="H29.1", note="", now=NOW)
                    identify_money("bank:8", charge_uuid=other.uuid, actor="ann", now=NOW)
                else:
                    hear(payment.reference, paid, source="callback", raw={}, now=NOW)
            ends.add(tuple((row.kind, row.debit_vnd, row.credit_vnd) for row in list_balances(before=LATER)))
            transaction.set_rollback(True)
    assert len(ends) == 1


@pytest.mark.slow
def test_a_refund_never_gives_back_more_than_came_too_much() -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vnpay", key="k", now=NOW)
    for number in ("1", "2"):
        event = PaymentEvent(kind="paid", external_id=f"x:{number}", amount_vnd=100_000, happened_at=NOW)
        hear(payment.reference, event, source="callback", raw={}, now=NOW)
    given_back = 0
    for turn in range(12):
        try:
            given_back += ask_refund(
                charge.uuid, amount_vnd=30_000, reason="thừa", key=str(turn), actor=ANN, now=NOW
            ).amount_vnd
        except RefundRefused:
            continue
    assert given_back == 90_000 and get_charge(charge.uuid).open_vnd == -10_000


def test_the_database_refuses_what_must_never_be() -> None:
    charge = make_charge()
    receipt = issue_receipt(charge.uuid, entry_reference="x", amount_vnd=1, now=NOW)
    row = Receipt.objects.get(uuid=receipt.uuid)
    statement = Statement.objects.create(source="bank", agency_code="H29.1", sha256="0" * 64, name="a", read_at=NOW)
    line = {"statement": statement, "source": "bank", "external_id": "bank:1", "on": NOW.date()}
    StatementRow.objects.create(**line, amount_vnd=5)
    again = {"series": row.series, "charge": row.charge, "payload": {}, "issued_at": NOW, "amount_vnd": 0}
    refused: tuple[Callable[[], object], ...] = (
        lambda: StatementRow.objects.create(**line, amount_vnd=5),
        lambda: StatementRow.objects.create(**line | {"external_id": "bank:2"}, amount_vnd=0),
        lambda: Statement.objects.create(source="friend", agency_code="H29.1", sha256="1" * 64, name="a", read_at=NOW),
        lambda: Receipt.objects.create(**again, no=row.no, entry_reference="y", lookup_code="B"),
        lambda: Receipt.objects.create(**again, no=9, entry_reference="x", lookup_code="C"),
        lambda: Receipt.objects.create(**again | {"amount_vnd": -1}, no=9, entry_reference="z", lookup_code="D"),
        lambda: Receipt.objects.filter(pk=row.pk).update(cancelled_at=NOW),
        lambda: ReceiptSeries.objects.create(
            agency_code="H29.1", form_sign=row.series.form_sign, series=row.series.series
        ),
        lambda: ReceiptSeries.objects.create(agency_code="H29.1", form_sign="x", series="y", next_no=10**7 + 1),
        lambda: Till.objects.create(agency_code="H29.1", cashier_id=1, cashier_name="A", opened_at=NOW, closed_at=NOW),
    )
    for number, write in enumerate(refused):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
            raise AssertionError(f"{number} was written")
