"""Officials and the roles they hold on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from motcua.identity.models import RoleGrant, User
from motcua.identity.types import Grant, NotFound, OfficialInfo, RoleHeld, UserKind
from motcua.kernel.messages import N_


def valid_on(on: date) -> Q:
    """Filter half-open periods on the day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def list_officials(agency_id: int, role: str | None = None, *, on: date) -> tuple[OfficialInfo, ...]:
    """Return the active officials who hold the role (or any) at the agency on the day, by name."""
    grants = RoleGrant.objects.filter(valid_on(on), agency_id=agency_id, user__is_active=True).select_related("user")
    if role is not None:
        grants = grants.filter(role=role)
    return _gather(grants.order_by("user__full_name", "user_id", "role"))


def list_staffed_roles(*, on: date) -> frozenset[str]:
    """Return the roles that at least one active official holds on the day, at any agency."""
    rows = RoleGrant.objects.filter(valid_on(on), user__is_active=True)
    return frozenset(rows.order_by("role").values_list("role", flat=True).distinct())


def get_officials(user_ids: Iterable[int], *, on: date) -> dict[int, OfficialInfo]:
    """Return the officials among these accounts with the roles they hold on the day; two queries."""
    users = User.objects.filter(pk__in=set(user_ids), kind=UserKind.OFFICIAL).order_by("pk")
    found = {user.pk: to_official_info(user) for user in users}
    rows = (
        RoleGrant.objects.filter(valid_on(on), user_id__in=found).select_related("user").order_by("role", "agency_id")
    )
    return found | {info.user_id: info for info in _gather(rows)}


def get_official(user_uuid: UUID) -> OfficialInfo:
    """Return the active official. Raises: NotFound."""
    user = User.objects.filter(uuid=user_uuid, kind=UserKind.OFFICIAL, is_active=True).first()
    if user is None:
        raise NotFound("identity.official_not_found", N_("Không tìm thấy cán bộ này, hoặc tài khoản đã khóa."))
    return to_official_info(user)


def find_official_by_username(username: str) -> OfficialInfo | None:
    """Return the official with this user name, or None."""
    user = User.objects.filter(username=username, kind=UserKind.OFFICIAL).first()
    return None if user is None else to_official_info(user)


def list_roles_held(user_uuids: Iterable[UUID]) -> tuple[RoleHeld, ...]:
    """Return every role these accounts ever held, with its dates: in what office somebody stood on a past day."""
    wanted = set(user_uuids)
    rows = RoleGrant.objects.filter(user__uuid__in=wanted).order_by("user_id", "role", "agency_id", "valid_from")
    found = rows.values_list("user__uuid", "role", "agency_id", "valid_from", "valid_to") if wanted else ()
    return tuple(
        RoleHeld(user_uuid=who, role=role, agency_id=agency, valid_from=start, valid_to=end)
        for who, role, agency, start, end in found
    )


def list_accounts_serving(agency_ids: Iterable[int]) -> tuple[UUID, ...]:
    """Return the accounts that ever held a role at one of these agencies."""
    rows = User.objects.filter(role_grants__agency__in=set(agency_ids)).order_by("pk").distinct()
    return tuple(rows.values_list("uuid", flat=True))


def to_official_info(user: User, grants: tuple[Grant, ...] = ()) -> OfficialInfo:
    return OfficialInfo(user.pk, user.uuid, user.username, user.full_name, grants)


def _gather(rows: Iterable[RoleGrant]) -> tuple[OfficialInfo, ...]:
    users: dict[int, User] = {}
    grants: dict[int, list[Grant]] = {}
    for row in rows:
        users[row.user_id] = row.user
        grants.setdefault(row.user_id, []).append(Grant(row.role, row.agency_id))
    return tuple(to_official_info(user, tuple(grants[user.pk])) for user in users.values())
