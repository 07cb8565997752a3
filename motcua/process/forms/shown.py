"""The questions of a page as they are to be shown: each at its address, with its texts, limits, choices and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from motcua.process.forms.paths import copy_tree, has_at, read_at, write_at
from motcua.process.forms.settle import fill_html, fill_table, settle
from motcua.process.forms.types import Field, Form
from motcua.process.forms.walk import Scope, is_hidden, make_row_scope, walk


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
    page = form.get_page(page_key)
    scope: dict[str, Any] = walk(form, data).scope
    for item in page.fields:  # rows left blank do not count, but are shown
        if item.type == "dynamiclist" and read_at(data, item.path) is not None:
            scope = copy_tree(scope)
            write_at(scope, item.path, read_at(data, item.path))
    placer = _Placer(form.names, with_hidden=with_hidden)
    return tuple(placer.place(page.fields, scope, scope, ""))


class _Placer:
    def __init__(self, names: frozenset[str], *, with_hidden: bool) -> None:
        self.names = names
        self.with_hidden = with_hidden

    def place(self, fields: tuple[Field, ...], own: Mapping[str, Any], scope: Scope, before: str) -> Iterator[Field]:
        for item in fields:
            hidden = is_hidden(item.hidden_when, scope)
            if hidden and not self.with_hidden:
                continue
            yield self.one(item, own, scope, before, hidden=hidden)

    def one(self, item: Field, own: Mapping[str, Any], scope: Scope, before: str, *, hidden: bool) -> Field:
        found = replace(
            settle(item, scope), key=f"{before}{item.key}" if item.key else "", is_hidden=hidden, is_placed=True
        )
        if item.type in ("text", "html"):
            return replace(found, text=fill_html(item, scope))
        if item.type == "table":
            columns, rows = fill_table(item, scope)
            return replace(found, value=(columns, rows))
        if item.type == "dynamiclist":
            return self.list(item, found, own, scope)
        return replace(found, value=read_at(own, item.path)) if item.has_value else found

    def list(self, item: Field, found: Field, own: Mapping[str, Any], scope: Scope) -> Field:
        """Place each row, and in `fields` one blank row at number 0, which a script copies for a new one."""
        written = read_at(own, item.path)
        rows = tuple(
            self.row(item, row if isinstance(row, Mapping) else {}, scope, found.key, index)
            for index, row in enumerate(written if isinstance(written, list) else ())
        )
        blank: dict[str, Any] = {}
        _fill(item.fields, blank)
        return replace(found, rows=rows, fields=self.row(item, blank, scope, found.key, 0))

    def row(self, item: Field, row: Mapping[str, Any], scope: Scope, address: str, index: int) -> tuple[Field, ...]:
        inner = make_row_scope(row, scope, self.names, index)
        return tuple(self.place(item.fields, row, inner, f"{address}[{index}]."))
