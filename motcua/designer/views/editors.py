"""The shells of the three editors, and the comments beside them. These pages alone carry the heavy tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.designer.actions.comments import add_comment, reopen_comment, resolve_comment
from motcua.designer.queries.checks import list_findings
from motcua.designer.queries.drafts import list_comments, list_files, read_file
from motcua.designer.queries.surroundings import list_choices, name_file
from motcua.designer.rules.elements import list_elements
from motcua.designer.types import Finding
from motcua.designer.types.drafts import CommentInfo
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock
from motcua.ui.public import build_policy, say

MAX_ELEMENT = 120


@require_safe
@designer_page
def bpmn(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Draw the process."""
    return _show(request, draft_uuid, editor="bpmn", name="process.bpmn")


@require_safe
@designer_page
def dmn(request: HttpRequest, draft_uuid: UUID, decision: str) -> HttpResponse:
    """Edit a decision table."""
    return _show(request, draft_uuid, editor="dmn", name=f"decisions/{decision}.dmn")


@require_safe
@designer_page
def form(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Edit the questions."""
    return _show(request, draft_uuid, editor="form", name="form.json")


def _show(request: HttpRequest, draft_uuid: UUID, *, editor: str, name: str) -> HttpResponse:
    found = find_draft(request, draft_uuid)
    file = read_file(found.id, name)
    findings = [each for each in list_findings(found.id) if each.file == name]
    comments = list_comments(found.id, file=name)
    context = draft_context(request, found, tab=editor) | {
        "editor": editor,
        "name": name,
        "revision": file.revision,
        "element": request.GET.get("e", "")[:MAX_ELEMENT],
        "findings": findings,
        "comments": comments,
        "elements": list_elements(name, file.content),
        "csrf": get_token(request),
        "notes": _notes(findings, comments),
        "choices": _choices(),
        "words": _words(),
    }
    response = render(request, "designer/editor.html", context)
    response.headers["Content-Security-Policy"] = editor_policy()
    return response


def editor_policy() -> str:
    """Return this page's own policy: the editors set styles from script, so styles (never scripts) may stand inline.

    Fonts and cursors come as files from this site or inside the style sheets of the packages.
    """
    policy = build_policy(tuple(getattr(settings, "CSP_FORM_ACTION", ())))
    return f"{policy}; style-src 'self' 'unsafe-inline'; font-src 'self' data:"


def _notes(findings: Sequence[Finding], comments: Sequence[CommentInfo]) -> list[dict[str, str]]:
    notes = [{"element": f.element_id, "kind": f.severity, "text": say(f.message_vi)} for f in findings if f.element_id]
    return notes + [
        {"element": c.element_id, "kind": "comment", "text": f"{c.author_name}: {c.text}"}
        for c in comments
        if c.element_id and c.resolved_at is None
    ]


def _choices() -> dict[str, Any]:
    lists: dict[str, Any] = {
        key: [(value, say(words)) for value, words in pairs] for key, pairs in list_choices().items()
    }
    labels = {
        "group": _("Bước này"),
        "role": _("Ai làm"),
        "screen": _("Làm trên màn hình"),
        "outcomes": _("Các lựa chọn"),
        "outcomesHint": _("Mã các lựa chọn, cách nhau bằng dấu |. Ví dụ: approve|reject"),
        "share": _("Phần của thời hạn (phút làm việc)"),
        "shareHint": _("480 phút là một ngày làm việc. Tổng các bước phải bằng thời hạn của thủ tục."),
        "stage": _("Tình trạng hồ sơ khi đến đây"),
        "outcome": _("Hồ sơ kết thúc với"),
        "none": _("(không đặt)"),
    }
    return lists | {"labels": labels}


def _words() -> dict[str, Any]:
    return {
        "saving": _("Đang lưu…"),
        "changed": _("Có thay đổi, sắp lưu…"),
        "saved": _("Đã lưu lúc %(time)s") % {"time": "{time}"},
        "notSaved": _("CHƯA LƯU ĐƯỢC."),
        "offline": _("CHƯA LƯU ĐƯỢC: mất kết nối mạng. Đừng đóng trang này. Hệ thống sẽ tự lưu lại khi có mạng."),
        "expired": _(
            "CHƯA LƯU ĐƯỢC: phiên làm việc đã hết hạn. Đừng đóng trang này. "
            "Hãy mở một thẻ mới, đăng nhập lại, rồi quay về đây và sửa tiếp."
        ),
        "failed": _("CHƯA LƯU ĐƯỢC: máy chủ gặp lỗi. Đừng đóng trang này. Hệ thống đang thử lại."),
    }


@require_safe
@designer_page
def comments(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """List every remark on the draft, those that wait first."""
    found = find_draft(request, draft_uuid)
    held = [(each.name, name_file(each.name)) for each in list_files(found.id)]
    context = draft_context(request, found, tab="comments") | {"comments": list_comments(found.id), "files": held}
    return render(request, "designer/comments.html", context)


@require_POST
@designer_page
def comment(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Write a remark on an element."""
    file = request.POST.get("file", "")
    add_comment(
        principal_of(request),
        draft_uuid,
        file=file,
        element_id=request.POST.get("element", ""),
        text=request.POST.get("text", ""),
        now=clock.now(),
    )
    messages.success(request, _("Đã ghi góp ý."))
    return _back(request, draft_uuid, file)


@require_POST
@designer_page
def resolve(request: HttpRequest, draft_uuid: UUID, comment_uuid: UUID) -> HttpResponse:
    """Mark a remark as dealt with, or ask it again."""
    principal = principal_of(request)
    if request.POST.get("mo_lai"):
        reopen_comment(principal, draft_uuid, comment_uuid=comment_uuid)
        messages.success(request, _("Đã mở lại góp ý."))
    else:
        resolve_comment(principal, draft_uuid, comment_uuid=comment_uuid, now=clock.now())
        messages.success(request, _("Đã ghi nhận góp ý là xong."))
    return _back(request, draft_uuid, request.POST.get("file", ""))


def _back(request: HttpRequest, draft_uuid: UUID, file: str) -> HttpResponse:
    """Go back to the editor of the file that the remark is on."""
    if file == "process.bpmn":
        return redirect("designer:bpmn", draft_uuid=draft_uuid)
    if file == "form.json":
        return redirect("designer:form", draft_uuid=draft_uuid)
    if file.startswith("decisions/"):
        name = file.removeprefix("decisions/").removesuffix(".dmn")
        return redirect("designer:dmn", draft_uuid=draft_uuid, decision=name)
    return redirect("designer:comments", draft_uuid=draft_uuid)
