"""Checks of the form: each question used, none that a register answers, every paper with its place, nothing mute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from motcua.designer.rules.reading import FORM, RESULT, Package, error, warning
from motcua.designer.rules.usage import (
    TEMPLATE_DATA,
    decision_fields,
    entered_fields,
    flat_fields,
    process_fields,
    read_template,
    touches,
    unused_fields,
)
from motcua.designer.types import Finding, Surroundings
from motcua.kernel.messages import N_
from motcua.kernel.text import fold
from motcua.process.forms.types import CHOSEN, Field, Form


def check_form_part(package: Package, surroundings: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with the form and with those who read it; nothing when it could not be read."""
    form = package.form
    if form is None:
        return
    yield from _check_used(package, form)
    yield from _check_readers(package, form)
    yield from _check_papers(package, form)
    yield from _check_known(form, surroundings.facts)
    yield from _check_access(form)


def _check_used(package: Package, form: Form) -> Iterator[Finding]:
    for address, item in unused_fields(package, form):
        message = N_(
            "Câu hỏi “%(label)s” không được dùng ở đâu: quy trình, bảng quyết định, kết quả đều không đọc. "
            "Hãy bỏ câu hỏi, hoặc ghi thuộc tính purpose nói rõ hỏi để làm gì.",
            label=item.label or address,
        )
        yield error(FORM, address, "field_unused", message)


def _check_readers(package: Package, form: Form) -> Iterator[Finding]:
    """Whoever reads an answer reads one that is asked."""
    addresses = [address for address, _ in flat_fields(form)]
    for element_id, key in dict.fromkeys(process_fields(package)):
        if not _is_asked(key, addresses):
            message = N_(
                "Quy trình đọc câu trả lời “%(key)s” mà biểu mẫu không hỏi. Hãy thêm câu hỏi hoặc sửa tên.", key=key
            )
            yield error("process.bpmn", element_id, "field_unknown", message)
    for file, element_id, key in dict.fromkeys(decision_fields(package)):
        if not _is_asked(key, addresses):
            message = N_(
                "Bảng quyết định đọc câu trả lời “%(key)s” mà biểu mẫu không hỏi. Hãy thêm câu hỏi hoặc sửa tên.",
                key=key,
            )
            yield error(file, element_id, "field_unknown", message)
    use, entered = read_template(package.template), entered_fields(package)
    for key in sorted(each for each in use.answers if not _is_asked(each, addresses)):
        message = N_(
            "Mẫu kết quả in câu trả lời “%(key)s” mà biểu mẫu không hỏi. Hãy sửa mẫu hoặc thêm câu hỏi.", key=key
        )
        yield error(RESULT, key, "field_unknown", message)
    for key in sorted(each for each in use.entered - entered.keys() if not _is_asked(each, addresses)):
        message = N_(
            "Mẫu kết quả in “%(key)s” mà không bước nào cho nhập (result_fields) và biểu mẫu không hỏi. "
            "Hãy thêm vào result_fields của bước thẩm định.",
            key=key,
        )
        yield error(RESULT, key, "field_unknown", message)
    for key in sorted(use.data - TEMPLATE_DATA):
        message = N_("Mẫu kết quả đọc dữ liệu “%(key)s” mà hệ thống không đưa vào. Hãy bỏ hoặc sửa tên.", key=key)
        yield error(RESULT, key, "data_unknown", message)


def _is_asked(read: str, addresses: list[str]) -> bool:
    return any(touches(read, address) for address in addresses)


def _check_papers(package: Package, form: Form) -> Iterator[Finding]:
    papers = {str(row.get("code", "")): row for row in package.rows("papers")}
    asked: dict[str, Field] = {item.paper: item for item in form.fields if item.paper}
    for item in form.fields:
        if item.type == "filepicker" and item.paper not in papers:
            message = N_(
                "Câu hỏi “%(label)s” nhận tệp cho giấy tờ “%(paper)s” không có trong thành phần hồ sơ. "
                "Hãy thêm vào [[papers]] hoặc sửa thuộc tính paper.",
                label=item.label,
                paper=item.paper,
            )
            yield error(FORM, item.key, "paper_unknown", message)
    for code, row in papers.items():
        if code in asked or row.get("fetched_by_agency"):
            continue
        name = str(row.get("name", code))
        if row.get("required", True):
            message = N_("Giấy tờ bắt buộc “%(name)s” không có chỗ nộp trong biểu mẫu. Hãy thêm ô tải tệp.", name=name)
            yield error(FORM, f"paper_{code}", "paper_not_asked", message)
        else:
            message = N_("Giấy tờ “%(name)s” không có chỗ nộp trong biểu mẫu.", name=name)
            yield warning(FORM, f"paper_{code}", "paper_not_asked", message)


def _check_known(form: Form, facts: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Flag questions that a register answers: their words are those of a fact, and they do not name it."""
    asked = {item.fact for item in form.fields if item.fact}
    by_words = {fold(words): fact for fact, known in facts.items() for words in known}
    for item in form.fields:
        fact = by_words.get(fold(item.label).strip(" ?.:"))
        if fact and not item.fact and fact not in asked and item.type != "filepicker":
            message = N_(
                "Dữ liệu của cơ quan nhà nước đã có câu trả lời cho “%(label)s”. Hãy ghi thuộc tính fact = %(fact)s "
                "để điền sẵn, đừng hỏi lại.",
                label=item.label,
                fact=fact,
            )
            yield warning(FORM, item.key, "register_knows", message)


def _check_access(form: Form) -> Iterator[Finding]:
    """Yield questions that a person who does not see the screen, or reads slowly, cannot answer."""
    for page in form.pages:
        inputs = [item for item in page.fields if item.is_input]
        twice = {text for text, times in Counter((item.section, item.label) for item in inputs).items() if times > 1}
        for item in inputs:
            if not item.label.strip():
                yield error(FORM, item.key, "field_without_label", N_("Câu hỏi “%(key)s” chưa có nhãn.", key=item.key))
            elif (item.section, item.label) in twice:
                message = N_(
                    "Trang “%(page)s” có hai câu hỏi cùng nhãn “%(label)s”. Hãy đặt nhãn khác nhau.",
                    page=page.title,
                    label=item.label,
                )
                yield warning(FORM, item.key, "label_twice", message)
            if item.pattern and not item.pattern_hint:
                message = N_(
                    "“%(label)s” có mẫu kiểm tra nhưng không nói phải nhập thế nào. Hãy ghi pattern_hint.",
                    label=item.label,
                )
                yield warning(FORM, item.key, "pattern_without_hint", message)
            if item.type in CHOSEN and any(not option.label.strip() for option in item.options):
                message = N_("“%(label)s” có một lựa chọn trống. Hãy ghi chữ cho lựa chọn đó.", label=item.label)
                yield error(FORM, item.key, "option_without_label", message)
    for remark in form.remarks:
        yield warning(FORM, remark.element_id, remark.code, remark.message_vi)
