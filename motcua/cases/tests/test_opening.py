"""Opening a case: what is frozen, what is written, and with how few statements."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.audit.public import SYSTEM
from motcua.cases.models import Case, ClockLine, Participation, Task
from motcua.cases.public import (
    Participant,
    ProcessVersionUnknown,
    deploy_process,
    find_case_by_code,
    find_process_version,
    get_case,
    get_deadline,
    get_process_definition,
    list_tasks,
    list_timeline,
    open_case,
)
from motcua.cases.tests.factories import (
    MONDAY,
    at,
    deploy_one_stop,
    make_agency,
    make_case,
    make_command,
    one_stop_xml,
    open_task,
)
from motcua.outbox.public import count_pending
from motcua.process.public import ProcessDefinitionError

pytestmark = pytest.mark.django_db


def test_a_case_opens_with_its_rules_its_task_and_its_clock() -> None:
    agency = make_agency()
    case = make_case(agency.id, now=MONDAY, participants=(Participant("user", 7, "submitter"),))
    assert (case.stage, case.clock_state, case.due_at, case.revision) == (
        "submitted",
        "running",
        at("2026-03-09 09:00"),
        0,
    )
    assert case == get_case(case.uuid) == get_case(case.code) == get_case(case.id) == find_case_by_code(case.code)
    task = open_task(case.id)
    assert (task.element_id, task.role, task.agency_id, task.screen) == (
        "receive",
        "counter",
        agency.id,
        "dossiers.receive",
    )
    assert (task.due_at, task.share_minutes, task.outcomes) == (
        case.due_at,
        480,
        ("accept", "charge", "supplement", "refuse"),
    )
    assert [line.kind for line in ClockLine.objects.filter(case_id=case.id)] == ["start"]
    roles = Participation.objects.filter(case_id=case.id).order_by("role").values_list("party_kind", "role")
    assert list(roles) == [("person", "applicant"), ("user", "submitter")]
    assert [entry.kind for entry in list_timeline(case.id, audience="applicant")] == ["opened", "stage"]
    assert list_timeline(case.id, audience="public") == ()
    assert count_pending() >= 2


def test_opening_takes_few_statements() -> None:
    agency = make_agency()
    command = make_command(agency.id, calendar_code=agency.calendar_code)
    get_process_definition(command.process_version_id)
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        open_case(command, actor=SYSTEM, now=MONDAY)
    assert len(queries) <= 6, [query["sql"][:90] for query in queries]


def test_the_counter_task_lies_where_the_case_was_received() -> None:
    reception, deciding = make_agency(), make_agency()
    case = make_case(deciding.id, reception_agency_id=reception.id)
    assert open_task(case.id).agency_id == reception.id


def test_no_term_means_no_due_time() -> None:
    case = make_case(make_agency().id, term_amount=None, term_unit="")
    assert (case.due_at, case.clock_state) == (None, "running")
    assert get_deadline(case.id, now=MONDAY).due_at is None


def test_the_law_may_start_the_clock_later_than_the_filing() -> None:
    evening, morning = at("2026-03-02 20:00"), at("2026-03-04 07:30")
    case = make_case(make_agency().id, now=evening, clock_starts_at=morning, term_amount=1)
    assert case.due_at == at("2026-03-05 07:30")


def test_a_code_is_used_once() -> None:
    agency = make_agency()
    command = make_command(agency.id)
    open_case(command, actor=SYSTEM, now=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        open_case(command, actor=SYSTEM, now=MONDAY)
    assert Case.objects.filter(code=command.code).count() == 1


def test_an_unknown_process_opens_nothing() -> None:
    with pytest.raises(ProcessVersionUnknown):
        make_case(make_agency().id, process_version_id=999_999)
    assert not Case.objects.exists() and not Task.objects.exists()


def test_deploying_twice_gives_one_version() -> None:
    first = deploy_one_stop()
    assert deploy_one_stop() == first
    second = deploy_process(first.key, xml=one_stop_xml() + b"\n", now=MONDAY)
    assert (first.version, second.version) == (1, 2)
    assert find_process_version(first.key) == second
    assert find_process_version(first.key, version=1) == first
    assert find_process_version("none") is None


def test_a_running_case_keeps_its_process_version() -> None:
    first = deploy_one_stop()
    case = make_case(make_agency().id)
    deploy_process(first.key, xml=one_stop_xml() + b"\n", now=MONDAY)
    assert get_case(case.id).process_version_id == first.id
    assert len(list_tasks(case.id)) == 1


def test_a_timer_that_no_calendar_counts_is_refused_at_deployment() -> None:
    with pytest.raises(ProcessDefinitionError) as refusal:
        deploy_process("bad", xml=one_stop_xml().replace(b"P15D", b"P1M"), now=MONDAY)
    assert refusal.value.problems[0].element_id == "too_late"
