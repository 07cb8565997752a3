"""Read one component of a form-js schema: a question, a computed value, a list's own facts, a text, a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from motcua.kernel.messages import N_
from motcua.process.feel import Expression
from motcua.process.forms.crossing import read_checks
from motcua.process.forms.kinds import KINDS
from motcua.process.forms.markup import clean_html
from motcua.process.forms.patterns import PatternError, compile_pattern
from motcua.process.forms.reading import (
    KEY,
    Place,
    Reading,
    as_count,
    as_list,
    as_mapping,
    as_number,
    as_text,
    is_expression,
    read_properties,
)
from motcua.process.forms.template import Template
from motcua.process.forms.types import (
    CHOSEN,
    STATIC,
    Column,
    Field,
    FieldType,
    Option,
    Repetition,
    TableSource,
)

MAX_OPTIONS = 1_000
MAX_COLUMNS = 20
MAX_REPETITIONS = 50
_TYPES: dict[str, FieldType] = {name: name for name in get_args(FieldType)}
_WHEN = frozenset({"", "past", "future"})
_SUBTYPES = frozenset({"date", "time", "datetime"})
_TIME_FORMATS = frozenset({"utc_offset", "utc_normalized", "no_timezone"})
_IMAGE = re.compile(r"/(?!/)[^\s\"'<>\\{}]{1,500}|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]{1,20000}")
_LIMITS = ("required", "min", "max", "minLength", "maxLength", "pattern")


def read_question(component: Mapping[str, Any], place: Place, reading: Reading) -> Field | None:
    """Read a component; None when it cannot be one (which is reported)."""
    type_name, label = as_text(component.get("type")), _label(component)
    kind = _TYPES.get(type_name)
    reading.count_component(is_field=kind not in STATIC)
    if kind is None:
        reading.report(
            as_text(component.get("key")) or label,
            "unsupported",
            N_("chưa dùng được loại “%(type_name)s”.", type_name=type_name),
        )
        return None
    named = as_text(component.get("key")) or label or type_name
    hidden = (*place.hidden, *read_hidden_when(component, named, reading))
    layout = as_mapping(component.get("layout"))
    base = Field(
        key="",
        type=kind,
        label=label,
        section=place.section,
        hidden_when=hidden,
        row_id=as_text(layout.get("row")),
        columns=min(as_count(layout.get("columns")) or 0, 16),
        properties=read_properties(component),
        readonly=component.get("readonly") is True,
        disabled=component.get("disabled") is True,
    )
    if kind in STATIC:
        return _read_static(component, base, named, reading)
    key = _read_key(component, place, label, reading)
    base = replace(base, key=key, checks=read_checks(component, key, reading))
    if kind == "expression":
        return _read_computed(component, base, reading)
    found = _read_input(component, base, place, reading)
    _check_question(found, component, reading)
    return found


def read_hidden_when(component: Mapping[str, Any], key: str, reading: Reading) -> tuple[Expression, ...]:
    """Read the condition that hides a component."""
    found = reading.expression(as_mapping(component.get("conditional")).get("hide"), key, N_("điều kiện ẩn"))
    return () if found is None else (found,)


def read_list_facts(component: Mapping[str, Any], place: Place, reading: Reading) -> Field:
    """Read what a dynamic list says of itself: where its rows stand, how many there are."""
    label = _label(component)
    key = _read_key({"key": component.get("path") or component.get("key")}, place, label, reading)
    if not label:
        reading.report(key, "field_without_label", N_("danh sách chưa có tên; hãy ghi tên cho người dân."))
    properties = read_properties(component)
    default = as_count(component.get("defaultRepetitions"))
    first = min(1 if default is None else default, MAX_REPETITIONS)
    may_change = component.get("allowAddRemove") is not False
    fewest = as_count(properties.get("min_rows")) or 0 if may_change else first
    most = min(as_count(properties.get("max_rows")) or MAX_REPETITIONS, MAX_REPETITIONS)
    unfolded = as_count(component.get("nonCollapsedItems")) or 0 if not component.get("disableCollapse") else 0
    texts = _templates({"label": label, "description": as_text(component.get("description"))}, key, reading)
    return Field(
        key=key,
        type="dynamiclist",
        label=label,
        description=as_text(component.get("description")),
        section=place.section,
        hidden_when=(*place.hidden, *read_hidden_when(component, key, reading)),
        properties=properties,
        texts=texts,
        checks=read_checks(component, key, reading),
        repetition=Repetition(first, min(fewest, most), most if may_change else first, may_change, unfolded),
    )


def _label(component: Mapping[str, Any]) -> str:
    named = component.get("label") or component.get("dateLabel") or component.get("timeLabel")
    return as_text(named) or as_text(as_mapping(component.get("properties")).get("label"))


def _read_key(component: Mapping[str, Any], place: Place, label: str, reading: Reading) -> str:
    own = as_text(component.get("key"))
    if not KEY.fullmatch(own):
        text = N_("khóa chỉ gồm chữ không dấu, số và gạch dưới (các phần nối bằng dấu chấm), không bắt đầu bằng số.")
        reading.report(own or label, "key_unreadable", text)
    return ".".join((*place.prefix, own))


def _templates(texts: Mapping[str, str], key: str, reading: Reading) -> dict[str, Template]:
    read = {name: reading.template(text, key) for name, text in texts.items()}
    return {name: template for name, template in read.items() if template is not None}


def _read_static(component: Mapping[str, Any], base: Field, named: str, reading: Reading) -> Field | None:
    if base.type == "text":
        text = reading.long_text(component.get("text"), named)
        return replace(base, label="", text=text, texts=_templates({"text": text}, named, reading))
    if base.type == "html":
        html = clean_html(reading.long_text(component.get("content"), named))
        return replace(base, label="", text=html, texts=_templates({"text": html}, named, reading))
    if base.type == "image":
        source = as_text(component.get("source"))
        if not _IMAGE.fullmatch(source):
            text = N_("nguồn ảnh phải ở trên chính trang này (bắt đầu bằng /) hoặc là ảnh data:; hãy chọn lại ảnh.")
            reading.report(named, "image_source", text)
        return replace(base, text=source, description=as_text(component.get("alt")))
    if base.type == "table":
        return _read_table(component, base, named, reading)
    return base


def _read_table(component: Mapping[str, Any], base: Field, named: str, reading: Reading) -> Field | None:
    source = component.get("dataSource")
    rows = reading.expression(source, named, N_("nguồn dữ liệu của bảng (dataSource)"))
    columns = tuple(
        Column(as_text(item.get("key")), as_text(item.get("label")) or as_text(item.get("key")))
        for item in as_list(component.get("columns"))[:MAX_COLUMNS]
        if isinstance(item, Mapping)
    )
    columns_from = reading.expression(component.get("columnsExpression"), named, N_("cột của bảng (columnsExpression)"))
    if rows is None or not (columns or columns_from):
        reading.report(named, "table_unreadable", N_("bảng cần nguồn dữ liệu (dataSource) và các cột (columns)."))
        return None
    table = TableSource(rows, columns, columns_from, as_count(component.get("rowCount")) or 0)
    return replace(base, table=table, texts=_templates({"label": base.label}, named, reading))


def _read_computed(component: Mapping[str, Any], base: Field, reading: Reading) -> Field | None:
    expression = reading.expression(component.get("expression"), base.key, N_("biểu thức tính"))
    if expression is None:
        reading.report(base.key, "expression_unreadable", N_("chưa có biểu thức tính (expression)."))
        return None
    when = "presubmit" if component.get("computeOn") == "presubmit" else "change"
    kind = base.properties.get("kind", "")
    texts = _templates({"label": base.label}, base.key, reading)
    suffix = base.properties.get("suffix", "")
    return replace(base, expression=expression, compute_on=when, kind=kind, texts=texts, suffix=suffix)


def _read_input(component: Mapping[str, Any], base: Field, place: Place, reading: Reading) -> Field:
    properties, key = base.properties, base.key
    if not base.label:
        reading.report(key, "field_without_label", N_("câu hỏi chưa có nhãn; hãy ghi câu hỏi cho người dân."))
    if base.type == "filepicker" and place.lists:
        reading.report(key, "unsupported", N_("chưa dùng được ô tải tệp trong danh sách lặp; hãy đặt ngoài danh sách."))
    description = as_text(component.get("description"))
    looks = as_mapping(component.get("appearance"))
    step = as_number(component.get("increment"))
    when = properties.get("when", "")
    return replace(
        base,
        description=description,
        fact="" if place.lists else properties.get("fact", ""),
        paper=properties.get("paper", ""),
        options=_read_options(component, key, reading),
        options_from=_read_options_source(component, key, reading),
        pattern_hint=properties.get("pattern_hint", ""),
        when=when or ("future" if component.get("disallowPassedDates") is True else ""),
        decimals=as_count(component.get("decimalDigits")) or 0,
        step=step if step is not None and step > 0 else None,
        as_text=component.get("serializeToString") is True,
        subtype=as_text(component.get("subtype")) or "date",
        minutes_step=as_count(component.get("timeInterval")) or 0,
        time_format=as_text(component.get("timeSerializingFormat")) or "no_timezone",
        searchable=component.get("searchable") is True,
        multiple=component.get("multiple") is True,
        accept=as_text(component.get("accept")) if not is_expression(component.get("accept")) else "",
        prefix=as_text(looks.get("prefixAdorner")),
        suffix=as_text(looks.get("suffixAdorner")),
        default=component.get("defaultValue"),
        readonly_when=_maybe_expression(component.get("readonly"), key, N_("chỉ đọc (readonly)"), reading),
        texts=_templates({"label": base.label, "description": description}, key, reading),
        **_read_limits(component, properties, key, reading),
    )


def _maybe_expression(written: Any, key: str, what: str, reading: Reading) -> Expression | None:
    return reading.expression(written, key, what) if is_expression(written) else None


def _read_limits(
    component: Mapping[str, Any], properties: Mapping[str, str], key: str, reading: Reading
) -> dict[str, Any]:
    validate = as_mapping(component.get("validate"))
    kind, asked = properties.get("kind", ""), validate.get("validationType")
    rules = {
        name: _maybe_expression(validate.get(name), key, N_("kiểm tra %(name)s", name=name), reading)
        for name in _LIMITS
    }
    return {
        "required": validate.get("required") is True,
        "kind": kind or (asked if asked in ("email", "phone") else ""),
        "min_length": as_count(validate.get("minLength")),
        "max_length": as_count(validate.get("maxLength")),
        "minimum": as_number(validate.get("min")),
        "maximum": as_number(validate.get("max")),
        "pattern": "" if rules["pattern"] else _read_pattern(validate.get("pattern"), key, reading),
        "rules": {name: rule for name, rule in rules.items() if rule is not None},
    }


def _check_question(found: Field, component: Mapping[str, Any], reading: Reading) -> None:
    needs_options = found.type in CHOSEN and found.kind not in ("area", "province") and found.options_from is None
    if needs_options and not found.options:
        text = N_("chưa có lựa chọn nào; hãy ghi sẵn các lựa chọn, hoặc lấy từ dữ liệu (valuesKey, valuesExpression).")
        reading.report(found.key, "field_without_options", text)
    if found.type == "datetime" and (found.subtype not in _SUBTYPES or found.time_format not in _TIME_FORMATS):
        reading.report(found.key, "unsupported", N_("loại ngày giờ (subtype, timeSerializingFormat) không có."))
    if found.kind and found.kind not in KINDS:
        reading.report(found.key, "kind_unknown", N_("loại dữ liệu “%(kind)s” không có.", kind=found.kind))
    if found.when not in _WHEN:
        reading.report(found.key, "property_unreadable", N_("thuộc tính when chỉ là past hoặc future."))


def _read_options(component: Mapping[str, Any], key: str, reading: Reading) -> tuple[Option, ...]:
    written = as_list(component.get("values"))
    found = tuple(
        Option(as_text(item.get("value")), as_text(item.get("label")) or as_text(item.get("value")))
        for item in written[: MAX_OPTIONS + 1]
        if isinstance(item, Mapping)
    )
    values = [option.value for option in found]
    if len(written) > MAX_OPTIONS or len(set(values)) != len(values) or "" in values:
        reading.report(
            key, "options_unreadable", N_("các lựa chọn phải có giá trị riêng, không trống, không quá nhiều.")
        )
    reading.text_length += sum(len(option.label) for option in found)
    return found


def _read_options_source(component: Mapping[str, Any], key: str, reading: Reading) -> Expression | None:
    from_data = as_text(component.get("valuesKey"))
    if from_data:
        if not KEY.fullmatch(from_data):
            reading.report(key, "options_unreadable", N_("nơi lấy lựa chọn (valuesKey) không phải tên dữ liệu."))
            return None
        return reading.expression(from_data, key, N_("nơi lấy lựa chọn (valuesKey)"))
    return reading.expression(component.get("valuesExpression"), key, N_("nơi lấy lựa chọn (valuesExpression)"))


def _read_pattern(written: Any, key: str, reading: Reading) -> str:
    pattern = written if isinstance(written, str) else ""
    try:
        compile_pattern(pattern)
    except PatternError as error:
        reading.report(key, error.code, str(error))
        return ""
    return pattern
