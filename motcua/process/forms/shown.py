"""The questions of a page as they are to be shown: each at its address, with its texts, limits, choices and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from motcua.process.forms.paths import MAX_ROWS, copy_tree, has_at, read_at, write_at
from motcua.process.forms.settle import fill_html, fill_table, settle
from motcua.process.forms.types import Field, Form
from motcua.process.forms.walk import Asked, Scope, is_hidden, make_row_scope, walk


def with_defaults(form: Form, page_key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with what a page shows before anybody has answered it: defaults, first rows of lists."""
    found: dict[str, Any] = copy_tree(data)
    _fill(form.get_page(page_key).fields, found)
    return found


def _fill(fields: tuple[Field, ...], data: dict[str, Any]) -> None:
    for item in fields:
        if not item.is_input:
            continue
        if item.type == "dynamiclist" and item.repetition is not None:
            rows = read_at(data, item.path)
            if not isinstance(rows, list):
                rows = [{}] * item.repetition.first
            if not item.repetition.may_change:
                rows = [*rows, *[{}] * (item.repetition.first - len(rows))]
            rows = [copy_tree(row) if isinstance(row, Mapping) else {} for row in rows]
            for row in rows:
                _fill(item.fields, row)
            write_at(data, item.path, rows)
        elif item.default is not None and not has_at(data, item.path):
            write_at(data, item.path, item.default)


def place_fields(form: Form, page_key: str, data: Mapping[str, Any], *, with_hidden: bool = False) -> tuple[Field, ...]:
    """Return what a page shows for these answers, lists with their rows.

    `with_hidden`: also what is hidden for now (`is_hidden`), so that a script can show it at once.
    A list comes with `rows`, and in `fields` a blank row. Raises: UnknownPageError.
    """
    walked = walk(form, data)
    placer = _Placer(form.names, with_hidden=with_hidden)
    return tuple(placer.place(form.get_page(page_key).fields, data, walked.scope, "", walked.asked))


class _Placer:
    def __init__(self, names: frozenset[str], *, with_hidden: bool) -> None:
        self.names = names
        self.with_hidden = with_hidden

    def place(
        self, fields: tuple[Field, ...], typed: Mapping[str, Any], scope: Scope, before: str, asked: Mapping[str, Asked]
    ) -> Iterator[Field]:
        """Place questions that stand together. `typed`: what their controls hold, right or wrong."""
        for item in fields:
            hidden = is_hidden(item.hidden_when, scope)
            if hidden and not self.with_hidden:
                continue
            found = replace(settle(item, scope), key=f"{before}{item.key}" if item.key else "")
            found = replace(found, is_hidden=hidden, is_placed=True)
            yield self.fill(item, found, typed, scope, asked.get(item.key))

    def fill(self, item: Field, found: Field, typed: Mapping[str, Any], scope: Scope, asked: Asked | None) -> Field:
        if item.type in ("text", "html"):
            return replace(found, text=fill_html(item, scope))
        if item.type == "table":
            return replace(found, value=fill_table(item, scope))
        if item.type == "dynamiclist":
            return self.list(item, found, typed, scope, asked)
        if item.expression is not None:
            return replace(found, value=asked.value if asked else None)
        return replace(found, value=read_at(typed, item.path)) if item.has_value else found

    def list(self, item: Field, found: Field, typed: Mapping[str, Any], scope: Scope, asked: Asked | None) -> Field:
        """Place each row, and in `fields` one blank row at number 0, which a script copies for a new one."""
        written = read_at(typed, item.path)
        rows = []
        for index, row in enumerate(written[:MAX_ROWS] if isinstance(written, list) else ()):
            answers = row if isinstance(row, Mapping) else {}
            parts = {part.field.key: part for part in asked.rows[index]} if asked else {}
            inner = asked.scopes[index] if asked else make_row_scope(answers, scope, self.names, index)
            rows.append(tuple(self.place(item.fields, answers, inner, f"{found.key}[{index}].", parts)))
        blank: dict[str, Any] = {}
        _fill(item.fields, blank)
        inner = make_row_scope(blank, scope, self.names, 0)
        return replace(
            found, rows=tuple(rows), fields=tuple(self.place(item.fields, blank, inner, f"{found.key}[0].", {}))
        )
