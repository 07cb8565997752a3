"""The check page, the sample dossiers, and what a change means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.designer.actions.drafts import save_file
from motcua.designer.queries.checks import check_files, diff_with_version, list_golden_results
from motcua.designer.queries.drafts import read_file, read_files
from motcua.designer.queries.surroundings import name_file
from motcua.designer.rules import diff_packages
from motcua.designer.rules.elements import list_elements
from motcua.designer.rules.samples import expect_result
from motcua.designer.types import Finding
from motcua.designer.types.drafts import FileNotFound, FileRefused, StaleFile
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.kernel.messages import N_
from motcua.kernel.text import slugify
from motcua.procedures.public import ProcedureVersionNotFound, get_package_files, get_procedure_versions

MAX_UPLOAD = 500_000
PARTS = {
    "procedure": N_("Thủ tục"),
    "term": N_("Thời hạn"),
    "competence": N_("Thẩm quyền"),
    "fees": N_("Phí, lệ phí"),
    "papers": N_("Giấy tờ"),
    "laws": N_("Căn cứ pháp lý"),
    "process": N_("Quy trình"),
    "form": N_("Biểu mẫu"),
    "decision": N_("Bảng quyết định"),
    "result": N_("Mẫu kết quả"),
    "golden": N_("Hồ sơ mẫu"),
}


@require_safe
@designer_page
def check(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show everything to mend, each with the way to its place, and whether the draft may be sent for approval."""
    found = find_draft(request, draft_uuid)
    files = read_files(found.id)
    findings = check_files(files, now=clock.now())
    golden = list_golden_results(files, agency_id=found.agency_id)
    groups: dict[str, list[tuple[Finding, str]]] = {}
    for finding in findings:
        groups.setdefault(finding.file, []).append((finding, find_place(found.uuid, finding.file, finding.element_id)))
    context = draft_context(request, found, tab="check") | {
        "groups": [(name, name_file(name), rows) for name, rows in groups.items()],
        "errors": sum(each.severity == "error" for each in findings),
        "warnings": sum(each.severity != "error" for each in findings),
        "golden": golden,
        "step_names": name_elements(files),
        "failing": sum(not each.ok for _name, each in golden),
    }
    return render(request, "designer/check.html", context)


def find_place(draft_uuid: UUID, file: str, element_id: str) -> str:
    """Return the page where this element of this file can be seen and changed."""
    mark = f"?e={element_id}" if element_id else ""
    if file == "process.bpmn":
        return reverse("designer:bpmn", args=[draft_uuid]) + mark
    if file == "form.json":
        return reverse("designer:form", args=[draft_uuid]) + mark
    if file.startswith("decisions/"):
        decision = file.removeprefix("decisions/").removesuffix(".dmn")
        return reverse("designer:dmn", args=[draft_uuid, decision]) + mark
    if file.startswith("golden/"):
        return reverse("designer:golden", args=[draft_uuid])
    return reverse("designer:edit_file", args=[draft_uuid, file or "procedure.toml"])


def name_elements(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return what the drawing calls its elements, by their ids."""
    return dict(list_elements("process.bpmn", files.get("process.bpmn", b"")))


@require_safe
@designer_page
def golden(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """List the sample dossiers with what came out of each, replayed now."""
    found = find_draft(request, draft_uuid)
    files = read_files(found.id)
    results = list_golden_results(files, agency_id=found.agency_id)
    context = draft_context(request, found, tab="golden") | {"results": results, "step_names": name_elements(files)}
    return render(request, "designer/golden.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def add_golden(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Add a sample dossier: as JSON, typed or as a file."""
    is_post = request.method == "POST"
    found = find_draft(request, draft_uuid, need="edit" if is_post else "view")
    files = read_files(found.id)
    context = draft_context(request, found, tab="golden") | {"text": _sample(files), "name": "", "error": ""}
    if not is_post:
        return render(request, "designer/golden_add.html", context)
    upload = request.FILES.get("file")
    text = upload.read(MAX_UPLOAD).decode("utf-8", "replace") if upload else request.POST.get("text", "")
    name = request.POST.get("name", "")[:100]
    context |= {"text": text, "name": name}
    try:
        file = _read_golden(name, text)
        save_file(principal_of(request), draft_uuid, name=file, content=text.encode(), revision=0, now=clock.now())
    except (FileRefused, StaleFile) as error:
        message = error.message if isinstance(error, FileRefused) else _("Đã có hồ sơ mẫu tên này; hãy đặt tên khác.")
        return render(request, "designer/golden_add.html", context | {"error": message}, status=error.http_status)
    messages.success(request, _("Đã thêm hồ sơ mẫu."))
    return redirect("designer:golden", draft_uuid=draft_uuid)


@require_POST
@designer_page
def accept_golden(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Take what came out of a sample dossier now as what is expected: a person has looked at it."""
    found = find_draft(request, draft_uuid, need="edit")
    file = request.POST.get("file", "")
    held = read_file(found.id, file)
    results = list_golden_results(read_files(found.id), agency_id=found.agency_id)
    result = next((each for name, each in results if name == file), None)
    if result is None:
        raise FileNotFound(file)
    content = expect_result(held.content, result)
    save_file(principal_of(request), draft_uuid, name=file, content=content, revision=held.revision, now=clock.now())
    messages.success(request, _("Đã ghi kết quả mới làm kết quả phải có của hồ sơ mẫu."))
    return redirect("designer:golden", draft_uuid=draft_uuid)


def _read_golden(name: str, text: str) -> str:
    """Return the file's name for this sample dossier. Raises: FileRefused with what to mend."""
    slug = re.sub(r"[^a-z0-9_-]", "", slugify(name))[:60]
    if not slug:
        raise FileRefused(N_("Hãy đặt tên cho hồ sơ mẫu, ví dụ: nộp trực tuyến, đủ giấy tờ."))
    try:
        golden_case = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileRefused(N_("Nội dung không phải JSON đọc được. Hãy xem lại dấu ngoặc và dấu phẩy.")) from error
    if not isinstance(golden_case, dict) or not {"filed_at", "answers", "steps", "expect"} <= golden_case.keys():
        raise FileRefused(N_("Hồ sơ mẫu cần đủ các phần filed_at, answers, steps, expect."))
    return f"golden/{slug}.json"


def _sample(files: dict[str, bytes]) -> str:
    """Return an existing sample dossier to start from, or an empty one."""
    known = next((content for name, content in files.items() if name.startswith("golden/")), b"")
    empty: dict[str, Any] = {
        "name": "",
        "filed_at": "2026-03-02T09:00+07:00",
        "channel": "online",
        "applicant_kind": "person",
        "answers": {},
        "files": {},
        "steps": [],
        "expect": {"path": [], "fee_vnd": 0, "due_at": None, "outcome": "approved"},
    }
    return known.decode("utf-8", "replace") or json.dumps(empty, ensure_ascii=False, indent=2)


@require_safe
@designer_page
def diff(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Show what the draft changes against the version it was opened from, or the one in force."""
    found = find_draft(request, draft_uuid)
    base, changes = diff_with_version(found)
    context = draft_context(request, found, tab="diff") | {"base": base, "changes": changes, "parts": PARTS}
    return render(request, "designer/diff.html", context)


@require_safe
@designer_page
def versions_diff(request: HttpRequest, code: str, old: int, new: int) -> HttpResponse:
    """Show what changed between two versions of a procedure."""
    versions = get_procedure_versions([old, new])
    if old not in versions or new not in versions or {versions[old].code, versions[new].code} != {code}:
        raise ProcedureVersionNotFound
    changes = diff_packages(get_package_files(old), get_package_files(new))
    context = {"old": versions[old], "new": versions[new], "changes": changes, "parts": PARTS}
    return render(request, "designer/versions_diff.html", context)
