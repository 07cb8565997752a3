"""Filing end to end over HTTP against bare SQL that writes the same rows in the same transactions.

One worker behind one kept-alive connection submits prepared drafts of a birth registration; then one connection of
psycopg writes copies of the very rows that such a filing left (found by its transaction), one INSERT a table, one
commit each. The two take turns, so that other load on the machine touches both alike.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, RemoteDisconnected
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg

from benchmarks import Promise

BUDGET = 0.20
TURNS, EACH, WARM_UP = 40, 5, 40
DESIGNED = "dang-ky-khai-sinh"
CSRF = "b" * 32
NUMBER = "dossiers_numberseries"
OWN_KEYS = {"uuid", "client_key"}  # columns that are new in each row, whatever the table
OWN_CODES = {"cases_case": "code", "dossiers_dossier": "dossier_no", "dossiers_slip": "no"}
PARENTS = ("cases_case", "dossiers_dossier")  # written first: the others point at them

Rows = dict[str, list[dict[str, str | None]]]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A draft that only waits for the button to be pressed."""

    uuid: UUID
    client_key: UUID


def run() -> list[Promise]:
    """Measure in short turns; the promise compares lower quartiles: the runs that no neighbour interrupted."""
    from django.db import connection

    session, template = _prepare_city()
    drafts = iter(_copy_draft(template, WARM_UP + TURNS * EACH))
    spare = iter(_copy_draft(template, WARM_UP + TURNS * EACH))
    connection.close()
    over_http: list[float] = []
    by_sql: list[float] = []
    with _serve() as port, psycopg.connect(os.environ["DATABASE_URL"]) as sql:
        browser = _Browser(HTTPConnection("127.0.0.1", port, timeout=120), session)
        browser.file(next(drafts))
        replay = _Replay(sql, _read_rows_of_last_filing(sql))
        for _number in range(WARM_UP - 1):
            browser.file(next(drafts))
            replay.file(next(spare))
        for _turn in range(TURNS):
            over_http += [_time(browser.file, next(drafts)) for _number in range(EACH)]
            by_sql += [_time(replay.file, next(spare)) for _number in range(EACH)]
        browser.http.close()
    slow, fast = (statistics.quantiles(times, n=4)[0] for times in (over_http, by_sql))
    detail = (
        f"HTTP {1 / slow:.0f}/s ({slow * 1000:.1f} ms), SQL trần {1 / fast:.0f}/s ({fast * 1000:.1f} ms), "
        f"trung vị {statistics.median(over_http) * 1000:.1f} và {statistics.median(by_sql) * 1000:.1f} ms, "
        f"{len(over_http)} hồ sơ mỗi bên, {replay.row_count} dòng ở {len(replay.rows)} bảng"
    )
    return [Promise("Nộp hồ sơ qua HTTP so với SQL trần", fast / slow, BUDGET, at_least=True, detail=detail)]


def _time(act: Callable[[_Prepared], None], draft: _Prepared) -> float:
    start = time.perf_counter()
    act(draft)
    return time.perf_counter() - start


def _prepare_city() -> tuple[str, int]:
    """Build the demonstration city and one whole draft; return a signed-in session's key and the draft's id."""
    from django.conf import settings
    from django.test import Client

    from motcua.audit.public import Actor
    from motcua.documents.public import render_pdf, store_document
    from motcua.dossiers.actions.sparing import spare_papers
    from motcua.dossiers.models import Draft, DraftFile
    from motcua.dossiers.public import choose_applicant, start_draft
    from motcua.dossiers.queries.drafts import get_live_draft
    from motcua.identity.public import PartyRef, find_person_by_personal_id
    from motcua.identity.tests.factories import sign_in
    from motcua.kernel import clock
    from motcua.procedures.public import get_form
    from motcua.project.demo_city import PAPER_TEMPLATE
    from motcua.project.demo_city.answers import make_answers
    from motcua.project.demo_city.build import build_city
    from motcua.project.demo_city.people import RESIDENTS

    now = clock.now()
    build_city(now=now, tell=lambda _text: None, dossiers=0)
    who, version_id = RESIDENTS[0], _find_version(now=now)
    person = find_person_by_personal_id(who.personal_id)
    assert person is not None and person.user_id is not None
    form = get_form(version_id)
    answers = make_answers(form, who=who, chance=random.Random(1), today=clock.local_date(now))
    answers |= {item.key: who.area_code for item in form.fields if item.kind == "area" and item.key in answers}
    info, _code = start_draft(version_id, owner_id=person.user_id, data=answers, now=now)
    choose_applicant(info.uuid, ref=PartyRef("person", person.id), result_channel="online", now=now)
    paper = store_document(
        render_pdf(PAPER_TEMPLATE, {"title": "Giấy tờ"}), filename="giay-to.pdf", media_type="application/pdf",
        purpose="upload", now=now,
    )  # fmt: skip
    draft = Draft.objects.get(uuid=info.uuid)
    for item in form.fields:
        if item.type == "filepicker" and item.required:
            DraftFile.objects.create(draft=draft, field_key=item.key, file_id=paper.id, created_at=now)
    client = Client()
    sign_in(client, person.user_id)
    # As in life: who presses the button has read the review page, where registers were asked what need not be typed.
    actor = Actor(kind="resident", id=str(person.uuid), name=person.full_name)
    spare_papers(get_live_draft(info.uuid, now=now), actor=actor, now=now)
    return client.cookies[settings.SESSION_COOKIE_NAME].value, draft.id


def _find_version(*, now: Any) -> int:
    import tomllib

    from motcua.kernel.clock import local_date
    from motcua.procedures.public import find_procedure

    package = Path("motcua/procedures/designed") / DESIGNED / "procedure.toml"
    found = find_procedure(tomllib.loads(package.read_text("utf-8"))["code"], on=local_date(now))
    assert found is not None
    return found.version_id


def _copy_draft(draft_id: int, copies: int) -> list[_Prepared]:
    """Copy a draft with its files; return the copies."""
    from django.db import connection, transaction

    from motcua.dossiers.models import Draft, DraftFile

    draft = Draft.objects.get(id=draft_id)
    files = list(DraftFile.objects.filter(draft_id=draft_id))
    made = []
    with transaction.atomic():
        for _number in range(copies):
            draft.pk, draft.uuid, draft.client_key = None, uuid4(), uuid4()
            draft.save(force_insert=True)
            made.append(_Prepared(draft.uuid, draft.client_key))
            for file in files:
                file.pk, file.uuid, file.draft_id = None, uuid4(), draft.id
                file.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE dossiers_draft, dossiers_draftfile")
    return made


@contextmanager
def _serve() -> Iterator[int]:
    """Run the real application under gunicorn as `motcua serve` does, with one worker; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "motcua.project.settings.demo"}
    manage = [sys.executable, "-m", "motcua.project.cli"]
    subprocess.run([*manage, "collectstatic", "--noinput", "-v0"], env=environment, check=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "motcua.project.wsgi:application", "--bind", f"127.0.0.1:{port}",
         "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--keep-alive", "30",
         "--log-level", "warning"],
        env=environment,
    )  # fmt: skip
    try:
        for _attempt in range(300):
            assert server.poll() is None, "the server did not start"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=40)


@dataclass(frozen=True, slots=True)
class _Browser:
    """A signed-in resident on one kept-alive connection."""

    http: HTTPConnection
    session: str

    def file(self, draft: _Prepared) -> None:
        """Press the button of the review page; the dossier must be acknowledged."""
        body = urlencode({"declaration": "true", "client_key": str(draft.client_key), "csrfmiddlewaretoken": CSRF})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
        }
        try:
            self.http.request("POST", f"/ho-so/nhap/{draft.uuid}/nop/", body, headers)
            response = self.http.getresponse()
        except RemoteDisconnected:  # the server closed a connection that had waited too long
            self.http.close()
            return self.file(draft)
        text = response.read()
        address = response.headers.get("Location", "")
        assert response.status == 302 and address.endswith("/da-nop/"), (response.status, address, text[:2000])
        return None


def _read_rows_of_last_filing(sql: psycopg.Connection[Any]) -> Rows:
    """Return every row that the newest filing's transaction wrote, by table: PostgreSQL keeps its number in each."""
    found = sql.execute("SELECT xmin::text FROM dossiers_dossier ORDER BY id DESC LIMIT 1").fetchone()
    assert found is not None
    columns: dict[str, list[str]] = {}
    for table, column in sql.execute(
        "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
        "ORDER BY table_name, ordinal_position"
    ):
        columns.setdefault(table, []).append(column)
    rows: Rows = {}
    for table, names in columns.items():
        listed = ", ".join(f'"{name}"::text' for name in names)
        written = sql.execute(f'SELECT {listed} FROM "{table}" WHERE xmin::text = %s', found).fetchall()
        if written:
            rows[table] = [dict(zip(names, row, strict=True)) for row in written]
    sql.commit()
    assert set(rows) >= {*PARENTS, "dossiers_draft", NUMBER, "cases_task"}, sorted(rows)
    return rows


@dataclass(slots=True)
class _Replay:
    """Writes copies of one filing's rows: what somebody who knows SQL would write by hand."""

    sql: psycopg.Connection[Any]
    rows: Rows
    serial: Iterator[int] = field(default_factory=lambda: count(1))
    texts: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, rows in self.rows.items():
            names = [name for name in rows[0] if name != "id"]
            line = f"({', '.join(['%s'] * len(names))})"
            head = f'INSERT INTO "{table}" ({", ".join(names)}) VALUES {", ".join([line] * len(rows))}'
            self.texts[table] = head + (" RETURNING id" if table in PARENTS else ""), names

    @property
    def row_count(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def file(self, draft: _Prepared) -> None:
        """Write one dossier in one transaction."""
        number = self.rows[NUMBER][0]
        with self.sql.transaction():
            self.sql.execute(
                f"INSERT INTO {NUMBER} (agency_code, series, period, last_no) VALUES (%s, %s, %s, 1) "
                f"ON CONFLICT (agency_code, series, period) DO UPDATE SET last_no = {NUMBER}.last_no + 1 "
                "RETURNING last_no",
                (number["agency_code"], "bench", number["period"]),
            )
            code = f"B-{next(self.serial)}"
            case_id = self._insert("cases_case", code, {})
            new = {"case_id": case_id, "dossier_id": None}
            new["dossier_id"] = self._insert("dossiers_dossier", code, new)
            for table in self.rows:
                if table not in (*PARENTS, NUMBER, "dossiers_draft"):
                    self._insert(table, code, new)
            self.sql.execute(
                "UPDATE dossiers_draft SET submitted_case_id = %s, updated_at = %s WHERE uuid = %s",
                (case_id, self.rows["dossiers_draft"][0]["updated_at"], draft.uuid),
            )

    def _insert(self, table: str, code: str, parents: Mapping[str, Any]) -> int | None:
        text, names = self.texts[table]
        cursor = self.sql.execute(text, self._list_values(table, names, code, parents))
        found: Sequence[int] | None = cursor.fetchone() if table in PARENTS else None
        return None if found is None else found[0]

    def _list_values(self, table: str, names: list[str], code: str, parents: Mapping[str, Any]) -> list[Any]:
        values: list[Any] = []
        for row in self.rows[table]:
            for name in names:
                if name in OWN_KEYS:
                    values.append(uuid4())
                elif name == OWN_CODES.get(table):
                    values.append(code)
                else:
                    values.append(parents.get(name, row[name]))
        return values
