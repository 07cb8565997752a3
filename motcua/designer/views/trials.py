"""Trying a draft out: as a resident, as an official, against a load; moving running cases to a new version."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from motcua.cases.public import (
    MigrationRuleUnreadable,
    ProcessVersionUnknown,
    migrate_cases,
    plan_migration,
    read_migration_rule,
)
from motcua.designer import forms
from motcua.designer.queries.access import list_agency_ids
from motcua.designer.queries.drafts import read_file, read_files
from motcua.designer.queries.simulations import play_draft
from motcua.designer.queries.surroundings import ROLE_NAMES, name_outcome, name_role, name_screen
from motcua.designer.rules.charts import COLOURS, draw_queues
from motcua.designer.rules.steps import list_steps
from motcua.designer.types import SimulationTooLarge
from motcua.designer.types.drafts import FileUnreadable, NotYourRole, ProcedureNotDesignable
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.kernel.messages import N_count
from motcua.procedures.public import find_procedure
from motcua.process.public import (
    Form,
    FormDefinitionError,
    clean_page,
    parse_form,
    place_fields,
    visible_pages,
    with_defaults,
)
from motcua.ui.public import say

SEED = 20_26


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def preview(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show the form as residents will see it, page by page, with the real checks; nothing is stored."""
    found = find_draft(request, draft_uuid)
    form = _parse_form(read_file(found.id, "form.json").content)
    pages = visible_pages(form, {})
    asked = request.GET.get("trang", "")
    page = next((each for each in pages if each.key == asked), pages[0])
    answers, errors = with_defaults(form, page.key, {}), {}
    if request.method == "POST":
        raw: dict[str, Any] = {
            key: request.POST.getlist(key) if len(request.POST.getlist(key)) > 1 else request.POST[key]
            for key in request.POST
        }
        result = clean_page(form, page.key, raw, today=clock.local_date(clock.now()))
        answers = dict(result.typed)
        errors = dict(reversed([(error.key, error.message_vi) for error in result.errors]))
    fields = place_fields(form, page.key, answers, with_hidden=True)
    context = draft_context(request, found, tab="preview") | {
        "pages": pages,
        "page": page,
        "fields": fields,
        "values": answers,
        "errors": errors,
        "was_checked": request.method == "POST",
        "number": [each.key for each in pages].index(page.key) + 1,
    }
    return render(request, "designer/preview.html", context)


def _parse_form(content: bytes) -> Form:
    try:
        form = parse_form(json.loads(content))
    except (ValueError, RecursionError, FormDefinitionError) as error:
        raise FileUnreadable("form.json") from error
    if not form.pages:
        raise FileUnreadable("form.json")
    return form


@require_safe
@designer_page
def preview_office(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show each step as the official will meet it: who, which screen, which buttons, in how much time."""
    found = find_draft(request, draft_uuid)
    steps = [
        (step, name_role(step.role), name_screen(step.screen), [name_outcome(each) for each in step.outcomes])
        for step in list_steps(read_file(found.id, "process.bpmn").content)
    ]
    return render(
        request, "designer/preview_office.html", draft_context(request, found, tab="preview") | {"steps": steps}
    )


@require_safe
@designer_page
def simulation(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Play the draft and show times, queues and lateness as figures and as a chart."""
    found = find_draft(request, draft_uuid)
    files = read_files(found.id)
    roles = sorted(
        {step.role for step in list_steps(files["process.bpmn"])} & ROLE_NAMES.keys(), key=list(ROLE_NAMES).index
    )
    staff = {role: _number(request, f"nguoi-{role}", default=2, most=500) for role in roles}
    per_day = _number(request, "moi-ngay", default=20, most=400)
    source = "history" if request.GET.get("nguon") == "cu" else "load"
    context = draft_context(request, found, tab="simulation") | {
        "roles": [(role, name_role(role), staff[role]) for role in roles],
        "per_day": per_day,
        "source": source,
        "result": None,
        "refusal": "",
    }
    if "chay" in request.GET:
        try:
            result = play_draft(found, files, source=source, per_day=per_day, staff=staff, seed=SEED, now=clock.now())
            title = _("Số việc chờ trước từng vai trò theo thời gian")
            lines = [(queue.role, queue.points) for queue in result.queues]
            context |= {
                "result": result,
                "chart": Markup(draw_queues(lines, title=title)),  # noqa: S704  made of numbers and an escaped title
                "queues": [(q, name_role(q.role), COLOURS[n % len(COLOURS)]) for n, q in enumerate(result.queues)],
                "outcomes": [(name_outcome(key) or _("(không ghi)"), n) for key, n in result.outcomes.items()],
            }
        except SimulationTooLarge as error:
            context["refusal"] = error.message
    return render(request, "designer/simulation.html", context)


def _number(request: HttpRequest, key: str, *, default: int, most: int) -> int:
    value = forms.read_number(request.GET, key)
    return default if value is None else min(max(value, 1), most)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def migration(request: HttpRequest, code: str) -> HttpResponse:
    """Try a written rule that moves running cases (dry run), then apply it after a second look."""
    principal, now = principal_of(request), clock.now()
    detail = find_procedure(code, on=clock.local_date(now))
    if detail is None or not detail.process_key:
        raise ProcedureNotDesignable
    text = forms.read_text(request.POST, "rule", limit=20_000) or _sample_rule(detail.process_key)
    context: dict[str, Any] = {"detail": detail, "text": text, "plan": None, "error": "", "done": False}
    if request.method == "POST":
        if not list_agency_ids(principal, need="edit"):
            raise NotYourRole
        try:
            rule = read_migration_rule(text.encode())
            if rule.process != detail.process_key:
                raise ProcessVersionUnknown
            if request.POST.get("apply"):
                plan = migrate_cases(rule, actor=principal.to_actor(), now=now)
                moved = len(plan.moves)
                messages.success(request, say(N_count("Đã chuyển %(count)s hồ sơ.", moved, count=moved)))
                return redirect("designer:procedure", code=code)
            context["plan"] = plan_migration(rule, now=now)
        except (MigrationRuleUnreadable, ProcessVersionUnknown) as error:
            context["error"] = error.message
            return render(request, "designer/migration.html", context, status=422)
    return render(request, "designer/migration.html", context)


def _sample_rule(process: str) -> str:
    return (
        f'process = "{process}"\nfrom_version = 1\nto_version = 2\n# condition = \'case.channel = "online"\'\n'
        '\n[elements]\n# ten_buoc_cu = "ten_buoc_moi"\n'
    )
