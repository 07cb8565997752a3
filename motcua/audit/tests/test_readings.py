"""What a person sees of the readings of her data: all of hers, nothing of another's, sooner or later everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from motcua.audit.actions.log import chain_pending
from motcua.audit.models import AuditEntry, ReadingDelay
from motcua.audit.public import (
    Actor,
    AuditEntryInfo,
    AuditRecord,
    DelayInfo,
    DelayRefused,
    NewDelay,
    ReadingFilter,
    delay_readings,
    iterate_readings,
    lift_delay,
    list_delays,
    list_readings,
    read_limits,
    record_all,
    record_read,
    verify_chain,
)
from motcua.audit.rules import find_visible_at

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
POLICE, WARD = "H29.01", "H29.26743"
PARTY = "person:6f1d"
OFFICER = Actor(kind="official", id="dpo", name="Lê Bảo Vệ", agency_code="H29")
DAYS = st.integers(-400, 400)


def read(subject: str = PARTY, *, agency: str = WARD, at: datetime = NOW, actor_id: str = "a") -> None:
    record_read(
        Actor(kind="official", id=actor_id, name="Trần Thị Bảy", agency_code=agency), subject=subject, what="people:*",
        purpose="Giải quyết hồ sơ", legal_ground="Nghị định 118/2025/NĐ-CP", now=at,
    )  # fmt: skip


def make_wish(**values: object) -> NewDelay:
    wish = NewDelay(
        decision_no="12/QĐ-CSĐT", decided_on=date(2026, 11, 20), authority="Cơ quan Cảnh sát điều tra", party=PARTY,
        reader=POLICE, reads_from=NOW - timedelta(days=2), until_at=NOW + timedelta(days=30),
    )  # fmt: skip
    return replace(wish, **values)  # type: ignore[arg-type]  # the fields of NewDelay


@pytest.mark.django_db
def test_one_sees_ones_own_and_the_order_is_newest_first() -> None:
    for minute, subject in enumerate((PARTY, "record:1", "person:other", "record:2")):
        read(subject, at=NOW + timedelta(minutes=minute))
    page = list_readings({PARTY, "record:1"}, party=PARTY, now=NOW + timedelta(hours=1))
    assert [seen.entry.subject for seen in page.items] == ["record:1", PARTY]
    assert list_readings((), party=PARTY, now=NOW).items == ()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_thousand_readings_cost_what_one_does() -> None:
    read("record:0")
    with CaptureQueriesContext(connection) as one:
        list_readings({"record:0"}, party=PARTY, now=NOW)
    reader = Actor(kind="official", id="a", name="B", agency_code=WARD)
    record_all(
        [
            AuditRecord(
                kind="read", actor=reader, subject=f"record:{number % 40}", what="x", purpose="p", legal_ground="g"
            )  # fmt: skip
            for number in range(1_000)
        ],
        now=NOW,
    )
    with CaptureQueriesContext(connection) as many:
        page = list_readings({f"record:{number}" for number in range(40)}, party=PARTY, now=NOW)
    assert len(many) == len(one) == 3
    assert (len(page.items), page.total_capped, page.is_total_capped) == (20, 1_000, True)


@pytest.mark.django_db
def test_search_by_day_and_reader() -> None:
    read(at=NOW, agency=WARD)
    read(at=NOW - timedelta(days=3), agency=POLICE)
    member = Actor(kind="system", id="VN/GOV/H29.15/HOTICH", name="Sở Tư pháp")
    record_read(member, subject=PARTY, what="people:full_name", purpose="p", legal_ground="g", now=NOW)

    def find(**wanted: object) -> list[str]:
        found = list_readings({PARTY}, party=PARTY, wanted=ReadingFilter(**wanted), now=NOW)  # type: ignore[arg-type]  # the filter's own fields
        return [seen.entry.actor.agency_code or seen.entry.actor.name for seen in found.items]

    assert find(from_at=NOW - timedelta(days=1)) == ["Sở Tư pháp", WARD]
    assert find(to_at=NOW) == [POLICE]
    assert find(reader_text="tư pháp") == ["Sở Tư pháp"]
    assert find(reader_text="bảy") == []  # officials stand for their agency: nobody is found by a name
    assert find(reader_text="công an", agency_codes=(POLICE,)) == [POLICE]
    assert find(without_actor="a") == ["Sở Tư pháp"]


@pytest.mark.django_db
def test_a_delayed_reading_comes_by_itself_and_says_why_it_came_late() -> None:
    delay_readings(make_wish(), actor=OFFICER, now=NOW)
    read(agency=POLICE, at=NOW + timedelta(days=1))
    read(agency=WARD, at=NOW + timedelta(days=1))
    soon = list_readings({PARTY}, party=PARTY, now=NOW + timedelta(days=2))
    assert [seen.entry.actor.agency_code for seen in soon.items] == [WARD]
    assert soon.total_capped == 1
    later = list_readings({PARTY}, party=PARTY, now=NOW + timedelta(days=30))
    assert {(seen.entry.actor.agency_code, seen.delayed_by) for seen in later.items} == {
        (WARD, ""), (POLICE, "12/QĐ-CSĐT"),
    }  # fmt: skip
    other = list_readings({PARTY}, party="person:someone-else", now=NOW + timedelta(days=2))
    assert len(other.items) == 2  # a decision is about one person only


@pytest.mark.django_db
def test_a_delay_is_lifted_once_and_both_acts_are_logged() -> None:
    delay_readings(make_wish(), actor=OFFICER, now=NOW)
    read(agency=POLICE, at=NOW + timedelta(hours=1))
    (delay,) = list_delays(PARTY)
    assert lift_delay(delay.uuid, actor=OFFICER, now=NOW + timedelta(days=1))
    assert not lift_delay(delay.uuid, actor=OFFICER, now=NOW + timedelta(days=2))
    assert len(list_readings({PARTY}, party=PARTY, now=NOW + timedelta(days=1)).items) == 1
    actions = AuditEntry.objects.filter(kind="decision").order_by("id").values_list("what", "subject")
    assert list(actions) == [
        ("audit.delay_readings", f"reading_delay:{delay.uuid}"), ("audit.lift_delay", f"reading_delay:{delay.uuid}"),
    ]  # fmt: skip
    with pytest.raises(DelayRefused):
        lift_delay(uuid4(), actor=OFFICER, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"decision_no": " "}, {"authority": ""}, {"party": ""}, {"reader": ""}, {"until_at": NOW},
        {"until_at": NOW + timedelta(days=181)}, {"decided_on": date(2026, 11, 23)},
        {"reads_from": NOW - timedelta(days=31)}, {"reads_from": NOW + timedelta(days=30)},
    ],
)  # fmt: skip
def test_a_decision_that_may_not_delay_is_refused_in_words(wrong: dict[str, object]) -> None:
    with pytest.raises(DelayRefused) as caught:
        delay_readings(make_wish(**wrong), actor=OFFICER, now=NOW)
    assert len(str(caught.value.message)) > 20
    assert not ReadingDelay.objects.exists()


@pytest.mark.django_db
def test_the_same_decision_is_noted_once() -> None:
    delay_readings(make_wish(), actor=OFFICER, now=NOW)
    with pytest.raises(DelayRefused) as caught:
        delay_readings(make_wish(), actor=OFFICER, now=NOW)
    assert caught.value.code == "audit.delay_known"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"until_at": NOW}, "audit_delay_ends_later"),
        ({"until_at": NOW + timedelta(days=367)}, "audit_delay_at_most_a_year"),
        ({"reads_from": NOW + timedelta(days=30)}, "audit_delay_from_before_end"),
        ({"decision_no": ""}, "audit_delay_named"),
        ({"lifted_at": NOW}, "audit_delay_lifted_by_somebody"),
        ({"lifted_by_name": "Ai"}, "audit_delay_lifted_by_somebody"),
    ],
)
def test_constraints_of_delays(values: dict[str, object], constraint: str) -> None:
    wish = make_wish()
    row = {name: getattr(wish, name) for name in wish.__slots__}
    row |= {"noted_at": NOW, "noted_by_id": "dpo", "noted_by_name": "Lê Bảo Vệ"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReadingDelay.objects.create(**row | values)


@pytest.mark.django_db
def test_the_database_lets_a_delay_be_lifted_and_nothing_else() -> None:
    delay_readings(make_wish(), actor=OFFICER, now=NOW)
    changes = (
        lambda: ReadingDelay.objects.update(until_at=NOW + timedelta(days=300)),
        lambda: ReadingDelay.objects.update(reader=WARD),
        lambda: ReadingDelay.objects.all().delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    lift_delay(list_delays(PARTY)[0].uuid, actor=OFFICER, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReadingDelay.objects.update(lifted_at=NOW + timedelta(days=5))


@pytest.mark.django_db
def test_delays_do_not_touch_the_chain() -> None:
    read(agency=POLICE)
    delay_readings(make_wish(), actor=OFFICER, now=NOW)
    read(agency=POLICE, at=NOW + timedelta(minutes=1))
    assert chain_pending(now=NOW) == 3
    report = verify_chain()
    assert report.is_intact and report.links == 3


def make_entry(day: int, agency: str) -> AuditEntryInfo:
    actor = Actor(kind="official", id="a", name="B", agency_code=agency)
    return AuditEntryInfo(
        uuid=UUID(int=1), at=NOW + timedelta(days=day), kind="read", actor=actor, subject=PARTY, what="x", purpose="p",
        legal_ground="g", details={},
    )  # fmt: skip


def make_delay(start: int, length: int, lifted: int | None, reader: str) -> DelayInfo:
    noted = NOW + timedelta(days=start)
    return DelayInfo(
        uuid=UUID(int=2), decision_no="1", decided_on=noted.date(), authority="x", party=PARTY, reader=reader,
        reads_from=noted, until_at=noted + timedelta(days=length), noted_at=noted, noted_by_name="x",
        lifted_at=None if lifted is None else noted + timedelta(days=lifted),
        lifted_by_name="" if lifted is None else "x",
    )  # fmt: skip


DELAYS = st.builds(
    make_delay, DAYS, st.integers(1, 366), st.none() | st.integers(0, 366), st.sampled_from([POLICE, WARD])
)


@pytest.mark.slow
@given(DAYS, st.sampled_from([POLICE, WARD, "H29.99"]), st.lists(DELAYS, max_size=12))
def test_every_reading_becomes_visible_at_some_time(day: int, agency: str, delays: list[DelayInfo]) -> None:
    """However many decisions follow one another, in whatever order they were noted, lifted or not."""
    limits, entry = read_limits(), make_entry(day, agency)
    seen_at = find_visible_at(entry, delays, limits=limits)
    assert entry.at <= seen_at <= entry.at + limits.max_hidden
    assert find_visible_at(entry, [], limits=limits) == entry.at
    named = {delay.reader for delay in delays}
    assert agency in named or seen_at == entry.at  # a decision touches the reader that it names, nobody else


@pytest.mark.slow
class SelectionProperty(TestCase):
    @settings(max_examples=20)
    @given(
        st.lists(st.tuples(st.integers(-29, 29), st.sampled_from([POLICE, WARD]), st.booleans()), max_size=6),
        st.lists(st.tuples(st.integers(1, 170), st.none() | st.integers(0, 29), st.sampled_from([POLICE, WARD])),
                 max_size=3),
        st.integers(0, 200),
    )  # fmt: skip
    def test_the_list_shows_what_the_rule_lets_be_seen_and_nothing_of_another(
        self,
        readings: list[tuple[int, str, bool]],
        decisions: list[tuple[int, int | None, str]],
        later: int,
    ) -> None:
        for day, agency, is_mine in readings:
            read(PARTY if is_mine else "person:other", agency=agency, at=NOW + timedelta(days=day))
        for number, (length, lifted, reader) in enumerate(decisions):
            uuid = delay_readings(
                make_wish(decision_no=str(number), reader=reader, until_at=NOW + timedelta(days=length)),
                actor=OFFICER, now=NOW,
            )  # fmt: skip
            if lifted is not None:
                lift_delay(uuid, actor=OFFICER, now=NOW + timedelta(days=lifted))
        now, limits, delays = NOW + timedelta(days=later), read_limits(), list_delays(PARTY)
        mine = [seen.entry for seen in iterate_readings({PARTY}, party=PARTY, now=NOW + timedelta(days=9_999))]
        assert len(mine) == sum(is_mine for _day, _agency, is_mine in readings)
        expected = {
            entry.uuid for entry in mine if entry.at <= now and find_visible_at(entry, delays, limits=limits) <= now
        }
        page = list_readings({PARTY}, party=PARTY, now=now)
        assert {seen.entry.uuid for seen in page.items} == expected
        assert all(seen.entry.subject == PARTY for seen in page.items)
