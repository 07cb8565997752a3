"""What a call needs to know of its caller, kept in the process as long as nothing of it changed.

One small query tells whether anything did (`Epoch`, turned by triggers): a revoked grant or an ended key counts at
once, in every process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from motcua.exchange.models import Grant, Subsystem, SubsystemKey
from motcua.exchange.queries.services import find_subsystems, to_grant_info, to_service_info
from motcua.exchange.types import ClientId, GrantInfo, ServiceId, ServiceInfo

MAX_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Known:
    """A system that takes part, every key it ever had, and the grants that were approved and not revoked."""

    subsystem: Subsystem
    keys: tuple[SubsystemKey, ...]
    grants: tuple[tuple[GrantInfo, ServiceInfo], ...]

    def list_keys(self, kind: str, *, now: datetime) -> list[SubsystemKey]:
        """Return the keys that are believed now."""
        return [key for key in self.keys if key.kind == kind and _is_within(key.valid_from, key.valid_to, now)]

    def find_offer(self, service_id: ServiceId, *, now: datetime) -> tuple[ServiceInfo | None, tuple[GrantInfo, ...]]:
        """Return a service with the grants on it that are in force; None without any."""
        found = [
            (grant, service)
            for grant, service in self.grants
            if service.service_id == service_id and _is_within(grant.valid_from, grant.valid_to, now)
        ]
        return (found[0][1], tuple(grant for grant, _ in found)) if found else (None, ())


class _Kept:
    """What one process keeps: systems by name, good for one epoch."""

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.known: OrderedDict[ClientId, Known | None] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, epoch: int, client: ClientId) -> tuple[bool, Known | None]:
        with self.lock:
            if epoch != self.epoch:
                self.epoch = epoch
                self.known.clear()
            return client in self.known, self.known.get(client)

    def put(self, epoch: int, client: ClientId, known: Known | None) -> None:
        with self.lock:
            if epoch == self.epoch:
                self.known[client] = known
                while len(self.known) > MAX_KEPT:
                    self.known.popitem(last=False)


_KEPT = _Kept()


class Acquaintance:
    """The systems of one call: all as of one epoch, which is asked once, first."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM exchange_epoch WHERE id = 1")
            row = cursor.fetchone()
        self._epoch: int | None = row[0] if row else None

    def find(self, client: ClientId) -> Known | None:
        """Return a system that takes part, or None."""
        if self._epoch is None:
            return _read(client)
        is_kept, known = _KEPT.take(self._epoch, client)
        if not is_kept:
            known = _read(client)  # read after the epoch was: never older than it
            _KEPT.put(self._epoch, client, known)
        return known


def _read(client: ClientId) -> Known | None:
    row = find_subsystems([client]).get(client)
    if row is None:
        return None
    grants = Grant.objects.select_related("consumer", "service__subsystem").filter(
        consumer=row, approved_at__isnull=False, revoked_at__isnull=True, service__is_active=True
    )
    return Known(
        subsystem=row,
        keys=tuple(SubsystemKey.objects.filter(subsystem=row).order_by("pk")),
        grants=tuple((to_grant_info(grant), to_service_info(grant.service)) for grant in grants.order_by("pk")),
    )


def _is_within(valid_from: datetime, valid_to: datetime | None, now: datetime) -> bool:
    return valid_from <= now and (valid_to is None or now < valid_to)
