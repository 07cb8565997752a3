"""Who may see and change a draft: the one policy that every read path and every action asks."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from motcua.designer.models import Draft, Submission
from motcua.designer.types.drafts import APPROVER, OWNER, DraftNotFound, NotYourRole
from motcua.identity.public import Principal

Need = Literal["view", "edit", "approve"]


def list_agency_ids(principal: Principal, *, need: Need = "view") -> tuple[int, ...]:
    """Return the agencies whose drafts this official may see, edit or approve today."""
    roles = {"view": (OWNER, APPROVER), "edit": (OWNER,), "approve": (APPROVER,)}[need]
    return tuple(sorted({agency for role in roles for agency in principal.agency_ids(role)}))


def drafts_for(principal: Principal) -> QuerySet[Draft]:
    """Return the drafts this person may know of; every list and every look-up starts here."""
    return Draft.objects.filter(agency_id__in=list_agency_ids(principal))


def submissions_for(principal: Principal) -> QuerySet[Submission]:
    """Return the requests for approval on drafts this person may know of."""
    return Submission.objects.filter(draft__agency_id__in=list_agency_ids(principal))


def can(principal: Principal, agency_id: int, *, need: Need) -> bool:
    """Say whether the official may do this with drafts of the agency."""
    return agency_id in list_agency_ids(principal, need=need)


def get_draft_row(principal: Principal, uuid: UUID, *, need: Need = "view", lock: bool = False) -> Draft:
    """Return the draft for this act. Raises: DraftNotFound when it may not be seen, NotYourRole when only seen."""
    rows = drafts_for(principal)
    row = (rows.select_for_update() if lock else rows).filter(uuid=uuid).first()
    if row is None:
        raise DraftNotFound
    if not can(principal, row.agency_id, need=need):
        raise NotYourRole
    return row
