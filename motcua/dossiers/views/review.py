"""The end of filling in: for whom, a last look, the declaration, and filing once however often it is pressed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.dossiers.actions.filing import hash_form
from motcua.dossiers.actions.sparing import spare_papers
from motcua.dossiers.public import DraftInfo, Filed, choose_applicant, file_draft
from motcua.dossiers.queries.facts import find_party, prefill_answers
from motcua.dossiers.queries.form_pages import list_draft_files, list_page_keys, summarise_answers
from motcua.dossiers.queries.preparing import Preparation, prepare_filing
from motcua.dossiers.types import DraftIncomplete, StaleDraft
from motcua.dossiers.views.access import SignInNeeded, ask_sign_in, open_own_draft
from motcua.dossiers.views.draft import go_to_filed, page_address
from motcua.dossiers.views.facts import bring_facts, note_draft_facts
from motcua.identity.public import PartyRef, Principal, can_represent, get_party, list_representable_parties
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.workdays import Budget
from motcua.places.public import get_work_calendar
from motcua.procedures.public import get_procedure_version


def list_result_channels() -> tuple[tuple[str, str, str], ...]:
    """Return the ways of receiving a result, as (value, text, hint)."""
    return (
        ("online", _("Bản điện tử"), _("Tải về ở Trang của tôi; có giá trị như bản giấy, ai cũng kiểm tra được.")),
        ("counter", _("Nhận tại bộ phận Một Cửa"), _("Mang theo giấy hẹn và căn cước.")),
        ("post", _("Nhận qua bưu chính"), _("Bưu tá giao đến địa chỉ của bạn và thu cước.")),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applicant(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Choose for whom the dossier is filed: oneself, a child, a person or a firm that one represents."""
    try:
        draft, principal = open_own_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    if draft.submitted_case_id is not None:
        return go_to_filed(draft)
    if draft.channel != "online":
        return HttpResponseRedirect(reverse("dossiers:review", args=[draft.uuid]))
    now = clock.now()
    parties = list_representable_parties(principal, on=local_date(now))
    errors: dict[str, str] = {}
    if request.method == "POST":
        ref = find_party(parties, uuid_text=request.POST.get("party", ""))
        channel = request.POST.get("result_channel", "")
        if ref is None:
            errors["party"] = _("Hãy chọn bạn nộp hồ sơ cho ai.")
        if channel not in {value for value, _text, _hint in list_result_channels()}:
            errors["result_channel"] = _("Hãy chọn cách nhận kết quả.")
        if ref is not None and not errors:
            return _keep_applicant(draft, principal, ref=ref, result_channel=channel, now=now)
    chosen = next((str(party.uuid) for party in parties if party.ref.id == draft.applicant_id), "")
    context = {
        "draft": draft,
        "procedure": get_procedure_version(draft.procedure_version_id),
        "parties": parties,
        "principal": principal,
        "chosen": request.POST.get("party", chosen),
        "result_channel": request.POST.get("result_channel", draft.result_channel),
        "result_channels": list_result_channels(),
        "errors": errors,
    }
    return render(request, "dossiers/applicant.html", context, status=422 if errors else 200)


def _keep_applicant(
    draft: DraftInfo, principal: Principal, *, ref: PartyRef, result_channel: str, now: datetime
) -> HttpResponse:
    prefill = prefill_answers(draft.procedure_version_id, get_party(ref), submitter_person_id=principal.person_id)
    saved = choose_applicant(draft.uuid, ref=ref, result_channel=result_channel, prefill=prefill, now=now)
    saved = bring_facts(saved, principal, now=now)
    pages = list_page_keys(saved.procedure_version_id, saved.data)
    undone = [key for key, _title in pages if key not in saved.pages_done]
    address = page_address(saved, undone[0]) if undone else reverse("dossiers:review", args=[saved.uuid])
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def review(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show everything that will be filed, who will solve it, what it costs and when it is due."""
    try:
        draft, principal = open_own_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    if draft.submitted_case_id is not None:
        return go_to_filed(draft)
    if draft.applicant_id is None:
        return HttpResponseRedirect(reverse("dossiers:applicant", args=[draft.uuid]))
    return show_review(request, draft, principal)


def show_review(
    request: HttpRequest,
    draft: DraftInfo,
    principal: Principal,
    *,
    error: str = "",
    declaration_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the review page, with what stands in the way of filing."""
    now = clock.now()
    draft = spare_papers(draft, actor=principal.to_actor(), now=now)
    prepared = prepare_filing(draft, submitter_person_id=principal.person_id, now=now)
    shown_errors = [
        (page_address(draft, page_key) + f"?from=review#{key}" if page_key else "#dossier-errors", message)
        for page_key, key, message in prepared.errors
    ]
    context = {
        "draft": draft,
        "shown": digest_declared(draft),
        "prepared": prepared,
        "procedure": prepared.version,
        "pages": summarise_answers(
            draft.procedure_version_id,
            draft.data,
            file_names=list_draft_files(draft.files, draft.spared),
            on=local_date(now),
        ),
        "due_at": _estimate_due(prepared, now=now),
        "facts": note_draft_facts(draft),
        "result_channel": {value: text for value, text, _hint in list_result_channels()}[draft.result_channel],
        "errors_map": ({"#declaration": declaration_error} if declaration_error else {}) | dict(shown_errors),
        "declaration_error": declaration_error,
        "error": error,
        "infected": [file for file in draft.files if file.scan_state == "infected"],
        "pending": [file for file in draft.files if file.scan_state == "pending"],
    }
    return render(request, "dossiers/review.html", context, status=status)


def digest_declared(draft: DraftInfo) -> str:
    """Return the hash of what the person declares to be right: it is shown, sent back by the press and compared.

    What another window has changed meanwhile is never filed unseen.
    """
    return hash_form(
        {
            "for": f"{draft.applicant_kind}:{draft.applicant_id}",
            "result_channel": draft.result_channel,
            "data": draft.data,
            "facts": draft.facts,
            "files": [str(file.uuid) for file in draft.files],
        }
    )


def _estimate_due(prepared: Preparation, *, now: datetime) -> datetime | None:
    if prepared.agency is None:
        return None
    term = prepared.version.term
    return get_work_calendar(prepared.agency.id).add(now, Budget(term.amount, term.unit))


@never_cache
@require_POST
def submit(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """File the dossier. A dead session loses nothing: the draft has it all, and is shown after sign-in."""
    try:
        draft, principal = open_own_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    if draft.submitted_case_id is None:
        if request.POST.get("declaration") != "true":
            message = _("Hãy đánh dấu cam đoan thông tin là đúng trước khi nộp hồ sơ.")
            return show_review(request, draft, principal, declaration_error=message, status=422)
        if not _may_file_for(draft, principal):
            return HttpResponseRedirect(reverse("dossiers:applicant", args=[draft.uuid]))
        if request.POST.get("shown", "") not in ("", digest_declared(draft)):
            message = _("Tờ khai đã đổi sau khi bạn mở trang này, có thể ở cửa sổ khác. Hãy xem lại rồi nộp.")
            return show_review(request, draft, principal, error=message, status=409)
        if any(file.scan_state == "infected" for file in draft.files):
            message = _("Có tệp chứa mã độc. Hãy bỏ tệp đó và tải bản sạch lên trước khi nộp.")
            return show_review(request, draft, principal, error=message, status=422)
    try:
        draft = spare_papers(draft, actor=principal.to_actor(), now=clock.now())
        filed = _file(request, draft, principal)
    except (DraftIncomplete, StaleDraft) as error:
        return show_review(request, draft, principal, error=error.message, status=error.http_status)
    at_counter = draft.channel != "online"
    name = "dossiers:counter_filed" if at_counter else "dossiers:filed"
    return HttpResponseRedirect(reverse(name, args=[filed.dossier_no]))


def _file(request: HttpRequest, draft: DraftInfo, principal: Principal) -> Filed:
    return file_draft(
        draft,
        submitter_id=principal.user_id,
        submitter_name=principal.full_name,
        submitter_person_id=principal.person_id,
        actor=principal.to_actor(),
        client_key=_read_uuid(request.POST.get("client_key", "")),
        now=clock.now(),
    )


def _may_file_for(draft: DraftInfo, principal: Principal) -> bool:
    """Ask once more at the last moment: a delegation may have ended since the applicant was chosen."""
    if draft.applicant_id is None:
        return False
    if draft.channel != "online":
        return True  # open_own_draft has asked for the counter role at this office
    return can_represent(principal, PartyRef(draft.applicant_kind, draft.applicant_id), on=local_date(clock.now()))


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
