"""Commands and periodic work."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from motcua.cases.models import Case
from motcua.cases.public import get_case
from motcua.cases.tests.factories import at, do_task, make_case, make_office
from motcua.outbox.public import run_periodic_jobs

pytestmark = pytest.mark.django_db


def test_deadlines_are_recomputed_dry_unless_told() -> None:
    case = make_case(make_office().agency.id)
    Case.objects.filter(pk=case.id).update(due_at=at("2030-01-01 09:00"))
    out = io.StringIO()
    call_command("recompute_deadlines", stdout=out)
    assert "Sẽ đổi hạn của 1 hồ sơ" in out.getvalue()
    assert get_case(case.id).due_at != case.due_at
    call_command("recompute_deadlines", "--apply", stdout=out)
    assert "Đã đổi hạn của 1 hồ sơ" in out.getvalue()
    assert get_case(case.id).due_at == case.due_at


@pytest.mark.slow
def test_the_worker_fires_due_timers() -> None:
    office = make_office()
    case = make_case(office.agency.id)
    do_task(case.id, "supplement", by=office.counter, now=at("2026-03-03 09:00"))
    run_periodic_jobs(now=at("2026-06-01 09:00"))
    assert get_case(case.id).outcome == "stopped"
