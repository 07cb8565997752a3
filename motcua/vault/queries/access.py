"""Who may open a vault: one policy for every page, list, download and export."""

from __future__ import annotations

from datetime import date

from motcua.identity.public import (
    DelegationGround,
    Party,
    PartyRef,
    Principal,
    can_represent,
    list_delegations_from,
    list_representable_parties,
)
from motcua.vault.types import Access

_FULL = (DelegationGround.PARENT, DelegationGround.GUARDIAN)


def get_access(principal: Principal | None, owner: PartyRef, *, on: date) -> Access:
    """Say how far somebody may go in the vault of a person or firm; officials and strangers not at all.

    Herself, a parent or guardian of a minor and a firm's legal representative may do everything; who holds a written
    authorisation may read and reuse.
    """
    if principal is None or not can_represent(principal, owner, on):
        return Access.NONE
    if owner == PartyRef("person", principal.person_id or 0):
        return Access.MANAGE
    held = [row for row in list_delegations_from(owner, on=on) if row.delegate_person_id == principal.person_id]
    if any(row.ground in _FULL for row in held):
        return Access.MANAGE
    return Access.READ if held else Access.MANAGE  # represented without a delegation: the legal representative


def list_open_vaults(principal: Principal, *, on: date) -> tuple[Party, ...]:
    """Return whose vaults the resident may open on the day: her own first."""
    return list_representable_parties(principal, on=on)
