"""Changing the keeper's key: people's keys are closed anew, no content is touched."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.audit.public import SYSTEM, record_decision
from motcua.vault.models import DataKey
from motcua.vault.queries.drivers import get_key_keeper
from motcua.vault.queries.keys import context_of_key, open_data_key

_BATCH = 500


def rotate_keeper_key(*, now: datetime, destroy_old: bool = False) -> tuple[str, int]:
    """Make a new key of the keeper and close every person's key with it; return its name and how many were closed.

    Killed in between, `rewrap` goes on where it stopped. With `destroy_old` the old keys are destroyed afterwards: then
    copies of people's keys in old backups open no more, so that deletions hold for backups too.
    Raises: KeeperAway.
    """
    keeper = get_key_keeper()
    old = set(DataKey.objects.filter(destroyed_at__isnull=True).values_list("kek_id", flat=True).distinct())
    old |= {keeper.get_current_id()}
    name = keeper.rotate(now=now)
    count = rewrap(now=now)
    record_decision(SYSTEM, subject=f"vault_keeper:{name}", action="vault.rotate", details={"keys": count}, now=now)
    if destroy_old:
        for kek_id in sorted(old - {name}):
            keeper.destroy(kek_id)
            record_decision(SYSTEM, subject=f"vault_keeper:{kek_id}", action="vault.destroy_kek", now=now)
    return name, count


def rewrap(*, now: datetime) -> int:
    """Close with the current key what an older one closes; return how many. Run twice, it changes nothing."""
    current, total = get_key_keeper().get_current_id(), 0
    while done := _rewrap_batch(current):
        total += done
    return total


def _rewrap_batch(current: str) -> int:
    with transaction.atomic():
        rows = list(
            DataKey.objects.select_for_update(of=("self",), skip_locked=False)
            .select_related("vault")
            .filter(destroyed_at__isnull=True)
            .exclude(kek_id=current)
            .order_by("id")[:_BATCH]
        )
        for row in rows:
            plain = open_data_key(row)
            closed = get_key_keeper().wrap(plain, context=context_of_key(row.vault.uuid, row.generation))
            DataKey.objects.filter(pk=row.pk).update(wrapped=closed.wrapped, kek_id=closed.kek_id)
    return len(rows)
