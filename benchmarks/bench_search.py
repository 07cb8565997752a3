"""Search over 2,642 procedures: the 99th percentile against a lookup by primary key on the same connection.

Names come from the folder given as MOTCUA_PROCEDURES (the national lists), or are invented.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import Promise

SIZE = 2_642
ROUNDS = 9
LOOKUPS = 2_000
BUDGET = 15.0
WORDS = [
    "lam giay khai sinh cho con", "cấp lại bằng lái xe", "mở quán ăn", "doi bang lai", "ly hon", "giay phep", "dang ky",
    "nhap ho khau", "xin phép xây nhà", "khia sinh", "dang ki ket hom", "không có việc này ở đâu cả", "zzz", "1.004222",
]  # fmt: skip


def run() -> list[Promise]:
    """Measure; queries are whole names, names without marks, codes, halves of names, people's words and slips."""
    from django.db import connection

    from motcua.procedures.models import ProcedureVersion, SearchEntry
    from motcua.procedures.public import search_procedures

    now = datetime.now(UTC)
    on = _load(now)
    entries = list(SearchEntry.objects.order_by("pk").values_list("code", "name"))
    texts = _make_texts(entries)
    keys = list(ProcedureVersion.objects.order_by("pk").values_list("pk", flat=True))
    generator = random.Random(7)

    def look_up(key: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM procedures_searchentry WHERE version_id = %s", [key])
            cursor.fetchone()

    base = statistics.mean(_measure(look_up, generator.choices(keys, k=LOOKUPS)))
    found = _measure(lambda text: search_procedures(text, on=on), texts)
    p99 = statistics.quantiles(found, n=100)[98]
    detail = (
        f"{len(entries)} thủ tục, {len(texts)} câu; tra khóa {base * 1e3:.2f} ms, "
        f"giữa {statistics.median(found) * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms"
    )
    return [Promise("Tìm thủ tục, p99 so với tra khóa chính", p99 / base, BUDGET, False, detail=detail)]


def _load(now: datetime) -> date:
    from motcua.kernel.clock import local_date
    from motcua.procedures.public import import_procedures, load_designed_procedures
    from motcua.procedures.tests.factories import make_synthetic_rows, write_source

    given = os.environ.get("MOTCUA_PROCEDURES")
    load_designed_procedures(now=now)
    if given:
        import_procedures(Path(given), now=now)
    else:
        with tempfile.TemporaryDirectory() as folder:
            import_procedures(write_source(Path(folder), rows=list(make_synthetic_rows(SIZE))), now=now)
    return local_date(now)


def _make_texts(entries: Sequence[tuple[str, str]]) -> list[str]:
    from motcua.kernel.text import fold

    texts = WORDS * 4
    for index, (code, name) in enumerate(entries[::7]):
        half = " ".join(name.split()[: max(2, len(name.split()) // 2)])
        texts.append((name, fold(name), code, half)[index % 4])
    return texts


def _measure(act: Callable[[Any], object], arguments: Sequence[Any]) -> list[float]:
    """Time each argument in each round; its fastest round counts, so that other work on the machine does not."""
    fastest = [float("inf")] * len(arguments)
    for _ in range(ROUNDS):
        for index, argument in enumerate(arguments):
            start = time.perf_counter()
            act(argument)
            fastest[index] = min(fastest[index], time.perf_counter() - start)
    return fastest
