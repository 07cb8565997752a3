"""What every page of the designer begins with: who asks, and which draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from motcua.designer.queries.access import Need, can
from motcua.designer.queries.drafts import get_draft
from motcua.designer.types.drafts import APPROVER, OWNER, DraftInfo
from motcua.identity.public import Principal, get_principal, official_required

P = ParamSpec("P")
DesignerView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def designer_page(view: DesignerView[P]) -> DesignerView[P]:
    """Open the page to those who design or approve processes; nobody else sees anything here."""

    @never_cache
    @official_required(OWNER, APPROVER)
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return guarded


def principal_of(request: HttpRequest) -> Principal:
    """Return who asks; the guard has made sure that there is somebody."""
    principal = get_principal(request)
    assert principal is not None
    return principal


def find_draft(request: HttpRequest, draft_uuid: UUID, *, need: Need = "view") -> DraftInfo:
    """Return the draft of the address, by the one policy."""
    return get_draft(principal_of(request), draft_uuid, need=need)


def draft_context(request: HttpRequest, draft: DraftInfo, *, tab: str) -> dict[str, Any]:
    """Return what the frame of a draft's pages needs."""
    principal = principal_of(request)
    may_edit = can(principal, draft.agency_id, need="edit")
    return {
        "draft": draft,
        "tab": tab,
        "may_edit": may_edit and draft.state == "open",
        "is_owner": may_edit,
        "may_approve": can(principal, draft.agency_id, need="approve"),
    }
