"""The copy follows the cases, and holds nobody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.cases.public import pause_clock, receive_message
from motcua.cases.tests.factories import MONDAY, Office, do_service, do_task, make_case, make_office
from motcua.indices.actions.parts import SCHEMA
from motcua.indices.actions.refreshing import refresh_copy
from motcua.indices.models import CaseTouch
from motcua.indices.queries.manifest import find_manifest
from motcua.indices.tests.factories import read_all
from motcua.indices.types import CopyRow
from motcua.outbox.public import drain
from motcua.payments.public import ChargeSettled

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MOTCUA_COPY_DIR = tmp_path / "copy"
    return tmp_path / "copy"


@pytest.fixture
def office() -> Office:
    return make_office()


def finish(office: Office, case_id: int, *, now: Any) -> None:
    do_task(case_id, "accept", by=office.counter, now=now)
    do_task(case_id, "approve", by=office.specialist, now=now)
    do_service(case_id, now=now)
    do_task(case_id, "sign", by=office.leader, now=now)


@pytest.mark.slow
def test_a_case_is_in_the_copy_seconds_later_with_what_figures_need(folder: Path, office: Office) -> None:
    assert refresh_copy(now=MONDAY).is_rebuilt
    case = make_case(office.agency.id, term_amount=5, area_code="26743")
    drain(now=MONDAY)
    assert refresh_copy(now=MONDAY).cases == 1
    (row,) = read_all(folder).values()
    assert row[0:8] == (
        "dossier", "1.001193", "Đăng ký khai sinh", office.agency.code, "26743", "online", "open.submitted",
        MONDAY.date().replace(day=1),
    )  # fmt: skip
    assert row[8:12] == (None, None, False, None)
    finish(office, case.id, now=MONDAY + DAY)
    drain(now=MONDAY + DAY)
    report = refresh_copy(now=MONDAY + DAY)
    (row,) = read_all(folder).values()
    assert report.as_of == MONDAY + DAY and not CaseTouch.objects.exists()
    assert (row[8], row[9], row[11]) == (MONDAY.date().replace(day=1), True, 480)


def test_the_lag_is_told_while_events_wait(folder: Path, office: Office) -> None:
    refresh_copy(now=MONDAY)
    make_case(office.agency.id)  # its event waits in the outbox
    assert refresh_copy(now=MONDAY + DAY).as_of == MONDAY
    drain(now=MONDAY + DAY)
    assert refresh_copy(now=MONDAY + DAY).as_of == MONDAY + DAY


@pytest.mark.slow
def test_events_delivered_twice_and_a_kill_before_the_commit_change_nothing(folder: Path, office: Office) -> None:
    refresh_copy(now=MONDAY)
    case = make_case(office.agency.id)
    drain(now=MONDAY)
    touches = list(CaseTouch.objects.values_list("case_uuid", flat=True))

    def die(at: str) -> None:
        if at == "manifest renamed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh_copy(now=MONDAY, hook=die)
    assert list(CaseTouch.objects.values_list("case_uuid", flat=True)) == touches  # they will be read again
    before = read_all(folder)
    CaseTouch.objects.create(case_uuid=case.uuid, touched_at=MONDAY)
    refresh_copy(now=MONDAY)
    assert read_all(folder) == before and len(before) == 1
    assert not CaseTouch.objects.exists()


STEPS = st.lists(st.sampled_from(["open", "pause", "withdraw", "finish", "drain", "refresh"]), max_size=9)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_refreshed_in_any_batches_it_equals_the_one_built_from_scratch(
    settings: Any, office: Office, steps: list[str]
) -> None:
    with TemporaryDirectory() as name:
        settings.MOTCUA_COPY_DIR = Path(name) / "followed"
        now = MONDAY
        refresh_copy(now=now)
        open_ids: list[int] = []
        for step in ["open", *steps, "open", "drain", "refresh"]:
            now += timedelta(hours=2)
            do_step(step, open_ids, office, now)
        refresh_copy(now=now, rebuild=True, folder=Path(name) / "built")
        followed = read_all(Path(name) / "followed")
        assert followed == read_all(Path(name) / "built") and followed


def do_step(step: str, open_ids: list[int], office: Office, now: Any) -> None:
    if step == "open":
        open_ids.append(make_case(office.agency.id, now=now).id)
    elif step == "drain":
        drain(now=now)
    elif step == "refresh":
        refresh_copy(now=now)
    elif open_ids:
        case_id = open_ids.pop()
        acts: dict[str, Callable[[], object]] = {
            "pause": lambda: pause_clock(case_id, reason="chờ", actor=SYSTEM, now=now),
            "withdraw": lambda: receive_message(case_id, "withdraw", payload={}, actor=SYSTEM, now=now),
            "finish": lambda: finish(office, case_id, now=now),
        }
        acts[step]()


def test_another_key_builds_the_copy_anew_and_no_case_keeps_its_name(
    folder: Path, office: Office, settings: Any
) -> None:
    make_case(office.agency.id)
    refresh_copy(now=MONDAY)
    before = set(read_all(folder))
    settings.MOTCUA_COPY_KEY = "khóa khác của bản sao"
    assert refresh_copy(now=MONDAY).is_rebuilt
    assert not before & set(read_all(folder))


@pytest.mark.slow
def test_queries_do_not_grow_with_the_cases(folder: Path, office: Office) -> None:
    refresh_copy(now=MONDAY)
    counts = []
    for size in (1, 6):
        for _case in range(size):
            make_case(office.agency.id)
        drain(now=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            refresh_copy(now=MONDAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_the_copy_has_only_the_columns_it_may_have() -> None:
    """A column that names somebody cannot come in without this list, and a reviewer, being asked."""
    assert [field.name for field in dataclasses.fields(CopyRow)] + ["batch"] == SCHEMA.names
    assert set(SCHEMA.names) == {
        "case_key", "kind", "procedure_code", "procedure_title", "agency_code", "ward_code", "channel", "state",
        "received_month", "finished_month", "is_on_time", "is_extended", "working_minutes", "papers_spared",
        "facts_spared", "waived_law_vnd", "waived_city_vnd", "batch",
    }  # fmt: skip


@pytest.mark.slow
def test_free_words_of_a_case_never_come_into_the_copy(folder: Path, office: Office) -> None:
    case = make_case(
        office.agency.id, kind="complaint", title="Bà Trần Thị Mật kiện", subject_code="ông Lê Kín, 12 Lê Lợi",
        subject_title="Nhà bà Trần Thị Mật", applicant_name="Trần Thị Mật", area_code="12 Lê Lợi",
    )  # fmt: skip
    refresh_copy(now=MONDAY)
    (row,) = read_all(folder).values()
    assert row[:5] == ("complaint", "other", "", office.agency.code, "")
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    for secret in ("Trần Thị Mật", "Lê Kín", "Lê Lợi", case.code, str(case.uuid), case.uuid.hex):
        assert secret.encode() not in raw and secret not in str(read_all(folder))


def test_a_settled_charge_touches_its_case(folder: Path, office: Office) -> None:
    from motcua.indices.tasks import handle_charge_settled

    case = make_case(office.agency.id)
    refresh_copy(now=MONDAY)
    handle_charge_settled(ChargeSettled(charge_uuid=case.uuid, case_uuid=case.uuid, amount_vnd=0), now=MONDAY)
    assert refresh_copy(now=MONDAY).cases == 1


def test_the_command_says_what_it_did_and_how_far_the_copy_knows(
    folder: Path, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    make_case(office.agency.id)
    call_command("refresh_copy")
    call_command("refresh_copy", "--rebuild")
    out = capsys.readouterr().out.splitlines()
    assert all("Đã dựng lại 1 hồ sơ" in line and "Số liệu đến lúc" in line for line in out) and len(out) == 2
    assert find_manifest(folder) is not None
