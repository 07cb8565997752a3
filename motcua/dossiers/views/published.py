"""What anybody may have of a procedure's form: its JSON Schema, and the form on paper, blank or filled in."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from motcua.dossiers.queries.form_pages import list_file_names, summarise_answers
from motcua.dossiers.views.access import SignInNeeded, go_sign_in, open_draft
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import ProcedureDetail, get_form, get_procedure_version, list_versions
from motcua.process.public import json_schema

SCHEMA_TYPE = "application/schema+json"
KEPT_FOR = "public, max-age=86400"  # a version's form never changes
BLANK_ROWS = range(3)


@require_GET
def form_schema(request: HttpRequest, code: str, version_no: int) -> HttpResponse:
    """Send the JSON Schema of the answers that one version of a procedure accepts."""
    version = _find_version(code, version_no)
    address = request.build_absolute_uri(request.path)
    schema = json_schema(get_form(version.version_id), title=version.name, schema_id=address)
    response = JsonResponse(schema, content_type=SCHEMA_TYPE, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = KEPT_FOR
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_GET
def blank_form(request: HttpRequest, code: str, version_no: int) -> HttpResponse:
    """Show the whole form as a sheet to print and fill in by hand."""
    version = _find_version(code, version_no)
    context = {"procedure": version, "form": get_form(version.version_id), "blank_rows": BLANK_ROWS}
    return describe_form(render(request, "dossiers/print_blank.html", context), version)


@never_cache
@require_GET
def filled_form(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show the answers of a draft as a sheet to print and sign, for people who come on paper."""
    try:
        draft = open_draft(request, draft_uuid)
    except SignInNeeded:
        return go_sign_in(request.path)
    now = clock.now()
    pages = summarise_answers(
        draft.procedure_version_id, draft.data, file_names=list_file_names(draft.files), on=local_date(now)
    )
    version = get_procedure_version(draft.procedure_version_id)
    context = {"draft": draft, "procedure": version, "pages": pages, "now": now}
    return render(request, "dossiers/print_filled.html", context)


def describe_form(response: HttpResponse, version: ProcedureDetail) -> HttpResponse:
    """Tell machines where the schema of the form is."""
    address = reverse("dossiers:form_schema", args=[version.code, version.version_no])
    response.headers["Link"] = f'<{address}>; rel="describedby"; type="{SCHEMA_TYPE}"'
    return response


def _find_version(code: str, version_no: int) -> ProcedureDetail:
    found = next((item for item in list_versions(code) if item.version_no == version_no and item.is_fileable), None)
    if found is None:
        raise Http404
    return found
