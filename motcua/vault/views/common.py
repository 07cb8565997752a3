"""What the pages of a vault share: whose vault it is, and who may go how far in it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from motcua.identity.public import Party, PartyRef, Principal, get_principal
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.vault.public import Access, PaperUnknown, Reading, find_owner, get_access, list_open_vaults

OWN_GROUND = "Luật 91/2025/QH15: quyền xem dữ liệu cá nhân của mình"
_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})
_PDF_POLICY = "frame-ancestors 'none'"
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def principal_of(request: HttpRequest) -> Principal:
    """Return who is signed in; the decorator has asked."""
    return cast(Principal, get_principal(request))


def choose_vault(request: HttpRequest) -> tuple[Party, tuple[Party, ...], Access]:
    """Return the vault that the address names (`cua`), her own without a name, and all that the reader may open.

    Raises: PaperUnknown for the vault of somebody whom the reader does not represent.
    """
    principal, on = principal_of(request), local_date(clock.now())
    parties = list_open_vaults(principal, on=on)
    asked = request.POST.get("cua") or request.GET.get("cua") or ""
    chosen = next((party for party in parties if str(party.uuid) == asked), parties[0] if not asked else None)
    access = get_access(principal, chosen.ref, on=on) if chosen is not None else Access.NONE
    if chosen is None or access == Access.NONE:
        raise PaperUnknown
    return chosen, parties, access


def check_paper(request: HttpRequest, paper_uuid: UUID, *, wanted: Access = Access.READ) -> tuple[PartyRef, Access]:
    """Return whose the paper is when the reader may go so far. Raises: PaperUnknown for everybody else."""
    owner = find_owner(paper_uuid)
    if owner is None:
        raise PaperUnknown
    access = get_access(principal_of(request), owner, on=local_date(clock.now()))
    if access == Access.NONE or (wanted == Access.MANAGE and access != Access.MANAGE):
        raise PaperUnknown
    return owner, access


def make_reading(principal: Principal, owner: PartyRef, purpose: str) -> Reading:
    """Return the reading of the owner or of whoever acts for her."""
    is_self = owner == PartyRef("person", principal.person_id or 0)
    actor = principal.to_actor(on_behalf_of=None if is_self else f"{owner.kind}:{owner.id}")
    return Reading(actor=actor, purpose=purpose, legal_ground=OWN_GROUND)


def send_paper(content: bytes, *, filename: str, media_type: str, as_attachment: bool) -> HttpResponse:
    """Send a paper so that no browser guesses what it is, runs anything in it or keeps it."""
    is_shown = not as_attachment and media_type in _INLINE
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, filename) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _PDF_POLICY if media_type == "application/pdf" else _FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
