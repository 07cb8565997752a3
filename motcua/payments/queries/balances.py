"""What the ledger says: the trial balance."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from motcua.payments.types import AccountKind, BalanceRow

_TRIAL = """
SELECT a.agency_code, a.kind, coalesce(sum(s.debit), 0)::bigint, coalesce(sum(s.credit), 0)::bigint
FROM payments_account a
JOIN (
    SELECT account, sum(debit) AS debit, sum(credit) AS credit
    FROM (
        SELECT debit_id AS account, sum(amount_vnd) AS debit, 0 AS credit
        FROM payments_entry WHERE happened_at < %(before)s GROUP BY debit_id
        UNION ALL
        SELECT credit_id, 0, sum(amount_vnd) FROM payments_entry WHERE happened_at < %(before)s GROUP BY credit_id
    ) sides GROUP BY account
) s ON s.account = a.id
WHERE %(agency)s = '' OR a.agency_code = %(agency)s
GROUP BY a.agency_code, a.kind ORDER BY a.agency_code, a.kind
"""


def list_balances(*, before: datetime, agency_code: str = "") -> tuple[BalanceRow, ...]:
    """Return the trial balance of what happened before a moment: one row for each account that moved.

    Debits and credits of all rows of all agencies sum to the same: each entry is written on both sides.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL, {"before": before, "agency": agency_code})
        rows = cursor.fetchall()
    return tuple(
        BalanceRow(agency_code=code, kind=AccountKind(kind), debit_vnd=debit, credit_vnd=credit)
        for code, kind, debit, credit in rows
    )
