"""Facts from registers on the screen: where each is from, and the page on which a person says what is right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.dossiers.actions.facts import dispute_draft_fact, refresh_facts, take_back_dispute
from motcua.dossiers.public import DraftInfo, NotAllowedNow
from motcua.dossiers.queries.facts import LEVEL_FOR_FACTS, make_reading
from motcua.dossiers.queries.form_pages import clean_fields, list_choices, text_of_value
from motcua.dossiers.rules.facts import read_facts
from motcua.dossiers.types import DraftNotFound, FactInfo, HeldFact
from motcua.dossiers.views.access import SignInNeeded, ask_sign_in, open_own_draft
from motcua.dossiers.views.fields import prepare_fields
from motcua.identity.public import PartyRef, Principal, get_party
from motcua.kernel import clock
from motcua.kernel.clock import local_date, to_local
from motcua.procedures.public import get_form, get_procedure_version
from motcua.process.public import Field

MAX_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FactNote:
    """What stands under one answer: where it is from, what the person says to it, what may be done."""

    key: str
    source: str
    said: str = ""
    state: str = ""
    may_dispute: bool = False
    correction_code: str = ""
    is_linked: bool = False


def may_ask_registers(principal: Principal | None) -> bool:
    """Return whether registers answer this person: surely known, or an official at the counter."""
    return principal is not None and (principal.kind == "official" or principal.assurance_level >= LEVEL_FOR_FACTS)


def bring_facts(draft: DraftInfo, principal: Principal | None, *, now: datetime) -> DraftInfo:
    """Ask registers for what this form may know by now; without a sign-in of level 2, or an applicant, nothing is."""
    if principal is None or not may_ask_registers(principal) or draft.applicant_id is None:
        return draft
    return refresh_facts(
        draft.uuid,
        party=get_party(PartyRef(draft.applicant_kind, draft.applicant_id)),
        submitter_person_id=principal.person_id,
        reading=make_reading(principal.to_actor()),
        now=now,
    )


def list_surprises(before: DraftInfo, after: DraftInfo, *, keys: Collection[str]) -> list[str]:
    """Return the questions of a page for which a register has just said something else than what was typed."""
    return [
        key
        for key, fact in read_facts(after.facts).items()
        if key in keys
        and fact.state == "held"
        and fact.typed not in (None, "", [])
        and before.facts.get(key, {}).get("state") != "held"
    ]


def name_register(name: str) -> str:
    """Return the name of a register as it stands inside a sentence: "Sổ dân cư"."""
    return name[:1].lower() + name[1:]


def say_source(register_name: str, known_at: datetime | None, *, held_by: str = "", is_cached: bool = False) -> str:
    """Say where a value is from and since when the register says so; when it lies elsewhere, who was asked when."""
    if held_by and known_at is not None:
        words = {"holder": held_by, "at": f"{to_local(known_at):%H:%M %d/%m/%Y}"}
        if is_cached:
            return _("Theo %(holder)s, câu trả lời đã có lúc %(at)s") % words
        return _("Theo %(holder)s, hỏi lúc %(at)s") % words
    if known_at is None:
        return _("Theo Sổ %(register)s") % {"register": name_register(register_name)}
    return _("Theo Sổ %(register)s, cập nhật ngày %(on)s") % {
        "register": name_register(register_name), "on": f"{to_local(known_at):%d/%m/%Y}",
    }  # fmt: skip


def note_draft_facts(draft: DraftInfo) -> dict[str, FactNote]:
    """Return what stands under the answers of a draft, by the key of the question."""
    notes = {key: _note(draft, fact) for key, fact in read_facts(draft.facts).items()}
    return {key: note for key, note in notes.items() if note is not None}


def _note(draft: DraftInfo, fact: HeldFact) -> FactNote | None:
    source = _say_held(fact)
    if fact.state == "held":
        said = ""
        if fact.typed not in (None, "", []):
            said = _("Trước đó bạn nhập: %(value)s. Nếu sổ sai, hãy bấm “Không đúng?”.") % {"value": _text(draft, fact)}
        return FactNote(key=fact.key, source=source, said=said, state="held", may_dispute=True)
    if fact.state == "disputed":
        said = _("Bạn báo đúng là: %(value)s. Khi nộp hồ sơ, cơ quan quản lý sổ sẽ nhận yêu cầu đính chính.")
        return FactNote(
            key=fact.key, source=source, said=said % {"value": _text(draft, fact)}, state="disputed", may_dispute=True
        )
    if fact.state == "suggested":
        return FactNote(key=fact.key, source=source, state="suggested")
    if fact.state == "awaited":
        if fact.held_by:
            source = _("%(holder)s chưa trả lời.") % {"holder": fact.held_by}
        else:
            name = name_register(fact.register_name or fact.register)
            source = _("Sổ %(register)s đang tạm ngừng.") % {"register": name}
        said = _("Bạn có thể nhập, hoặc để trống: hồ sơ vẫn nộp được, hệ thống lấy dữ liệu sau.")
        return FactNote(key=fact.key, source=source, said=said, state="awaited")
    return None


def _say_held(fact: HeldFact) -> str:
    return say_source(fact.register_name, fact.known_moment, held_by=fact.held_by, is_cached=fact.is_cached)


def _text(draft: DraftInfo, fact: HeldFact) -> str:
    return text_of_value(draft.procedure_version_id, fact.key, fact.typed, on=local_date(clock.now()))


def note_filed_facts(
    facts: Iterable[FactInfo], *, version_id: int, on: datetime, for_office: bool
) -> dict[str, FactNote]:
    """Return what stands under the answers of a filed dossier, by the key of the question."""
    return {fact.field_key: _note_filed(fact, version_id, on, for_office=for_office) for fact in facts}


def _note_filed(fact: FactInfo, version_id: int, on: datetime, *, for_office: bool) -> FactNote:
    def text(value: Any) -> str:
        return text_of_value(version_id, fact.field_key, value, on=local_date(on)) or _("(trống)")

    register = name_register(fact.register_name)
    words = {
        "register": register, "shown": text(fact.shown_value), "typed": text(fact.typed_value),
        "settled": text(fact.settled_value), "holder": fact.held_by,
    }  # fmt: skip
    said = ""
    if fact.settled_state == "corrected":
        said = _("Người nộp đã báo sai (sổ ghi %(shown)s). Cơ quan quản lý sổ đã sửa thành: %(settled)s.") % words
    elif fact.settled_state == "upheld":
        said = _("Người nộp báo đúng là %(typed)s; cơ quan quản lý sổ giữ nguyên.") % words
    elif fact.state == "disputed":
        said = _("Người nộp báo đúng là %(typed)s. Đang chờ cơ quan quản lý sổ trả lời.") % words
    elif fact.settled_state == "found":
        differs = _("Sổ %(register)s ghi %(settled)s, khác với người nộp khai: %(typed)s.")
        said = (differs if fact.differs else _("Đã lấy sau khi nộp: %(settled)s.")) % words
    elif fact.settled_state == "none":
        said = _("Sổ %(register)s không có dữ liệu; dùng điều người nộp khai.") % words
    elif fact.state == "awaited":
        silent = _("%(holder)s chưa trả lời lúc nộp; hệ thống đang hỏi lại.")
        down = _("Sổ %(register)s tạm ngừng lúc nộp; hệ thống đang hỏi lại.")
        said = (silent if fact.held_by else down) % words
    return FactNote(
        key=fact.field_key,
        source="" if fact.state == "awaited" else say_source(fact.register_name, fact.known_at, held_by=fact.held_by),
        said=said,
        state="pending" if fact.is_pending else fact.settled_state or fact.state,
        correction_code=fact.correction_code,
        is_linked=not for_office,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, draft_uuid: UUID, field_key: str) -> HttpResponse:
    """Ask what is right and why; or take the dispute back. The dossier goes on either way."""
    try:
        draft, _principal = open_own_draft(request, draft_uuid)
    except SignInNeeded:
        return ask_sign_in(request, draft_uuid)
    fact, item = _find(draft, field_key)
    if request.method != "POST":
        return _show(request, draft, fact, item)
    now = clock.now()
    if "take_back" in request.POST:
        take_back_dispute(draft.uuid, key=field_key, now=now)
        return HttpResponseRedirect(_way_back(request, draft, field_key))
    values, errors = clean_fields(
        draft.procedure_version_id, keys=frozenset({field_key}), raw=dict(request.POST.lists()),
        data={**draft.data}, on=local_date(now),
    )  # fmt: skip
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:MAX_REASON]
    problems = dict(errors)
    if not problems:
        try:
            dispute_draft_fact(draft.uuid, key=field_key, claimed=values.get(field_key), reason=reason, now=now)
        except NotAllowedNow as refused:
            problems = {"reason" if refused.code == "claim_without_reason" else field_key: refused.message}
        else:
            return HttpResponseRedirect(_way_back(request, draft, field_key))
    return _show(request, draft, fact, item, values=values, errors=problems, reason=reason, status=422)


def _find(draft: DraftInfo, field_key: str) -> tuple[HeldFact, Field]:
    fact = read_facts(draft.facts).get(field_key)
    item = get_form(draft.procedure_version_id).find_field(field_key)
    if fact is None or item is None or fact.state not in ("held", "disputed"):
        raise DraftNotFound
    return fact, item


def _way_back(request: HttpRequest, draft: DraftInfo, field_key: str) -> str:
    if request.GET.get("from") == "review":
        return reverse("dossiers:review", args=[draft.uuid])
    return _page_of(draft, field_key)


def _page_of(draft: DraftInfo, field_key: str) -> str:
    form = get_form(draft.procedure_version_id)
    page = next(page for page in form.pages if any(item.key == field_key for item in page.fields))
    return f"{reverse('dossiers:page', args=[draft.uuid, page.key])}#{field_key}"


def _show(
    request: HttpRequest,
    draft: DraftInfo,
    fact: HeldFact,
    item: Field,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    choices = list_choices(on=local_date(now))
    asked = replace(item, required=True, readonly=False, is_hidden=False, hidden_when=(), section="", row_id="")
    context = {
        "draft": draft,
        "procedure": get_procedure_version(draft.procedure_version_id),
        "fact": fact,
        "label": item.label,
        "shown": text_of_value(draft.procedure_version_id, fact.key, fact.value, on=local_date(now)),
        "source": _say_held(fact),
        "held_by": fact.held_by,
        "fields": prepare_fields((asked,), choices=choices),
        "choices": choices,
        "values": {fact.key: fact.typed} if values is None else values,
        "errors": errors or {},
        "reason": reason or fact.reason,
        "back": _way_back(request, draft, fact.key),
    }
    return render(request, "dossiers/dispute.html", context, status=status)
