"""Writes of the outbox: store, deliver, come round."""

from __future__ import annotations

from motcua.outbox.actions.delivery import deliver_pending, drain, retry_dead_letter
from motcua.outbox.actions.periodic import run_periodic_jobs
from motcua.outbox.actions.publishing import publish, publish_all
from motcua.outbox.actions.purging import forget_delivered
from motcua.outbox.actions.registry import register_periodic, subscribe, unregister_periodic, unsubscribe
from motcua.outbox.actions.rows import insert_row, insert_rows, sent_together

__all__ = [
    "deliver_pending",
    "drain",
    "forget_delivered",
    "insert_row",
    "insert_rows",
    "publish",
    "publish_all",
    "register_periodic",
    "retry_dead_letter",
    "run_periodic_jobs",
    "sent_together",
    "subscribe",
    "unregister_periodic",
    "unsubscribe",
]
