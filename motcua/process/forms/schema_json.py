"""The JSON Schema of what a form accepts, for those who fill it in by machine.

The schema never refuses what `check_form` accepts. What a schema cannot say (conditions on computed values, codes
with check digits, rules across answers) stands in `description`.

Source: JSON Schema 2020-12 (core, validation).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from motcua.process.feel import Expression
from motcua.process.forms.answers import DEFAULT_LENGTH
from motcua.process.forms.types import SEVERAL, Field, Form

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIMES = {
    "no_timezone": r"[0-9]{2}:[0-9]{2}",
    "utc_offset": r"[0-9]{2}:[0-9]{2}\+07:00",
    "utc_normalized": r"[0-9]{2}:[0-9]{2}Z",
}
_KINDS: dict[str, dict[str, Any]] = {
    "personal_id": {"type": "string", "description": "Số định danh cá nhân 12 chữ số, hoặc số giấy tờ cũ 9 chữ số."},
    "tax_code": {"type": "string", "description": "Mã số thuế 10 hoặc 13 chữ số, có số kiểm tra."},
    "phone": {"type": "string", "description": "Số điện thoại, dạng +84…"},
    "email": {"type": "string", "maxLength": 254, "pattern": "^[^@]+@[^@]+$"},
    "person_name": {"type": "string", "maxLength": 100, "description": "Họ và tên như trên giấy tờ."},
    "area": {"type": "string", "pattern": "^[0-9]{5}$", "description": "Mã phường, xã, đặc khu đang có hiệu lực."},
    "province": {"type": "string", "pattern": "^[0-9]{2}$", "description": "Mã tỉnh, thành phố."},
    "address": {"type": "string"},
    "money": {"type": "number", "description": "Số tiền, đồng."},
}


def json_schema(form: Form, *, title: str = "", schema_id: str = "") -> dict[str, Any]:
    """Return the JSON Schema of the answers that the form accepts. Files are sent beside, not in it."""
    used: set[str] = set()
    found: dict[str, Any] = {"$schema": DIALECT}
    if schema_id:
        found["$id"] = schema_id
    found["title"] = title or form.id or "Biểu mẫu"
    found |= _object(_documented(form), used)
    if used:
        found["$defs"] = {name: _KINDS[name] for name in sorted(used)}
    return found


def _documented(form: Form) -> list[Field]:
    return [item for page in form.pages for item in page.fields if item.has_value]


def _object(fields: Iterable[Field], used: set[str], *, before: str = "") -> dict[str, Any]:
    """Return the schema of an object; questions with a path of several steps stand in inner objects.

    `before`: what a condition writes before the name of a neighbour ("this." in a row).
    """
    tree: dict[str, Any] = {}
    for item in fields:
        inner = tree
        for step in item.path[:-1]:
            inner = inner.setdefault(step, {})
        inner[item.path[-1]] = item
    return _describe_tree(tree, used, before)


def _describe_tree(tree: dict[str, Any], used: set[str], before: str | None) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    rules: list[dict[str, Any]] = []
    for name, item in tree.items():
        if isinstance(item, dict):
            properties[name] = _describe_tree(item, used, None) | {"type": ["object", "null"]}
        elif item.type != "filepicker":
            properties[name] = _notes(item)
            _add_rules(name, item, (tree, before), used, required, rules)
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        found["required"] = required
    if rules:
        found["allOf"] = rules
    return found


def _add_rules(
    name: str,
    item: Field,
    around: tuple[dict[str, Any], str | None],
    used: set[str],
    required: list[str],
    rules: list[dict[str, Any]],
) -> None:
    """Say what the answer is and when it must be there, where that can be said exactly."""
    if item.expression is not None or item.disabled:
        return
    must = item.required and not item.readonly and item.readonly_when is None and "required" not in item.rules
    value = _value(item, used)
    whole: dict[str, Any] = {"properties": {name: {"allOf": [value, _filled(item)]} if must else value}}
    if must:
        whole["required"] = [name]
    if not item.hidden_when:
        if must:
            required.append(name)
        rules.append({"properties": whole["properties"]})
        return
    conditions = [_shown_when(condition, *around) for condition in item.hidden_when]
    if len(conditions) == 1 and conditions[0] is not None:
        rules.append({"if": conditions[0], "then": whole})


def _filled(item: Field) -> dict[str, Any]:
    if item.type == "checkbox":
        return {"const": True}
    return {"not": {"enum": [None, "", []]}}


def _shown_when(condition: Expression, tree: dict[str, Any], before: str | None) -> dict[str, Any] | None:
    """Return the schema under which `key != "value"` (hidden) is false, for a choice that is itself always asked."""
    left, sign, right = condition.text.strip().removeprefix("=").partition("!=")
    name, value = left.strip(), right.strip()
    if before is None or not sign or not name.startswith(before):
        return None
    name = name.removeprefix(before)
    asked = tree.get(name)
    if not isinstance(asked, Field) or asked.type not in ("radio", "select") or asked.hidden_when or asked.disabled:
        return None
    if asked.readonly or asked.readonly_when is not None or not (len(value) > 2 and value[0] == value[-1] == '"'):
        return None
    if '"' in value[1:-1] or "\\" in value:
        return None
    return {"properties": {name: {"const": value[1:-1]}}, "required": [name]}


def _notes(item: Field) -> dict[str, Any]:
    """Return what is said of an answer in words."""
    notes = [item.description] if item.description else []
    found: dict[str, Any] = {"title": item.label} if item.label else {}
    if item.hidden_when:
        notes.append("Không hỏi (và bỏ qua) khi: " + " hoặc ".join(each.text for each in item.hidden_when)[:500])
    notes += [check.sentence for check in item.checks]
    if item.expression is not None or item.disabled:
        found["readOnly"] = True
        notes.append("Hệ thống tự tính; giá trị gửi lên bị bỏ qua.")
    return found | ({"description": " ".join(notes)} if notes else {})


def _value(item: Field, used: set[str]) -> dict[str, Any]:
    """Return the schema of one answer; null, the empty text and the empty list mean: not answered."""
    if item.type == "dynamiclist":
        return _list(item, used)
    nothing: list[Any] = [None, "", [], False] if item.type == "checkbox" else [None, "", []]
    kind = item.kind if item.kind in _KINDS and item.type in ("textfield", "textarea", "number", *_ONE) else ""
    if kind and not item.options and item.options_from is None and not item.as_text:
        used.add(kind)
        return {"anyOf": [{"$ref": f"#/$defs/{kind}"} | _limits(item), {"enum": nothing}]}
    return {"anyOf": [_plain_value(item), {"enum": nothing}]}


_ONE = ("select", "radio")


def _limits(item: Field) -> dict[str, Any]:
    return _number_limits(item) if item.type == "number" else _text_limits(item)


def _plain_value(item: Field) -> dict[str, Any]:
    if item.type == "checkbox":
        return {"type": "boolean"}
    if item.type == "number" and item.as_text:
        return {"type": "string", "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"}
    if item.type == "number":
        return {"type": "number"} | _number_limits(item)
    if item.type == "datetime":
        return _moment(item)
    if item.type in SEVERAL:
        return {"type": "array", "items": _choice(item), "uniqueItems": True}
    return _choice(item) if item.type in _ONE else {"type": "string"} | _text_limits(item)


def _choice(item: Field) -> dict[str, Any]:
    if item.options and item.options_from is None:
        return {"enum": [option.value for option in item.options]}
    return {"type": "string", "description": "Một giá trị trong danh sách được hiển thị."}


def _text_limits(item: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "maxLength" not in item.rules and item.type in DEFAULT_LENGTH:
        found["maxLength"] = item.max_length or DEFAULT_LENGTH[item.type]
    if item.min_length and "minLength" not in item.rules:
        found["minLength"] = item.min_length
    if item.pattern and "pattern" not in item.rules:
        found["pattern"] = f"^(?:{item.pattern})$"
    return found


def _number_limits(item: Field) -> dict[str, Any]:
    found: dict[str, Any] = {} if item.decimals else {"multipleOf": 1}
    for name, rule, limit in (("minimum", "min", item.minimum), ("maximum", "max", item.maximum)):
        if limit is not None and rule not in item.rules:
            found[name] = int(limit) if limit == limit.to_integral_value() else float(limit)
    return found


def _moment(item: Field) -> dict[str, Any]:
    at = _TIMES[item.time_format]
    if item.subtype == "time":
        return {"type": "string", "pattern": f"^{at}$"}
    if item.subtype == "datetime":
        return {"type": "string", "pattern": f"{_DATE[:-1]}T{at}$"}
    return {"type": "string", "format": "date", "pattern": _DATE}


def _list(item: Field, used: set[str]) -> dict[str, Any]:
    repetition = item.repetition
    assert repetition is not None  # every list has one
    row = _object([field for field in item.fields if field.has_value], used, before="this.")
    if repetition.may_change:  # a row left blank is no row: nothing in it is missing
        row = {"anyOf": [row, _blank_row(item)]}
    return {"type": ["array", "null"], "maxItems": repetition.most, "items": row}


def _blank_row(item: Field) -> dict[str, Any]:
    blank: list[Any] = [None, "", [], {}, False]
    properties: dict[str, Any] = {}
    for field in item.fields:
        if not field.has_value:
            continue
        free = field.hidden_when or not field.is_input or len(field.path) > 1 or field.disabled
        nothing = blank if field.default is None else [*blank, field.default]
        properties[field.path[0]] = {} if free or field.type == "dynamiclist" else {"enum": nothing}
    return {"type": "object", "properties": properties, "additionalProperties": False}
