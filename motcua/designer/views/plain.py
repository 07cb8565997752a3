"""Everyday changes without a diagram: words, term, papers, questions. One form, one file, no script needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.designer import forms
from motcua.designer.actions.drafts import save_file
from motcua.designer.queries.drafts import read_file
from motcua.designer.rules.plain import list_labels, read_toml, set_labels, set_rows, set_values
from motcua.designer.types.drafts import StaleFile
from motcua.designer.views.context import designer_page, draft_context, find_draft, principal_of
from motcua.kernel import clock

TOML = "procedure.toml"
FORM = "form.json"
Reading = tuple[Any, dict[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def texts(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change the procedure's words."""

    def show(content: bytes) -> Any:
        data = read_toml(content)
        names = ("aliases", "steps", "requirements", "results")
        return {"name": data.get("name", "")} | {name: _lines(data.get(name)) for name in names}

    return edit_plainly(request, draft_uuid, tab="texts", file=TOML, show=show, read=forms.read_texts, apply=set_values)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def term(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change the term."""

    def show(content: bytes) -> Any:
        found = read_toml(content).get("term")
        return found if isinstance(found, dict) else {}

    def apply(content: bytes, values: Any) -> bytes:
        return set_values(content, values, table="term")

    return edit_plainly(request, draft_uuid, tab="term", file=TOML, show=show, read=forms.read_term, apply=apply)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def papers(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change the list of papers."""

    def show(content: bytes) -> Any:
        return forms.list_row_values(read_toml(content).get("papers", []))

    def apply(content: bytes, rows: Any) -> bytes:
        return set_rows(content, "papers", rows)

    return edit_plainly(
        request, draft_uuid, tab="papers", file=TOML, show=show, read=forms.read_paper_rows, apply=apply
    )


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def questions(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change the words of the questions."""

    def read(post: Any) -> Reading:
        pairs = (key.partition("~") for key in post if "~" in key)
        return {(element, name): forms.read_text(post, f"{element}~{name}") for element, _, name in pairs}, {}

    return edit_plainly(
        request, draft_uuid, tab="texts", page="questions", file=FORM, show=list_labels, read=read, apply=set_labels
    )


def edit_plainly(
    request: HttpRequest,
    draft_uuid: UUID,
    *,
    tab: str,
    file: str,
    show: Callable[[bytes], Any],
    read: Callable[[Any], Reading],
    apply: Callable[[bytes, Any], bytes],
    page: str = "",
    more: Callable[[bytes], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show a form over one file, and save what comes back; typed words are never lost to a fault or a second hand."""
    page = page or tab
    is_post = request.method == "POST"
    found = find_draft(request, draft_uuid, need="edit" if is_post else "view")
    current = read_file(found.id, file)
    context = draft_context(request, found, tab=tab) | {"revision": current.revision, "errors": {}, "conflict": ""}
    context |= more(current.content) if more else {}
    if not is_post:
        return render(request, f"designer/{page}.html", context | {"values": show(current.content)})
    values, errors = read(request.POST)
    posted = forms.read_number(request.POST, "revision")
    try:
        if errors:
            return render(request, f"designer/{page}.html", context | {"values": values, "errors": errors}, status=422)
        changed = apply(current.content, values)
        save_file(
            principal_of(request),
            draft_uuid,
            name=file,
            content=changed,
            revision=-1 if posted is None else posted,
            now=clock.now(),
        )
    except StaleFile as error:
        context |= {"values": values, "conflict": error.message, "revision": error.revision}
        return render(request, f"designer/{page}.html", context, status=error.http_status)
    messages.success(request, _("Đã lưu."))
    return redirect(f"designer:{tab if page == 'fee_table' else page}", draft_uuid=draft_uuid)


def _lines(value: object) -> str:
    return "\n".join(str(each) for each in value) if isinstance(value, list) else str(value or "")
