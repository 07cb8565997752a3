"""Everyday changes of what is charged (rows of the fee table) and of the steps' names and shares."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from motcua.designer import forms
from motcua.designer.queries.drafts import find_file
from motcua.designer.queries.surroundings import ROLE_NAMES, name_outcome, name_screen
from motcua.designer.rules.fee_table import FeeTable, FeeTableRow, from_literal, read_table, to_literal, write_table
from motcua.designer.rules.plain import read_toml, set_rows
from motcua.designer.rules.steps import list_steps, set_steps
from motcua.designer.views.context import designer_page, find_draft
from motcua.designer.views.plain import TOML, Reading, edit_plainly

FEE_FILE = "decisions/fee.dmn"
PROCESS = "process.bpmn"


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def fees(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change what is charged: the rows of the decision table, or those of procedure.toml where there is no table."""
    found = find_draft(request, draft_uuid)
    file = find_file(found.id, FEE_FILE)
    table = read_table(file.content, file=FEE_FILE) if file else None
    if table is not None:
        return _edit_table(request, draft_uuid, table)

    def show(content: bytes) -> Any:
        return forms.list_row_values(read_toml(content).get("fees", []))

    def apply(content: bytes, rows: Any) -> bytes:
        return set_rows(content, "fees", rows)

    return edit_plainly(request, draft_uuid, tab="fees", file=TOML, show=show, read=forms.read_fee_rows, apply=apply)


def _edit_table(request: HttpRequest, draft_uuid: UUID, table: FeeTable) -> HttpResponse:
    def show(content: bytes) -> Any:
        found = read_table(content, file=FEE_FILE)
        rows = [_to_values(row) for row in (found.rows if found else ())]
        blank = ["-"] * len(table.inputs), [""] * len(table.outputs)
        kinds = rows[-1]["kinds"] if rows else ["text"] * len(table.outputs)
        return [*rows, {"id": "", "conditions": blank[0], "outputs": blank[1], "kinds": kinds}]

    def read(post: Any) -> Reading:
        return forms.read_table_rows(post, inputs=len(table.inputs), outputs=len(table.outputs))

    def apply(content: bytes, rows: Any) -> bytes:
        return write_table(content, [_to_row(row) for row in rows], file=FEE_FILE)

    def more(content: bytes) -> dict[str, Any]:
        return {"table": table}

    return edit_plainly(
        request, draft_uuid, tab="fees", page="fee_table", file=FEE_FILE, show=show, read=read, apply=apply, more=more
    )


def _to_values(row: FeeTableRow) -> dict[str, Any]:
    """Show words without their quotes, numbers as they are, anything else as FEEL."""
    shown = [_to_shown(cell) for cell in row.outputs]
    kinds, texts = [kind for kind, _ in shown], [text for _, text in shown]
    return {"id": row.id, "conditions": list(row.conditions), "outputs": texts, "kinds": kinds}


def _to_shown(cell: str) -> tuple[str, str]:
    """Return (kind, text) of a cell: words without quotes, a number (nothing for null), or FEEL as it is."""
    text = from_literal(cell)
    if text is not None:
        return "text", text
    bare = cell.strip()
    if bare in ("", "null") or bare.isdigit():
        return "number", "" if bare == "null" else bare
    return "feel", cell


def _to_row(values: dict[str, Any]) -> FeeTableRow:
    outputs = tuple(_to_cell(text, kind) for text, kind in zip(values["outputs"], values["kinds"], strict=True))
    return FeeTableRow(id=values["id"], conditions=tuple(values["conditions"]), outputs=outputs)


def _to_cell(text: str, kind: str) -> str:
    if kind == "number":
        return "".join(sign for sign in text if sign.isdigit()) or "null"
    return to_literal(text) if kind == "text" else text


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def steps(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Change names, roles and shares of the steps."""

    def show(content: bytes) -> Any:
        return [
            {"id": step.id, "name": step.name, "role": step.role, "minutes": step.minutes}
            for step in list_steps(content)
        ]

    def read(post: Any) -> Reading:
        return forms.read_step_rows(post, roles=tuple(ROLE_NAMES))

    def more(content: bytes) -> dict[str, Any]:
        found = list_steps(content)
        return {
            "details": {
                step.id: (name_screen(step.screen), [name_outcome(each) for each in step.outcomes]) for step in found
            },
            "total": sum(step.minutes or 0 for step in found),
            "roles": list(ROLE_NAMES.items()),
        }

    return edit_plainly(
        request, draft_uuid, tab="steps", file=PROCESS, show=show, read=read, apply=set_steps, more=more
    )
