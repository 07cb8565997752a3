"""Begin, keep, step up and end a session; keep what was typed when it ends by itself."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, QueryDict

from motcua.identity.queries.principals import forget_principal
from motcua.identity.queries.sessions import (
    ENDED_KEY,
    ID_TOKEN_KEY,
    SESSION_KEY,
    STASH_KEY,
    get_limits,
    get_session_kind,
    read_session,
)
from motcua.identity.rules import find_session_end
from motcua.identity.types import SessionEnd, SignIn

logger = logging.getLogger(__name__)
STASH_MAX_CHARS = 64_000  # the longest form page is far below; files are kept by the draft itself
STASH_LIFE = timedelta(hours=1)
NEVER_STASHED = ("csrfmiddlewaretoken", "password", "code")


def begin_session(request: HttpRequest, *, kind: str, sign_in: SignIn, now: datetime) -> None:
    """Write how the account signed in. Django has just given the session a new key (no fixation)."""
    request.session[SESSION_KEY] = {
        "kind": kind,
        "level": sign_in.level,
        "started": now.timestamp(),
        "seen": now.timestamp(),
        "authenticated": sign_in.authenticated_at.timestamp(),
        "stepped_up": None if sign_in.stepped_up_at is None else sign_in.stepped_up_at.timestamp(),
    }
    request.session.pop(ENDED_KEY, None)
    if sign_in.id_token:
        request.session[ID_TOKEN_KEY] = sign_in.id_token
    forget_principal(request)
    logger.info("identity.session.begun", extra={"user_id": request.user.pk, "kind": kind, "level": sign_in.level})


def record_step_up(request: HttpRequest, *, now: datetime) -> None:
    """Note that the second factor has just been shown."""
    request.session[SESSION_KEY] = {**request.session[SESSION_KEY], "stepped_up": now.timestamp()}
    forget_principal(request)


def keep_session(request: HttpRequest, *, now: datetime) -> SessionEnd | None:
    """End the session when its time is over, else note that its holder is still there.

    "Last seen" is written at most once in IDENTITY_SESSION_TOUCH_SECONDS. A signed-in session without our state
    (made by another door) is closed: it proves nothing.
    """
    session = request.session
    state = read_session(session)
    if state is None:
        if "_auth_user_id" in session:
            logout(request)
        return None
    end = find_session_end(state, limits=get_limits(get_session_kind(session)), now=now)
    if end is not None:
        _end_by_time(request, end=end, now=now)
    elif (now - state.seen_at).total_seconds() >= settings.IDENTITY_SESSION_TOUCH_SECONDS:
        session[SESSION_KEY] = {**session[SESSION_KEY], "seen": now.timestamp()}
    return end


def end_session(request: HttpRequest) -> str:
    """Sign out and forget everything; return the provider's ID token of the session, or an empty string."""
    id_token = str(request.session.get(ID_TOKEN_KEY, ""))
    logout(request)
    forget_principal(request)
    return id_token


def stash_post(request: HttpRequest, *, path: str | None = None, now: datetime) -> bool:
    """Keep the typed text of a form that cannot be accepted before its owner signs in (again); say whether it was kept.

    `path` is the page that will take it back (default: the page it was sent to). Only the account that typed it
    gets it back from `pop_stashed_post`. Secrets and files are left out.
    """
    ended = request.session.get(ENDED_KEY)
    owner = ended["user"] if isinstance(ended, dict) else request.session.get("_auth_user_id")
    if request.method != "POST" or owner is None:
        return False
    fields = {key: request.POST.getlist(key) for key in request.POST if key not in NEVER_STASHED}
    if sum(len(key) + sum(map(len, values)) for key, values in fields.items()) > STASH_MAX_CHARS:
        return False
    kept = {"user": owner, "path": path or request.path, "fields": fields, "at": now.timestamp()}
    request.session[STASH_KEY] = kept
    return True


def pop_stashed_post(request: HttpRequest, *, now: datetime) -> QueryDict | None:
    """Return once what `stash_post` kept for this path and this account, or None."""
    kept: Any = request.session.get(STASH_KEY)
    if not isinstance(kept, dict) or kept["path"] != request.path:
        return None
    del request.session[STASH_KEY]
    is_owner = str(request.user.pk) == kept["user"]
    if not is_owner or now.timestamp() - kept["at"] > STASH_LIFE.total_seconds():
        return None
    data = QueryDict(mutable=True)
    for key, values in kept["fields"].items():
        data.setlist(key, values)
    return data


def _end_by_time(request: HttpRequest, *, end: SessionEnd, now: datetime) -> None:
    kept = {
        "user": request.session.get("_auth_user_id"),
        "kind": get_session_kind(request.session),
        "reason": str(end),
        "at": now.timestamp(),
    }
    logger.info("identity.session.ended", extra={"user_id": kept["user"], "reason": kept["reason"]})
    logout(request)
    request.session[ENDED_KEY] = kept
    forget_principal(request)
