"""Loading a register: at least 40 % of the rate at which the database's own bulk copy writes the same rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from time import perf_counter

from django.db import connection

from benchmarks import Promise
from motcua.kernel import clock
from motcua.registers.public import Source, describe_registers, load_register

ROWS = 60_000
_TABLES = ("registers_record", "registers_recordversion", "registers_recordkey")


def run() -> list[Promise]:
    """Load rows with validation, history and events; then copy the very same rows into the same emptied tables."""
    now = clock.now()
    describe_registers(now=now)
    source = Source(file_name="bench.jsonl", sha256="0" * 64, sender="bench", valid_from=now)
    started = perf_counter()
    report = load_register("people", _make_rows, source=source, now=now)
    loaded = perf_counter() - started
    assert report.rows_new == ROWS
    copied = _copy_same_rows()
    return [
        Promise(
            "registers: load against the database's bulk copy of the same rows",
            copied / loaded,
            0.4,
            at_least=True,
            detail=f"{ROWS / loaded:,.0f} rows/s loaded, {ROWS / copied:,.0f}/s copied",
        )
    ]


def _make_rows() -> Iterator[tuple[int, dict[str, object]]]:
    for number in range(ROWS):
        yield (
            number + 1,
            {
                "personal_id": f"0791900{number:05d}",
                "full_name": f"Nguyễn Thị Thử {number}",
                "birth_on": f"19{50 + number % 50}-0{1 + number % 9}-1{number % 9}",
                "sex": "female" if number % 2 else "male",
                "area_code": "26743",
                "address": f"{number} Đường Thử, Khu phố {number % 40}",
            },
        )


def _copy_same_rows() -> float:
    """Return the seconds that COPY takes for the rows that lie there, batch by batch as the load wrote them."""
    saved: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            out = io.BytesIO()
            with cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY 1) TO STDOUT (FORMAT binary)") as copy:
                for block in copy:
                    out.write(block)
            saved[table] = out.getvalue()
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
        started = perf_counter()
        for table in _TABLES:
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(saved[table])
        return perf_counter() - started
