"""Reads of the outbox, and queries that are compiled once."""

from __future__ import annotations

from motcua.outbox.queries.prepared import PreparedQuery
from motcua.outbox.queries.waiting import count_pending, find_oldest_waiting, list_dead_letters, list_jobs

__all__ = ["PreparedQuery", "count_pending", "find_oldest_waiting", "list_dead_letters", "list_jobs"]
