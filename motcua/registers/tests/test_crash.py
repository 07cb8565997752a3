"""`kill -9` in the middle of a load: what was taken stays, the rest follows when the command runs again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from motcua.registers.models import LoadRun, Record
from motcua.registers.tests.factories import describe

ROWS = 60
CHILD = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from motcua.registers.actions import loading
loading.BATCH_ROWS = 20
take, taken = loading._take, []
def stop(run, info, chunk, now):
    take(run, info, chunk, now)  # the third batch is written and not committed when the process dies
    taken.append(chunk)
    if len(taken) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
loading._take = stop
call_command("load_register", "people", sys.argv[1], source="Phuong Thu")
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_load_killed_between_write_and_commit_goes_on_and_no_row_is_lost_or_doubled(tmp_path: Path) -> None:
    describe()
    path = tmp_path / "dan-cu.csv"
    lines = [f"0791900{number:05d},Nguyễn Thử {number}" for number in range(ROWS)]
    path.write_text("personal_id,full_name\n" + "\n".join(lines), "utf-8")
    killed = _run(path, 3)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    assert (LoadRun.objects.get().done_lines, Record.objects.count()) == (40, 40)
    finished = _run(path, 99)
    assert finished.returncode == 0 and f"mới {ROWS}" in finished.stdout, finished.stderr[-2000:]
    run = LoadRun.objects.get()
    assert run.finished_at is not None and (run.rows_new, Record.objects.count()) == (ROWS, ROWS)


def _run(path: Path, batches: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(batches)],
        env=os.environ | {"DATABASE_URL": _url_of_this_database(), "PYTHONUTF8": "1"}, capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip


def _url_of_this_database() -> str:
    values = connection.settings_dict
    secret = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{values['USER']}{secret}@{port}/{values['NAME']}?host={values['HOST']}"
