"""The inbox with 50,000 open cases in the system: as many queries as with 500, no more than 3x the time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks import Promise

if TYPE_CHECKING:
    from django.test import Client

SMALL, LARGE = 500, 50_000
ROUNDS = 40
MAX_RATIO, MAX_QUERIES = 3.0, 12

_CASES = """
INSERT INTO cases_case (uuid, code, kind, title, subject_code, subject_title, subject_folded, process_version_id, state,
    revision, stage, agency_id, reception_agency_id, area_code, applicant_kind, applicant_id, applicant_name,
    term_amount, term_unit, clock_rule, calendar_code, channel, opened_at, due_at, clock_state, outcome)
SELECT gen_random_uuid(), 'I-' || n, 'dossier', 'Hồ sơ ' || n, '1.' || lpad((n %% 700)::text, 6, '0'),
    'Thủ tục số ' || n %% 700, '1.' || lpad((n %% 700)::text, 6, '0') || ' thu tuc so ' || n %% 700, %(process)s,
    '{"v": 1, "tokens": {"t1": "receive"}}', 0, 'submitted', a.id, a.id, '', 'person', n, 'Người nộp ' || n, 5,
    'workday', 'restart', 'hcm', 'online', %(now)s - interval '10 days',
    %(now)s - interval '10 days' + ((n * 7919) %% 28800) * interval '1 minute', 'running', ''
FROM generate_series(%(first)s::int, %(last)s::int) AS n
-- every second case lies in the one office whose inbox is measured: worse than any real office
CROSS JOIN LATERAL (SELECT (%(agencies)s::bigint[])[1 + CASE WHEN n %% 2 = 0 THEN 0 ELSE n %% %(count)s END] AS id) AS a
"""
_TASKS = """
INSERT INTO cases_task (uuid, case_id, token, element_id, name, role, agency_id, screen, outcomes, properties,
    assignee_name, created_at, due_at, completed_by_name, outcome, note, revision)
SELECT gen_random_uuid(), c.id, 't1', 'receive', 'Tiếp nhận',
    CASE WHEN c.id %% 10 = 9 THEN 'specialist' ELSE 'counter' END, c.agency_id,
    'dossiers.receive', '[]', '{}', '', c.opened_at, c.due_at, '', '', '', 0
FROM cases_case c WHERE c.code LIKE 'I-%%' AND NOT EXISTS (SELECT 1 FROM cases_task t WHERE t.case_id = c.id)
"""


def run() -> list[Promise]:
    """Measure the page as the browser asks for it, with few and with many open cases."""
    from django.test import Client

    from motcua.cases.tests.factories import deploy_one_stop, make_agency, make_office
    from motcua.identity.tests.factories import sign_in

    office = make_office()
    agencies = [office.agency.id, *(make_agency().id for _number in range(11))]
    process_id = deploy_one_stop().id
    client = Client(SERVER_NAME="localhost")
    sign_in(client, office.counter.user_id)

    _fill(1, SMALL, agencies=agencies, process_id=process_id)
    few_seconds, few_queries = _measure(client)
    _fill(SMALL + 1, LARGE, agencies=agencies, process_id=process_id)
    many_seconds, many_queries = _measure(client)
    detail = f"{few_seconds * 1000:.1f} ms với {SMALL}, {many_seconds * 1000:.1f} ms với {LARGE} hồ sơ"
    return [
        Promise(
            "Hộp việc: thời gian 50.000 so với 500",
            many_seconds / few_seconds,
            MAX_RATIO,
            at_least=False,
            detail=detail,
        ),
        Promise(
            "Hộp việc: số truy vấn",
            max(few_queries, many_queries),
            MAX_QUERIES,
            at_least=False,
            unit="truy vấn",
            detail=f"{few_queries} với {SMALL}, {many_queries} với {LARGE} hồ sơ",
        ),
        Promise(
            "Hộp việc: truy vấn thêm khi hệ thống lớn lên",
            many_queries - few_queries,
            0,
            at_least=False,
            unit="truy vấn",
        ),
    ]


def _fill(first: int, last: int, *, agencies: list[int], process_id: int) -> None:
    from django.db import connection

    from motcua.kernel import clock

    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "agencies": agencies,
        "count": len(agencies),
        "process": process_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CASES, values | {"now": clock.now()})
        cursor.execute(_TASKS, {})
        cursor.execute("VACUUM ANALYZE cases_case, cases_task")


def _measure(client: Client) -> tuple[float, int]:
    from django.db import connection

    addresses = ["/viec/", "/viec/?trang=3", "/viec/?nguoi=chua-nhan"]
    for address in addresses:
        assert client.get(address).status_code == 200
    queries = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        client.get(addresses[0])
    times = []
    for _round in range(ROUNDS):
        for address in addresses:
            start = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - start)
    return statistics.median(times), queries
