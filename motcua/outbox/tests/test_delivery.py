from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.kernel.events import Event
from motcua.outbox.models import Delivery, OutboxEvent, PeriodicRun
from motcua.outbox.public import (
    DeadLetterNotFound,
    count_pending,
    deliver_pending,
    drain,
    list_dead_letters,
    publish,
    publish_all,
    retry_dead_letter,
    subscribe,
)
from motcua.outbox.rules import MAX_ATTEMPTS
from motcua.outbox.tests.factories import NOW, BellRang, handled_by

pytestmark = pytest.mark.django_db


class Failing:
    """A handler that fails as long as it is told to, and leaves a trace in the database before it does."""

    def __init__(self, *, fails: int = 10**6) -> None:
        self.fails = fails
        self.calls = 0

    def __call__(self, event: BellRang, *, now: object) -> None:
        self.calls += 1
        PeriodicRun.objects.create(name=f"trace-{self.calls}", next_run_at=NOW)
        if self.calls <= self.fails:
            raise RuntimeError("chưa gửi được")


def test_an_event_reaches_every_handler_once_with_its_fields() -> None:
    heard: list[tuple[str, Event]] = []
    with (
        handled_by("tests.a", lambda event, *, now: heard.append(("a", event))),
        handled_by("tests.b", lambda event, *, now: heard.append(("b", event))),
    ):
        publish(BellRang(number=7), now=NOW)
        assert deliver_pending(now=NOW).delivered == 2
        assert deliver_pending(now=NOW).total == 0
    assert sorted(heard, key=lambda pair: pair[0]) == [("a", BellRang(number=7)), ("b", BellRang(number=7))]


def test_an_event_disappears_with_the_transaction_that_failed() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(BellRang(number=1), now=NOW)
        raise RuntimeError
    assert count_pending() == 0


def test_many_events_are_stored_by_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        publish_all([BellRang(number=n) for n in range(50)], now=NOW)
    assert len(queries) == 1
    publish_all([], now=NOW)
    assert count_pending() == 50


def test_one_failing_handler_neither_stops_nor_undoes_the_other() -> None:
    heard: list[int] = []
    with (
        handled_by("tests.a_bad", Failing()),
        handled_by("tests.b_good", lambda event, *, now: heard.append(event.number)),
    ):
        publish(BellRang(number=1), now=NOW)
        report = deliver_pending(now=NOW)
    assert (report.delivered, report.failed, report.dead) == (1, 1, 0)
    assert heard == [1]
    assert not PeriodicRun.objects.filter(name__startswith="trace").exists()
    assert Delivery.objects.get(state="pending").last_error == "RuntimeError: chưa gửi được"


def test_a_broken_deferred_constraint_is_the_handlers_fault_alone() -> None:
    def orphan(event: BellRang, *, now: object) -> None:
        Delivery.objects.create(event_id=10**12, handler="x", next_try_at=NOW)

    with handled_by("tests.orphan", orphan):
        publish(BellRang(number=1), now=NOW)
        assert deliver_pending(now=NOW).failed == 1
    assert "IntegrityError" in Delivery.objects.get().last_error


def test_a_failure_is_tried_again_later_and_not_at_once() -> None:
    handler = Failing(fails=1)
    with handled_by("tests.slow", handler):
        publish(BellRang(number=1), now=NOW)
        assert deliver_pending(now=NOW).failed == 1
        assert deliver_pending(now=NOW).total == 0
        assert deliver_pending(now=NOW + timedelta(seconds=6)).delivered == 1
    assert handler.calls == 2


def _die(handler: Failing) -> None:
    publish(BellRang(number=1), now=NOW)
    reports = [deliver_pending(now=NOW + timedelta(hours=2 * n)) for n in range(MAX_ATTEMPTS)]
    assert [report.dead for report in reports] == [0] * (MAX_ATTEMPTS - 1) + [1]


def test_after_eight_failures_a_person_sees_it_and_can_let_it_run_again() -> None:
    handler = Failing(fails=MAX_ATTEMPTS)
    with handled_by("tests.dying", handler):
        _die(handler)
        (letter,) = list_dead_letters(1).items
        assert (letter.handler, letter.attempts, letter.subject) == ("tests.dying", MAX_ATTEMPTS, "bell:1")
        assert deliver_pending(now=NOW + timedelta(days=9)).total == 0
        retry_dead_letter(letter.id, now=NOW)
        assert deliver_pending(now=NOW).delivered == 1
    assert list_dead_letters(1).items == ()
    with pytest.raises(DeadLetterNotFound):
        retry_dead_letter(letter.id, now=NOW)


@pytest.mark.slow
def test_the_list_of_dead_letters_takes_the_same_queries_at_any_length() -> None:
    with handled_by("tests.dead", Failing()):
        publish_all([BellRang(number=n) for n in range(25)], now=NOW)
        deliver_pending(now=NOW)
    Delivery.objects.update(state="dead", finished_at=NOW)
    with CaptureQueriesContext(connection) as queries:
        page = list_dead_letters(1)
    assert (len(queries), len(page.items), page.has_next, page.total_capped) == (2, 20, True, 25)


def test_a_delivery_whose_handler_this_process_does_not_know_waits() -> None:
    with handled_by("tests.gone", Failing()):
        publish(BellRang(number=1), now=NOW)
        deliver_pending(now=NOW)
    assert deliver_pending(now=NOW + timedelta(days=1)).total == 0
    assert count_pending() == 1


def test_drain_follows_events_that_handlers_publish() -> None:
    def echo(event: BellRang, *, now: object) -> None:
        if event.number:
            publish(BellRang(number=event.number - 1), now=NOW)

    with handled_by("tests.echo", echo):
        publish(BellRang(number=5), now=NOW)
        assert drain(now=NOW).delivered == 6
    assert count_pending() == 0


def test_an_event_or_handler_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="event_type"):
        publish(Event(), now=NOW)
    with pytest.raises(ValueError, match="event_type"):
        subscribe(Event, "tests.none")(lambda event, *, now: None)
    with handled_by("tests.twice", Failing()), pytest.raises(ValueError, match="already"):
        subscribe(BellRang, "tests.twice")(Failing())


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"state": "done", "finished_at": None},
        {"state": "pending", "finished_at": NOW},
    ],
)
def test_constraints_refuse_a_delivery_that_contradicts_itself(values: dict[str, object]) -> None:
    event = OutboxEvent.objects.create(event_type="x", occurred_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(event=event, handler="h", next_try_at=NOW, **values)


def test_constraints_refuse_a_second_delivery_and_a_nameless_event() -> None:
    event = OutboxEvent.objects.create(event_type="x", occurred_at=NOW)
    Delivery.objects.create(event=event, handler="h", next_try_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(event=event, handler="h", next_try_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxEvent.objects.create(event_type="", occurred_at=NOW)
