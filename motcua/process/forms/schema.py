"""Read a form-js schema into a checked form.

Source: form-js schema version 16 and later (bpmn-io/form-js, `packages/form-json-schema`), a subset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from motcua.kernel.text import clean_line
from motcua.process.feel import Expression, FeelError, compile_expression
from motcua.process.forms.kinds import KINDS
from motcua.process.forms.types import Field, FieldType, Form, FormDefinitionError, FormPage, Option
from motcua.process.types import Problem

MAX_FIELDS = 500
MAX_OPTIONS = 1_000
MAX_DEPTH = 5
MAX_PATTERN = 200
_TYPES: dict[str, FieldType] = {name: name for name in get_args(FieldType)}
_IGNORED = frozenset({"spacer", "separator", "button", "image"})  # looks, not questions
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_PAGE_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A group that repeats as a whole can take for ever on a long text; patterns have no need of it.
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_WHEN = frozenset({"", "past", "future"})


@dataclass
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    page_keys: set[str] = field(default_factory=set)
    count: int = 0

    def report(self, key: str, code: str, message_vi: str) -> None:
        self.problems.append(Problem(key, code, f"“{key}”: {message_vi}" if key else message_vi))


def parse_form(schema: Mapping[str, Any]) -> Form:
    """Read a form-js schema (already decoded JSON). Raises: FormDefinitionError, with every problem found."""
    reading = _Reading()
    components = schema.get("components") if isinstance(schema, Mapping) else None
    if not isinstance(components, list) or not components:
        reading.report("", "form_empty", "Biểu mẫu chưa có câu hỏi nào; hãy thêm ít nhất một.")
        components = []
    pages = tuple(_read_pages(components, reading))
    if reading.count > MAX_FIELDS:
        reading.report("", "form_too_large", f"Biểu mẫu có quá {MAX_FIELDS} câu hỏi; hãy bớt đi.")
    if reading.problems:
        raise FormDefinitionError(tuple(reading.problems))
    return Form(id=str(schema.get("id", "")), pages=pages)


def _read_pages(components: list[Any], reading: _Reading) -> Iterator[FormPage]:
    loose: list[Any] = []
    for component in components:
        if isinstance(component, Mapping) and component.get("type") == "group":
            yield from _loose_page(loose, reading)
            loose = []
            yield _read_page(component, reading)
        else:
            loose.append(component)
    yield from _loose_page(loose, reading)


def _loose_page(components: list[Any], reading: _Reading) -> Iterator[FormPage]:
    """Make the implied page of components that stand in no group."""
    fields = tuple(_read_fields(components, (), "", 0, reading))
    if fields:
        yield FormPage(_page_key("", reading), "Thông tin", "", fields)


def _read_page(group: Mapping[str, Any], reading: _Reading) -> FormPage:
    properties = _properties(group)
    key = _page_key(properties.get("page") or _text(group.get("id")), reading)
    title = _text(group.get("label"))
    if not title:
        reading.report(key, "page_without_title", "trang chưa có tên; hãy đặt tên cho nhóm.")
    hidden = _hidden_when(group, key, reading)
    fields = tuple(_read_fields(_components(group), hidden, "", 1, reading))
    if not fields:
        reading.report(key, "page_empty", "trang chưa có câu hỏi nào.")
    return FormPage(key, title, properties.get("description", ""), fields, hidden)


def _page_key(wanted: str, reading: _Reading) -> str:
    key = wanted if _PAGE_KEY.fullmatch(wanted) else f"trang-{len(reading.page_keys) + 1}"
    if key in reading.page_keys:
        reading.report(key, "page_twice", "hai trang trùng mã; hãy đặt mã riêng.")
    reading.page_keys.add(key)
    return key


def _read_fields(
    components: list[Any], hidden: tuple[Expression, ...], section: str, depth: int, reading: _Reading
) -> Iterator[Field]:
    for component in components:
        if not isinstance(component, Mapping):
            reading.report("", "component_unreadable", "Biểu mẫu có phần không đọc được; hãy lưu lại từ công cụ vẽ.")
        elif component.get("type") == "group":
            yield from _read_group(component, hidden, depth, reading)
        elif _text(component.get("type")) not in _IGNORED:
            found = _read_field(component, hidden, section, reading)
            if found is not None:
                yield found


def _read_group(
    group: Mapping[str, Any], hidden: tuple[Expression, ...], depth: int, reading: _Reading
) -> Iterator[Field]:
    """Flatten an inner group: its label becomes the section of its questions."""
    label = _text(group.get("label"))
    if depth >= MAX_DEPTH:
        reading.report(label, "group_too_deep", "nhóm lồng nhau quá sâu.")
        return
    inner = (*hidden, *_hidden_when(group, label, reading))
    yield from _read_fields(_components(group), inner, label, depth + 1, reading)


def _components(group: Mapping[str, Any]) -> list[Any]:
    found = group.get("components")
    return found if isinstance(found, list) else []


def _read_field(
    component: Mapping[str, Any], hidden: tuple[Expression, ...], section: str, reading: _Reading
) -> Field | None:
    reading.count += 1
    type_name, key = _text(component.get("type")), _text(component.get("key"))
    label = _text(component.get("label")) or _text(component.get("dateLabel"))
    kind_of = _TYPES.get(type_name)
    if kind_of is None:
        reading.report(key or label, "unsupported", f"chưa dùng được loại câu hỏi “{type_name}”.")
        return None
    hidden = (*hidden, *_hidden_when(component, key, reading))
    if kind_of == "text":
        text = str(component.get("text", ""))
        return Field(key="", type="text", label="", text=text, section=section, hidden_when=hidden)
    _check_key(key, label, reading)
    properties = _properties(component)
    found = Field(
        key=key,
        type=kind_of,
        label=label,
        description=_text(component.get("description")),
        fact=properties.get("fact", ""),
        paper=properties.get("paper", ""),
        section=section,
        options=_options(component, key, reading),
        pattern_hint=properties.get("pattern_hint", ""),
        when=properties.get("when", ""),
        decimals=_count(component.get("decimalDigits")) or 0,
        multiple=component.get("multiple") is True,
        accept=_text(component.get("accept")),
        suffix=_text(_mapping(component.get("appearance")).get("suffixAdorner")),
        default=component.get("defaultValue"),
        hidden_when=hidden,
        properties=properties,
        **_rules(component, properties, key, reading),
    )
    _check_field(found, component, reading)
    return found


def _rules(component: Mapping[str, Any], properties: Mapping[str, str], key: str, reading: _Reading) -> dict[str, Any]:
    validate = _mapping(component.get("validate"))
    kind, asked = properties.get("kind", ""), validate.get("validationType")
    return {
        "required": validate.get("required") is True,
        "kind": kind or (asked if asked in ("email", "phone") else ""),
        "min_length": _count(validate.get("minLength")),
        "max_length": _count(validate.get("maxLength")),
        "minimum": _number(validate.get("min")),
        "maximum": _number(validate.get("max")),
        "pattern": _pattern(validate.get("pattern"), key, reading),
    }


def _check_key(key: str, label: str, reading: _Reading) -> None:
    if not _KEY.fullmatch(key):
        reading.report(
            key or label, "key_unreadable", "khoá chỉ gồm chữ không dấu, số và gạch dưới, không bắt đầu bằng số."
        )
    elif key in reading.keys:
        reading.report(key, "key_twice", "khoá dùng hai lần; hãy đặt khoá riêng cho mỗi câu hỏi.")
    if not label:
        reading.report(key, "field_without_label", "câu hỏi chưa có nhãn; hãy ghi câu hỏi cho người dân.")
    reading.keys.add(key)


def _check_field(found: Field, component: Mapping[str, Any], reading: _Reading) -> None:
    needs_options = found.type in ("select", "radio", "checklist") and found.kind not in ("area", "province")
    if needs_options and not found.options:
        reading.report(found.key, "field_without_options", "chưa có lựa chọn nào; hãy ghi sẵn các lựa chọn.")
    if found.type == "datetime" and component.get("subtype", "date") != "date":
        reading.report(found.key, "unsupported", "chưa dùng được câu hỏi có giờ; hãy chọn loại chỉ có ngày.")
    if found.kind and found.kind not in KINDS:
        reading.report(found.key, "kind_unknown", f"loại dữ liệu “{found.kind}” không có.")
    if found.when not in _WHEN:
        reading.report(found.key, "property_unreadable", "thuộc tính when chỉ là past hoặc future.")


def _options(component: Mapping[str, Any], key: str, reading: _Reading) -> tuple[Option, ...]:
    written = component.get("values")
    if not isinstance(written, list):
        return ()
    found = tuple(
        Option(_text(item.get("value")), _text(item.get("label")) or _text(item.get("value")))
        for item in written
        if isinstance(item, Mapping)
    )
    values = [option.value for option in found]
    if len(found) > MAX_OPTIONS or len(set(values)) != len(values) or "" in values:
        reading.report(key, "options_unreadable", "các lựa chọn phải có giá trị riêng, không trống, không quá nhiều.")
    return found


def _pattern(written: Any, key: str, reading: _Reading) -> str:
    pattern = written if isinstance(written, str) else ""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        reading.report(key, "pattern_unreadable", "mẫu kiểm tra (pattern) không đọc được.")
        return ""
    if len(pattern) > MAX_PATTERN or _REPEATED_GROUP.search(pattern):
        reading.report(key, "pattern_unsafe", "mẫu kiểm tra (pattern) quá dài hoặc lặp cả nhóm; hãy viết đơn giản hơn.")
        return ""
    return pattern


def _hidden_when(component: Mapping[str, Any], key: str, reading: _Reading) -> tuple[Expression, ...]:
    written = _mapping(component.get("conditional")).get("hide")
    if not isinstance(written, str) or not written.strip():
        return ()
    try:
        return (compile_expression(written),)
    except FeelError as error:
        reading.report(key, "expression_unreadable", f"điều kiện ẩn: {error.reason_vi}")
        return ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _properties(component: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): _text(value) for name, value in _mapping(component.get("properties")).items()}


def _text(value: Any) -> str:
    return clean_line(str(value)) if isinstance(value, (str, int, float)) else ""


def _count(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= 100_000 else None


def _number(value: Any) -> Decimal | None:
    """Read a number as form-js writes it, bare or as text."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
