"""Forms: reading a schema, cleaning a page, checking a whole form, reading back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from motcua.process.public import (
    CleanResult,
    Form,
    FormDefinitionError,
    PaperSpec,
    UnknownPageError,
    check_form,
    clean_page,
    date_parts,
    make_generic_form,
    parse_form,
    summarise,
    visible_data,
    visible_fields,
    visible_pages,
)

TODAY = date(2026, 11, 22)
WARDS = {"area": {"26743": "Phường Bến Thành"}}


def field(type_name: str = "textfield", key: str = "a", label: str = "Câu hỏi", **more: Any) -> dict[str, Any]:
    return {"type": type_name, "key": key, "label": label, **more}


def form(*components: dict[str, Any]) -> Form:
    return parse_form({"type": "default", "components": list(components)})


def clean(component: dict[str, Any], *raw: str, **parts: str) -> CleanResult:
    made = form(component)
    names = {component["key"]: list(raw)} if raw else {}
    return clean_page(made, "trang-1", {**names, **parts}, today=TODAY, choices=WARDS, files={})


def page(label: str, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "group", "label": label, "components": list(components), **more}


YES_NO = [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]
BIRTH = form(
    page(
        "Trẻ em",
        field(key="child", label="Họ và tên trẻ", validate={"required": True}, properties={"kind": "person_name"}),
        field("datetime", "born_on", "Ngày sinh", validate={"required": True}, properties={"when": "past"}),
        id="tre-em",
    ),
    page(
        "Cha mẹ",
        field("radio", "married", "Cha mẹ đã kết hôn?", values=YES_NO, validate={"required": True}),
        page(
            "Người cha",
            field(key="father", label="Họ và tên cha", validate={"required": True}),
            conditional={"hide": '=married != "yes"'},
        ),
        id="cha-me",
    ),
    page(
        "Giấy chứng nhận kết hôn",
        field("filepicker", "paper_marriage", "Giấy chứng nhận kết hôn", validate={"required": True}),
        id="ket-hon",
        conditional={"hide": '=married != "yes"'},
    ),
)


@pytest.mark.parametrize(
    ("component", "raw", "value"),
    [
        (field(), "  Nguyễn\tThị  Lan ", "Nguyễn Thị Lan"),
        (field(), "Nguye\u0302\u0303n", "Nguyễn"),
        (field(), "a\x00b\u200bc\ud800", "abc"),
        (field("textarea"), "a\r\nb\n\n\n\nc ", "a\nb\n\nc"),
        (field("number"), "1.200.000", 1_200_000),
        (field("number", decimalDigits=2), "82,5", 82.5),
        (field("number", decimalDigits=2), "1.250,75", 1250.75),
        (field("number"), "12.0", 12),
        (field("number", properties={"kind": "money"}), "2.000 đồng", 2000),
        (field("select", values=YES_NO), "yes", "yes"),
        (field("datetime"), "2026-03-27", "2026-03-27"),
        (field("datetime"), "27/3/2026", "2026-03-27"),
        (field("checkbox"), "on", True),
        (field(properties={"kind": "phone"}), "0912 345 678", "+84912345678"),
        (field(properties={"kind": "personal_id"}), "079 190 001 234", "079190001234"),
        (field(validate={"validationType": "email"}), "lan@example.com", "lan@example.com"),
        (field("select", properties={"kind": "area"}), "26743", "26743"),
        (field(properties={"kind": "person_name"}), "H’Hen Niê", "H’Hen Niê"),
    ],
)
def test_reads_an_answer(component: dict[str, Any], raw: str, value: Any) -> None:
    result = clean(component, raw)
    assert result.errors == ()
    assert result.values == {"a": value}
    assert check_form(form(component), result.values, choices=WARDS, today=TODAY) == ()
    assert json.loads(json.dumps(result.values)) == result.values


@pytest.mark.parametrize(
    ("component", "raw", "sentence"),
    [
        (field(validate={"required": True}), " ", "Hãy nhập “Câu hỏi”."),
        (field("radio", values=YES_NO, validate={"required": True}), "", "Hãy chọn “Câu hỏi”."),
        (field("checkbox", validate={"required": True}), "", "Hãy đánh dấu vào ô “Câu hỏi” để tiếp tục."),
        (field("select", values=YES_NO), "maybe", "Hãy chọn “Câu hỏi” trong danh sách."),
        (field("checklist", values=YES_NO), "maybe", "Hãy chọn “Câu hỏi” trong danh sách."),
        (field("select", properties={"kind": "area"}), "99999", "Hãy chọn “Câu hỏi” trong danh sách."),
        (field(validate={"maxLength": 5}), "abcdef", "“Câu hỏi” dài 6 ký tự; hãy rút ngắn còn tối đa 5 ký tự."),
        (field(validate={"minLength": 5}), "abc", "“Câu hỏi” cần ít nhất 5 ký tự; hãy nhập đầy đủ hơn."),
        (field(validate={"pattern": "[0-9]+"}), "x", "“Câu hỏi” chưa đúng mẫu; hãy xem hướng dẫn bên dưới câu hỏi."),
        (field(validate={"pattern": "[0-9]+"}, properties={"pattern_hint": "Chỉ nhập số."}), "x", "Chỉ nhập số."),
        (field("number"), "mười hai", "“Câu hỏi” phải là số; hãy nhập bằng chữ số, ví dụ 12."),
        (field("number"), "1e9", "“Câu hỏi” phải là số; hãy nhập bằng chữ số, ví dụ 12."),
        (field("number"), "1,5", "“Câu hỏi” phải là số nguyên, không có phần lẻ; hãy nhập lại."),
        (field("number", validate={"min": 1}), "0", "“Câu hỏi” phải từ 1 trở lên; hãy kiểm tra lại."),
        (field("number", validate={"max": "7"}), "8", "“Câu hỏi” không được quá 7; hãy kiểm tra lại."),
        (field("datetime"), "30/2/2026", "“Câu hỏi” không phải ngày có thật; hãy nhập như 27 3 1990."),
        (field("datetime"), "hôm qua", "“Câu hỏi” không phải ngày có thật; hãy nhập như 27 3 1990."),
        (field("datetime", properties={"when": "past"}), "2026-11-23",
         "“Câu hỏi” không được sau hôm nay; hãy kiểm tra lại năm."),
        (field("datetime", properties={"when": "future"}), "2026-11-21",
         "“Câu hỏi” không được trước hôm nay; hãy chọn ngày khác."),
        (field(properties={"kind": "email"}), "a@b",
         "Câu hỏi: địa chỉ thư điện tử không đúng; hãy nhập như ten@example.com."),
        (field(properties={"kind": "person_name"}), "Lan 2", "Câu hỏi: họ và tên chỉ gồm chữ; hãy nhập như trên giấy "
         "tờ, ví dụ Nguyễn Thị Lan."),
        (field("filepicker", validate={"required": True}), "", "Hãy tải lên “Câu hỏi”."),
    ],
)  # fmt: skip
def test_says_what_to_do(component: dict[str, Any], raw: str, sentence: str) -> None:
    result = clean(component, raw)
    assert [error.message_vi for error in result.errors] == [sentence]
    assert result.values in ({}, {"a": False})
    assert result.typed.get("a", raw) is not None


def test_a_date_may_come_in_three_parts() -> None:
    component = field("datetime")
    good = clean(component, **{"a-day": "7", "a-month": "3", "a-year": "1990"})
    assert good.values == {"a": "1990-03-07"}
    half = clean(component, **{"a-day": "7", "a-month": "", "a-year": "1990"})
    assert half.errors[0].message_vi == "“Câu hỏi” còn thiếu tháng; hãy nhập đủ ngày, tháng, năm."
    assert half.typed == {"a": "1990--7"}
    assert date_parts(half.typed["a"]) == ("7", "", "1990")
    assert date_parts("1990-03-07") == ("7", "3", "1990")
    assert date_parts(None) == ("", "", "")


def test_a_doubtful_number_is_a_warning_only() -> None:
    result = clean(field(properties={"kind": "personal_id"}), "123456789")
    assert result.errors == ()
    assert len(result.warnings) == 1


def test_conditions_decide_what_is_asked() -> None:
    married, single = {"married": "yes"}, {"married": "no"}
    assert [item.key for item in visible_pages(BIRTH, married)] == ["tre-em", "cha-me", "ket-hon"]
    assert [item.key for item in visible_pages(BIRTH, single)] == ["tre-em", "cha-me"]
    assert [item.key for item in visible_fields(BIRTH, "cha-me", single)] == ["married"]
    assert visible_fields(BIRTH, "cha-me", married)[1].section == "Người cha"
    hidden = clean_page(BIRTH, "cha-me", {"married": "no", "father": "Ai đó"})
    assert (hidden.values, hidden.errors) == (single, ())
    asked = clean_page(BIRTH, "cha-me", {"married": "yes"})
    assert [error.key for error in asked.errors] == ["father"]
    other_page = clean_page(BIRTH, "ket-hon", {}, data=single, files={})
    assert other_page.errors == ()
    assert [error.key for error in clean_page(BIRTH, "ket-hon", {}, data=married, files={}).errors] == [
        "paper_marriage"
    ]
    assert clean_page(BIRTH, "ket-hon", {}, data=married, files={"paper_marriage": ["a.pdf"]}).errors == ()
    assert clean_page(BIRTH, "ket-hon", {}, data=married).errors == ()


def test_a_whole_form_is_checked_again_before_filing() -> None:
    data = {"child": "Lê Minh An", "born_on": "2026-11-02", "married": "no", "father": "cũ", "fee": 0}
    errors = check_form(BIRTH, data, files={}, today=TODAY)
    assert [error.key for error in errors] == ["fee"]
    assert visible_data(BIRTH, data) == {"child": "Lê Minh An", "born_on": "2026-11-02", "married": "no"}
    wrong: dict[str, Any] = {"child": ["x"], "born_on": 20261102, "married": {"a": 1}}
    assert {error.key for error in check_form(BIRTH, wrong)} == {"child", "born_on", "married", "father"}
    assert {error.key for error in check_form(BIRTH, {})} == {"child", "born_on", "married"}
    broken = {"child": "Nguye\u0302\u0303n Lan", "born_on": "2026-11-2", "married": "yes", "father": "a\x00"}
    assert {error.key for error in check_form(BIRTH, broken)} == {"child", "born_on", "father"}


def test_reads_answers_back() -> None:
    data = {"child": "Lê Minh An", "born_on": "2026-11-02", "married": "yes", "father": "Lê Văn Bình"}
    pages = summarise(BIRTH, data, files={"paper_marriage": ("ket-hon.pdf",)})
    assert [(row.label, row.value_text) for item in pages for row in item.rows] == [
        ("Họ và tên trẻ", "Lê Minh An"),
        ("Ngày sinh", "02/11/2026"),
        ("Cha mẹ đã kết hôn?", "Có"),
        ("Họ và tên cha", "Lê Văn Bình"),
        ("Giấy chứng nhận kết hôn", "ket-hon.pdf"),
    ]
    kinds = form(
        field("number", "money", properties={"kind": "money"}),
        field("number", "floor", decimalDigits=1, appearance={"suffixAdorner": "m²"}),
        field("checklist", "some", values=YES_NO),
        field("select", "area", properties={"kind": "area"}),
        field("textfield", "phone", properties={"kind": "phone"}),
        field("checkbox", "agree"),
        field("textfield", "empty"),
    )
    answers = {"money": 1_200_000, "floor": 1082.5, "some": ["yes", "no"], "area": "26743", "phone": "+84912345678"}
    rows = summarise(kinds, {**answers, "agree": True}, choices=WARDS)[0].rows
    assert [row.value_text for row in rows] == [
        "1.200.000 đồng", "1.082,5 m²", "Có; Không", "Phường Bến Thành", "0912345678", "Có", "",
    ]  # fmt: skip


def test_pages_come_from_groups_and_loose_questions() -> None:
    made = form(field(key="x"), page("Hai", field(key="y"), id="hai"), field(key="z"), {"type": "separator"})
    assert [(item.key, item.title) for item in made.pages] == [
        ("trang-1", "Thông tin"),
        ("hai", "Hai"),
        ("trang-3", "Thông tin"),
    ]
    with pytest.raises(UnknownPageError):
        made.get_page("ba")


@pytest.mark.parametrize(
    ("code", "schema"),
    [
        ("form_empty", {}),
        ("form_empty", {"components": []}),
        ("form_empty", {"components": "x"}),
        ("form_empty", []),
        ("unsupported", {"components": [{"type": "iframe", "label": "x", "url": "https://example.com"}]}),
        ("unsupported", {"components": [{"type": "documentPreview", "label": "x"}]}),
        ("unsupported", {"components": [field("datetime", subtype="week")]}),
        ("list_empty", {"components": [{"type": "dynamiclist", "path": "a", "label": "x"}]}),
        ("unsupported", {"components": [{"type": ["x"], "key": "a"}]}),
        ("component_unreadable", {"components": ["text"]}),
        ("key_unreadable", {"components": [field(key="a-day")]}),
        ("key_unreadable", {"components": [field(key="")]}),
        ("key_twice", {"components": [field(), field()]}),
        ("field_without_label", {"components": [field(label="")]}),
        ("field_without_options", {"components": [field("select")]}),
        ("options_unreadable", {"components": [field("radio", values=[{"value": "a"}, {"value": "a"}])]}),
        ("kind_unknown", {"components": [field(properties={"kind": "shoe_size"})]}),
        ("property_unreadable", {"components": [field("datetime", properties={"when": "soon"})]}),
        ("pattern_unreadable", {"components": [field(validate={"pattern": "("})]}),
        ("pattern_unsafe", {"components": [field(validate={"pattern": "(a+)+"})]}),
        ("pattern_unsafe", {"components": [field(validate={"pattern": "a" * 300})]}),
        ("expression_unreadable", {"components": [field(conditional={"hide": "=1 +"})]}),
        ("page_without_title", {"components": [page("", field())]}),
        ("page_empty", {"components": [page("Trống")]}),
        ("page_twice", {"components": [page("A", field(), id="a"), page("B", field(key="b"), id="a")]}),
        ("form_too_large", {"components": [field(key=f"k{n}") for n in range(501)]}),
        ("group_too_deep", {"components": [page("1", page("2", page("3", page("4", page("5", page("6", field()))))))]}),
    ],
)
def test_refuses_a_form_that_cannot_be_used(code: str, schema: Any) -> None:
    with pytest.raises(FormDefinitionError) as caught:
        parse_form(schema)
    assert code in {problem.code for problem in caught.value.problems}
    assert caught.value.message.startswith("Chưa dùng được biểu mẫu này.")


def test_the_generic_form_asks_for_every_paper() -> None:
    papers = [
        PaperSpec("1", "Giấy chứng sinh"),
        PaperSpec("tờ khai", "", required=False),
        PaperSpec("b", "Bản sao"),
        PaperSpec("b", "Bản sao nữa"),
    ]
    made = parse_form(make_generic_form("Đăng ký khai sinh", papers))
    assert [item.key for item in made.pages] == ["nguoi-nop", "noi-dung", "giay-to"]
    uploads = made.get_page("giay-to").fields
    assert [(item.key, item.paper, item.required) for item in uploads] == [
        ("paper_1", "1", True), ("paper_2", "tờ khai", False), ("paper_b", "b", True), ("paper_3", "b", True),
    ]  # fmt: skip
    assert made.facts["applicant.full_name"] == "full_name"
    assert parse_form(make_generic_form("Không giấy tờ")).pages[-1].key == "noi-dung"
