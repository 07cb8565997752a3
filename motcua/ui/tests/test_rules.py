"""How a field of a process form is shown."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from motcua.process.forms.types import FieldType
from motcua.process.public import Field, FieldError
from motcua.ui.rules import CONTROLS, error_items, errors_by_key, field_view, group_fields
from motcua.ui.tests.gallery import CHOICES, FIELDS, FILES, WARDS


def test_every_type_of_field_has_a_control() -> None:
    assert set(CONTROLS) == set(get_args(FieldType))


def test_list_from_outside_the_form_makes_a_choice_of_a_text_field() -> None:
    field = Field("k", "textfield", "Phường", kind="area")
    assert field_view(field).control == "input"
    view = field_view(field, {"k": "26734"}, choices=WARDS)
    assert view.control == "select"
    assert view.choices[0] == ("26734", "Phường Bến Thành")


@pytest.mark.parametrize(
    ("kind", "fact", "attribute", "value"),
    [
        ("personal_id", "", "inputmode", "numeric"),
        ("phone", "", "inputmode", "tel"),
        ("phone", "applicant.phone", "autocomplete", "tel"),
        ("person_name", "", "autocomplete", "off"),
        ("person_name", "applicant.full_name", "autocomplete", "name"),
        ("", "child.full_name", "autocomplete", None),
    ],
)
def test_attributes_by_kind_of_answer(kind: str, fact: str, attribute: str, value: str | None) -> None:
    view = field_view(Field("k", "textfield", "Nhãn", kind=kind, fact=fact))
    assert view.attributes.get(attribute) == value


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("", "", "")),
        ({"k": "2026-03-07"}, ("7", "3", "2026")),
        ({"k": "-3-27"}, ("27", "3", "")),
        ({"k": None}, ("", "", "")),
        ({"k-day": "31", "k-month": "2", "k-year": "26", "k": "2026-01-01"}, ("31", "2", "26")),
    ],
)
def test_date_is_shown_as_typed(values: dict[str, Any], expected: tuple[str, str, str]) -> None:
    parts = field_view(Field("k", "datetime", "Ngày"), values).date_parts
    assert (parts["day"], parts["month"], parts["year"]) == expected


def test_choices_and_values() -> None:
    view = field_view(Field("k", "checklist", "Chọn", options=CHOICES), {"k": ["a"]})
    assert view.choices == (("a", "Con đẻ"), ("b", "Con nuôi"))
    assert view.value_list == ("a",)
    assert field_view(Field("k", "checkbox", "Chọn"), {"k": True}).is_checked
    assert not field_view(Field("k", "checkbox", "Chọn"), {"k": False}).is_checked


def test_zero_is_an_answer() -> None:
    assert field_view(Field("k", "number", "Số"), {"k": 0}).value == "0"


def test_files_by_key_or_by_paper() -> None:
    field = Field("k", "filepicker", "Giấy", paper="P1")
    assert field_view(field, files={"P1": FILES}).files == FILES
    assert field_view(field, files={"k": FILES[:1], "P1": FILES}).files == FILES[:1]
    assert field_view(field).files == ()


def test_static_text_is_markdown_and_runs_no_html() -> None:
    view = field_view(Field("k", "text", "", text="## Tiêu đề\n\n**Đậm** <b>x</b>"))
    assert view.html == (
        '<h2 class="govuk-heading-m">Tiêu đề</h2>\n<p class="govuk-body"><strong>Đậm</strong> &lt;b&gt;x&lt;/b&gt;</p>'
    )


def test_sections_keep_the_order_of_the_page() -> None:
    assert [(section, len(run)) for section, run in group_fields(FIELDS)] == [("", 5), ("Về đứa trẻ", 3), ("", 4)]


def test_first_error_of_a_field_is_shown() -> None:
    errors = [FieldError("a", "Một"), FieldError("a", "Hai"), FieldError("b", "Ba")]
    assert errors_by_key(errors) == {"a": "Một", "b": "Ba"}
    assert errors_by_key([("a", "Một"), ("a", "Hai")]) == {"a": "Một"}
    assert error_items({"a": "Một"}) == [("a", "Một")]


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (Field("a", "textfield", "Số điện thoại"), True),
        (Field("a", "textfield", "Số điện thoại", required=True), False),
        (Field("a", "textfield", "Thư điện tử (nếu có)"), False),
        (Field("a", "textfield", "Ghi chú (không bắt buộc)"), False),
        (Field("a", "checkbox", "Tôi cam đoan"), False),
    ],
)
def test_optional_is_said_once(field: Field, says: bool) -> None:
    assert field_view(field).is_optional is says
