"""Money: the trial balance of a million entries, posting against bare inserts of the same rows, receipts as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from benchmarks import Promise
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.models import Account
from motcua.payments.public import list_balances
from motcua.payments.queries.receipts import draw_receipt_pdf
from motcua.payments.rules.ledger import move
from motcua.payments.tests.factories import make_receipt_info
from motcua.payments.types import AccountKind, EntryKind

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
ENTRIES, BATCH, ROUNDS, PAPERS = 1_000_000, 500, 20, 40
AGENCY = "H29.1"
_FILL = """
INSERT INTO payments_entry
    (uuid, kind, reference, debit_id, credit_id, amount_vnd, happened_at, recorded_at, note, actor)
SELECT gen_random_uuid(), 'paid_bank', 'bench:' || number, %s, %s, 1000 + number %% 90000,
       %s::timestamptz - (number %% 300) * interval '1 day', %s::timestamptz, '', ''
FROM generate_series(1, %s) AS number
"""
_BARE = """
INSERT INTO payments_entry (uuid, kind, reference, charge_id, debit_id, credit_id, amount_vnd, happened_at, recorded_at,
                            note, actor)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class _Undo(Exception):
    """The measured rows go away again: the ledger is append-only."""


def run() -> list[Promise]:
    """Measure inside transactions that are undone."""
    found: list[Promise] = []
    for measure in (_measure_posting, _measure_balance):
        try:
            with transaction.atomic():
                found += measure()
                raise _Undo
        except _Undo:
            pass
    return [*found, _measure_papers()]


def _measure_posting() -> list[Promise]:
    """Take turns: a batch through the ledger's own door, a batch of bare rows, both under all constraints."""
    post(_entries("warm"), now=NOW)
    ours = bare = 0.0
    accounts = dict(Account.objects.filter(agency_code=AGENCY).values_list("kind", "pk"))
    for turn in range(ROUNDS):
        batch = _entries(f"ours-{turn}")
        started = perf_counter()
        assert len(post(batch, now=NOW)) == BATCH
        ours += perf_counter() - started
        rows = [_row(each, accounts) for each in _entries(f"bare-{turn}")]
        started = perf_counter()
        with connection.cursor() as cursor:
            cursor.executemany(_BARE, rows)
        bare += perf_counter() - started
    count = BATCH * ROUNDS
    detail = f"{count / ours:,.0f} bút toán/giây, chèn thẳng {count / bare:,.0f}"
    return [Promise("Ghi sổ so với chèn thẳng cùng ràng buộc", ours / bare, 2.0, at_least=False, detail=detail)]


def _entries(name: str) -> Sequence[NewEntry]:
    return [
        NewEntry(
            kind=EntryKind.PAID_BANK, amount_vnd=1_000 + number, agency_code=AGENCY, reference=f"{name}:{number}",
            happened_at=NOW,
        )
        for number in range(BATCH)
    ]  # fmt: skip


def _row(entry: NewEntry, accounts: dict[str, int]) -> tuple[Any, ...]:
    movement = move(entry.kind, entry.amount_vnd)
    sides = accounts[movement.debit], accounts[movement.credit]
    return (uuid4(), entry.kind.value, entry.reference, None, *sides, entry.amount_vnd, NOW, NOW, "", "")


def _measure_balance() -> list[Promise]:
    post(_entries("one"), now=NOW)
    accounts = dict(Account.objects.filter(agency_code=AGENCY).values_list("kind", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [accounts[AccountKind.BANK], accounts[AccountKind.PAYER], NOW, NOW, ENTRIES])
        cursor.execute("ANALYZE payments_entry")
    before = NOW + timedelta(days=1)
    balance, scan = [], []
    for _ in range(3):
        started = perf_counter()
        rows = list_balances(before=before)
        balance.append(perf_counter() - started)
        assert sum(row.balance_vnd for row in rows) == 0
        started = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(amount_vnd) FROM payments_entry WHERE happened_at < %s", [before])
        scan.append(perf_counter() - started)
    best, plain = min(balance), min(scan)
    return [
        Promise("Bảng cân đối của 1.000.000 bút toán", best, 2.0, at_least=False, unit="giây"),
        Promise("So với một lượt đọc cả bảng", best / plain, 8.0, at_least=False, detail=f"đọc {plain:.2f} giây"),
    ]


def _measure_papers() -> Promise:
    """Draw receipts in processor time of this process: other load on the machine does not count."""
    receipts = [
        make_receipt_info(payer=f"Người {number}", amount_vnd=number, label="Lệ phí") for number in range(PAPERS)
    ]
    draw_receipt_pdf(receipts[0])
    started = process_time()
    for each in receipts:
        draw_receipt_pdf(each)
    rate = PAPERS / (process_time() - started)
    return Promise("Biên lai PDF", rate, 20, at_least=True, unit="tờ/giây/nhân")
