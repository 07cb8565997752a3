"""What sealing costs: a paper put into the vault against the same bytes stored open, and a list of 200 against one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from benchmarks import Promise

PAPER_BYTES = 60_000
ROUNDS = 60
LONG_LIST = 200


def run() -> list[Promise]:
    from motcua.documents.public import store_document
    from motcua.identity.tests.factories import make_person
    from motcua.kernel import clock
    from motcua.vault.public import find_papers
    from motcua.vault.tests.factories import put_paper

    now, one, many = clock.now(), make_person().ref, make_person().ref
    put_paper(one)  # the keeper's first key is made outside of what is measured

    def store(content: bytes) -> None:
        store_document(content, filename="x.bin", media_type="application/octet-stream", purpose="bench", now=now)

    bare = _time(lambda: store(os.urandom(PAPER_BYTES)), ROUNDS)
    sealed = _time(lambda: put_paper(one, content=os.urandom(PAPER_BYTES)), ROUNDS)
    for _number in range(LONG_LIST):
        put_paper(many)
    short = _time(lambda: find_papers(one, now=now), ROUNDS)
    long = _time(lambda: find_papers(many, now=now), ROUNDS)
    return [
        Promise("Kho giấy tờ: cất một giấy so với lưu tệp trần", sealed / bare, 6.0, at_least=False,
                detail=f"{sealed * 1000:.1f} ms, {bare * 1000:.1f} ms"),
        Promise("Kho giấy tờ: danh sách 200 so với 1 giấy", long / short, 10.0, at_least=False,
                detail=f"{long * 1000:.1f} ms, {short * 1000:.1f} ms"),
    ]  # fmt: skip


def _time(act: Callable[[], object], rounds: int) -> float:
    """Return the seconds of one round, the median of many."""
    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[rounds // 2]
