"""Background work of the exchange: the log is linked, signed and time-stamped; what is too old is forgotten."""

from __future__ import annotations

from datetime import datetime

from motcua.exchange.public import chain_messages, forget_nonces, sign_batches, stamp_batches
from motcua.outbox.public import register_periodic


@register_periodic("exchange.chain_messages", every_seconds=5)
def chain(*, now: datetime) -> None:
    """Give each new message its place."""
    chain_messages()


@register_periodic("exchange.sign_batches", every_seconds=60)
def sign(*, now: datetime) -> None:
    """Sign what was linked. Without a key this fails, and the job's row says so."""
    sign_batches(now=now)


@register_periodic("exchange.stamp_batches", every_seconds=60)
def stamp(*, now: datetime) -> None:
    """Fetch missing time-stamps. While no service answers this fails, and the job's row says so."""
    stamp_batches(now=now)


@register_periodic("exchange.forget_nonces", every_seconds=300)
def forget(*, now: datetime) -> None:
    """Forget the nonces that no longer matter."""
    forget_nonces(now=now)
