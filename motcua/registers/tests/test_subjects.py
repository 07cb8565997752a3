"""Whose a record was at which time: nobody's readings go to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from motcua.registers.actions.describing import describe_registers
from motcua.registers.public import Wanted, find_subject_spans, merge_records, unmerge_records, write_record
from motcua.registers.queries.subjects import find_subject_spans as find_spans
from motcua.registers.rules.spans import Span, join_spans, overlap
from motcua.registers.tests.factories import OFFICIAL

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PEOPLE = ("079190000001", "079190000002", "079190000003")
MOMENTS = st.integers(0, 60).map(lambda day: NOW + timedelta(days=day))
SPANS = st.tuples(MOMENTS, st.none() | st.integers(1, 20)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
)


def holds(spans: tuple[Span, ...] | list[Span], at: datetime) -> bool:
    return any(start <= at and (end is None or at < end) for start, end in spans)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(SPANS, max_size=6), MOMENTS)
def test_joined_spans_hold_the_same_moments(spans: list[Span], at: datetime) -> None:
    joined = join_spans(spans)
    assert holds(joined, at) == holds(spans, at)
    assert all(one[1] is not None and one[1] < two[0] for one, two in zip(joined, joined[1:], strict=False))


@settings(max_examples=60)
@given(SPANS, SPANS, MOMENTS)
def test_an_overlap_holds_what_both_hold(one: Span, other: Span, at: datetime) -> None:
    both = overlap(one, other)
    assert (both is not None and holds([both], at)) == (holds([one], at) and holds([other], at))


def ask(person: str) -> list[Wanted]:
    return [Wanted(register="vehicles", key="owner", value=person)]


def give(owner: str, *, day: int) -> None:
    at = NOW + timedelta(days=day)
    data = {"plate_no": "59X1-00009", "kind": "motorcycle", "owner_id": owner, "status": "in_use"}
    write_record("vehicles", data, valid_from=at, source="Thử", now=at)


@pytest.mark.slow
class Owners(TestCase):
    @settings(max_examples=10)
    @given(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5))
    def test_at_each_moment_a_record_is_of_one_owner(self, owners: list[str]) -> None:
        describe_registers(now=NOW)
        for day, owner in enumerate(owners):
            give(owner, day=day)
        spans = {person: [span for each in find_spans(ask(person)).values() for span in each] for person in PEOPLE}
        for day, owner in enumerate(owners):
            at = NOW + timedelta(days=day, hours=5)
            assert [person for person in PEOPLE if holds(spans[person], at)] == [owner]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_merged_record_is_seen_through_the_kept_one_while_merged() -> None:
    describe_registers(now=NOW)
    kept = write_record(
        "people", {"personal_id": PEOPLE[0], "full_name": "Một Thử"}, valid_from=NOW, source="a", now=NOW
    )
    mine = write_record(
        "people", {"personal_id": PEOPLE[1], "full_name": "Hai Thử"}, valid_from=NOW, source="b", now=NOW
    )
    later, last = NOW + timedelta(days=2), NOW + timedelta(days=5)
    merge = merge_records(kept.uuid, merged_uuid=mine.uuid, reason="một người", actor=OFFICIAL, now=later)
    wanted = [Wanted(register="people", key="personal_id", value=PEOPLE[1])]
    assert find_subject_spans(wanted)[kept.uuid] == ((later, None),)
    unmerge_records(merge, actor=OFFICIAL, now=last)
    found = find_subject_spans(wanted)
    assert found[kept.uuid] == ((later, last),)
    assert holds(found[mine.uuid], last)


@pytest.mark.slow
@pytest.mark.django_db
def test_three_queries_however_many_records() -> None:
    describe_registers(now=NOW)
    give(PEOPLE[0], day=0)
    find_subject_spans(ask(PEOPLE[0]))
    with CaptureQueriesContext(connection) as few:
        find_subject_spans(ask(PEOPLE[0]))
    for number in range(5):
        data = {"plate_no": f"59X2-0000{number}", "kind": "car", "owner_id": PEOPLE[0], "status": "in_use"}
        write_record("vehicles", data, valid_from=NOW, source="Thử", now=NOW)
    with CaptureQueriesContext(connection) as many:
        assert len(find_subject_spans(ask(PEOPLE[0]))) == 6
    assert len(few) == len(many) == 3
    assert find_subject_spans(ask("079190000099")) == {}
