"""Work a form out for given answers: what is asked, what is computed, what of the answers counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from motcua.process.feel import Expression
from motcua.process.feel.values import to_plain
from motcua.process.forms.moments import read_date, read_moment, read_time
from motcua.process.forms.paths import MAX_ROWS, copy_tree, drop_at, has_at, read_at, write_at
from motcua.process.forms.types import Field, Form

Scope = Mapping[str, Any]


@dataclass(slots=True)
class Asked:
    """A question that is asked, at its address, with its answer and what its expressions may read.

    `counts` is false in a row that was left blank where no row is needed.
    """

    field: Field
    address: str
    value: Any
    scope: Scope
    counts: bool = True
    rows: list[list[Asked]] = made(default_factory=list)
    scopes: list[dict[str, Any]] = made(default_factory=list)


@dataclass(frozen=True, slots=True)
class Walk:
    """`data`: the answers that count, computed ones included. `asked`: by the key of the question, top level."""

    data: dict[str, Any]
    asked: dict[str, Asked]
    scope: dict[str, Any]

    def list_all(self, form: Form) -> Iterator[Asked]:
        """Yield what is asked in the order of the form, a list before what is in its rows."""
        for page in form.pages:
            for item in page.fields:
                found = self.asked.get(item.key) if item.has_value else None
                if found is not None:
                    yield from flatten(found)


def flatten(asked: Asked) -> Iterator[Asked]:
    """Yield a question and, of a list, what is in its rows."""
    yield asked
    for row in asked.rows:
        for inner in row:
            yield from flatten(inner)


def walk(form: Form, data: Mapping[str, Any]) -> Walk:
    """Work the form out; what is hidden counts as unanswered for everything that hangs on it."""
    scope: dict[str, Any] = copy_tree(data)
    kept: dict[str, Any] = {}
    asked: dict[str, Asked] = {}
    for item in form.order:
        found = _take(item, item.key, scope, scope, kept, form.names)
        if found is not None:
            asked[item.key] = found
    return Walk(kept, asked, scope)


def is_hidden(conditions: Sequence[Expression], scope: Scope) -> bool:
    """Tell whether one of the conditions holds."""
    return any(condition.is_true(scope) for condition in conditions)


def is_fixed(item: Field, scope: Scope) -> bool:
    """Tell whether the person may only read the answer."""
    return item.disabled or item.readonly or (item.readonly_when is not None and item.readonly_when.is_true(scope))


def is_blank(value: Any, item: Field) -> bool:
    """Tell whether nothing was answered; a default that was left is no answer."""
    return (
        value is None or value is False or value in ("", [], {}) or (item.default is not None and value == item.default)
    )


def is_readable(item: Field, value: Any) -> bool:
    """Tell whether a value is of its question's type; half a date counts for nothing in expressions."""
    if item.type == "number":
        return isinstance(value, str) if item.as_text else isinstance(value, (int, float)) and value is not True
    if item.type == "datetime" and item.subtype == "time":
        return read_time(value, item.time_format) is not None
    if item.type == "datetime":
        read = read_moment(value, item.time_format) if item.subtype == "datetime" else read_date(value)
        return read is not None
    return True


def _take(
    item: Field, address: str, own: dict[str, Any], scope: dict[str, Any], kept: dict[str, Any], names: frozenset[str]
) -> Asked | None:
    """Work one question out. `own`: the answers it stands in, its row's in a list; `scope`: what expressions read."""
    path = item.path
    if item.hidden_when and is_hidden(item.hidden_when, scope):
        drop_at(own, path)
        _show_in_scope(path[0], own, scope, names)
        return None
    if item.type == "dynamiclist":
        return _take_list(item, address, own, scope, kept, names)
    if item.expression is not None:
        value = to_plain(item.expression.evaluate(scope))
        _put(path, value, own, scope, names)
        if value is not None:
            write_at(kept, path, value)
        return Asked(item, address, value, scope)
    if item.disabled:
        _put(path, item.default, own, scope, names)
        return Asked(item, address, item.default, scope)
    if item.default is not None and not has_at(own, path) and is_fixed(item, scope):
        _put(path, item.default, own, scope, names)
    value = read_at(own, path)
    if value is None or value == "" or value == []:
        _put(path, None, own, scope, names)  # left blank: nothing for expressions, whatever was posted
    else:
        write_at(kept, path, value)
        if not is_readable(item, value):
            _put(path, None, own, scope, names)
    return Asked(item, address, value, scope)


def _put(path: tuple[str, ...], value: Any, own: dict[str, Any], scope: dict[str, Any], names: frozenset[str]) -> None:
    if value is None:
        drop_at(own, path)
    else:
        write_at(own, path, value)
    _show_in_scope(path[0], own, scope, names)


def _show_in_scope(name: str, own: dict[str, Any], scope: dict[str, Any], names: frozenset[str]) -> None:
    """Keep the bare names of a row in step with its answers; names of the form itself come first."""
    if own is not scope and name not in names:
        scope[name] = own.get(name)


def _take_list(
    item: Field, address: str, own: dict[str, Any], scope: dict[str, Any], kept: dict[str, Any], names: frozenset[str]
) -> Asked:
    repetition = item.repetition
    assert repetition is not None  # every list has one
    written = read_at(own, item.path)
    raw = list(written[:MAX_ROWS]) if isinstance(written, list) else []
    if not repetition.may_change:
        raw += [{}] * (repetition.fewest - len(raw))
    rows, good, current, scopes = [], [], [], []
    for index, answers in enumerate(raw):
        row: dict[str, Any] = copy_tree(answers) if isinstance(answers, Mapping) else {}
        row_kept: dict[str, Any] = {}
        inner = make_row_scope(row, scope, names, index)
        taken = {
            part.key: _take(part, f"{address}[{index}].{part.key}", row, inner, row_kept, names) for part in item.order
        }
        asked = [found for part in item.fields if part.has_value and (found := taken[part.key]) is not None]
        counts = not repetition.may_change or not all(
            is_blank(part.value, part.field) or not part.field.is_input for part in asked
        )
        for part in asked:
            _settle_counts(part, counts)
        rows.append(asked)
        scopes.append(inner)
        current.append(row)
        if counts:
            good.append(row_kept)
    write_at(own, item.path, [row for row, asked in zip(current, rows, strict=True) if _row_counts(asked)])
    _show_in_scope(item.path[0], own, scope, names)
    if good:
        write_at(kept, item.path, good)
    return Asked(item, address, written, scope, rows=rows, scopes=scopes)


def _row_counts(asked: list[Asked]) -> bool:
    return any(part.counts for part in asked)


def _settle_counts(asked: Asked, counts: bool) -> None:
    asked.counts = asked.counts and counts
    for row in asked.rows:
        for inner in row:
            _settle_counts(inner, counts)


def make_row_scope(
    row: Mapping[str, Any], outer: Mapping[str, Any], names: frozenset[str], index: int
) -> dict[str, Any]:
    """Return what expressions in a row read: the form's names, the row's own, `this`, `parent` and `i` from 1.

    Source: form-js documentation, "Variables" in dynamic lists.
    """
    outer_numbers = outer.get("i")
    numbers = [*(outer_numbers if isinstance(outer_numbers, list) and "i" not in names else []), index + 1]
    scope = {**outer, **{key: value for key, value in row.items() if key not in names}}
    scope |= {name: value for name, value in (("this", row), ("parent", outer)) if name not in names}
    return scope if "i" in names else scope | {"i": numbers}
