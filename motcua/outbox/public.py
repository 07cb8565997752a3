"""The face of the outbox: what happened is stored with its cause and handed on at least once."""

from __future__ import annotations

from motcua.outbox.actions import (
    deliver_pending,
    drain,
    forget_delivered,
    insert_row,
    insert_rows,
    publish,
    publish_all,
    register_periodic,
    retry_dead_letter,
    run_periodic_jobs,
    sent_together,
    subscribe,
    unregister_periodic,
    unsubscribe,
)
from motcua.outbox.queries import PreparedQuery, count_pending, find_oldest_waiting, list_dead_letters, list_jobs
from motcua.outbox.types import DeadLetter, DeadLetterNotFound, DeliveryReport, JobStatus

__all__ = [
    "DeadLetter",
    "DeadLetterNotFound",
    "DeliveryReport",
    "JobStatus",
    "PreparedQuery",
    "count_pending",
    "deliver_pending",
    "drain",
    "find_oldest_waiting",
    "forget_delivered",
    "insert_row",
    "insert_rows",
    "list_dead_letters",
    "list_jobs",
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
