"""Filling in a dossier: start, one page a topic, autosave, files."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.dossiers.actions.draft_files import remove_draft_file
from motcua.dossiers.actions.drafts import save_page
from motcua.dossiers.actions.sparing import spare_papers
from motcua.dossiers.public import DraftInfo, start_draft
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.queries.form_pages import clean_draft_page, get_draft_form, list_choices, list_page_keys
from motcua.dossiers.queries.preparing import get_frozen_version
from motcua.dossiers.queries.remembered import read_remembered
from motcua.dossiers.types import DraftNotFound, SavedPage, StaleDraft
from motcua.dossiers.views.access import (
    SignInNeeded,
    go_sign_in,
    make_save_token,
    may_still_save,
    open_draft,
    remember_draft,
)
from motcua.dossiers.views.facts import bring_facts, list_surprises, note_draft_facts
from motcua.dossiers.views.fields import prepare_fields
from motcua.dossiers.views.published import describe_form
from motcua.dossiers.views.uploads import read_actor, store_posted_files
from motcua.identity.public import Principal, get_principal
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import ProcedureDetail, find_procedure, get_form
from motcua.process.public import (
    Field,
    change_rows,
    merge_answers,
    place_fields,
    portable_rules,
    read_answer_at,
    root_of,
    with_defaults,
)
from motcua.ui.public import say, say_all, say_moment

Errors = tuple[tuple[str, str], ...]
MAX_JSON_BYTES = 512 * 1024


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a dossier under a procedure; no account is needed."""
    now = clock.now()
    principal = get_principal(request)
    procedure = find_procedure(code, on=local_date(now))
    if procedure is None:
        return render(request, "dossiers/start_unknown.html", {"code": code}, status=404)
    if principal is not None and principal.kind == "official":
        return HttpResponseRedirect(f"{reverse('dossiers:counter_file')}?ma={procedure.code}")
    if request.method != "POST" or not procedure.is_fileable:
        return render(request, "dossiers/start.html", {"procedure": procedure, "principal": principal})
    draft, resume_code = start_draft(procedure.version_id, owner_id=principal.user_id if principal else None, now=now)
    response = HttpResponseRedirect(_first_step(draft, principal))
    remember_draft(request, response, draft_uuid=draft.uuid, code=resume_code)
    return response


def _first_step(draft: DraftInfo, principal: Principal | None) -> str:
    if principal is not None:
        return reverse("dossiers:applicant", args=[draft.uuid])
    keys = list_page_keys(draft.procedure_version_id, draft.data)
    return page_address(draft, keys[0][0])


@never_cache
@require_safe
def overview(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show what is done and what is left of a draft, and how to go on with it on another device."""
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        return go_sign_in(request.path)
    if draft.submitted_case_id is not None:
        return go_to_filed(draft)
    context = {
        "draft": draft,
        "procedure": get_frozen_version(draft.procedure_version_id),
        "pages": list_page_keys(draft.procedure_version_id, draft.data),
        "resume_code": read_remembered(request.COOKIES).get(draft.uuid, "") if draft.owner_id is None else "",
        "resume_url": request.build_absolute_uri(reverse("dossiers:resume")),
        "principal": get_principal(request),
    }
    return render(request, "dossiers/draft.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, draft_uuid: UUID, page_key: str) -> HttpResponse:
    """Show or take in one page of the form."""
    signed_out = False
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        if request.method != "POST" or not may_still_save(request, draft_uuid):
            return go_sign_in(request.path)
        draft, signed_out = get_live_draft(draft_uuid, now=clock.now()), True
    if draft.submitted_case_id is not None:
        return go_to_filed(draft)
    if page_key not in {item.key for item in get_form(draft.procedure_version_id).pages}:
        raise DraftNotFound
    if any(item.type == "filepicker" for item in get_form(draft.procedure_version_id).get_page(page_key).fields):
        draft = spare_papers(draft, actor=read_actor(request), now=clock.now())
    if request.method != "POST":
        return show_page(request, draft, page_key)
    return _take_page(request, draft, page_key, signed_out=signed_out)


def _take_page(request: HttpRequest, draft: DraftInfo, page_key: str, *, signed_out: bool) -> HttpResponse:
    """Store files first, then words; whatever is wrong with either, nothing that was good is lost."""
    now = clock.now()
    action = _read_action(request)
    raw, changed_list = change_rows(dict(request.POST.lists()))
    file_errors = store_posted_files(request, draft, page_key)
    if "remove_file" in request.POST:
        _remove_file(request, draft)
    shown_before = _visible_keys(draft.procedure_version_id, page_key, draft.data)
    try:
        saved = save_page(
            draft.uuid,
            page_key=page_key,
            raw=raw,
            revision=read_int(request.POST.get("revision")),
            editor=request.POST.get("editor", ""),
            is_done=not changed_list and action == "continue" and not file_errors,
            now=now,
        )
    except StaleDraft as error:
        return _show_conflict(request, draft, page_key, error)
    if signed_out:
        return go_sign_in(page_address(draft, page_key))
    if changed_list:
        return HttpResponseRedirect(_address_of_row(request, saved.draft, page_key, changed_list))
    if action in ("vault", "dispute", "exit"):
        return HttpResponseRedirect(_address_of_action(request, saved.draft, page_key, action))
    if file_errors or "remove_file" in request.POST or action == "upload":
        return show_page(request, saved.draft, page_key, errors=file_errors, status=422 if file_errors else 200)
    if saved.errors:
        return _show_errors(request, saved, page_key, shown_before=shown_before)
    return _go_on(request, saved.draft, page_key)


def _read_action(request: HttpRequest) -> str:
    """Return which button was pressed."""
    named = {"from_vault": "vault", "dispute": "dispute"}
    return next((named[name] for name in named if name in request.POST), request.POST.get("action", "continue"))


def _address_of_action(request: HttpRequest, draft: DraftInfo, page_key: str, action: str) -> str:
    """Return where a button other than "go on" leads; what was typed on the page is kept."""
    if action == "vault":
        return _address_of_vault(request, draft, page_key)
    key = request.POST.get("dispute", "")
    if action == "dispute" and key in draft.facts:
        return reverse("dossiers:dispute", args=[draft.uuid, key])
    return reverse("dossiers:draft", args=[draft.uuid])


def _go_on(request: HttpRequest, draft: DraftInfo, page_key: str) -> HttpResponse:
    """Ask registers for what can be known by now, then show the next page; or this one, when they say otherwise."""
    brought = bring_facts(draft, get_principal(request), now=clock.now())
    keys = {item.key for item in get_draft_form(brought).get_page(page_key).fields}
    if list_surprises(draft, brought, keys=keys):
        notice = _("Sổ dữ liệu ghi khác với điều bạn nhập. Hãy xem lại các mục dưới đây rồi bấm “Lưu và tiếp tục”.")
        return show_page(request, brought, page_key, notice=notice)
    return HttpResponseRedirect(_next_address(request, brought, page_key))


def _show_errors(
    request: HttpRequest, saved: SavedPage, page_key: str, *, shown_before: frozenset[str]
) -> HttpResponse:
    """Questions that an answer has only just opened are asked, not scolded for."""
    if any(root_of(key) in shown_before for key, _message in saved.errors):
        return show_page(request, saved.draft, page_key, errors=saved.errors, warnings=saved.warnings, status=422)
    return show_page(request, saved.draft, page_key, notice=_("Theo câu trả lời của bạn, trang này có thêm câu hỏi."))


def _visible_keys(version_id: int, page_key: str, data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(item.key for item in place_fields(get_form(version_id), page_key, data))


def _address_of_row(request: HttpRequest, draft: DraftInfo, page_key: str, address: str) -> str:
    """Lead back to the page where a row was added or taken out, without script: to the new row or to its list."""
    rows = read_answer_at(draft.data, address)
    added = "add_row" in request.POST and isinstance(rows, list) and rows
    fragment = f"{address}[{len(rows) - 1}]" if added else address
    query = "?from=review" if request.POST.get("from") == "review" else ""
    return f"{page_address(draft, page_key)}{query}#{fragment}"


def _address_of_vault(request: HttpRequest, draft: DraftInfo, page_key: str) -> str:
    """Lead to the papers that the person holds, for one question; her words on this page are saved."""
    query = urlencode({"muc": request.POST["from_vault"]})
    return f"{reverse('dossiers:choose_paper', args=[draft.uuid, page_key])}?{query}"


def _next_address(request: HttpRequest, draft: DraftInfo, page_key: str) -> str:
    if request.POST.get("from") == "review":
        return reverse("dossiers:review", args=[draft.uuid])
    keys = [key for key, _title in list_page_keys(draft.procedure_version_id, draft.data)]
    later = keys[keys.index(page_key) + 1 :] if page_key in keys else []
    return page_address(draft, later[0]) if later else reverse("dossiers:review", args=[draft.uuid])


def show_page(
    request: HttpRequest,
    draft: DraftInfo,
    page_key: str,
    *,
    errors: Errors = (),
    warnings: Errors = (),
    values: Mapping[str, Any] | None = None,
    conflict: StaleDraft | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show one page with what was typed, what is wrong and what was uploaded."""
    form = get_draft_form(draft)
    procedure = get_frozen_version(draft.procedure_version_id)
    keys = [key for key, _title in list_page_keys(draft.procedure_version_id, draft.data)]
    number = keys.index(page_key) if page_key in keys else 0
    answers = with_defaults(form, page_key, draft.data if values is None else values)
    fields = place_fields(form, page_key, answers, with_hidden=True)
    today = local_date(clock.now())
    choices = list_choices(on=today)
    rules = portable_rules(form, page_key, answers, today=today)
    context = {
        "draft": draft,
        "procedure": procedure,
        "page": form.get_page(page_key),
        "fields": prepare_fields(fields, choices=choices, spared=draft.spared),
        "choices": choices,
        "facts": note_draft_facts(draft),
        **_tell_held_papers(draft, procedure, fields),
        "values": answers,
        "rules": orjson.dumps(say_all(rules)).decode() if rules else "",
        "files": {item.key: draft.get_files(item.key) for item in fields if item.type == "filepicker"},
        "own_papers": _may_use_vault(request, draft),
        "has_files": any(item.type == "filepicker" and not item.is_hidden for item in fields),
        "errors": dict(reversed(errors)),
        "warnings": warnings,
        "conflict": conflict,
        "notice": notice,
        "revision": conflict.revision if conflict else draft.revision,
        "editor": request.POST.get("editor") or secrets.token_hex(8),
        "save_token": make_save_token(draft.uuid),
        "number": number + 1,
        "total": len(keys),
        "back": page_address(draft, keys[number - 1]) if number else reverse("dossiers:draft", args=[draft.uuid]),
        "from_review": "review" in (request.GET.get("from"), request.POST.get("from")),
    }
    return describe_form(render(request, "dossiers/page.html", context, status=status), procedure)


def _tell_held_papers(draft: DraftInfo, procedure: ProcedureDetail, fields: Iterable[Field]) -> dict[str, Any]:
    """Say which of the papers asked on a page are held already, and whether that is still to be looked up."""
    asked = {item.paper for item in fields if item.type == "filepicker" and not item.is_hidden}
    return {
        "may_spare": draft.applicant_id is None
        and any(paper.answered_by for paper in procedure.papers if paper.code in asked),
        "solved": [paper for paper in draft.spared if paper.says and paper.paper_code in asked],
    }


def _may_use_vault(request: HttpRequest, draft: DraftInfo) -> bool:
    principal = get_principal(request)
    return principal is not None and principal.person_id is not None and draft.channel == "online"


def _show_conflict(request: HttpRequest, draft: DraftInfo, page_key: str, error: StaleDraft) -> HttpResponse:
    """Show both values of each field that two windows filled differently; nothing is chosen for the person."""
    form = get_draft_form(draft)
    typed = clean_draft_page(
        form,
        page_key,
        dict(request.POST.lists()),
        data=draft.data,
        files=draft.files,
        spared=draft.spared,
        on=local_date(clock.now()),
    )
    values = merge_answers(draft.data, typed.kept)
    return show_page(request, draft, page_key, values=values, conflict=error, status=409)


@never_cache
@require_POST
def autosave(request: HttpRequest, draft_uuid: UUID, page_key: str) -> HttpResponse:
    """Save while the person types: a form or JSON in, revision and time out; 401 when nobody may, 409 when stale."""
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        if not may_still_save(request, draft_uuid):
            message = _("Phiên đăng nhập đã hết nên chưa lưu được. Hãy đăng nhập lại ở một thẻ khác rồi làm tiếp.")
            return JsonResponse({"code": "signed_out", "message": message}, status=401)
        draft = get_live_draft(draft_uuid, now=clock.now())
    now = clock.now()
    body = _read_body(request)
    if body is None:
        message = _("Nội dung gửi lên bị hỏng trên đường truyền nên chưa lưu được. Hệ thống sẽ tự thử lại.")
        return JsonResponse({"code": "unreadable", "message": message}, status=400)
    try:
        saved = save_page(
            draft.uuid,
            page_key=page_key,
            raw=body,
            revision=read_int((body.get("revision") or [""])[0]),
            editor=(body.get("editor") or [""])[0],
            now=now,
        )
    except StaleDraft as error:
        shown = [{"label": item.label, "saved": item.saved, "typed": item.typed} for item in error.conflicts]
        return JsonResponse({"code": error.code, "message": say(error.message), "conflicts": shown}, status=409)
    return JsonResponse({"revision": saved.draft.revision, "saved_at": say_moment(now)})


def _read_body(request: HttpRequest) -> dict[str, list[str]] | None:
    if request.content_type != "application/json":
        return {key: [str(item) for item in values] for key, values in request.POST.lists()}
    try:
        decoded = orjson.loads(request.body[: MAX_JSON_BYTES + 1])
    except orjson.JSONDecodeError:
        return None
    if not isinstance(decoded, dict):
        return None
    return {
        str(key): [str(item) for item in (value if isinstance(value, list) else [value])]
        for key, value in decoded.items()
    }


def _remove_file(request: HttpRequest, draft: DraftInfo) -> None:
    try:
        remove_draft_file(draft.uuid, file_uuid=UUID(request.POST["remove_file"]), now=clock.now())
    except ValueError:
        return


def page_address(draft: DraftInfo, page_key: str) -> str:
    """Return the address of one page of a draft."""
    return reverse("dossiers:page", args=[draft.uuid, page_key])


def go_to_filed(draft: DraftInfo) -> HttpResponse:
    """A draft that was filed leads to its dossier."""
    return HttpResponseRedirect(reverse("dossiers:filed_draft", args=[draft.uuid]))


def read_int(text: object) -> int:
    """Read a revision; whatever is not a number is older than everything."""
    return int(str(text)) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 10 else 0
