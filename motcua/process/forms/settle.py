"""A question as it stands for given answers: its texts filled in, its limits known, its choices listed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from motcua.kernel.text import clean_line
from motcua.process.feel.values import to_plain
from motcua.process.forms.markup import clean_html, escape_markdown, render_markdown
from motcua.process.forms.patterns import PatternError, compile_pattern
from motcua.process.forms.types import Column, Field, Option
from motcua.process.forms.walk import Scope, is_fixed

MAX_OPTIONS = 1_000
MAX_TABLE_ROWS = 200
MAX_CELL = 300


def settle(item: Field, scope: Scope) -> Field:
    """Return the question for these answers; one without expressions comes back as it is."""
    changes: dict[str, Any] = {}
    for name, template in item.texts.items():
        if item.type not in ("text", "html"):
            changes[name] = clean_line(template.fill(scope))
    if item.options_from is not None:
        changes["options"] = read_options(to_plain(item.options_from.evaluate(scope)))
    if item.rules:
        changes |= _settle_limits(item, scope)
    if is_fixed(item, scope):
        changes |= {"readonly": True, "required": False}
    return replace(item, **changes) if changes else item


def _settle_limits(item: Field, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, rule in item.rules.items():
        value = to_plain(rule.evaluate(scope))
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if name == "required":
            found["required"] = value is True
        elif name in ("min", "max") and number:
            found["minimum" if name == "min" else "maximum"] = Decimal(str(value))
        elif name in ("minLength", "maxLength") and number and value >= 0:
            found["min_length" if name == "minLength" else "max_length"] = int(value)
        elif name == "pattern" and isinstance(value, str):
            found["pattern"] = value if _is_pattern(value) else ""
    return found


def _is_pattern(written: str) -> bool:
    try:
        compile_pattern(written)
    except PatternError:
        return False
    return True


def read_options(value: Any) -> tuple[Option, ...]:
    """Read choices out of data: texts and numbers, or {label, value}; what cannot be one is left out."""
    found: dict[str, Option] = {}
    for item in value[:MAX_OPTIONS] if isinstance(value, list) else ():
        if isinstance(item, dict):
            chosen, label = _text(item.get("value")), _text(item.get("label"))
        else:
            chosen = label = _text(item)
        if chosen:
            found.setdefault(chosen, Option(chosen, label or chosen))
    return tuple(found.values())


def _text(value: Any) -> str:
    return clean_line(str(value)[:1000]) if isinstance(value, (str, int, float)) and value is not True else ""


def fill_html(item: Field, scope: Scope) -> str:
    """Return the safe HTML of a text or html component for these answers."""
    template = item.texts.get("text")
    if item.type == "text":
        text = template.fill(scope, escape=escape_markdown) if template else item.text
        return render_markdown(text)
    if template is None:
        return item.text
    return clean_html(template.fill(scope, escape=_escape_html))


def _escape_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def fill_table(item: Field, scope: Scope) -> tuple[tuple[Column, ...], tuple[tuple[Any, ...], ...]]:
    """Return the columns and rows that a table shows for these answers."""
    source = item.table
    assert source is not None  # every table has one
    columns = source.columns
    if source.columns_from is not None:
        written = to_plain(source.columns_from.evaluate(scope))
        columns = tuple(
            Column(_text(column.get("key")), _text(column.get("label")) or _text(column.get("key")))
            for column in (written[:20] if isinstance(written, list) else ())
            if isinstance(column, dict)
        )
    rows = to_plain(source.rows.evaluate(scope))
    shown = [row for row in (rows[:MAX_TABLE_ROWS] if isinstance(rows, list) else ()) if isinstance(row, dict)]
    return columns, tuple(tuple(row.get(column.key) for column in columns) for row in shown)
