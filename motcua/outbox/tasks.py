"""What the worker does for the outbox itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from motcua.outbox.public import forget_delivered, register_periodic


@register_periodic("outbox.forget_delivered", every_seconds=3600)
def forget(*, now: datetime) -> None:
    """Forget what was handed on more than OUTBOX_KEEP_DAYS ago."""
    forget_delivered(before=now - timedelta(days=settings.OUTBOX_KEEP_DAYS))
