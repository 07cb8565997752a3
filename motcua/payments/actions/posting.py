"""Write the ledger: one entry an event, once, whatever is told twice.

What lies at the bank or the gateway stands on accounts of whoever holds the collecting account, because one statement
shows the money of all agencies; what is owed, waived or in a drawer stands on accounts of the agency itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from motcua.payments.models import Account
from motcua.payments.rules.ledger import HELD, move
from motcua.payments.types import AccountKind, EntryKind

_INSERT = """
INSERT INTO payments_entry
    (uuid, kind, reference, charge_id, debit_id, credit_id, amount_vnd, happened_at, note, actor, recorded_at)
SELECT gen_random_uuid(), new.*, %s::timestamptz
FROM unnest(%s::varchar[], %s::varchar[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[],
            %s::varchar[], %s::varchar[]) AS new
ON CONFLICT (reference) DO NOTHING
RETURNING reference
"""
_OWN, _HELD = AccountKind.PAYER, AccountKind.BANK


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One event to record. `reference` makes it this one: a second telling is not written."""

    kind: EntryKind
    amount_vnd: int
    agency_code: str
    reference: str
    happened_at: datetime
    charge_id: int | None = None
    note: str = ""
    actor: str = ""


def post(entries: Sequence[NewEntry], *, now: datetime) -> frozenset[str]:
    """Write the entries that are new, in one statement; return their references. Runs in the caller's transaction.

    Raises: AmountInvalid for an amount that is not above zero.
    """
    if not entries:
        return frozenset()
    accounts = _ensure_accounts(entries)
    columns: list[list[object]] = [[] for _ in range(9)]
    for each in entries:
        movement = move(each.kind, each.amount_vnd)
        values = (
            each.kind.value, each.reference, each.charge_id,
            accounts[owner_of(movement.debit, each.agency_code), movement.debit],
            accounts[owner_of(movement.credit, each.agency_code), movement.credit],
            movement.amount_vnd, each.happened_at, each.note[:500], each.actor[:120],
        )  # fmt: skip
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now, *columns])
        return frozenset(reference for (reference,) in cursor.fetchall())


def owner_of(kind: AccountKind, agency_code: str) -> str:
    """Return whose account of this kind an entry of an agency moves."""
    return settings.MOTCUA_COLLECTING_AGENCY or agency_code if kind in HELD else agency_code


def _ensure_accounts(entries: Sequence[NewEntry]) -> dict[tuple[str, AccountKind], int]:
    """Return the accounts of the agencies at hand; an agency's are made together, at its first entry."""
    agencies = sorted({owner_of(kind, each.agency_code) for each in entries for kind in (_OWN, _HELD)})
    found = _read_accounts(agencies)
    missing = [(code, kind) for code in agencies for kind in AccountKind if (code, kind) not in found]
    if missing:
        Account.objects.bulk_create(
            [Account(agency_code=code, kind=kind) for code, kind in missing], ignore_conflicts=True
        )
        found = _read_accounts(agencies)
    return found


def _read_accounts(agencies: Sequence[str]) -> dict[tuple[str, AccountKind], int]:
    rows = Account.objects.filter(agency_code__in=agencies).values_list("agency_code", "kind", "pk")
    return {(code, AccountKind(kind)): pk for code, kind, pk in rows}
