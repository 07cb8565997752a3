"""Who is asking: the one answer that every view starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.http import HttpRequest

from motcua.audit.public import Actor
from motcua.identity.queries.sessions import read_session
from motcua.identity.types import Grant, Identity, SessionState

_CACHE = "_identity_principal"


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in account with the roles it holds today and how surely it is known."""

    user_id: int
    user_uuid: UUID
    kind: str
    full_name: str
    person_id: int | None
    assurance_level: int
    grants: tuple[Grant, ...]
    authenticated_at: datetime
    stepped_up_at: datetime | None

    def has_role(self, role: str, agency_id: int | None = None) -> bool:
        """Say whether the role is held today, at this agency or (None) at any."""
        return any(g.role == role and agency_id in (None, g.agency_id) for g in self.grants)

    def agency_ids(self, role: str | None = None) -> tuple[int, ...]:
        """Return the agencies where a role (or any) is held today, in order, without repeats."""
        return tuple(sorted({g.agency_id for g in self.grants if role in (None, g.role)}))

    def to_actor(self, *, agency_code: str | None = None, on_behalf_of: str | None = None) -> Actor:
        """Return the principal as the audit log and the timeline name it."""
        kind = cast(Literal["resident", "official", "system"], self.kind)
        return Actor(
            kind=kind,
            id=str(self.user_uuid),
            name=self.full_name,
            on_behalf_of=on_behalf_of,
            agency_code=agency_code,
        )


def build_principal(identity: Identity, state: SessionState) -> Principal:
    """Join what the database says of the account with what the session says of the sign-in."""
    return Principal(
        user_id=identity.user_id,
        user_uuid=identity.user_uuid,
        kind=identity.kind,
        full_name=identity.full_name,
        person_id=identity.person_id,
        assurance_level=state.level,
        grants=identity.grants,
        authenticated_at=state.authenticated_at,
        stepped_up_at=state.stepped_up_at,
    )


def get_principal(request: HttpRequest) -> Principal | None:
    """Return who is signed in, or None. Costs the session's query and one more, once for each request."""
    if not hasattr(request, _CACHE):
        setattr(request, _CACHE, _load(request))
    return cast("Principal | None", getattr(request, _CACHE))


def forget_principal(request: HttpRequest) -> None:
    """Drop the kept answer after somebody signed in or out within this request."""
    if hasattr(request, _CACHE):
        delattr(request, _CACHE)


def _load(request: HttpRequest) -> Principal | None:
    user = request.user
    state = read_session(request.session)
    if state is None or not user.is_authenticated:
        return None
    identity: Identity | None = getattr(user, "identity", None)
    return None if identity is None else build_principal(identity, state)
