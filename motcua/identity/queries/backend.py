"""The account behind a session, with its person and today's roles, in one query."""

from __future__ import annotations

from datetime import date

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, FilteredRelation, Q, QuerySet

from motcua.identity.models import User
from motcua.identity.types import Grant, Identity
from motcua.kernel import clock
from motcua.outbox.public import PreparedQuery

_ANY_USER, _ANY_DAY = -1, date.min  # mark the places of the query


def find_user(user_id: int, *, on: date) -> User | None:
    """Return the account with `identity` attached, or None when it does not exist or is disabled.

    One row comes back for each role valid on the day, or one row without a role.
    """
    rows = _USERS.read(user_id, on)
    if not rows:
        return None
    user: User = rows[0]
    grants = tuple(Grant(row.grant_role, row.grant_agency_id) for row in rows if row.grant_role is not None)
    user.identity = Identity(user.pk, user.uuid, user.kind, user.full_name, rows[0].person_id, grants)
    return user


def _make_query() -> QuerySet[User]:
    valid = Q(role_grants__valid_from__lte=_ANY_DAY) & (
        Q(role_grants__valid_to__isnull=True) | Q(role_grants__valid_to__gt=_ANY_DAY)
    )
    return (
        User.objects.filter(pk=_ANY_USER, is_active=True)
        .annotate(
            valid_grant=FilteredRelation("role_grants", condition=valid),
            person_id=F("person__id"),
            grant_role=F("valid_grant__role"),
            grant_agency_id=F("valid_grant__agency_id"),
        )
        .order_by("valid_grant__role", "valid_grant__agency_id")
    )


_USERS = PreparedQuery(_make_query, _ANY_USER, _ANY_DAY)


class IdentityBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    """allauth's password check; the account of a session is loaded together with what the principal needs."""

    def get_user(self, user_id: int) -> User | None:
        return find_user(user_id, on=clock.local_date(clock.now()))
