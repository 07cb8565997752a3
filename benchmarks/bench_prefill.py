"""Prefill of a birth-registration form: five facts from three registers add at most 3x one indexed look-up.

The registers lie there at the size of the city: a million people, 100,000 enterprises, 300,000 parcels, and
residences and marriages of 100,000 people, written by COPY. `MOTCUA_BENCH_PREFILL=1` in hundredths of that size.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import perf_counter
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import Promise
from motcua.audit.public import Actor
from motcua.exchange.public import FACT_GROUND, FACT_PURPOSE, ensure_fact_grants, resolve_facts
from motcua.kernel import clock
from motcua.registers.public import Reading, Wanted, describe_registers, get_register, read_linked

PERCENT = int(os.environ.get("MOTCUA_BENCH_PREFILL", "10"))  # of the city's size; 100 takes minutes to load
PEOPLE, FIRMS, PARCELS, ASKED = (PERCENT * each // 100 for each in (1_000_000, 100_000, 300_000, 100_000))
SINCE = datetime(2025, 7, 1, tzinfo=UTC)
FIVE = (
    "applicant.full_name", "applicant.personal_id", "applicant.permanent_address", "applicant.marriage.act_no",
    "applicant.marriage.registered_on",
)  # fmt: skip
ROUNDS = 300
ASKER = Actor(kind="system", id="bench-a", name="A")
OWNER = Actor(kind="system", id="bench-b", name="B")
READING = Reading(actor=ASKER, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND)
_UUIDS_END = UUID(int=1 << 64)  # ours lie below; a random one never does
Row = tuple[dict[str, object], tuple[tuple[str, str, bool], ...]]  # what it says; key or link, value, is a key


def run() -> list[Promise]:
    """Load, measure, take away what was loaded: other benchmarks share the database."""
    now = clock.now()
    describe_registers(now=now)
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=now)
    try:
        return _measure(_load(), now)
    finally:
        _take_away()


def _load() -> float:
    """Write the city's registers; return the seconds."""
    started = perf_counter()
    for register, make in (
        ("people", _people), ("enterprises", _firms), ("land", _parcels), ("residences", _residences),
        ("civil_status", _marriages),
    ):  # fmt: skip
        _copy(register, make)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registers_record, registers_recordversion, registers_recordkey")
    return perf_counter() - started


def _measure(loaded: float, now: datetime) -> list[Promise]:
    """Ask for one record and for five facts in turn, each time about somebody else."""
    one, five = [], []
    for number in range(ROUNDS + 20):
        person = _person_id(number * 7919 % ASKED)
        one.append(_time(partial(_look_up, person, now)))
        five.append(_time(partial(_prefill, person, now)))
    ratio = median(five[20:]) / median(one[20:])
    queries = {_count(partial(_prefill, _person_id(1), now, many)) for many in (1, 3, 5)}
    assert len(queries) == 1, queries
    return [
        Promise(
            "prefill: five facts of three registers against one indexed look-up",
            ratio,
            3.0,
            at_least=False,
            detail=(
                f"{median(five[20:]) * 1e3:.2f} ms against {median(one[20:]) * 1e3:.2f} ms, {queries.pop()} queries "
                f"whatever the number of facts, {PEOPLE:,} people, loaded in {loaded:.0f} s"
            ),
        )
    ]


def _look_up(person: str, now: datetime) -> None:
    """One record by its key, as every reading: noted with purpose and ground."""
    wanted = Wanted(register="people", key="personal_id", value=person, fields=("full_name",))
    assert read_linked([wanted], reading=READING, now=now)[wanted]


def _prefill(person: str, now: datetime, many: int = 5) -> None:
    found = resolve_facts(FIVE[:many], subjects={"applicant": person}, reading=READING, now=now)
    assert all(each.state == "found" for each in found.values()), found


def _time(work: Callable[[], None]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _count(work: Callable[[], None]) -> int:
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def _person_id(number: int) -> str:
    return f"0011{number % 100:02d}{number:06d}"  # no other benchmark writes people of this province


def _people() -> Iterator[Row]:
    for number in range(PEOPLE):
        key, spouse = _person_id(number), _person_id(number ^ 1)
        data: dict[str, object] = {
            "personal_id": key, "full_name": f"Nguyễn Thị Thử {number}", "birth_on": f"19{50 + number % 50}-02-03",
            "sex": "female" if number % 2 else "male", "area_code": "26743", "address": f"{number} Đường Thử",
            "household_no": f"H{number // 4}", "spouse_id": spouse,
        }  # fmt: skip
        yield data, (("personal_id", key, True), ("spouse", spouse, False))


def _firms() -> Iterator[Row]:
    for number in range(FIRMS):
        key = f"{3_000_000_000 + number}"
        data: dict[str, object] = {
            "tax_code": key,
            "name": f"Công ty Thử {number}",
            "kind": "enterprise",
            "area_code": "26743",
        }
        yield data, (("tax_code", key, True),)


def _parcels() -> Iterator[Row]:
    for number in range(PARCELS):
        sheet, parcel, holder = str(number // 500), str(number % 500), _person_id(number % PEOPLE)
        data: dict[str, object] = {
            "area_code": "26743",
            "sheet_no": sheet,
            "parcel_no": parcel,
            "area_m2": 80,
            "holder_id": holder,
        }
        yield data, (("parcel", f"26743|{sheet}|{parcel}", True), ("holder", holder, False))


def _residences() -> Iterator[Row]:
    for number in range(ASKED):
        key = _person_id(number)
        data: dict[str, object] = {
            "personal_id": key,
            "kind": "permanent",
            "area_code": "26743",
            "address": f"{number} Đường Thường Trú",
        }
        yield data, (("residence", f"{key}|permanent", True), ("person", key, False))


def _marriages() -> Iterator[Row]:
    for number in range(0, ASKED, 2):
        wife, husband = _person_id(number + 1), _person_id(number)
        data: dict[str, object] = {
            "kind": "marriage", "act_no": str(number), "book_year": 2015, "office_code": "H29.901",
            "registered_on": "2015-05-05", "wife_id": wife, "wife_name": "A", "husband_id": husband,
            "husband_name": "B",
        }  # fmt: skip
        yield data, (
            ("act", f"marriage|H29.901|2015|{number}", True), ("spouse", wife, False), ("spouse", husband, False),
        )  # fmt: skip


def _take_away() -> None:
    """Remove the rows of this benchmark. Registers forbid that by triggers, which a superuser may set aside here."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, column in (("recordkey", "record_id"), ("recordversion", "record_id"), ("record", "id")):
            cursor.execute(
                f"DELETE FROM registers_{table} WHERE {column} IN (SELECT id FROM registers_record WHERE uuid < %s)",
                [_UUIDS_END],
            )


def _copy(register: str, make: Callable[[], Iterator[Row]]) -> None:
    """Write rows by COPY into the three tables, as a load leaves them."""
    info = get_register(register)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM registers_record")
        first = cursor.fetchone()[0] + 1
        with cursor.copy("COPY registers_record (id, uuid, register_id, created_at) FROM STDIN") as copy:
            for number, _row in enumerate(make(), start=first):
                copy.write_row((number, UUID(int=number), info.id, SINCE))  # small: a sign of ours
        with cursor.copy(
            "COPY registers_recordversion (record_id, valid_from, known_from, data, schema_version, source, sha256, "
            "is_correction, actor) FROM STDIN"
        ) as copy:
            for number, (data, _keys) in enumerate(make(), start=first):
                text = orjson.dumps(data).decode()
                copy.write_row((number, SINCE, SINCE, text, info.version, "bench", "0" * 64, False, ""))
        with cursor.copy(
            "COPY registers_recordkey (register_id, name, value, record_id, is_current, is_unique) FROM STDIN"
        ) as copy:
            for number, (_data, keys) in enumerate(make(), start=first):
                for name, value, is_unique in keys:
                    copy.write_row((info.id, name, value, number, True, is_unique))
