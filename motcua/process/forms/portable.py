"""What a browser is told of a page, so that it can hide, check and compute without asking: plain JSON.

The server stays the judge: it reads and checks everything again. What the browser's small evaluator cannot do is
left out here and simply waits for the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from motcua.process.feel import Expression
from motcua.process.feel.portable import to_portable
from motcua.process.forms import checks
from motcua.process.forms.answers import DEFAULT_LENGTH, bad_date, bad_time, not_a_number, too_long
from motcua.process.forms.settle import settle
from motcua.process.forms.types import Field, Form
from motcua.process.forms.walk import Scope, walk

_CONTROLS = {"textfield": "t", "textarea": "t", "number": "n", "datetime": "d", "select": "t", "radio": "r"}
_MORE_CONTROLS = {"checkbox": "b", "checklist": "m", "taglist": "m", "dynamiclist": "l", "expression": "e"}


def portable_rules(
    form: Form, page_key: str, data: Mapping[str, Any], *, today: date | None = None
) -> dict[str, Any] | None:
    """Return the rules of a page for the browser, or None when it has nothing to do there.

    Shape: {"d": answers of other pages that are read here, "t": today, "f": [field …]}; a field: {"k": key relative
    to its row, "c": control, "h": [conditions], "q": sentence when missing, …} as `assets/js/form.js` reads it.
    """
    page = form.get_page(page_key)
    scope = walk(form, data).scope
    fields = [_describe(item, scope) for item in page.fields]
    if not any(len(item) > 2 for item in fields):
        return None
    own = {item.path[0] for item in page.fields if item.has_value}
    wanted = {path[0] for path in _paths(page.fields)} - own
    found: dict[str, Any] = {"f": fields, "n": sorted(form.names)} | _order(page.fields, form.order)
    known = {name: scope[name] for name in sorted(wanted) if scope.get(name) is not None and name in form.names}
    if known:
        found["d"] = known
    if today is not None:
        found["t"] = today.isoformat()
    return found


def _paths(fields: Iterable[Field]) -> Iterable[tuple[str, ...]]:
    for item in fields:
        rules = [*item.hidden_when, *(check.expression for check in item.checks), *item.rules.values()]
        for expression in [*rules, *([item.expression] if item.expression else [])]:
            yield from expression.paths
        yield from _paths(item.fields)


def _order(fields: tuple[Field, ...], order: tuple[Field, ...]) -> dict[str, Any]:
    """Say in which order to work the fields out, where that is not the order in which they stand."""
    places = {item.key: place for place, item in enumerate(fields) if item.has_value}
    by_need = [places[item.key] for item in order if item.key in places]
    by_need += [place for place, item in enumerate(fields) if not item.has_value]
    return {} if by_need == list(range(len(fields))) else {"o": by_need}


def _describe(item: Field, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {"k": item.key, "c": _CONTROLS.get(item.type) or _MORE_CONTROLS.get(item.type, "s")}
    hidden = _all_portable(item.hidden_when)
    if hidden:
        found["h"] = hidden
    if item.type == "dynamiclist":
        found |= {"f": [_describe(inner, scope) for inner in item.fields]} | _order(item.fields, item.order)
        if item.repetition is not None:
            found["l"] = {"may": item.repetition.may_change, "fewest": item.repetition.fewest}
            found["q"] = [True, checks.too_few(item)]
    if item.expression is not None:
        computed = to_portable(item.expression)
        if computed is not None and item.compute_on == "change":
            found["e"] = computed
            found |= {"m": 1} if item.kind == "money" else {"u": item.suffix} if item.suffix else {}
    across = [[op, check.sentence] for check in item.checks if (op := to_portable(check.expression)) is not None]
    if across:
        found["x"] = across
    if (
        item.is_input and not item.texts and item.type not in ("filepicker", "dynamiclist")
    ):  # a label that changes leaves the sentences to the server
        found |= _limits(item if item.rules else settle(item, scope))
    if item.is_input and item.default is not None:
        found["y"] = item.default
    return found


def _all_portable(conditions: Iterable[Expression]) -> list[Any]:
    """Return the conditions in the browser's terms, or none when one of them is beyond it."""
    found = [to_portable(condition) for condition in conditions]
    return [] if any(op is None for op in found) else found


def _limits(item: Field) -> dict[str, Any]:
    """Return what an answer must keep to, each with its sentence."""
    if item.readonly or item.readonly_when is not None or item.disabled:
        return {}
    found: dict[str, Any] = {}
    must = item.rules.get("required")
    asked = to_portable(must) if must is not None else True if item.required else None
    if asked is not None:
        found["q"] = [asked, checks.missing(item)]
    if item.type == "number":
        found |= _number_limits(item)
    elif item.type == "datetime":
        found |= _date_limits(item)
    elif item.type in DEFAULT_LENGTH:
        found |= _text_limits(item)
    return found


def _number_limits(item: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"w": not_a_number(item), "m": int(item.kind == "money")}
    found["p"] = [item.decimals, checks.too_fine(item)]
    if item.minimum is not None and "min" not in item.rules:
        found["a"] = [float(item.minimum), checks.too_small(item)]
    if item.maximum is not None and "max" not in item.rules:
        found["z"] = [float(item.maximum), checks.too_great(item)]
    return found


def _date_limits(item: Field) -> dict[str, Any]:
    if item.subtype == "datetime":
        return {"s": "dt"}
    if item.subtype == "time":
        return {"s": "time", "w": bad_time(item)}
    found: dict[str, Any] = {"w": bad_date(item)}
    if item.when:
        found["v"] = [item.when, checks.not_past(item) if item.when == "past" else checks.not_future(item)]
    return found


def _text_limits(item: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if item.min_length and "minLength" not in item.rules:
        found["a"] = [item.min_length, checks.too_short(item)]
    limit = item.max_length or DEFAULT_LENGTH[item.type]
    if item.max_length and "maxLength" not in item.rules:
        found["z"] = [limit, too_long(item, "{n}")]
    if item.pattern and "pattern" not in item.rules and not item.kind:
        found["g"] = [item.pattern, checks.misfit(item)]
    return found
