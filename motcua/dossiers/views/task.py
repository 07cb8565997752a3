"""An official's task: everything beside the decision, a form for each outcome, a second hand told who was first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.cases.public import (
    CaseInfo,
    InboxFilter,
    OutcomeNotOfferedError,
    StaleTask,
    TaskInfo,
    TaskTaken,
    get_task_for,
    get_task_url,
    list_inbox,
)
from motcua.dossiers import rules
from motcua.dossiers.actions.decisions import return_to_appraisal
from motcua.dossiers.public import (
    DossierFolder,
    Hand,
    NotAllowedNow,
    SupplementItems,
    accept_dossier,
    appraise_dossier,
    deliver_result,
    refuse_dossier,
    request_supplement,
    sign_result,
)
from motcua.dossiers.queries.facts import list_held_items
from motcua.dossiers.queries.form_pages import list_field_labels, list_paper_fields, text_of_value
from motcua.dossiers.queries.preparing import get_frozen_version
from motcua.dossiers.queries.unrecorded import list_unrecorded
from motcua.dossiers.types import ONLINE_CHANNELS
from motcua.dossiers.views.desk import desk_context, get_folder_of_task, note_look, outcome_label
from motcua.dossiers.views.draft import read_int
from motcua.dossiers.views.resident import principal_of
from motcua.identity.public import Principal, has_stepped_up, official_required, pop_stashed_post, step_up_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.places.public import get_agency, get_calendar
from motcua.procedures.public import get_result_template
from motcua.process.public import read_answer_at

MAX_TEXT = 5_000
MAX_KEY = 80
TEMPLATES = {
    "dossiers.receive": "dossiers/task_receive.html",
    "dossiers.appraise": "dossiers/task_appraise.html",
    "dossiers.sign": "dossiers/task_sign.html",
    "dossiers.deliver": "dossiers/task_deliver.html",
}


@never_cache
@require_safe
@official_required()
def task(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Show a task with everything that its decision needs."""
    principal, now = principal_of(request), clock.now()
    found = get_task_for(principal, task_uuid)
    typed = pop_stashed_post(request, now=now)
    return show_task(request, principal, found, typed=typed or QueryDict(), now=now)


def show_task(
    request: HttpRequest,
    principal: Principal,
    task: TaskInfo,
    *,
    typed: QueryDict,
    now: datetime,
    error: str = "",
    outcome: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the task, or who has done it and when; what was typed is never lost."""
    folder, case = get_folder_of_task(principal, task, now=now)
    note_look(principal, folder, what=f"việc “{task.name}”", now=now)
    context = desk_context(folder, case, now=now) | {
        "task": task,
        "typed": typed,
        "kept": [value for key in ("reason", "note", "delivered_to") for value in typed.getlist(key) if value],
        "error": error,
        "error_outcome": outcome,
        "done_text": outcome_label(task.outcome) if task.outcome else "",
        "stepped_up": has_stepped_up(principal),
    }
    if not task.is_open or task.screen not in TEMPLATES:
        return render(request, "dossiers/task_done.html", context, status=status)
    own = _screen_context(task, folder, case, typed=typed, now=now)
    return render(request, TEMPLATES[task.screen], context | own, status=status)


def _screen_context(
    task: TaskInfo, folder: DossierFolder, case: CaseInfo, *, typed: QueryDict, now: datetime
) -> dict[str, object]:
    """Return what only one screen needs."""
    if task.screen == "dossiers.receive":
        version_id = folder.dossier.procedure_version_id
        papers = list_paper_fields(version_id, papers=get_frozen_version(version_id).papers)
        paper_keys = {key for key, _code, _name in papers}
        verdict = rules.may_request_supplement(
            requests_so_far=1 if folder.supplement else 0,
            state=rules.derive_national_state(case.stage, case.outcome),
        )
        labels = list_field_labels(version_id)
        held, spared = list_held_items(folder.dossier.id, version_id=version_id)
        return {
            "field_items": [(key, label) for key, label in labels.items() if key not in paper_keys and key not in held],
            "paper_items": [(key, name) for key, _code, name in papers if key not in spared],
            "held_fields": [(labels[key], name) for key, name in held.items() if key in labels],
            "spared_papers": [(name, spared[key]) for key, _code, name in papers if key in spared],
            "supplement_verdict": verdict,
            "is_online": folder.dossier.channel in ONLINE_CHANNELS,
            "reception_due": rules.find_reception_due(
                channel=folder.dossier.channel, at=task.created_at, calendar=get_calendar(case.calendar_code)
            ),
        }
    if task.screen == "dossiers.appraise":
        version_id = folder.dossier.procedure_version_id
        on, answers = local_date(folder.dossier.received_at), folder.dossier.form_data
        lines = [
            (key, label, text_of_value(version_id, key, read_answer_at(answers, key), on=on))
            for key, label in list_result_fields(task, version_id=version_id)
        ]
        entered = {key: _text(typed, f"result_{key}") or answer for key, _label, answer in lines}
        labels = {key: label for key, label, _answer in lines}
        return {
            "result_fields": lines,
            "unrecorded": list_unrecorded(folder.dossier, typed=entered, labels=labels, now=now),
        }
    if task.screen == "dossiers.sign" and folder.draft_result and folder.draft_result.decision == "approved":
        labels = dict(list_result_fields(task, version_id=folder.dossier.procedure_version_id))
        entered = dict(folder.appraisals[0].result_fields) if folder.appraisals else {}
        return {"unrecorded": list_unrecorded(folder.dossier, typed=entered, labels=labels, now=now)}
    return {}


def list_result_fields(task: TaskInfo, *, version_id: int) -> tuple[tuple[str, str], ...]:
    """Return (key, label) of what the specialist writes onto the result of this procedure."""
    template = get_result_template(version_id).text
    return rules.read_result_fields(template, listed=str(task.properties.get("result_fields", "")))


@never_cache
@require_POST
@official_required()
def act(request: HttpRequest, task_uuid: UUID, outcome: str) -> HttpResponse:
    """Take in one decision. Signing has a door of its own."""
    return _act(request, task_uuid, outcome=outcome)


@never_cache
@require_POST
@official_required("leader")
@step_up_required(300)
def sign(request: HttpRequest, task_uuid: UUID) -> HttpResponse:
    """Take in a signature: only minutes after the second factor."""
    return _act(request, task_uuid, outcome="sign")


def _act(request: HttpRequest, task_uuid: UUID, *, outcome: str) -> HttpResponse:
    principal, now = principal_of(request), clock.now()
    found = get_task_for(principal, task_uuid)
    hand = Hand(
        task=found,
        revision=read_int(request.POST.get("revision")),
        user_id=principal.user_id,
        name=principal.full_name,
        actor=principal.to_actor(agency_code=get_agency(found.agency_id).code),
    )
    handler = HANDLERS.get(outcome)
    try:
        if handler is None or (outcome == "sign") != (request.resolver_match is not None and _is_sign(request)):
            raise OutcomeNotOfferedError(outcome, found.outcomes)
        handler(hand, request.POST, now)
    except (StaleTask, TaskTaken, NotAllowedNow, OutcomeNotOfferedError) as error:
        return show_task(
            request,
            principal,
            get_task_for(principal, task_uuid),
            typed=request.POST,
            error=error.message,
            outcome=outcome,
            now=now,
            status=error.http_status,
        )
    return HttpResponseRedirect(f"{reverse('dossiers:task_after', args=[found.case_uuid])}?viec={outcome}")


def _is_sign(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "task_sign"


def _text(data: QueryDict, key: str) -> str:
    return data.get(key, "").replace("\x00", "").strip()[:MAX_TEXT]


def _accept(hand: Hand, data: QueryDict, now: datetime) -> None:
    accept_dossier(hand, note=_text(data, "note"), now=now)


def _refuse(hand: Hand, data: QueryDict, now: datetime) -> None:
    refuse_dossier(hand, reason=_text(data, "reason"), now=now)


def _supplement(hand: Hand, data: QueryDict, now: datetime) -> None:
    items = SupplementItems(field_keys=tuple(data.getlist("fields")), paper_keys=tuple(data.getlist("papers")))
    request_supplement(hand, items=items, reason=_text(data, "reason"), now=now)


def _appraise(outcome: str) -> Callable[[Hand, QueryDict, datetime], None]:
    def handle(hand: Hand, data: QueryDict, now: datetime) -> None:
        fields = {
            key.removeprefix("result_"): _text(data, key)
            for key in data
            if key.startswith("result_") and len(key) <= MAX_KEY and _text(data, key)
        }
        appraise_dossier(hand, outcome=outcome, note=_text(data, "note"), result_fields=fields, now=now)

    return handle


def _sign(hand: Hand, data: QueryDict, now: datetime) -> None:
    sign_result(hand, shown_sha256=_text(data, "sha256"), note=_text(data, "note"), now=now)


def _return(hand: Hand, data: QueryDict, now: datetime) -> None:
    return_to_appraisal(hand, note=_text(data, "note"), now=now)


def _deliver(hand: Hand, data: QueryDict, now: datetime) -> None:
    deliver_result(hand, delivered_to=_text(data, "delivered_to")[:200], note=_text(data, "note"), now=now)


HANDLERS: Mapping[str, Callable[[Hand, QueryDict, datetime], None]] = {
    "accept": _accept,
    "refuse": _refuse,
    "supplement": _supplement,
    "approve": _appraise("approve"),
    "reject": _appraise("reject"),
    "sign": _sign,
    "return": _return,
    "deliver": _deliver,
}


@never_cache
@require_safe
@official_required()
def after(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Say what was done, and offer the task that is due next: eighty times a day one press less."""
    done = outcome_label(request.GET.get("viec", ""))
    waiting = list_inbox(principal_of(request), filter=InboxFilter(), page=1, now=clock.now()).items
    links = ((row, get_task_url(row.case_kind, task_uuid=row.task_uuid)) for row in waiting)
    context = {
        "case_uuid": case_uuid,
        "text": _("Bạn %(done)s.") % {"done": done},
        "outcome": request.GET.get("viec", ""),
        "next": next(((row, link) for row, link in links if link and row.case_uuid != case_uuid), None),
    }
    return render(request, "dossiers/task_after.html", context)
