"""Rows written by one prepared text, and statements that are sent without waiting for each answer."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.kernel.messages import N_
from motcua.outbox.models import Delivery, OutboxEvent
from motcua.outbox.public import insert_row, insert_rows, sent_together
from motcua.outbox.tests.factories import NOW

pytestmark = pytest.mark.django_db


class Word(StrEnum):
    """A text that is not plainly a text."""

    BELL = "tests.bell_rang.v1"


def make_event(**changed: object) -> OutboxEvent:
    values = {"uuid": uuid4(), "event_type": "tests.bell_rang.v1", "payload": {}, "occurred_at": NOW, **changed}
    return OutboxEvent(**values)


def make_delivery(event_id: int | str, **changed: object) -> Delivery:
    return Delivery(event_id=event_id, **{"handler": "tests.bell", "next_try_at": NOW, **changed})


def test_a_row_is_read_back_as_it_was_given() -> None:
    event = make_event(payload={"tên": "Nguyễn", "số": [1, None, {"a": 1.5}]}, subject="chủ đề %s %(x)s ' \\")
    row = OutboxEvent.objects.get(id=insert_row(event))
    kept = (row.uuid, row.event_type, row.subject, row.payload, row.occurred_at, row.dispatched_at)
    assert kept == (event.uuid, event.event_type, event.subject, event.payload, NOW, None)


def test_values_of_other_types_are_prepared_by_their_fields() -> None:
    later = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC)
    event = make_event(event_type=Word.BELL, subject=N_("Sổ “%(name)s”", name="đất"), occurred_at=later)
    row = OutboxEvent.objects.get(id=insert_row(event))
    assert (row.event_type, row.subject, row.occurred_at) == (str(Word.BELL), "Sổ “đất”", later)
    insert_rows([make_delivery(row.id, attempts=True), make_delivery(str(row.id), handler="tests.b", attempts="32768")])
    assert list(Delivery.objects.order_by("handler").values_list("attempts", flat=True)) == [32768, 1]


def test_many_rows_are_one_statement_and_no_rows_none() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert_rows([make_event() for _ in range(60)])
        insert_rows([])
    assert (len(queries), OutboxEvent.objects.count()) == (1, 60)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_is_sent_together_is_there_after_it_and_can_be_read_within() -> None:
    with transaction.atomic(), sent_together():
        event_id = insert_row(make_event())
        insert_rows([make_delivery(event_id)])
        assert Delivery.objects.get().event_id == event_id
    assert OutboxEvent.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_failure_undoes_all_that_was_sent_and_the_connection_works_on() -> None:
    for _time in range(4):  # more often than it takes until the server keeps a prepared text
        with pytest.raises(IntegrityError), transaction.atomic(), sent_together():
            insert_rows([make_event()])
            insert_rows([make_delivery(-1)])
            insert_rows([make_event()])
            connection.check_constraints()
        assert OutboxEvent.objects.count() == 0
    insert_rows([make_event()])
    assert OutboxEvent.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reads_on", [False, True])
def test_the_first_failure_is_the_one_that_is_told(reads_on: bool) -> None:
    """A unique number that is taken is known at the next answer that is read, or at the end."""
    taken = make_event()
    insert_row(taken)
    with pytest.raises(IntegrityError, match="uuid"), transaction.atomic(), sent_together():
        insert_rows([make_event(uuid=taken.uuid)])
        insert_rows([make_event()])
        if reads_on:
            insert_row(make_event())
            pytest.fail("the answer came although the statement before had failed")
    assert OutboxEvent.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_failure_of_ours_within_is_told_as_it_is() -> None:
    with pytest.raises(KeyError), transaction.atomic(), sent_together():
        insert_rows([make_event()])
        raise KeyError("ours")
    assert OutboxEvent.objects.count() == 0
