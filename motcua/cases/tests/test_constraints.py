"""What must always hold is refused by the database itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, transaction

from motcua.cases.models import (
    Case,
    ClockLine,
    Participation,
    ProcessVersion,
    ServiceCall,
    Task,
    TimelineEntry,
    Timer,
)
from motcua.cases.public import CaseInfo
from motcua.cases.tests.factories import MONDAY, Office, at, make_case, make_office

pytestmark = pytest.mark.django_db
EARLIER, LATER = at("2026-03-01 09:00"), at("2026-03-03 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case(office: Office) -> CaseInfo:
    return make_case(office.agency.id)


def refused(work: Callable[[], Any], *names: str) -> None:
    with pytest.raises(Error) as error, transaction.atomic():
        work()
    assert any(name in str(error.value) for name in names), error.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"closed_at": LATER}, "case_closed"),
        ({"outcome": "approved"}, "case_closed_iff_outcome"),
        ({"closed_at": LATER, "outcome": "approved"}, "case_closed_stops_clock"),
        (
            {"closed_at": EARLIER, "outcome": "x", "clock_state": "stopped", "stopped_at": LATER},
            "case_closed_after_opened",
        ),
        ({"clock_state": "stopped"}, "case_stopped_iff_moment"),
        ({"stopped_at": LATER}, "case_stopped_iff_moment"),
        ({"clock_state": "broken"}, "case_clock_state_known"),
        ({"stage": "nowhere"}, "case_stage_known"),
        ({"code": "H29.9-260302-9999"}, "frozen at filing"),
        ({"kind": "complaint"}, "frozen at filing"),
        ({"term_amount": 50}, "frozen at filing"),
        ({"term_unit": "month"}, "frozen at filing"),
        ({"clock_rule": "pause"}, "frozen at filing"),
        ({"calendar_code": "x"}, "frozen at filing"),
        ({"opened_at": EARLIER}, "frozen at filing"),
    ],
)
def test_a_case_cannot_be_written_wrong(case: CaseInfo, values: dict[str, Any], name: str) -> None:
    refused(lambda: Case.objects.filter(pk=case.id).update(**values), name)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"term_amount": None, "due_at": None}, "case_term_whole"),
        ({"term_unit": "week"}, "case_term_whole"),
        ({"term_amount": 0}, "case_term_whole"),
        ({"clock_rule": "never"}, "case_clock_rule_known"),
        ({"term_amount": None, "term_unit": "", "due_at": LATER}, "case_due_needs_term"),
    ],
)
def test_a_new_case_cannot_be_written_wrong(case: CaseInfo, values: dict[str, Any], name: str) -> None:
    row = Case.objects.get(pk=case.id)
    row.pk, row._state.adding, row.code = None, True, "H29.9-260302-9998"
    row.uuid = Case._meta.get_field("uuid").get_default()
    for key, value in values.items():
        setattr(row, key, value)
    refused(lambda: row.save(force_insert=True), name)


def test_a_closed_case_stays_closed(case: CaseInfo) -> None:
    row = Case.objects.filter(pk=case.id)
    row.update(closed_at=LATER, outcome="approved", clock_state="stopped", stopped_at=LATER)
    refused(lambda: row.update(closed_at=None, outcome=""), "frozen")
    refused(lambda: row.update(outcome="rejected"), "frozen")


def test_the_process_and_the_history_are_append_only(case: CaseInfo) -> None:
    for table in (ClockLine, TimelineEntry):
        rows = table.objects.filter(case_id=case.id)
        refused(lambda rows=rows: rows.update(at=LATER), "append-only")  # type: ignore[misc]  # each lambda holds its own value of the loop
        refused(lambda rows=rows: rows.delete(), "append-only")  # type: ignore[misc]  # each lambda holds its own value of the loop
    refused(lambda: ProcessVersion.objects.update(bpmn_xml="<x/>"), "append-only")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"kind": "start", "seq": 2}, "clock_started_once"),
        ({"kind": "pause", "seq": 1}, "clock_line_once"),
        ({"kind": "melt", "seq": 2}, "clock_kind_known"),
        ({"kind": "extend", "seq": 2}, "clock_new_due_iff_extend"),
        ({"kind": "pause", "seq": 2, "new_due_at": LATER}, "clock_new_due_iff_extend"),
        ({"kind": "extend", "seq": 2, "new_due_at": LATER, "reason": ""}, "clock_extend_has_reason"),
    ],
)
def test_a_ledger_line_cannot_be_written_wrong(case: CaseInfo, values: dict[str, Any], name: str) -> None:
    row = {"case_id": case.id, "at": LATER, "reason": "x"} | values
    refused(lambda: ClockLine.objects.create(**row), name)


def test_a_case_is_extended_once(case: CaseInfo) -> None:
    row = {"case_id": case.id, "at": LATER, "kind": "extend", "reason": "x", "new_due_at": LATER}
    ClockLine.objects.create(seq=2, **row)
    refused(lambda: ClockLine.objects.create(seq=3, **row), "clock_extended_once")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"completed_at": LATER}, "task_completed_iff_by_whom"),
        ({"outcome": "accept"}, "task_completed_iff_by_whom"),
        ({"completed_at": LATER, "completed_by": True}, "task_completed_iff_by_whom"),
        (
            {"completed_at": LATER, "completed_by": True, "outcome": "x", "cancelled_at": LATER},
            "task_not_done_and_cancelled",
        ),
        ({"completed_at": EARLIER, "completed_by": True, "outcome": "x"}, "task_done_after_created"),
        ({"assignee": True}, "task_assignee_named"),
        ({"assignee_name": "Ai đó"}, "task_assignee_named"),
    ],
)
def test_a_task_cannot_be_written_wrong(case: CaseInfo, office: Office, values: dict[str, Any], name: str) -> None:
    known = {f"{key}_id" if value is True else key: value for key, value in values.items()}
    known = {key: office.counter.user_id if value is True else value for key, value in known.items()}
    refused(lambda: Task.objects.filter(case_id=case.id).update(**known), name)


def test_one_open_row_for_each_token(case: CaseInfo, office: Office) -> None:
    task = {"case_id": case.id, "token": "t1", "role": "counter", "agency_id": office.agency.id, "created_at": MONDAY}
    refused(lambda: Task.objects.create(**task), "task_open_once_per_token")
    timer = {"case_id": case.id, "token": "t7", "counts": "calendar", "created_at": MONDAY, "due_at": LATER}
    Timer.objects.create(**timer)
    refused(lambda: Timer.objects.create(**timer), "timer_open_once_per_token")
    refused(lambda: Timer.objects.create(**timer | {"token": "t8", "counts": "moon"}), "timer_counts_known")
    both = timer | {"token": "t9", "fired_at": LATER, "cancelled_at": LATER}
    refused(lambda: Timer.objects.create(**both), "timer_not_fired_and_cancelled")
    call = {"case_id": case.id, "token": "t7", "topic": "x", "created_at": MONDAY}
    ServiceCall.objects.create(**call)
    refused(lambda: ServiceCall.objects.create(**call), "service_open_once_per_token")
    refused(lambda: ServiceCall.objects.create(**call | {"token": "t8", "state": "lost"}), "service_state_known")
    refused(lambda: ServiceCall.objects.create(**call | {"token": "t8", "state": "done"}), "service_done_iff_moment")


def test_versions_participations_and_entries(case: CaseInfo) -> None:
    version = ProcessVersion.objects.get()
    row = {"key": version.key, "version": 1, "sha256": "0" * 64, "bpmn_xml": "x", "deployed_at": MONDAY}
    refused(lambda: ProcessVersion.objects.create(**row), "process_version_once")
    refused(
        lambda: ProcessVersion.objects.create(**row | {"version": 2, "sha256": version.sha256}), "process_text_once"
    )
    refused(lambda: ProcessVersion.objects.create(**row | {"version": 0}), "process_version_from_one")
    party = {"case_id": case.id, "party_kind": "user", "party_id": 1, "role": "submitter"}
    Participation.objects.create(**party)
    refused(lambda: Participation.objects.create(**party), "participation_once")
    refused(lambda: Participation.objects.create(**party | {"party_kind": "cat"}), "participation_kind_known")
    entry = {"case_id": case.id, "at": MONDAY, "kind": "x", "text": "x", "audience": "everyone"}
    refused(lambda: TimelineEntry.objects.create(**entry), "timeline_audience_known")
