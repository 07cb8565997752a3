"""How a field of a process form is shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from motcua.ui.rules import error_items, errors_by_key, field_view
from motcua.ui.tests.gallery import CHOICES, FILES, FakeField


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("textfield", "input"),
        ("number", "number"),
        ("textarea", "textarea"),
        ("datetime", "date"),
        ("select", "select"),
        ("radio", "radios"),
        ("checklist", "checkboxes"),
        ("checkbox", "checkbox"),
        ("file", "file"),
        ("text", "text"),
        ("something new", "input"),
    ],
)
def test_control_of_a_field(kind: str, expected: str) -> None:
    assert field_view(FakeField(kind, "k", "Nhãn")).control == expected


@pytest.mark.parametrize(
    ("properties", "attribute", "value"),
    [
        ({"kind": "personal_id"}, "inputmode", "numeric"),
        ({"kind": "phone"}, "inputmode", "tel"),
        ({"kind": "person_name"}, "autocomplete", "off"),
        ({"kind": "person_name", "fact": "applicant.full_name"}, "autocomplete", "name"),
        ({"fact": "child.full_name"}, "autocomplete", None),
    ],
)
def test_attributes_by_kind_of_fact(properties: dict[str, str], attribute: str, value: str | None) -> None:
    view = field_view(FakeField("textfield", "k", "Nhãn", properties=properties))
    assert view.attributes.get(attribute) == value


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("", "", "")),
        ({"k": "2026-03-07"}, ("7", "3", "2026")),
        ({"k": None}, ("", "", "")),
        ({"k-day": "31", "k-month": "2", "k-year": "26", "k": "2026-01-01"}, ("31", "2", "26")),
    ],
)
def test_date_is_shown_as_typed(values: dict[str, Any], expected: tuple[str, str, str]) -> None:
    parts = field_view(FakeField("datetime", "k", "Ngày"), values).date_parts
    assert (parts["day"], parts["month"], parts["year"]) == expected


def test_choices_and_values() -> None:
    view = field_view(FakeField("checklist", "k", "Chọn", values=CHOICES), {"k": ["a"]})
    assert view.choices == (("a", "Con đẻ"), ("b", "Con nuôi"))
    assert view.value_list == ("a",)
    assert field_view(FakeField("checkbox", "k", "Chọn"), {"k": True}).is_checked
    assert not field_view(FakeField("checkbox", "k", "Chọn"), {"k": False}).is_checked


def test_files_by_key_or_by_paper() -> None:
    field = FakeField("file", "k", "Giấy", properties={"paper": "P1"})
    assert field_view(field, files={"P1": FILES}).files == FILES
    assert field_view(field, files={"k": FILES[:1], "P1": FILES}).files == FILES[:1]
    assert field_view(field).files == ()


def test_static_text_loses_its_markdown_and_runs_no_html() -> None:
    view = field_view(FakeField("text", "k", "", text="## Tiêu đề\n\n**Đậm** <b>x</b>"))
    assert view.paragraphs == ("Tiêu đề", "Đậm <b>x</b>")


def test_first_error_of_a_field_is_shown() -> None:
    errors = [SimpleNamespace(key=key, message_vi=text) for key, text in (("a", "Một"), ("a", "Hai"), ("b", "Ba"))]
    assert errors_by_key(errors) == {"a": "Một", "b": "Ba"}
    assert error_items({"a": "Một"}) == [("a", "Một")]
