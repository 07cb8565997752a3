"""What a finished case says to the registers: read from its procedure's `records.toml`, worked out from its answers.

Shape: [[lookups]] name, register, key, value (an expression): a record that the rules may read by its name.
[[records]] register, mode, fields = {field = expression}; optional: when, each (a list; each thing in it is `item`),
since (a date), empty (fields to be cleared), ask (why an official has to complete it), note.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal, get_args

from motcua.kernel.clock import HCM
from motcua.kernel.messages import N_
from motcua.process.feel import Expression, FeelError, compile_expression
from motcua.registers.types import RegisterInvalid

Mode = Literal["write", "change", "end"]  # write: new or changed; change: only where there is one; end: no more
_KNOWN = frozenset({"register", "mode", "fields", "when", "each", "since", "empty", "ask", "note"})
_CONTEXT = frozenset({"answers", "result", "dossier", "issued", "item", "known", "applicant"})
MAX_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Lookup:
    """A record that the rules read: which, and the expression of its key's value."""

    name: str
    register: str
    key: str
    value: Expression


@dataclass(frozen=True, slots=True)
class CaseRule:
    """One sentence to one register."""

    register: str
    mode: Mode
    fields: Mapping[str, Expression]
    when: Expression | None
    each: Expression | None
    since: Expression | None
    empty: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True)
class CaseRules:
    """All that a finished case of a procedure says."""

    lookups: tuple[Lookup, ...]
    rules: tuple[CaseRule, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """A rule worked out for one case: what to say, from when on. `rule` names it within the case."""

    rule: str
    register: str
    mode: Mode
    fields: Mapping[str, Any]
    empty: tuple[str, ...]
    since: datetime
    ask: str


def read_case_rules(content: bytes) -> CaseRules:
    """Read a `records.toml`. Raises: RegisterInvalid with what is wrong."""
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        raise RegisterInvalid(str(error)[:200]) from error
    lookups = tuple(_read_lookup(row) for row in _rows(data, "lookups"))
    return CaseRules(
        lookups, tuple(_read_rule(row, place) for place, row in enumerate(_rows(data, "records"), start=1))
    )


def find_lookup_values(rules: CaseRules, context: Mapping[str, Any]) -> dict[str, tuple[Lookup, str]]:
    """Return what has to be looked up for this case: name -> lookup and the key's value. Empty values are left out."""
    found = {}
    for lookup in rules.lookups:
        value = lookup.value.evaluate(context)
        if isinstance(value, str) and value.strip():
            found[lookup.name] = (lookup, value.strip())
    return found


def work_out(rules: CaseRules, context: Mapping[str, Any], *, issued_at: datetime) -> tuple[Saying, ...]:
    """Return what the case says, in the order of its rules. What is empty is not said.

    Shape of the context: answers, result, dossier, issued, applicant, known (records looked up, by name).
    """
    said: list[Saying] = []
    for place, rule in enumerate(rules.rules, start=1):
        for number, item in enumerate(_list_items(rule, context)):
            inner = {**context, "item": item}
            if rule.when is not None and not rule.when.is_true(inner):
                continue
            values = {field: _tidy(expression.evaluate(inner)) for field, expression in rule.fields.items()}
            said.append(
                Saying(
                    rule=f"{place}.{number}" if rule.each is not None else str(place),
                    register=rule.register,
                    mode=rule.mode,
                    fields={field: value for field, value in values.items() if value not in (None, "", [])},
                    empty=rule.empty,
                    since=_read_since(rule, inner, issued_at),
                    ask=rule.ask,
                )
            )
    return tuple(said)


def merge_fields(before: Mapping[str, Any], saying: Saying) -> dict[str, Any]:
    """Return the record as it reads after the saying: what was not spoken of stays."""
    kept = {field: value for field, value in before.items() if field not in saying.empty}
    return {**kept, **saying.fields}


def _rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RegisterInvalid(N_("«%(name)s» phải là các bảng [[%(name)s]]", name=name))
    return rows


def _read_lookup(row: Mapping[str, Any]) -> Lookup:
    missing = [name for name in ("name", "register", "key", "value") if not isinstance(row.get(name), str)]
    if missing:
        raise RegisterInvalid(N_("[[lookups]] thiếu %(fields)s", fields=", ".join(missing)))
    return Lookup(row["name"], row["register"], row["key"], _compile(row["value"]))


def _read_rule(row: Mapping[str, Any], place: int) -> CaseRule:
    unknown = sorted(set(row) - _KNOWN)
    mode, fields = row.get("mode", "write"), row.get("fields", {})
    if (
        unknown
        or mode not in get_args(Mode)
        or not isinstance(row.get("register"), str)
        or not isinstance(fields, dict)
    ):
        raise RegisterInvalid(N_("[[records]] thứ %(place)s không hiểu được %(fields)s", place=place, fields=unknown))
    return CaseRule(
        register=row["register"],
        mode=mode,
        fields={str(field): _compile(text) for field, text in fields.items()},
        when=_compile(row["when"]) if "when" in row else None,
        each=_compile(row["each"]) if "each" in row else None,
        since=_compile(row["since"]) if "since" in row else None,
        empty=tuple(str(field) for field in row.get("empty", ())),
        ask=str(row.get("ask", "")),
    )


def _compile(text: Any) -> Expression:
    if not isinstance(text, str):
        raise RegisterInvalid(N_("biểu thức %(text)s phải là chữ", text=text))
    try:
        found = compile_expression(text)
    except FeelError as error:
        raise RegisterInvalid(N_("biểu thức «%(text)s» không đọc được", text=text[:120])) from error
    strangers = sorted({path[0] for path in found.paths if path} - _CONTEXT)
    if strangers:
        raise RegisterInvalid(N_("biểu thức «%(text)s» dùng %(names)s không có", text=text[:120], names=strangers))
    return found


def _list_items(rule: CaseRule, context: Mapping[str, Any]) -> list[Any]:
    if rule.each is None:
        return [None]
    items = rule.each.evaluate(context)
    return items[:MAX_ITEMS] if isinstance(items, list) else []


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return {key: tidy for key, each in value.items() if (tidy := _tidy(each)) not in (None, "", [])}
    if isinstance(value, list):
        return [tidy for each in value if (tidy := _tidy(each)) not in (None, "", {})]
    return value


def _read_since(rule: CaseRule, context: Mapping[str, Any], issued_at: datetime) -> datetime:
    """Return the city's first moment of the date that the rule gives; the issuing where it gives none."""
    text = rule.since.evaluate(context) if rule.since is not None else None
    try:
        on = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        on = None
    return min(datetime.combine(on, time(), HCM), issued_at) if on is not None else issued_at
