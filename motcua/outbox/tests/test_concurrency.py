"""Two deliverers at once, and one that is killed between the handler's work and its mark."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection

from motcua.outbox.actions.delivery import lay_out_deliveries
from motcua.outbox.models import Delivery, PeriodicRun
from motcua.outbox.public import (
    DeliveryReport,
    deliver_pending,
    publish_all,
    register_periodic,
    run_periodic_jobs,
    unregister_periodic,
)
from motcua.outbox.tests.factories import NOW, BellRang, handled_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLED_WORKER = """
import os, django
django.setup()
from motcua.outbox.models import PeriodicRun
from motcua.outbox.public import deliver_pending
from motcua.outbox.tests.factories import NOW, BellRang, handled_by
def half_done(event, *, now):
    PeriodicRun.objects.create(name="half-done", next_run_at=NOW)
    os._exit(9)
with handled_by("tests.killed", half_done):
    deliver_pending(now=NOW)
"""

STOPPED_WORKER = """
import os, signal, django
django.setup()
from django.core.management import call_command
from motcua.outbox.tests.factories import handled_by
with handled_by("tests.stopped", lambda event, *, now: os.kill(os.getpid(), signal.SIGTERM)):
    call_command("run_worker")
"""

CUT_OFF_WORKER = """
import os, signal, django
django.setup()
from django.core.management import call_command
from django.db import connection
from motcua.outbox.models import PeriodicRun
from motcua.outbox.tests.factories import NOW, handled_by
tries = []
def half_done(event, *, now):
    tries.append(1)
    PeriodicRun.objects.create(name=f"try-{len(tries)}", next_run_at=NOW)
    if len(tries) == 1:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    os.kill(os.getpid(), signal.SIGTERM)
with handled_by("tests.cut_off", half_done):
    call_command("run_worker")
"""


BUSY_WORKER = """
import os, signal, threading, django
django.setup()
from django.core.management import call_command
from motcua.outbox.public import register_periodic
from motcua.outbox.tests.factories import handled_by
delivered = threading.Event()
@register_periodic("tests.long", every_seconds=3600)
def long(*, now):
    assert delivered.wait(40), "the event waited for the job"
    os.kill(os.getpid(), signal.SIGTERM)
with handled_by("tests.beside", lambda event, *, now: delivered.set()):
    call_command("run_worker")
"""


def _run_worker(script: str) -> subprocess.CompletedProcess[str]:
    here = {key: quote(str(value), safe="") for key, value in connection.settings_dict.items()}
    port = f":{here['PORT']}" if here["PORT"] else ""
    url = f"postgresql://{here['USER']}:{here['PASSWORD']}@localhost{port}/{here['NAME']}?host={here['HOST']}"
    return subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"DATABASE_URL": url, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def _deliver_in_thread(_: int) -> DeliveryReport:
    try:
        return deliver_pending(now=NOW, limit=50)
    finally:
        connection.close()


def test_two_deliverers_share_the_work_and_do_nothing_twice() -> None:
    heard: list[int] = []
    both_busy = threading.Barrier(2, timeout=20)

    def hear(event: BellRang, *, now: object) -> None:
        if event.number < 2:
            both_busy.wait()  # each of the two is inside a handler now
        heard.append(event.number)

    publish_all([BellRang(number=n) for n in range(30)], now=NOW)
    with handled_by("tests.shared_work", hear), ThreadPoolExecutor(2) as pool:
        lay_out_deliveries(now=NOW)  # or the first to come lays out alone and the other finds nothing to do
        reports = list(pool.map(_deliver_in_thread, range(2)))
        reports.append(_deliver_in_thread(0))
    assert sorted(heard) == list(range(30))
    assert sum(report.delivered for report in reports) == 30


def test_a_worker_killed_between_leaves_neither_work_nor_mark() -> None:
    publish_all([BellRang(number=1)], now=NOW)
    done = _run_worker(KILLED_WORKER)
    assert done.returncode == 9, done.stderr
    assert not PeriodicRun.objects.filter(name="half-done").exists()
    assert not Delivery.objects.filter(state="done").exists()
    heard: list[int] = []
    with handled_by("tests.killed", lambda event, *, now: heard.append(event.number)):
        deliver_pending(now=NOW)
    assert heard == [1]


def test_a_handler_that_asks_the_network_runs_in_no_transaction_and_by_one_worker() -> None:
    inside: list[bool] = []
    both_busy = threading.Barrier(2, timeout=20)

    def ask(event: BellRang, *, now: object) -> None:
        inside.append(connection.in_atomic_block)
        both_busy.wait()  # the other deliverer meets the delivery while it is being handled
        both_busy.wait()

    def come_too_late() -> DeliveryReport:
        both_busy.wait()
        try:
            return _deliver_in_thread(0)
        finally:
            both_busy.wait()

    publish_all([BellRang(number=1)], now=NOW)
    with handled_by("tests.network", ask, asks_network=True), ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(_deliver_in_thread, 0), pool.submit(come_too_late)
        assert (first.result().delivered, second.result().total) == (1, 0)
        assert deliver_pending(now=NOW + timedelta(hours=1)).total == 0
    assert inside == [False]


def test_what_a_killed_worker_asked_the_network_for_is_asked_again_at_once() -> None:
    def refuse(event: BellRang, *, now: object) -> None:
        raise ConnectionError("the service is away")

    publish_all([BellRang(number=1)], now=NOW)
    done = _run_worker(KILLED_WORKER.replace("half_done):", "half_done, asks_network=True):"))
    assert done.returncode == 9, done.stderr
    assert PeriodicRun.objects.filter(name="half-done").exists() and not Delivery.objects.filter(state="done").exists()
    with handled_by("tests.killed", refuse, asks_network=True):
        assert deliver_pending(now=NOW).failed == 1
    (waiting,) = Delivery.objects.all()
    assert waiting.next_try_at > NOW and waiting.last_error
    with handled_by("tests.killed", lambda event, *, now: None, asks_network=True):
        assert deliver_pending(now=NOW + timedelta(hours=1)).delivered == 1


def test_a_periodic_job_is_claimed_by_one_of_two_workers() -> None:
    runs: list[int] = []
    register_periodic("tests.claimed", every_seconds=60)(lambda *, now: runs.append(1))

    def work(_: int) -> int:
        try:
            return run_periodic_jobs(now=NOW)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
    finally:
        unregister_periodic("tests.claimed")
    assert runs == [1]


def test_sigterm_lets_the_delivery_at_hand_finish() -> None:
    publish_all([BellRang(number=1)], now=NOW)
    done = _run_worker(STOPPED_WORKER)
    assert done.returncode == 0, done.stderr
    assert "Đã chuyển 1 sự kiện" in done.stdout
    assert Delivery.objects.get(handler="tests.stopped").state == "done"


def test_a_worker_that_loses_the_database_goes_on_when_it_is_back() -> None:
    publish_all([BellRang(number=1)], now=NOW)
    done = _run_worker(CUT_OFF_WORKER)
    assert done.returncode == 0, done.stderr
    assert "Đã chuyển 1 sự kiện" in done.stdout
    assert list(PeriodicRun.objects.filter(name__startswith="try").values_list("name", flat=True)) == ["try-2"]


def test_a_long_job_holds_up_no_delivery() -> None:
    publish_all([BellRang(number=1)], now=NOW)
    done = _run_worker(BUSY_WORKER)
    assert done.returncode == 0, done.stderr
    assert "Đã chuyển 1 sự kiện" in done.stdout
    assert PeriodicRun.objects.get(name="tests.long").last_error == ""
