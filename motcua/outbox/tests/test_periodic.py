from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from motcua.outbox.public import list_jobs, publish, register_periodic, run_periodic_jobs, unregister_periodic
from motcua.outbox.tests.factories import NOW, BellRang, handled_by

pytestmark = pytest.mark.django_db


class Job:
    """A periodic job that counts its runs and fails when told to."""

    def __init__(self) -> None:
        self.runs: list[datetime] = []
        self.fails = False

    def __call__(self, *, now: datetime) -> None:
        self.runs.append(now)
        if self.fails:
            raise RuntimeError("kho tệp không trả lời")


@pytest.fixture
def job() -> Iterator[Job]:
    job = Job()
    register_periodic("tests.job", every_seconds=60)(job)
    yield job
    unregister_periodic("tests.job")


def _error() -> str:
    return next(row.last_error for row in list_jobs() if row.name == "tests.job")


@pytest.mark.slow
def test_a_job_comes_round_at_its_interval(job: Job) -> None:
    for seconds in (0, 30, 60, 61, 121):
        run_periodic_jobs(now=NOW + timedelta(seconds=seconds))
    assert [(at - NOW).seconds for at in job.runs] == [0, 60, 121]


@pytest.mark.slow
def test_a_failing_job_is_shown_and_runs_again(job: Job) -> None:
    job.fails = True
    run_periodic_jobs(now=NOW)
    assert _error() == "RuntimeError: kho tệp không trả lời"
    job.fails = False
    run_periodic_jobs(now=NOW + timedelta(minutes=1))
    assert (_error(), len(job.runs)) == ("", 2)


def test_a_job_too_fast_or_named_twice_is_refused(job: Job) -> None:
    with pytest.raises(ValueError, match="second"):
        register_periodic("tests.other", every_seconds=0)(Job())
    with pytest.raises(ValueError, match="already"):
        register_periodic("tests.job", every_seconds=1)(Job())


def test_the_worker_does_all_that_waits_and_ends_when_asked_for_once(job: Job) -> None:
    heard: list[int] = []
    publish(BellRang(number=3), now=NOW)
    out = StringIO()
    with handled_by("tests.command", lambda event, *, now: heard.append(event.number)):
        call_command("run_worker", "--once", stdout=out)
    assert heard == [3]
    assert len(job.runs) == 1
    assert "Đã chuyển 1 sự kiện" in out.getvalue()
