"""Choosing a paper out of a vault for an upload question: a page of its own, no script needed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.documents.public import UPLOAD_TYPES
from motcua.dossiers.actions.reusing import use_vault_paper
from motcua.dossiers.public import DraftInfo, NotAllowedNow
from motcua.dossiers.types import DraftNotFound
from motcua.dossiers.views.access import SignInNeeded, go_sign_in, open_own_draft
from motcua.dossiers.views.draft import page_address
from motcua.identity.public import Party, PartyRef, Principal, get_party
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import get_form, get_procedure_version
from motcua.process.public import Field
from motcua.ui.public import say
from motcua.vault.public import Access, PaperInfo, PaperUnknown, Reading, find_papers, get_access

GROUND = "Nghị định 45/2020/NĐ-CP, Điều 16: dùng lại giấy tờ trong kho theo yêu cầu của người có giấy tờ"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, draft_uuid: UUID, page_key: str) -> HttpResponse:
    """Show the papers that fit the question; lay the chosen one beside it and lead back."""
    try:
        draft, principal = open_own_draft(request, draft_uuid)
    except SignInNeeded:
        return go_sign_in(request.get_full_path())
    if principal.person_id is None or draft.submitted_case_id is not None:
        raise DraftNotFound
    asked = _find_question(draft, page_key, (request.POST or request.GET).get("muc", ""))
    shelves = _list_shelves(draft, principal)
    back = f"{page_address(draft, page_key)}#{asked.key}"
    error = ""
    if request.method == "POST":
        error = _take(request, draft, asked, shelves, principal)
        if not error:
            messages.success(request, _("Đã lấy giấy tờ trong kho vào hồ sơ."))
            return HttpResponseRedirect(back)
    context = {
        "draft": draft, "procedure": get_procedure_version(draft.procedure_version_id), "question": asked,
        "page_key": page_key, "shelves": shelves, "back": back, "error": error,
        "has_papers": any(papers for _party, papers in shelves),
    }  # fmt: skip
    return render(request, "dossiers/choose_paper.html", context, status=422 if error else 200)


def _find_question(draft: DraftInfo, page_key: str, key: str) -> Field:
    form = get_form(draft.procedure_version_id)
    if page_key not in {page.key for page in form.pages}:
        raise DraftNotFound
    found = next((f for f in form.get_page(page_key).fields if f.key == key and f.type == "filepicker"), None)
    if found is None:
        raise DraftNotFound
    return found


def _list_shelves(draft: DraftInfo, principal: Principal) -> list[tuple[Party, tuple[PaperInfo, ...]]]:
    """Return the applicant's papers, then the submitter's own: only of vaults that she may open today."""
    now = clock.now()
    refs = [PartyRef(draft.applicant_kind, draft.applicant_id)] if draft.applicant_id is not None else []
    refs.append(PartyRef("person", principal.person_id or 0))
    return [
        (get_party(ref), tuple(p for p in find_papers(ref, now=now) if p.is_current and p.media_type in UPLOAD_TYPES))
        for ref in dict.fromkeys(refs)
        if get_access(principal, ref, on=local_date(now)) != Access.NONE
    ]


def _take(
    request: HttpRequest,
    draft: DraftInfo,
    asked: Field,
    shelves: list[tuple[Party, tuple[PaperInfo, ...]]],
    principal: Principal,
) -> str:
    chosen = request.POST.get("paper", "")
    paper = next((p for _party, papers in shelves for p in papers if str(p.uuid) == chosen), None)
    if paper is None:
        return _("Hãy chọn một giấy tờ, hoặc quay lại để tải tệp lên.")
    reading = Reading(actor=principal.to_actor(), purpose=_("Dùng lại giấy tờ trong hồ sơ mới"), legal_ground=GROUND)
    try:
        use_vault_paper(
            draft.uuid, field_key=asked.key, paper_uuid=paper.uuid, reading=reading, owner_user_id=draft.owner_id,
            now=clock.now(),
        )  # fmt: skip
    except (NotAllowedNow, PaperUnknown) as refused:
        return say(refused.message)
    return ""
