"""What changed in the form: questions, their words, their rules, their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.reading import Package
from motcua.designer.types import Change
from motcua.kernel.messages import N_, join
from motcua.process.forms.types import Field, Form
from motcua.process.soundness.literals import text_of

_TYPES = {
    "textfield": N_("một dòng chữ"),
    "textarea": N_("nhiều dòng chữ"),
    "number": N_("số"),
    "datetime": N_("ngày, giờ"),
    "select": N_("chọn trong danh sách"),
    "radio": N_("chọn một"),
    "checkbox": N_("đánh dấu"),
    "checklist": N_("chọn nhiều"),
    "text": N_("lời giải thích"),
    "filepicker": N_("tải tệp"),
    "dynamiclist": N_("danh sách nhiều dòng"),
    "table": N_("bảng số liệu"),
    "taglist": N_("chọn nhiều thẻ"),
    "expression": N_("tự tính"),
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
                yield Change("form", join((_heading(other), aspect), separator=": "), say(field), say(other), other.key)
    for key, (field, page) in new.items():
        if key not in old:
            yield Change("form", _heading(field), "", _describe(field, page), field.key)
    yield from _order(before.form, after.form)


def _pages(form: Form) -> dict[object, Row]:
    return {
        page.key: Row(
            N_("Trang “%(title)s”", title=page.title),
            join(
                [
                    *([page.description] if page.description else []),
                    *(N_("ẩn khi %(condition)s", condition=text_of(each)) for each in page.hidden_when),
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
    said = ((aspect, say(field)) for aspect, say in _ASPECTS.items() if aspect != "nhãn")
    parts += [join((aspect, text), separator=": ") for aspect, text in said if text]
    return join(parts)


def _say_limits(field: Field) -> str:
    parts = {
        N_("ít nhất"): field.minimum,
        N_("nhiều nhất"): field.maximum,
        N_("ngắn nhất"): field.min_length,
        N_("dài nhất"): field.max_length,
        N_("số lẻ"): field.decimals or None,
    }
    said = [join((word, str(value)), separator=" ") for word, value in parts.items() if value is not None]
    return join(said, separator=", ")


_ASPECTS: dict[str, Callable[[Field], str]] = {
    N_("nhãn"): lambda field: field.label,
    N_("loại"): lambda field: _TYPES.get(field.type, field.type),
    N_("bắt buộc"): lambda field: N_("có") if field.required else N_("không"),
    N_("hướng dẫn"): lambda field: field.description,
    N_("lời"): lambda field: field.text,
    N_("lựa chọn"): lambda field: ", ".join(f"{option.label} [{option.value}]" for option in field.options),
    N_("ẩn khi"): lambda field: "; ".join(text_of(each) for each in field.hidden_when),
    N_("giới hạn"): _say_limits,
    N_("tính bằng"): lambda field: text_of(field.expression) if field.expression is not None else "",
    N_("quy tắc"): lambda field: "; ".join(f"{text_of(check.expression)} ({check.sentence})" for check in field.checks),
    N_("số dòng"): lambda field: (
        f"{field.repetition.fewest}–{field.repetition.most}" if field.repetition is not None else ""
    ),
    N_("mẫu kiểm tra"): lambda field: field.pattern,
    N_("lời nhắc mẫu"): lambda field: field.pattern_hint,
    N_("dạng dữ liệu"): lambda field: field.kind,
    N_("dữ liệu điền sẵn"): lambda field: field.fact,
    N_("giấy tờ"): lambda field: field.paper,
    N_("ngày phải ở"): lambda field: field.when,
    N_("nhóm"): lambda field: field.section,
    N_("mặc định"): lambda field: "" if field.default is None else str(field.default),
    N_("đơn vị"): lambda field: field.suffix,
    N_("thông tin khác"): lambda field: "; ".join(
        f"{key} = {value}"
        for key, value in sorted(field.properties.items())
        if key not in ("kind", "fact", "paper", "when", "pattern_hint")
    ),
}
