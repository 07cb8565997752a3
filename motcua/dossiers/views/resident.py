"""A resident's own dossiers: where they stand, what happened, slips and result, withdrawing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.cases.public import CaseInfo, get_explained_deadline, list_tasks, list_timeline
from motcua.documents.public import FileUnknown
from motcua.dossiers import rules
from motcua.dossiers.public import DossierFolder, NotAllowedNow, withdraw_dossier
from motcua.dossiers.queries.dossiers import open_folder
from motcua.dossiers.queries.form_pages import summarise_answers
from motcua.dossiers.views.facts import note_filed_facts
from motcua.dossiers.views.slips import send_slip
from motcua.dossiers.views.uploads import send_file
from motcua.identity.public import Principal, get_principal, resident_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.payments.public import list_charges_of_cases
from motcua.places.public import get_agencies
from motcua.procedures.public import get_procedure_version


def principal_of(request: HttpRequest) -> Principal:
    """Return who is signed in, inside a view that requires it."""
    principal = get_principal(request)
    assert principal is not None  # the decorator has asked
    return principal


@require_safe
def dossier_list(request: HttpRequest) -> HttpResponse:
    """Lead from the old address to the resident's own page, which lists what is filed and what is unfinished."""
    return HttpResponseRedirect(reverse("portal:my_page"))


@never_cache
@require_safe
@resident_required
def filed(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Confirm the filing: the code, the due time to the minute, the receipt."""
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=clock.now())
    return render(request, "dossiers/filed.html", _base_context(folder, case))


@never_cache
@require_safe
@resident_required
def detail(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Show one dossier: its state in plain words, who holds it, until when, what happened."""
    now = clock.now()
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=now)
    open_tasks = [task for task in list_tasks(case.id) if task.is_open]
    state = rules.derive_national_state(case.stage, case.outcome)
    reading, days = get_explained_deadline(case.id, now=now)
    context = _base_context(folder, case) | {
        "holder": open_tasks[0] if open_tasks else None,
        "holder_agency": get_agencies([task.agency_id for task in open_tasks[:1]]),
        "clock": reading,
        "days": days,
        "entries": list_timeline(case.id, audience="applicant"),
        "answers": summarise_answers(
            folder.dossier.procedure_version_id,
            folder.dossier.form_data,
            file_names={},
            on=local_date(folder.dossier.received_at),
        ),
        "facts": note_filed_facts(
            folder.facts,
            version_id=folder.dossier.procedure_version_id,
            on=folder.dossier.received_at,
            for_office=False,
        ),
        "open_vnd": sum(max(0, charge.open_vnd) for charge in list_charges_of_cases([case.uuid])),
        "may_withdraw": rules.may_withdraw(state=state, has_decision=has_decision(folder)).allowed,
        "may_answer": rules.may_answer_supplement(
            requested=folder.supplement is not None,
            answered=folder.supplement is not None and folder.supplement.answered_at is not None,
            state=state,
        ).allowed,
    }
    return render(request, "dossiers/detail.html", context)


def _base_context(folder: DossierFolder, case: CaseInfo) -> dict[str, object]:
    dossier = folder.dossier
    agencies = get_agencies([dossier.agency_id, dossier.reception_agency_id])
    return {
        "folder": folder,
        "dossier": dossier,
        "case": case,
        "state": rules.derive_national_state(case.stage, case.outcome),
        "agency": agencies[dossier.agency_id],
        "reception": agencies[dossier.reception_agency_id],
        "procedure": get_procedure_version(dossier.procedure_version_id),
    }


def has_decision(folder: DossierFolder) -> bool:
    """Return whether a leader has approved a result."""
    return folder.result is not None or (
        folder.draft_result is not None and folder.draft_result.approved_at is not None
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def withdraw(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Ask for the reason, then stop the procedure at the applicant's wish."""
    principal, now = principal_of(request), clock.now()
    folder, case = open_folder(principal, dossier_no, audience="applicant", now=now)
    error = ""
    if request.method == "POST":
        try:
            withdraw_dossier(
                folder.dossier.uuid,
                reason=request.POST.get("reason", "").strip()[:2000],
                actor=principal.to_actor(),
                now=now,
            )
        except NotAllowedNow as refused:
            error = refused.message
        else:
            return HttpResponseRedirect(reverse("dossiers:detail", args=[dossier_no]))
    context = _base_context(folder, case) | {"error": error, "reason": request.POST.get("reason", "")}
    return render(request, "dossiers/withdraw.html", context, status=409 if error else 200)


@never_cache
@require_safe
@resident_required
def slip_pdf(request: HttpRequest, dossier_no: str, kind: int) -> HttpResponse:
    """Send a slip of one's own dossier as PDF; it is drawn the first time that it is asked for."""
    now = clock.now()
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=now)
    return send_slip(folder, case, kind=kind, now=now)


def receipt_pdf(request: HttpRequest, dossier_no: str) -> HttpResponseBase:
    """Send the receipt (slip 01)."""
    return slip_pdf(request, dossier_no, 1)


@never_cache
@require_safe
@resident_required
def result_pdf(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Send the signed result."""
    folder, _case = open_folder(principal_of(request), dossier_no, audience="applicant", now=clock.now())
    if folder.result is None:
        raise NotAllowedNow(
            "result_not_yet", _("Hồ sơ này chưa có kết quả. Hãy xem thời hạn ở trang hồ sơ rồi quay lại sau.")
        )
    return send_file(folder.result.file_id, as_attachment=True)


@never_cache
@require_safe
@resident_required
def paper_file(request: HttpRequest, dossier_no: str, paper_uuid: UUID) -> HttpResponse:
    """Send a paper of one's own dossier."""
    folder, _case = open_folder(principal_of(request), dossier_no, audience="applicant", now=clock.now())
    paper = next((paper for paper in folder.papers if paper.uuid == paper_uuid), None)
    if paper is None:
        raise FileUnknown
    return send_file(paper.file_id)
