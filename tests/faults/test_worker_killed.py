"""`kill -9` of the background worker while it signs results: each is issued once, and once in its owner's vault."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from tests.faults.conftest import MortalCity
from tests.journeys.conftest import ROOT

CASES = 10
KILL_AFTER = (1, 4, 7)  # results issued when the blow falls


def start_worker(city: MortalCity) -> subprocess.Popen[bytes]:
    with city.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "motcua.project.cli", "run_worker"],
            env=city.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def count(city: MortalCity, sql: str) -> Any:
    return city.query(sql)[0][0]


def test_killed_worker_loses_nothing_and_issues_nothing_twice(silent_city: MortalCity) -> None:
    city = silent_city
    cases = ", ".join(map(str, city.prepare("signed", CASES)))
    issued = (
        "SELECT count(*) FROM dossiers_result r JOIN dossiers_dossier d ON d.id = r.dossier_id "
        f"WHERE d.case_id IN ({cases})"
    )
    assert count(city, issued) == 0
    for number in KILL_AFTER:
        worker = start_worker(city)
        try:
            wait_until_issued(city, issued, number)
        finally:
            worker.kill()
            worker.wait(timeout=20)
    interrupted_at = count(city, issued)
    assert interrupted_at < CASES, "the blows came too late to interrupt anything"
    city.run("run_worker", "--once")

    per_case = city.query(
        "SELECT d.dossier_no, (SELECT count(*) FROM dossiers_result WHERE dossier_id = d.id), "
        "(SELECT count(*) FROM outbox_outboxevent WHERE event_type LIKE 'dossier.result_issued%' "
        "AND payload->>'dossier_no' = d.dossier_no), "
        "(SELECT count(*) FROM audit_auditentry "
        "WHERE subject = 'dossier:' || d.uuid AND what = 'dossier.issue_result'), "
        "(SELECT count(*) FROM vault_paper WHERE origin = 'result' AND origin_ref = d.dossier_no), "
        "(SELECT count(*) FROM cases_servicecall WHERE case_id = d.case_id AND state = 'requested') "
        f"FROM dossiers_dossier d WHERE d.case_id IN ({cases})"
    )
    assert len(per_case) == CASES
    assert {row[1:] for row in per_case} == {(1, 1, 1, 1, 0)}, per_case
    assert count(city, "SELECT count(*) FROM outbox_delivery WHERE state <> 'done'") == 0
    assert count(city, "SELECT count(*) FROM outbox_outboxevent WHERE dispatched_at IS NULL") == 0
    city.run("verify_audit")


def wait_until_issued(city: MortalCity, question: str, number: int) -> None:
    deadline = time.monotonic() + 90
    while count(city, question) < number:
        assert time.monotonic() < deadline, "the worker issues nothing"
        time.sleep(0.01)
