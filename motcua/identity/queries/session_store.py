"""Where sessions are kept: Django's own table, read by a query compiled once, because every page asks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from motcua.outbox.public import PreparedQuery

_ANY_KEY, _ANY_MOMENT = "-", datetime(1, 1, 1, tzinfo=UTC)  # mark the places of the query
_SESSIONS = PreparedQuery(
    lambda: Session.objects.filter(session_key=_ANY_KEY, expire_date__gt=_ANY_MOMENT), _ANY_KEY, _ANY_MOMENT
)


class SessionStore(DatabaseStore):
    """Django's store but for its reading; the name is part of the signature of what is kept, so it stays."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; one that is unknown or over is empty and gets a new key."""
        kept = next(iter(_SESSIONS.read(self.session_key, timezone.now())), None)
        if kept is None:
            self._session_key = None
            return {}
        return self.decode(kept.session_data)
