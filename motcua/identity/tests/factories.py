"""Test data of identity, for its own tests and its neighbours'."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client

from motcua.audit.public import SYSTEM
from motcua.identity.actions.accounts import create_official, create_organisation, create_person
from motcua.identity.actions.rights import grant_role
from motcua.identity.actions.second_factor import ensure_demo_totp
from motcua.identity.models import User
from motcua.identity.queries.backend import find_user
from motcua.identity.queries.principals import Principal, build_principal
from motcua.identity.queries.sessions import SESSION_KEY
from motcua.identity.types import OfficialInfo, Party, PersonInfo, SessionState
from motcua.identity.views.oidc import directory
from motcua.kernel import clock

_serial = count(1)
LONG_AGO = date(2020, 1, 1)


def make_person(full_name: str = "Nguyễn Thị Thử", **values: Any) -> PersonInfo:
    """Register a person; personal_id=None for somebody without a number."""
    values.setdefault("personal_id", f"0793908{next(_serial):05d}")
    return create_person(full_name, **{"now": clock.now(), "birth_on": date(1990, 5, 17), **values})


def make_resident(full_name: str = "Nguyễn Thị Thử", **values: Any) -> PersonInfo:
    """Register a person with an account."""
    return make_person(full_name, with_account=True, **values)


def make_organisation(name: str = "Công ty TNHH Thử Nghiệm", **values: Any) -> Party:
    """Register an organisation whose tax code is an invented personal number (a household business)."""
    values.setdefault("tax_code", f"0790908{next(_serial):05d}")
    return create_organisation(name, **{"now": clock.now(), **values})


def make_official(
    *roles: str, agency_id: int | None = None, full_name: str = "Trần Văn Cán", password: str | None = None
) -> OfficialInfo:
    """Make an official with these roles at the agency since long ago."""
    now = clock.now()
    info = create_official(f"can-bo-{next(_serial)}", full_name=full_name, now=now, password=password)
    for role in roles:
        assert agency_id is not None, "a role is held at an agency"
        grant_role(info.user_id, role=role, agency_id=agency_id, valid_from=LONG_AGO, actor=SYSTEM, now=now)
    return info


def sign_in(client: Client, user_id: int | None, *, level: int = 2, stepped_up: bool = False) -> None:
    """Sign the test client in as this account, as the real doors leave the session."""
    user = User.objects.get(pk=user_id or 0)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    if user.kind == "official":
        ensure_demo_totp(user.pk)
    now = clock.now().timestamp()
    session = client.session
    session[SESSION_KEY] = {
        "kind": user.kind,
        "level": level if user.kind == "resident" else 0,
        "started": now,
        "seen": now,
        "authenticated": now,
        "stepped_up": now if stepped_up else None,
    }
    session.save()


def make_principal(user_id: int | None, *, level: int = 2, on: date | None = None) -> Principal:
    """Build the principal of an account without a request."""
    assert user_id is not None
    user = find_user(user_id, on=on or clock.local_date(clock.now()))
    assert user is not None
    now = datetime.now(UTC)
    state = SessionState(level=level, started_at=now, seen_at=now, authenticated_at=now, stepped_up_at=None)
    return build_principal(user.identity, state)


def forget_provider() -> None:
    """Forget what this process heard from the identity provider."""
    directory.forget()
