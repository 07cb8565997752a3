"""The drafts that a browser began without an account, as its signed cookie remembers them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core import signing

COOKIE = "motcua_drafts"
COOKIE_SALT = "motcua.dossiers.drafts"
COOKIE_AGE = 30 * 24 * 3600


def read_remembered(cookies: Mapping[str, str]) -> dict[UUID, str]:
    """Return the drafts that this browser began, with their resume codes."""
    try:
        raw = signing.loads(cookies.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE)
        return {UUID(key): str(code) for key, code in raw.items()}
    except (signing.BadSignature, ValueError, AttributeError):
        return {}
