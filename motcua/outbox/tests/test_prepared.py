"""A query compiled once reads what the same query of the ORM reads, whatever its values."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from motcua.outbox.models import OutboxEvent
from motcua.outbox.public import PreparedQuery
from motcua.outbox.tests.factories import NOW

pytestmark = pytest.mark.django_db
EVENTS = PreparedQuery(
    lambda: (
        OutboxEvent.objects.filter(subject="?", id__gt=-1)
        .annotate(label=Concat(F("event_type"), Value("/"), F("subject")), same=F("payload"))
        .order_by("id")
    ),
    "?",
    -1,
)


def make_event(subject: str, number: int = 0) -> OutboxEvent:
    return OutboxEvent.objects.create(
        event_type="tests.a", subject=subject, payload={"số": [number, None]}, occurred_at=NOW + timedelta(days=number)
    )


def test_it_gives_objects_with_their_annotations_and_converted_values() -> None:
    made = [make_event("a", 1), make_event("b", 2), make_event("a", 3)]
    found = EVENTS.read("a", 0)
    assert [(row.id, row.payload, row.occurred_at, row.uuid) for row in found] == [
        (row.id, row.payload, row.occurred_at, row.uuid) for row in made if row.subject == "a"
    ]
    assert [(row.label, row.same) for row in found] == [("tests.a/a", row.payload) for row in found]
    assert EVENTS.read("a", made[0].id)[0].id == made[2].id


@pytest.mark.parametrize("subject", ["", "?", "%s", "x' OR '1'='1", "đ\u0301"])
def test_values_stay_values(subject: str) -> None:
    make_event("another")
    assert EVENTS.read(subject, 0) == []
    assert [row.id for row in EVENTS.read("another", 0)]
    kept = make_event(subject)
    assert [row.id for row in EVENTS.read(subject, 0)] == [kept.id]


def test_an_object_read_so_can_be_changed_and_saved() -> None:
    make_event("a")
    row = EVENTS.read("a", 0)[0]
    row.subject = "c"
    row.save(update_fields=["subject"])
    assert OutboxEvent.objects.get().subject == "c"


def test_each_reading_is_one_statement_and_wants_every_value() -> None:
    with CaptureQueriesContext(connection) as queries:
        EVENTS.read("a", 2**40)
    assert len(queries) == 1
    with pytest.raises(ValueError, match="values"):
        EVENTS.read("a")


def test_it_reads_for_each_thread_on_its_own_connection() -> None:
    found: list[int] = []

    def read() -> None:
        found.append(len(EVENTS.read("nobody", 0)))
        connection.close()

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [0, 0, 0, 0]
