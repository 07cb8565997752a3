"""What an official sees of a dossier: everything beside the decision, each look recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.audit.public import record_read
from motcua.cases.public import (
    CaseInfo,
    TaskInfo,
    can_extend_deadline,
    can_receive_message,
    get_explained_deadline,
    list_tasks,
    list_timeline,
)
from motcua.documents.public import FileUnknown
from motcua.dossiers import rules
from motcua.dossiers.public import DossierFolder
from motcua.dossiers.queries.dossiers import open_folder
from motcua.dossiers.queries.form_pages import summarise_answers
from motcua.dossiers.queries.preparing import get_frozen_version
from motcua.dossiers.rules.facts import may_decide
from motcua.dossiers.views.facts import note_filed_facts
from motcua.dossiers.views.resident import has_decision, principal_of
from motcua.dossiers.views.slips import send_slip
from motcua.dossiers.views.uploads import send_file
from motcua.identity.public import Principal, Role, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.payments.public import list_charges_of_cases
from motcua.places.public import get_agencies, get_agency

PURPOSE = "Giải quyết thủ tục hành chính"
LEGAL_GROUND = "Nghị định 118/2025/NĐ-CP, Điều 11"


def open_desk(
    request: HttpRequest, key: UUID | str, *, what: str, now: datetime
) -> tuple[DossierFolder, CaseInfo, Principal]:
    """Open a dossier for an official and record that he looked. Raises: DossierNotFound for all others."""
    principal = principal_of(request)
    folder, case = open_folder(principal, key, audience="office", now=now)
    note_look(principal, folder, what=what, now=now)
    return folder, case, principal


def note_look(principal: Principal, folder: DossierFolder, *, what: str, now: datetime) -> None:
    """Record that an official looked at personal data, for what and on what ground, and for which office."""
    mine, dossier = principal.agency_ids(), folder.dossier
    office = next((each for each in (dossier.agency_id, dossier.reception_agency_id) if each in mine), None)
    office = office if office is not None else next(iter(mine), None)
    record_read(
        principal.to_actor(agency_code=get_agency(office).code if office is not None else None),
        subject=f"dossier:{folder.dossier.uuid}",
        what=what,
        purpose=PURPOSE,
        legal_ground=LEGAL_GROUND,
        now=now,
    )


def desk_context(folder: DossierFolder, case: CaseInfo, *, now: datetime) -> dict[str, object]:
    """Return everything that is laid beside a decision."""
    dossier = folder.dossier
    agencies = get_agencies([dossier.agency_id, dossier.reception_agency_id])
    state = rules.derive_national_state(case.stage, case.outcome)
    reading, days = get_explained_deadline(case.id, now=now)
    return {
        "folder": folder,
        "dossier": dossier,
        "case": case,
        "state": state,
        "agency": agencies[dossier.agency_id],
        "reception": agencies[dossier.reception_agency_id],
        "procedure": get_frozen_version(dossier.procedure_version_id),
        "answers": summarise_answers(
            dossier.procedure_version_id, dossier.form_data, file_names={}, on=local_date(dossier.received_at)
        ),
        "facts": note_filed_facts(
            folder.facts, version_id=dossier.procedure_version_id, on=dossier.received_at, for_office=True
        ),
        "facts_verdict": may_decide(folder.facts),
        "changed_keys": {str(change["key"]) for change in (folder.supplement.changes if folder.supplement else ())},
        "clock": reading,
        "days": days,
        "entries": list_timeline(case.id, audience="office"),
        "slip_names": rules.SLIP_NAMES,
        "charges": list_charges_of_cases([case.uuid]),
        "now": now,
    }


@never_cache
@require_safe
@official_required()
def case_page(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Show a dossier to an official who has no task on it now, with what may still be done."""
    now = clock.now()
    folder, case, principal = open_desk(request, case_uuid, what="toàn bộ hồ sơ", now=now)
    tasks = list_tasks(case.id)
    state = rules.derive_national_state(case.stage, case.outcome)
    context = desk_context(folder, case, now=now) | {
        "tasks": tasks,
        "my_tasks": [task for task in tasks if task.is_open and _may_work(principal, task)],
        "may_apologise": may_apologise(principal, folder, case, now=now),
        "may_stop": principal.has_role(Role.COUNTER, folder.dossier.reception_agency_id)
        and rules.may_withdraw(state=state, has_decision=has_decision(folder)).allowed
        and can_receive_message(case.id, "withdraw"),
    }
    return render(request, "dossiers/case.html", context)


def _may_work(principal: Principal, task: TaskInfo) -> bool:
    return principal.has_role(task.role, task.agency_id)


def may_apologise(principal: Principal, folder: DossierFolder, case: CaseInfo, *, now: datetime) -> bool:
    """Return whether this leader may still apologise and appoint a new date."""
    return (
        can_extend_deadline(principal, case)
        and folder.find_slip(4) is None
        and case.is_open
        and case.due_at is not None
        and now < case.due_at
    )


@never_cache
@require_safe
@official_required()
def paper_file(request: HttpRequest, case_uuid: UUID, paper_uuid: UUID) -> HttpResponse:
    """Send a paper of a dossier to an official who may see it; the look is recorded."""
    folder, _case, _principal = open_desk(request, case_uuid, what=f"giấy tờ {paper_uuid}", now=clock.now())
    paper = next((paper for paper in folder.papers if paper.uuid == paper_uuid), None)
    if paper is None:
        raise FileUnknown
    return send_file(paper.file_id)


@never_cache
@require_safe
@official_required()
def slip_pdf(request: HttpRequest, case_uuid: UUID, kind: int) -> HttpResponse:
    """Send a slip of a dossier to an official: 1 to 5 as issued, 6 drawn from the trace."""
    now = clock.now()
    folder, case, _principal = open_desk(request, case_uuid, what=f"phiếu mẫu số {kind}", now=now)
    return send_slip(folder, case, kind=kind, now=now, for_office=True)


@never_cache
@require_safe
@official_required()
def draft_result_pdf(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Send the draft result exactly as it lies before the leader."""
    folder, _case, _principal = open_desk(request, case_uuid, what="dự thảo kết quả", now=clock.now())
    if folder.draft_result is None:
        raise FileUnknown
    return send_file(folder.draft_result.file_id)


@never_cache
@require_safe
@official_required()
def result_pdf(request: HttpRequest, case_uuid: UUID) -> HttpResponse:
    """Send the signed result."""
    folder, _case, _principal = open_desk(request, case_uuid, what="kết quả", now=clock.now())
    if folder.result is None:
        raise FileUnknown
    return send_file(folder.result.file_id)


def get_folder_of_task(principal: Principal, task: TaskInfo, *, now: datetime) -> tuple[DossierFolder, CaseInfo]:
    """Return the dossier that a task belongs to. Raises: DossierNotFound."""
    return open_folder(principal, task.case_uuid, audience="office", now=now)


def outcome_label(outcome: str) -> str:
    """Return what an official did, in words."""
    labels = {
        "accept": _("đã tiếp nhận hồ sơ"),
        "supplement": _("đã yêu cầu bổ sung hồ sơ"),
        "refuse": _("đã từ chối tiếp nhận hồ sơ"),
        "approve": _("đã đề xuất đồng ý giải quyết"),
        "reject": _("đã đề xuất không giải quyết"),
        "sign": _("đã ký duyệt kết quả"),
        "return": _("đã trả lại để thẩm định lại"),
        "deliver": _("đã trả kết quả"),
    }
    return labels.get(outcome, _("đã xử lý việc này"))
