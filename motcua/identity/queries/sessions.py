"""What a session remembers about its holder's sign-in. Written by actions, read here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from motcua.identity.rules import session_ends_at
from motcua.identity.types import SessionLimits, SessionState

SESSION_KEY = "identity"
ENDED_KEY = "identity_ended"
ID_TOKEN_KEY = "identity_id_token"  # noqa: S105  the name of a place, not a secret
STASH_KEY = "identity_stash"


def read_session(session: Mapping[str, Any]) -> SessionState | None:
    """Return the state kept at sign-in, or None when nobody signed in by one of our doors."""
    kept = session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        return None
    stepped_up = kept["stepped_up"]
    return SessionState(
        level=kept["level"],
        started_at=_moment(kept["started"]),
        seen_at=_moment(kept["seen"]),
        authenticated_at=_moment(kept["authenticated"]),
        stepped_up_at=None if stepped_up is None else _moment(stepped_up),
    )


def get_session_kind(session: Mapping[str, Any]) -> str:
    """Return the kind of account that the session belongs to."""
    return str(session[SESSION_KEY]["kind"])


def get_limits(kind: str) -> SessionLimits:
    """Return when sessions of this kind of account end; an unknown kind gets the strictest."""
    limits: dict[str, tuple[int, int]] = settings.IDENTITY_SESSION_LIMITS
    return SessionLimits(*limits.get(kind, min(limits.values())))


def find_session_deadline(session: Mapping[str, Any]) -> datetime | None:
    """Return when the session ends if its holder does nothing more, or None when nobody is signed in."""
    state = read_session(session)
    return None if state is None else session_ends_at(state, limits=get_limits(get_session_kind(session)))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
