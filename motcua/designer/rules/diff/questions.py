"""What changed in the form: questions, their words, their rules, their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.reading import Package
from motcua.designer.types import Change
from motcua.kernel.messages import N_
from motcua.process.forms.types import Field, Form
from motcua.process.soundness.literals import text_of

_TYPES = {
    "textfield": "một dòng chữ",
    "textarea": "nhiều dòng chữ",
    "number": "số",
    "datetime": "ngày",
    "select": "chọn trong danh sách",
    "radio": "chọn một",
    "checkbox": "đánh dấu",
    "checklist": "chọn nhiều",
    "text": "lời giải thích",
    "filepicker": "tải tệp",
    "dynamiclist": "danh sách nhiều dòng",
    "table": "bảng",
    "taglist": "chọn nhiều thẻ",
    "expression": "tự tính",
}


def diff_form(before: Package, after: Package) -> Iterator[Change]:
    """Yield pages, questions and static texts that are new, gone or otherwise."""
    if before.form is None or after.form is None:
        return
    yield from changed_rows("form", _pages(before.form), _pages(after.form))
    old, new = _fields(before.form), _fields(after.form)
    for key, (field, page) in old.items():
        if key not in new:
            yield Change("form", _heading(field), _describe(field, page), "", field.key)
            continue
        other, other_page = new[key]
        if page != other_page:
            yield Change("form", N_("%(question)s: trang", question=_heading(other)), page, other_page, other.key)
        for aspect, say in _ASPECTS.items():
            if say(field) != say(other):
                yield Change("form", f"{_heading(other)}: {aspect}", say(field), say(other), other.key)
    for key, (field, page) in new.items():
        if key not in old:
            yield Change("form", _heading(field), "", _describe(field, page), field.key)
    yield from _order(before.form, after.form)


def _pages(form: Form) -> dict[object, Row]:
    return {
        page.key: Row(
            N_("Trang “%(title)s”", title=page.title),
            "; ".join(
                [
                    *([page.description] if page.description else []),
                    *(f"ẩn khi {text_of(each)}" for each in page.hidden_when),
                ]
            ),
            page.key,
        )
        for page in form.pages
    }


def _fields(form: Form) -> dict[str, tuple[Field, str]]:
    """Return every question and text by its address; texts without a key count by their place on the page."""
    found: dict[str, tuple[Field, str]] = {}
    for page in form.pages:
        for key, field in _flatten(page.fields, "", page.key):
            while key in found:
                key += "'"
            found[key] = (field, page.title)
    return found


def _flatten(fields: Iterable[Field], before: str, page: str) -> Iterator[tuple[str, Field]]:
    for number, field in enumerate(fields):
        address = f"{before}{field.key or f'{page}/{number}'}"
        yield address, field
        yield from _flatten(field.fields, f"{address}.", page)


def _order(before: Form, after: Form) -> Iterator[Change]:
    """Say when the questions that both have come in another order."""
    old = [key for key in _fields(before) if key in _fields(after)]
    new = [key for key in _fields(after) if key in _fields(before)]
    if old != new:
        moved = next(key for key, other in zip(old, new, strict=True) if key != other)
        field = _fields(after)[moved][0]
        yield Change(
            "form", N_("Thứ tự câu hỏi"), "", N_("đổi, từ “%(label)s”", label=field.label or field.key), field.key
        )


def _heading(field: Field) -> str:
    if not field.is_input:
        return N_("Lời giải thích “%(key)s”", key=field.key or field.text[:40])
    return N_("Câu hỏi “%(label)s”", label=field.label or field.key)


def _describe(field: Field, page: str) -> str:
    parts: list[str] = [N_("trang “%(page)s”", page=page)]
    parts += [f"{aspect}: {text}" for aspect, say in _ASPECTS.items() if aspect != "nhãn" and (text := say(field))]
    return "; ".join(parts)


def _say_limits(field: Field) -> str:
    parts = {
        "ít nhất": field.minimum,
        "nhiều nhất": field.maximum,
        "ngắn nhất": field.min_length,
        "dài nhất": field.max_length,
        "số lẻ": field.decimals or None,
    }
    return ", ".join(f"{word} {value}" for word, value in parts.items() if value is not None)


_ASPECTS: dict[str, Callable[[Field], str]] = {
    "nhãn": lambda field: field.label,
    "loại": lambda field: _TYPES.get(field.type, field.type),
    "bắt buộc": lambda field: "có" if field.required else "không",
    "hướng dẫn": lambda field: field.description,
    "lời": lambda field: field.text,
    "lựa chọn": lambda field: ", ".join(f"{option.label} [{option.value}]" for option in field.options),
    "ẩn khi": lambda field: "; ".join(text_of(each) for each in field.hidden_when),
    "giới hạn": _say_limits,
    "tính bằng": lambda field: text_of(field.expression) if field.expression is not None else "",
    "quy tắc": lambda field: "; ".join(f"{text_of(check.expression)} ({check.sentence})" for check in field.checks),
    "số dòng": lambda field: (
        f"{field.repetition.fewest}–{field.repetition.most}" if field.repetition is not None else ""
    ),
    "mẫu kiểm tra": lambda field: field.pattern,
    "lời nhắc mẫu": lambda field: field.pattern_hint,
    "dạng dữ liệu": lambda field: field.kind,
    "dữ liệu điền sẵn": lambda field: field.fact,
    "giấy tờ": lambda field: field.paper,
    "ngày": lambda field: field.when,
    "nhóm": lambda field: field.section,
    "mặc định": lambda field: "" if field.default is None else str(field.default),
    "đơn vị": lambda field: field.suffix,
    "thông tin khác": lambda field: "; ".join(
        f"{key} = {value}"
        for key, value in sorted(field.properties.items())
        if key not in ("kind", "fact", "paper", "when", "pattern_hint")
    ),
}
