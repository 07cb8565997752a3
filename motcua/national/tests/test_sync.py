"""States told over real HTTP to a portal that fails: in order, once believed, and in the end the same on both sides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as choose
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.cases.public import get_case
from motcua.dossiers.public import Hand, accept_dossier, refuse_dossier, withdraw_dossier
from motcua.dossiers.tests.factories import City, file_dossier, open_task
from motcua.identity.tests.factories import make_principal
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.national.actions.following import follow_case
from motcua.national.actions.resending import resend
from motcua.national.actions.sending import claim_messages, settle_messages
from motcua.national.adapters.simulator import FAULTS, PortalSimulator
from motcua.national.models import DayComparison, StatusMessage
from motcua.national.queries.differences import compare_with, find_comparison
from motcua.national.queries.sync import get_sync_status
from motcua.national.tasks import compare_day, compare_yesterday, fetch_packages, send_statuses
from motcua.national.tests.factories import make_package, running_portal, sign_package
from motcua.national.types import NothingToResend
from motcua.outbox.public import drain

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def hand(city: City, case_id: int) -> Hand:
    task = open_task(case_id, "dossiers.receive")
    who = make_principal(city.counter.user_id)
    return Hand(task=task, revision=task.revision, user_id=who.user_id, name=who.full_name, actor=who.to_actor())


def list_notes(case_id: int) -> list[tuple[int, int]]:
    return list(StatusMessage.objects.filter(case_id=case_id).order_by("seq").values_list("seq", "state"))


def make_moved(city: City, now: datetime) -> int:
    """File a dossier and receive it: two states or more."""
    case_id = file_dossier(city, now=now).case_id
    drain(now=now)
    accept_dossier(hand(city, case_id), note="", now=now + timedelta(minutes=1))
    drain(now=now + timedelta(minutes=2))
    return case_id


@pytest.mark.slow
def test_each_change_is_one_message_whatever_order_the_events_come_in(city: City) -> None:
    now = clock.now()
    case_id = file_dossier(city, now=now).case_id
    assert follow_case(case_id, now=now) == 1 and follow_case(case_id, now=now) == 0
    accept_dossier(hand(city, case_id), note="", now=now)
    follow_case(case_id, now=now)
    drain(now=now)
    notes = list_notes(case_id)
    assert [seq for seq, _state in notes] == list(range(1, len(notes) + 1))
    assert notes[0] == (1, 1) and notes[-1][1] == 4
    drain(now=now)
    assert list_notes(case_id) == notes
    refused = file_dossier(city, now=now).case_id
    refuse_dossier(hand(city, refused), reason="Sai nơi nộp", now=now)
    withdrawn = file_dossier(city, now=now)
    withdraw_dossier(withdrawn.dossier_uuid, reason="Đổi ý", actor=SYSTEM, now=now)
    drain(now=now)
    assert list_notes(refused)[-1][1] == 3 and list_notes(withdrawn.case_id)[-1][1] == 7


@pytest.mark.slow
def test_states_arrive_in_order_with_what_the_portal_wants_to_know(city: City, settings: Any) -> None:
    now = clock.now()
    case_id = make_moved(city, now)
    with running_portal(settings) as portal:
        later = now + HOUR
        assert [note.seq for note in claim_messages(now=later)] == [1]
        assert claim_messages(now=later) == ()  # its lease runs
        sent = send_statuses(now=later + HOUR)
        assert sent.accepted == len(list_notes(case_id)) and sent.again == 0
        case = get_case(case_id)
        assert [line["SoThuTu"] for line in portal.lines] == [seq for seq, _state in list_notes(case_id)]
        assert portal.lines[0]["MaTTHC"] == case.subject_code and portal.lines[0]["MaDonVi"] == city.agency.code
        assert portal.get_state(case.code) == 4
        report = compare_day(local_date(now), now=later)
        assert report.differences == () and report.matched == 1
        assert find_comparison(local_date(now)) == report
    assert get_sync_status().waiting == 0


@pytest.mark.slow
def test_a_portal_that_is_down_loses_nothing_and_is_not_hurried(city: City, settings: Any) -> None:
    now = clock.now()
    case_id = make_moved(city, now)
    with running_portal(settings, faults=frozenset({"down"}), chance=1.0) as portal:
        assert send_statuses(now=now + HOUR).again == 1
        row = StatusMessage.objects.get(case_id=case_id, seq=1)
        assert row.attempts == 1 and row.last_error and row.next_try_at > now + HOUR
        assert send_statuses(now=now + HOUR).again == 0  # not due yet
        (found,) = compare_with((), on=local_date(now), now=now).differences
        assert found.kind == "not_sent" and found.is_explained
        portal.door.faults = frozenset()
        assert send_statuses(now=now + 2 * HOUR).accepted == len(list_notes(case_id))
    settings.MOTCUA_NATIONAL_URL = ""
    assert send_statuses(now=now).accepted == 0 and fetch_packages(now=now) == 0
    compare_yesterday(now=now)
    assert not DayComparison.objects.filter(on=local_date(now) - timedelta(days=1)).exists()


@pytest.mark.slow
def test_each_difference_is_named_and_mended_by_telling_again(city: City, settings: Any) -> None:
    now = clock.now()
    day = local_date(now)
    for fault, kind in (("lost", "lost"), ("wrong", "wrong_state"), ("refused", "refused")):
        code = get_case(make_moved(city, now)).code
        with running_portal(settings, faults=frozenset({fault}), chance=1.0) as portal:
            send_statuses(now=now + HOUR)
            found = {each.code: each for each in compare_day(day, now=now + HOUR).differences}
            assert found[code].kind == kind
            portal.door.faults = frozenset()
            assert resend(code, on=day, actor=SYSTEM, now=now) >= 1
            assert resend(code, on=day, actor=SYSTEM, now=now) >= 1  # pressed twice, told once
            send_statuses(now=now + HOUR)
            assert code not in {each.code for each in compare_day(day, now=now + HOUR).open}
    with pytest.raises(NothingToResend):
        resend("H29.0", on=day, actor=SYSTEM, now=now)


def settle_all(portal: PortalSimulator, now: datetime) -> datetime:
    """Let the faults end, then tell, compare and mend as the operator would, three times at most."""
    portal.door.faults = frozenset()
    portal.settle()
    for _round in range(3):
        now += 3 * HOUR
        send_statuses(now=now)
        report = compare_day(local_date(now), now=now)
        for each in report.open:
            resend(each.code, on=report.on, actor=SYSTEM, now=now)
    return now


def make_history(now: datetime) -> list[StatusMessage]:
    """Write the messages of three dossiers as `follow_case` does, without the dossiers."""
    rows = []
    for number in range(3):
        thread = uuid4()
        rows += [
            StatusMessage(
                thread=thread, dossier_no=f"H29.1-260302-{number + 1:04d}-{thread.hex[:6]}", seq=seq, position=seq - 1,
                state=state, happened_at=now + timedelta(minutes=seq), created_at=now, next_try_at=now,
            )
            for seq, state in enumerate((1, 2, 4, 5, 4, 9, 10), start=1)
        ]  # fmt: skip
    return StatusMessage.objects.bulk_create(rows)


@pytest.mark.slow
@choose(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), faults=st.frozensets(st.sampled_from([each for each in FAULTS if each != "slow"])))
def test_whatever_fails_in_the_end_both_sides_agree(settings: Any, seed: int, faults: frozenset[str]) -> None:
    start = datetime(2026, 3, 2, 1, 0, tzinfo=clock.HCM)
    with transaction.atomic(), running_portal(settings, faults=faults, chance=0.4, seed=seed) as portal:
        portal.now = lambda: start
        rows = make_history(start)
        now = start
        for _round in range(4):
            now += timedelta(minutes=30)
            send_statuses(now=now)
            told = {row.thread: row.seq for row in StatusMessage.objects.filter(outcome="waiting").order_by("-seq")}
            settled = StatusMessage.objects.exclude(outcome="waiting").values_list("thread", "seq")
            assert all(seq < told.get(thread, 99) for thread, seq in settled)  # never one before an earlier one
        now = settle_all(portal, now)
        assert compare_day(local_date(now), now=now).open == ()
        assert {portal.get_state(row.dossier_no) for row in rows} == {10}
        transaction.set_rollback(True)


@pytest.mark.slow
def test_a_slow_portal_is_asked_again_and_believes_each_message_once(city: City, settings: Any) -> None:
    now = clock.now()
    case_id = make_moved(city, now)
    with running_portal(settings, faults=frozenset({"slow"}), chance=1.0) as portal:
        assert send_statuses(now=now + HOUR).again == 1
        portal.door.faults = frozenset()
        assert send_statuses(now=now + 2 * HOUR).accepted == len(list_notes(case_id))
        assert len(portal.lines) == len(list_notes(case_id))


@pytest.mark.slow
def test_packages_are_fetched_confirmed_when_stored_and_survive_faults(city: City, settings: Any) -> None:
    now = clock.now()
    with running_portal(settings) as portal:
        packages = [make_package(now=now) for _number in range(3)]
        portal.packages = {each.national_code: sign_package(each, now=now) for each in packages}
        portal.door.faults, portal.door.chance = frozenset({"partial"}), 1.0
        assert fetch_packages(now=now) == 0 and not portal.confirmed
        portal.door.faults = frozenset()
        assert fetch_packages(now=now) == 3 and len(portal.confirmed) == 3
        assert fetch_packages(now=now) == 0
        portal.confirmed.clear()
        assert fetch_packages(now=now) == 0 and len(portal.confirmed) == 3  # offered again, known already
        drain(now=now)
        drain(now=now)
        assert send_statuses(now=now + HOUR).accepted == 3
        assert {portal.get_state(get_case(row.case_id).code) for row in StatusMessage.objects.all() if row.case_id} == {
            1
        }


@pytest.mark.slow
def test_the_memory_of_the_simulator_outlives_it(tmp_path: Any, settings: Any) -> None:
    with running_portal(settings) as portal:
        portal.memory = tmp_path / "memory.jsonl"
        rows = make_history(clock.now() - HOUR)
        send_statuses(now=clock.now())
        again = PortalSimulator(door=portal.door, memory=portal.memory)
        assert again.lines == portal.lines and again.get_state(rows[0].dossier_no) == 10


def test_the_table_keeps_its_promises() -> None:
    rows = make_history(clock.now())
    good = {"thread": rows[0].thread, "dossier_no": "x", "seq": 50, "state": 1, "happened_at": rows[0].happened_at,
            "created_at": rows[0].created_at, "next_try_at": rows[0].next_try_at}  # fmt: skip
    for wrong in (
        {"seq": 1}, {"seq": 0}, {"position": 0}, {"state": 0}, {"state": 11}, {"outcome": "lost"},
        {"outcome": "accepted"}, {"acked_at": rows[0].created_at}, {"dossier_no": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusMessage.objects.create(**(good | wrong))
    for wrong_counts in ({"unexplained": 2, "open": 1},):
        with pytest.raises(IntegrityError), transaction.atomic():
            DayComparison.objects.create(on=local_date(clock.now()), made_at=clock.now(), matched=0, **wrong_counts)


def test_sending_costs_the_same_statements_for_a_full_batch(django_assert_max_num_queries: Any) -> None:
    now = clock.now()
    make_history(now)
    with django_assert_max_num_queries(10):
        notes = claim_messages(now=now)
        settle_messages(notes, (), now=now)
    assert len(notes) == 3
