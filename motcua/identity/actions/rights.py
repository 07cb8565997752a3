"""Give and take roles and delegations. Each is a decision in the audit log."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.audit.public import Actor, record_decision
from motcua.identity.models import Delegation, RoleGrant, User
from motcua.identity.queries.parties import get_party, get_person, to_delegation_info
from motcua.identity.rules import delegation_end, delegation_problem
from motcua.identity.types import (
    DelegationGround,
    DelegationInfo,
    DelegationRefused,
    DelegationScope,
    IdentityTaken,
    InvalidIdentityData,
    NotFound,
    PartyKind,
    PartyRef,
    Role,
    UserKind,
)


def grant_role(
    user_id: int,
    *,
    role: str,
    agency_id: int,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Give an official a role at an agency. Raises: NotFound, IdentityTaken when the same grant already runs."""
    user = User.objects.filter(pk=user_id, kind=UserKind.OFFICIAL).first()
    if user is None:
        raise NotFound("identity.official_not_found", _("Không tìm thấy cán bộ này, hoặc tài khoản đã khóa."))
    if valid_to is not None and valid_to <= valid_from:
        raise InvalidIdentityData(
            "identity.dates_in_order", _("Ngày kết thúc phải sau ngày bắt đầu. Hãy sửa lại ngày.")
        )
    try:
        with transaction.atomic():
            RoleGrant.objects.create(
                user=user, role=Role(role), agency_id=agency_id, valid_from=valid_from, valid_to=valid_to
            )
            details: dict[str, object] = {"role": role, "agency_id": agency_id, "valid_from": valid_from.isoformat()}
            _record(actor, f"user:{user.uuid}", "identity.grant_role", details, now)
    except IntegrityError as error:
        raise IdentityTaken(
            "identity.grant_overlaps", _("Cán bộ đã có vai trò này tại cơ quan trong thời gian đó.")
        ) from error


def end_role(user_id: int, *, role: str, agency_id: int, on: date, actor: Actor, now: datetime) -> None:
    """End a running role so that `on` is the first day without it. Raises: NotFound."""
    with transaction.atomic():
        grant = (
            RoleGrant.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), user_id=user_id, role=role, agency_id=agency_id)
            .order_by("valid_from")
            .first()
        )
        if grant is None:
            raise NotFound("identity.grant_not_found", _("Cán bộ không có vai trò này tại cơ quan."))
        if grant.valid_from >= on:
            grant.delete()
        else:
            grant.valid_to = on
            grant.save(update_fields=["valid_to"])
        details: dict[str, object] = {"role": role, "agency_id": agency_id, "on": on.isoformat()}
        _record(actor, f"user:{grant.user.uuid}", "identity.end_role", details, now)


def delegate(
    grantor: PartyRef,
    *,
    delegate_person_id: int,
    ground: str,
    valid_from: date,
    valid_to: date | None = None,
    scope: str = DelegationScope.FILE_AND_FOLLOW,
    actor: Actor,
    now: datetime,
) -> DelegationInfo:
    """Let a person act for the grantor. Raises: DelegationRefused when the law does not know it, IdentityTaken."""
    delegate_person = get_person(delegate_person_id)
    is_person = grantor.kind == PartyKind.PERSON
    birth_on = get_person(grantor.id).birth_on if is_person else None
    grantor_uuid = get_party(grantor).uuid
    problem = delegation_problem(
        ground, grantor_is_person=is_person, grantor_birth_on=birth_on, valid_from=valid_from, valid_to=valid_to
    )
    if problem is None and is_person and grantor.id == delegate_person_id:
        problem = _("Không cần ủy quyền cho chính mình.")
    if problem is not None:
        raise DelegationRefused("identity.delegation_refused", problem)
    try:
        with transaction.atomic():
            row = Delegation.objects.create(
                grantor_person_id=grantor.id if is_person else None,
                grantor_organisation_id=None if is_person else grantor.id,
                delegate_id=delegate_person_id,
                scope=DelegationScope(scope),
                ground=DelegationGround(ground),
                valid_from=valid_from,
                valid_to=delegation_end(ground, grantor_birth_on=birth_on, valid_from=valid_from, asked_end=valid_to),
                created_at=now,
            )
            details: dict[str, object] = {"delegate": str(delegate_person.uuid), "ground": str(ground)}
            _record(actor, f"{grantor.kind}:{grantor_uuid}", "identity.delegate", details, now)
    except IntegrityError as error:
        raise IdentityTaken(
            "identity.delegation_overlaps", _("Người này đã được ủy quyền trong thời gian đó.")
        ) from error
    return to_delegation_info(row)


def revoke_delegation(delegation_uuid: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a delegation back at once; revoking twice changes nothing. Raises: NotFound."""
    with transaction.atomic():
        row = Delegation.objects.select_for_update().filter(uuid=delegation_uuid).first()
        if row is None:
            raise NotFound("identity.delegation_not_found", _("Không tìm thấy ủy quyền này."))
        if row.revoked_at is not None:
            return
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        _record(actor, f"delegation:{row.uuid}", "identity.revoke_delegation", {}, now)


def _record(actor: Actor, subject: str, action: str, details: dict[str, object], now: datetime) -> None:
    record_decision(actor, subject=subject, action=action, details=details, now=now)
