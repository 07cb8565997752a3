"""What the worker does for the public pages."""

from __future__ import annotations

from datetime import datetime

from motcua.outbox.public import register_periodic
from motcua.portal.actions import forget_askers


@register_periodic("portal.forget_askers", every_seconds=600)
def forget(*, now: datetime) -> None:
    """Keep nothing about who asked once it no longer counts."""
    forget_askers(now=now)
