"""The face of identity: who asks, what they may do, for whom they may act."""

from __future__ import annotations

from motcua.identity.actions.access import (
    check_official,
    get_safe_next,
    has_stepped_up,
    official_required,
    resident_required,
    step_up_required,
)
from motcua.identity.actions.accounts import (
    create_official,
    create_organisation,
    create_person,
    disable_account,
    ensure_resident_account,
)
from motcua.identity.actions.consents import give_consent, withdraw_consent
from motcua.identity.actions.rights import delegate, end_role, grant_role, revoke_delegation
from motcua.identity.actions.second_factor import reset_second_factor
from motcua.identity.actions.sessions import pop_stashed_post, stash_post
from motcua.identity.queries.consents import has_consent, list_consents, list_purposes
from motcua.identity.queries.officials import (
    find_official_by_username,
    get_officials,
    list_accounts_serving,
    list_officials,
    list_roles_held,
    list_staffed_roles,
)
from motcua.identity.queries.parties import (
    can_represent,
    find_organisation_by_tax_code,
    find_person_by_personal_id,
    get_parties,
    get_party,
    get_person,
    get_person_by_uuid,
    list_data_parties,
    list_delegations_from,
    list_representable_parties,
)
from motcua.identity.queries.principals import Principal, get_principal
from motcua.identity.queries.sessions import find_session_deadline
from motcua.identity.types import (
    ConsentPurpose,
    ConsentRecord,
    ConsentRefused,
    ConsentState,
    DelegationGround,
    DelegationInfo,
    DelegationRefused,
    DelegationScope,
    Grant,
    IdentityTaken,
    InvalidIdentityData,
    NotAllowed,
    NotFound,
    OfficialInfo,
    Party,
    PartyKind,
    PartyRef,
    PersonInfo,
    Role,
    RoleHeld,
    Sex,
    UserKind,
)

__all__ = [
    "ConsentPurpose", "ConsentRecord", "ConsentRefused", "ConsentState", "DelegationGround", "DelegationInfo",
    "DelegationRefused", "DelegationScope", "Grant", "IdentityTaken", "InvalidIdentityData", "NotAllowed",
    "NotFound", "OfficialInfo", "Party", "PartyKind", "PartyRef", "PersonInfo", "Principal", "Role", "RoleHeld",
    "Sex", "UserKind", "can_represent", "check_official", "create_official", "create_organisation",
    "create_person", "delegate", "disable_account", "end_role", "ensure_resident_account",
    "find_official_by_username", "find_organisation_by_tax_code", "find_person_by_personal_id",
    "find_session_deadline", "get_officials", "get_parties", "get_party", "get_person", "get_person_by_uuid",
    "get_principal", "get_safe_next", "give_consent", "grant_role", "has_consent", "has_stepped_up",
    "list_accounts_serving", "list_consents", "list_data_parties", "list_delegations_from", "list_officials",
    "list_purposes", "list_representable_parties", "list_roles_held", "list_staffed_roles", "official_required",
    "pop_stashed_post", "reset_second_factor", "resident_required", "revoke_delegation", "stash_post",
    "step_up_required", "withdraw_consent",
]  # fmt: skip
