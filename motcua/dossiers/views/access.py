"""Who may open a draft: its owner, or the browser that began it. What a dead session types is still saved."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.dossiers.actions.drafts import adopt_draft
from motcua.dossiers.public import DraftInfo
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.queries.remembered import COOKIE, COOKIE_AGE, COOKIE_SALT, read_remembered
from motcua.dossiers.types import DraftNotFound
from motcua.identity.public import Principal, Role, UserKind, get_principal
from motcua.kernel import clock

SAVE_SALT = "motcua.dossiers.save"
SAVE_AGE = 3 * 24 * 3600
MAX_REMEMBERED = 8


class SignInNeeded(Exception):
    """The draft has an owner, and nobody is signed in."""


def remember_draft(request: HttpRequest, response: HttpResponse, *, draft_uuid: UUID, code: str) -> None:
    """Let this browser come back to the draft without an account."""
    kept = [(key, value) for key, value in read_remembered(request.COOKIES).items() if key != draft_uuid]
    newest = [*kept, (draft_uuid, code)][-MAX_REMEMBERED:]
    response.set_cookie(
        COOKIE,
        signing.dumps({str(key): value for key, value in newest}, salt=COOKIE_SALT),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def open_draft(request: HttpRequest, draft_uuid: UUID) -> DraftInfo:
    """Return a draft to its owner or to the browser that began it.

    Raises: DraftNotFound for everybody else; SignInNeeded when only a sign-in is missing.
    """
    now = clock.now()
    draft, principal = get_live_draft(draft_uuid, now=now), get_principal(request)
    if not may_open(draft, principal=principal, remembered=draft_uuid in read_remembered(request.COOKIES)):
        if draft.owner_id is not None and principal is None:
            raise SignInNeeded
        raise DraftNotFound
    if draft.owner_id is None and principal is not None and principal.kind == UserKind.RESIDENT:
        adopt_draft(draft.uuid, owner_id=principal.user_id)
        return replace(draft, owner_id=principal.user_id)
    return draft


def open_own_draft(request: HttpRequest, draft_uuid: UUID) -> tuple[DraftInfo, Principal]:
    """Return a draft to the signed-in person who may file it. Raises: DraftNotFound; SignInNeeded."""
    draft, principal = open_draft(request, draft_uuid), get_principal(request)
    if principal is None:
        raise SignInNeeded
    at_counter = draft.channel != "online"
    if at_counter and not principal.has_role(Role.COUNTER, draft.reception_agency_id):
        raise DraftNotFound
    if not at_counter and principal.person_id is None:
        raise DraftNotFound
    return draft, principal


def may_open(draft: DraftInfo, *, principal: Principal | None, remembered: bool) -> bool:
    """One policy for every page of a draft."""
    if draft.owner_id is None:
        return remembered
    return principal is not None and principal.user_id == draft.owner_id


def make_save_token(draft_uuid: UUID) -> str:
    """Return the proof, put into each form page, that this page was shown to somebody who may write the draft."""
    return signing.dumps(str(draft_uuid), salt=SAVE_SALT)


def may_still_save(request: HttpRequest, draft_uuid: UUID) -> bool:
    """Return whether the page was shown to the right person: its words are kept even when the session has died."""
    try:
        proven = signing.loads(request.POST.get("save_token", ""), salt=SAVE_SALT, max_age=SAVE_AGE)
    except signing.BadSignature:
        return False
    return bool(proven == str(draft_uuid))


def ask_sign_in(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Send whoever opened a draft without a session to sign in, and back to what he was reading."""
    is_get = request.method in ("GET", "HEAD")
    if not is_get:  # the session ended under the hand that pressed a button
        said = _("Hồ sơ chưa được nộp vì phiên đăng nhập đã hết. Phần đã điền còn nguyên: hãy đăng nhập rồi nộp lại.")
        messages.warning(request, said)
    return go_sign_in(request.get_full_path() if is_get else reverse("dossiers:review", args=[draft_uuid]))


def go_sign_in(address: str) -> HttpResponse:
    """Send a resident to sign in and back to this address."""
    return HttpResponseRedirect(f"{reverse('identity:resident_sign_in')}?{urlencode({'next': address})}")
