"""Corrections of registers: the owner's official decides; who asked follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.audit.public import record_read
from motcua.cases.public import (
    CaseInfo,
    OutcomeNotOfferedError,
    StaleTask,
    TaskInfo,
    TaskTaken,
    get_case_for,
    get_deadline,
    get_task_for,
    list_timeline,
)
from motcua.dossiers.actions.corrections import KIND, settle_correction
from motcua.dossiers.actions.decisions import Hand
from motcua.dossiers.public import CorrectionInfo, NotAllowedNow, list_corrections_of
from motcua.dossiers.queries.corrections import describe_field, find_correction, read_register_value, say_field
from motcua.dossiers.types import DossierNotFound
from motcua.dossiers.views.draft import read_int
from motcua.dossiers.views.resident import principal_of
from motcua.identity.public import PartyRef, Principal, official_required, resident_required
from motcua.kernel import clock
from motcua.places.public import get_agency
from motcua.registers.public import RecordInvalid, list_codes, list_history, say_value

PURPOSE = "Đính chính dữ liệu theo đề nghị của người có dữ liệu"
LEGAL_GROUND = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"
MAX_TEXT = 2_000


@never_cache
@require_safe
@official_required()
def task(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Show what is said to be wrong, what the register says and has said, and the two ways to answer."""
    principal, now = principal_of(request), clock.now()
    return _show_task(request, principal, get_task_for(principal, task_uuid), typed=QueryDict(), now=now)


def _show_task(
    request: HttpRequest,
    principal: Principal,
    found: TaskInfo,
    *,
    typed: QueryDict,
    now: datetime,
    error: str = "",
    outcome: str = "",
    status: int = 200,
) -> HttpResponse:
    correction = _correction_of(found.case_id)
    case, _side = get_case_for(principal, found.case_id, now=now)
    context = _office_context(principal, correction, case, now=now) | {
        "task": found,
        "typed": typed,
        "error": error,
        "error_outcome": outcome,
        "choices": _list_choices(correction),
        "claimed_choice": _to_choice(correction.claimed_value),
    }
    return render(request, "dossiers/correction_task.html", context, status=status)


@never_cache
@require_POST
@official_required()
def act(request: HttpRequest, task_uuid: UUID, outcome: str) -> HttpResponse:
    """Take in the owner's answer."""
    principal, now = principal_of(request), clock.now()
    found = get_task_for(principal, task_uuid)
    hand = Hand(
        task=found,
        revision=read_int(request.POST.get("revision")),
        user_id=principal.user_id,
        name=principal.full_name,
        actor=principal.to_actor(agency_code=get_agency(found.agency_id).code),
    )
    try:
        if outcome not in ("accept", "refuse"):
            raise OutcomeNotOfferedError(outcome, found.outcomes)
        value = _read_value(request.POST, _correction_of(found.case_id))
        settle_correction(hand, outcome=outcome, value=value, note=_text(request.POST, "note"), now=now)
    except (StaleTask, TaskTaken, NotAllowedNow, OutcomeNotOfferedError, RecordInvalid) as refused:
        return _show_task(
            request, principal, get_task_for(principal, task_uuid), typed=request.POST, error=refused.message,
            outcome=outcome, now=now, status=refused.http_status,
        )  # fmt: skip
    return HttpResponseRedirect(reverse("dossiers:correction", args=[found.case_uuid]))


@never_cache
@require_safe
@official_required()
def case_page(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Show a correction to the owner's officials."""
    principal, now = principal_of(request), clock.now()
    case, side = get_case_for(principal, case_uuid, now=now)
    if case.kind != KIND or side != "office":
        raise DossierNotFound
    context = _office_context(principal, _correction_of(case.id), case, now=now)
    return render(request, "dossiers/correction_case.html", context)


@never_cache
@require_safe
@resident_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show what I asked registers to put right."""
    principal = principal_of(request)
    rows = list_corrections_of(PartyRef("person", principal.person_id)) if principal.person_id is not None else ()
    texts = {row.uuid: say_field(row.register, row.field, row.claimed_value) for row in rows}
    return render(request, "dossiers/corrections.html", {"rows": rows, "texts": texts})


@never_cache
@require_safe
@resident_required
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one correction to who asked for it."""
    now = clock.now()
    case, side = get_case_for(principal_of(request), code[:60], now=now)
    if case.kind != KIND or side != "applicant":
        raise DossierNotFound
    correction = _correction_of(case.id)
    context = _context(correction, case, now=now) | {"entries": list_timeline(case.id, audience="applicant")}
    return render(request, "dossiers/correction.html", context)


def _correction_of(case_id: int) -> CorrectionInfo:
    correction = find_correction(case_id)
    if correction is None:
        raise DossierNotFound
    return correction


def _context(correction: CorrectionInfo, case: CaseInfo, *, now: datetime) -> dict[str, Any]:
    described = describe_field(correction.register, correction.field)
    return {
        "correction": correction,
        "case": case,
        "agency": get_agency(case.agency_id),
        "clock": get_deadline(case.id, now=now),
        "shown": say_value(correction.field, correction.shown_value, described),
        "claimed": say_value(correction.field, correction.claimed_value, described),
        "corrected": say_value(correction.field, correction.corrected_value, described),
    }


def _office_context(
    principal: Principal, correction: CorrectionInfo, case: CaseInfo, *, now: datetime
) -> dict[str, Any]:
    """Return what the owner sees; that he looked is recorded, for its subject to see."""
    record_read(
        principal.to_actor(agency_code=get_agency(case.agency_id).code),
        subject=f"record:{correction.record_uuid}",
        what=f"{correction.register}:{correction.field}",
        purpose=PURPOSE,
        legal_ground=LEGAL_GROUND,
        now=now,
    )
    described = describe_field(correction.register, correction.field)
    history = [
        (part.known_from, say_value(correction.field, part.data.get(correction.field), described), part.source,
         part.is_correction)
        for part in list_history(correction.record_uuid)
    ]  # fmt: skip
    return _context(correction, case, now=now) | {
        "history": history,
        "entries": list_timeline(case.id, audience="office"),
    }


def _list_choices(correction: CorrectionInfo) -> tuple[tuple[str, str], ...]:
    """Return the values that the register allows for the field, in words; () when it is no choice."""
    described = describe_field(correction.register, correction.field)
    if described.get("type") == "boolean":
        return ("true", _("Có")), ("false", _("Không"))
    return list_codes(correction.field, described)


def _to_choice(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_value(data: QueryDict, correction: CorrectionInfo) -> Any:
    return read_register_value(_text(data, "value"), describe_field(correction.register, correction.field))


def _text(data: QueryDict, key: str) -> str:
    return data.get(key, "").replace("\x00", "").strip()[:MAX_TEXT]
