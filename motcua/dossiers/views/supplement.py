"""Answering the one supplement request: only what was asked for can be changed, the rest is shown."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.dossiers import rules
from motcua.dossiers.actions.supplements import remove_supplement_file
from motcua.dossiers.public import DossierFolder, NotAllowedNow, answer_supplement, save_supplement
from motcua.dossiers.queries.dossiers import open_folder
from motcua.dossiers.queries.form_pages import list_choices, list_field_labels, list_fields_by_key, summarise_answers
from motcua.dossiers.types import StaleDraft
from motcua.dossiers.views.draft import read_int
from motcua.dossiers.views.fields import prepare_fields
from motcua.dossiers.views.resident import principal_of
from motcua.dossiers.views.uploads import store_supplement_files
from motcua.identity.public import resident_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.procedures.public import get_procedure_version
from motcua.process.public import change_rows, put_answers


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def supplement(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Show what is asked for, take the answer in, and send it when it is whole."""
    now = clock.now()
    folder, case = open_folder(principal_of(request), dossier_no, audience="applicant", now=now)
    verdict = rules.may_answer_supplement(
        requested=folder.supplement is not None,
        answered=folder.supplement is not None and folder.supplement.answered_at is not None,
        state=rules.derive_national_state(case.stage, case.outcome),
    )
    if not verdict.allowed:
        raise NotAllowedNow(verdict.code, verdict.message)
    if request.method != "POST":
        return _show(request, folder)
    return _take(request, folder, dossier_no=dossier_no)


def _take(request: HttpRequest, folder: DossierFolder, *, dossier_no: str) -> HttpResponse:
    """Keep files and words first, then send; a refusal loses nothing."""
    principal, now = principal_of(request), clock.now()
    dossier, asked = folder.dossier, folder.supplement
    assert asked is not None  # the view has asked the rule
    errors = store_supplement_files(request, dossier_uuid=dossier.uuid, field_keys=asked.paper_keys)
    if "remove_file" in request.POST:
        _remove_file(request, dossier.uuid)
    raw, changed_list = change_rows({key: [str(item) for item in values] for key, values in request.POST.lists()})
    try:
        _revision, wrong = save_supplement(
            dossier.uuid,
            raw=raw,
            revision=read_int(request.POST.get("revision")),
            now=now,
        )
    except StaleDraft as error:
        return _reload(request, dossier_no, message=error.message, status=409)
    errors = (*errors, *wrong)
    if changed_list:
        return _reload(request, dossier_no, status=200)
    if errors or "remove_file" in request.POST or request.POST.get("action") == "save":
        return _reload(request, dossier_no, errors=errors, status=422 if errors else 200)
    try:
        answer_supplement(dossier.uuid, actor=principal.to_actor(), now=now)
    except NotAllowedNow as error:
        if error.code == "supplement_paper_missing":  # said beside each paper that has no file yet
            return _reload(request, dossier_no, marks_missing=True, status=422)
        return _reload(request, dossier_no, message=error.message, status=422)
    return HttpResponseRedirect(reverse("dossiers:detail", args=[dossier_no]))


def _reload(
    request: HttpRequest,
    dossier_no: str,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    message: str = "",
    marks_missing: bool = False,
    status: int,
) -> HttpResponse:
    folder, _case = open_folder(principal_of(request), dossier_no, audience="applicant", now=clock.now())
    if marks_missing:
        errors = _list_missing(folder)
    return _show(request, folder, errors=errors, message=message, status=status)


def _list_missing(folder: DossierFolder) -> tuple[tuple[str, str], ...]:
    """Return a sentence for each paper that was asked for and has no file yet."""
    asked, labels = folder.supplement, list_field_labels(folder.dossier.procedure_version_id)
    assert asked is not None
    held = {file.field_key for file in asked.files}
    return tuple(
        (key, N_("Còn thiếu giấy tờ: %(names)s. Hãy tải lên rồi gửi lại.", names=labels.get(key, key)))
        for key in asked.paper_keys
        if key not in held
    )


def _show(
    request: HttpRequest,
    folder: DossierFolder,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    dossier, asked = folder.dossier, folder.supplement
    assert asked is not None
    on = local_date(clock.now())
    keys = {*asked.field_keys, *asked.paper_keys}
    values = put_answers(dossier.form_data, asked.answer)
    fields = tuple(  # a paper that is asked for is not optional any more
        replace(field, required=True) if field.key in asked.paper_keys else field
        for field in list_fields_by_key(dossier.procedure_version_id, keys=keys, data=values)
    )
    choices = list_choices(on=on)
    context = {
        "dossier": dossier,
        "asked": asked,
        "procedure": get_procedure_version(dossier.procedure_version_id),
        "fields": prepare_fields(fields, choices=choices),
        "choices": choices,
        "values": values,
        "files": {key: tuple(file for file in asked.files if file.field_key == key) for key in asked.paper_keys},
        "errors": dict(reversed(errors)),
        "message": message,
        "others": summarise_answers(dossier.procedure_version_id, dossier.form_data, file_names={}, on=on),
        "asked_keys": keys,
        "title": _("Bổ sung hồ sơ"),
    }
    return render(request, "dossiers/supplement.html", context, status=status)


def _remove_file(request: HttpRequest, dossier_uuid: UUID) -> None:
    try:
        remove_supplement_file(dossier_uuid, file_uuid=UUID(request.POST["remove_file"]))
    except ValueError:
        return
