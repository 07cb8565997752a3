"""Forms: lists, computed values, choices from data, texts with expressions, limits, JSON Schema."""

from __future__ import annotations

import json
import random
import time
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.process.public import (
    Form,
    FormDefinitionError,
    change_rows,
    check_form,
    clean_page,
    json_schema,
    parse_form,
    place_fields,
    summarise,
    visible_data,
    with_defaults,
)
from motcua.process.tests.answers import WARDS, make_data
from motcua.process.tests.test_form_vectors import READ

TODAY = date(2026, 11, 22)
YES_NO = [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]


def field(type_name: str = "textfield", key: str = "a", label: str = "Câu hỏi", **more: Any) -> dict[str, Any]:
    return {"type": type_name, "key": key, "label": label, **more}


def form(*components: dict[str, Any], **more: Any) -> Form:
    group = {"type": "group", "id": "p", "label": "Trang", "components": list(components), **more}
    return parse_form({"components": [group]})


def household(**more: Any) -> Form:
    name = field(key="name", label="Họ tên", validate={"required": True})
    income = field("number", "income", "Thu nhập", properties={"kind": "money"})
    rows = {"type": "dynamiclist", "path": "members", "label": "Thành viên", "components": [name, income], **more}
    return form(rows, {"type": "expression", "key": "heads", "expression": "=count(members)"})


def test_choices_come_from_data_and_from_expressions() -> None:
    made = form(
        field("taglist", "wanted", "Muốn", values=YES_NO),
        field("select", "one", "Chọn một", valuesExpression='=for w in wanted return {label: "Là " + w, value: w}'),
        field("select", "two", "Chọn hai", valuesKey="wanted"),
    )
    shown = {item.key: item for item in place_fields(made, "p", {"wanted": ["yes"]})}
    assert [(option.value, option.label) for option in shown["one"].options] == [("yes", "Là yes")]
    assert [option.value for option in shown["two"].options] == ["yes"]
    assert clean_page(made, "p", {"wanted": ["yes"], "one": "yes"}).errors == ()
    wrong = clean_page(made, "p", {"wanted": ["yes"], "one": "no"})
    assert [error.key for error in wrong.errors] == ["one"]


def test_texts_are_filled_in_and_stay_harmless() -> None:
    made = form(
        field(key="name", label="Tên"),
        field(key="job", label="Việc của {{name}}", description="{{#if name = null}}chưa có tên{{/if}}"),
        {"type": "text", "text": "Chào **{{name}}**{{#loop [1, 2]}} {{this}}{{/loop}}"},
        {"type": "html", "content": "<p onclick='x()'>Bạn {{name}}<script>alert(1)</script></p>"},
    )
    nasty = "<b>**Lan** [x](https://example.com)"
    shown = place_fields(made, "p", {"name": nasty})
    assert shown[1].label == f"Việc của {nasty}"
    assert shown[1].description == ""
    assert "&lt;b&gt;**Lan** [x](https://example.com)</strong> 1 2" in shown[2].text
    assert shown[3].text == "<p>Bạn &lt;b&gt;**Lan** [x](https://example.com)</p>"
    assert place_fields(made, "p", {})[1].description == "chưa có tên"


def test_what_can_only_be_read_is_never_taken_from_the_browser() -> None:
    made = form(
        field(key="known", label="Đã biết", readonly=True, validate={"required": True}),
        field(key="off", label="Tắt", disabled=True, defaultValue="mặc định"),
        field(key="maybe", label="Có lúc", readonly="=known != null"),
        {"type": "expression", "key": "sum", "expression": "=1 + 1"},
    )
    result = clean_page(made, "p", {"known": "giả", "off": "giả", "maybe": "giả", "sum": "9"}, data={"known": "thật"})
    assert result.errors == ()
    assert visible_data(made, {"known": "thật", "off": "giả", "sum": 9} | result.kept) == {"known": "thật", "sum": 2}
    assert clean_page(made, "p", {"maybe": "được"}).values == {"maybe": "được"}


def test_limits_may_be_expressions() -> None:
    made = form(
        field("number", "most", "Nhiều nhất"),
        field("number", "n", "Số", validate={"max": "=most", "min": "=most - 2"}),
        field(key="code", label="Mã", validate={"maxLength": "=most", "pattern": '="[A-Z]+"'}),
    )
    assert clean_page(made, "p", {"most": "5", "n": "5", "code": "ABC"}).errors == ()
    wrong = clean_page(made, "p", {"most": "3", "n": "5", "code": "ABCD"})
    assert [error.key for error in wrong.errors] == ["n", "code"]
    assert [error.key for error in clean_page(made, "p", {"most": "9", "code": "abc"}).errors] == ["code"]


def test_steps_times_and_texts_of_numbers() -> None:
    made = form(
        field("number", "half", "Nửa", decimalDigits=1, increment="0.5"),
        field("number", "text", "Chữ", serializeToString=True, decimalDigits=3),
        field("datetime", "at", "Giờ", subtype="time", timeInterval=15, timeSerializingFormat="utc_normalized"),
        field("datetime", "on", "Ngày giờ", subtype="datetime", timeSerializingFormat="utc_normalized"),
    )
    raw = {"half": "1,5", "text": "1,250", "at": "6h30", "on-day": "1", "on-month": "3", "on-year": "2026"}
    result = clean_page(made, "p", raw | {"on-time": "5:45"})
    assert result.errors == ()
    assert result.values == {"half": 1.5, "text": "1.25", "at": "23:30Z", "on": "2026-02-28T22:45Z"}
    rows = summarise(made, result.values)[0].rows
    assert [row.value_text for row in rows] == ["1,5", "1,25", "06:30", "05:45 01/03/2026"]
    wrong = clean_page(made, "p", {"half": "1,2", "at": "6:20", "on-day": "1"})
    assert [error.key for error in wrong.errors] == ["half", "at", "on"]


def test_a_list_reads_back_as_a_table() -> None:
    made = household()
    data = {"members": [{"name": "An", "income": 1_000_000}, {}, {"name": "Bình"}]}
    row = summarise(made, data)[0].rows[0]
    assert row.value_text == "1) An, 1.000.000 đồng; 2) Bình"
    assert row.table is not None
    assert row.table.headings == ("Họ tên", "Thu nhập")
    assert row.table.rows == (("An", "1.000.000 đồng"), ("Bình", ""))
    assert visible_data(made, data)["heads"] == 2


def test_rows_are_bounded() -> None:
    made = household(properties={"min_rows": "1", "max_rows": "2"})
    assert [error.key for error in check_form(made, {})] == ["members"]
    many = {"members": [{"name": "x"}] * 3}
    assert "nhiều nhất 2" in check_form(made, many)[0].message_vi
    flood = {"members": [{"name": "x"}] * 10_000}
    assert check_form(made, flood)
    posted = {"members[]": [str(number) for number in range(900)]}
    assert len(clean_page(made, "p", posted).kept["members"]) <= 100
    fixed = household(allowAddRemove=False, defaultRepetitions=2)
    assert [error.key for error in check_form(fixed, {})] == ["members[0].name", "members[1].name"]
    assert len(with_defaults(fixed, "p", {})["members"]) == 2


@pytest.mark.parametrize(
    ("code", "components"),
    [
        ("computed_cycle", [{"type": "expression", "key": "a", "expression": "=b"},
                            {"type": "expression", "key": "b", "expression": "=a + 1"}]),
        ("computed_cycle", [{"type": "expression", "key": "a", "expression": "=a + 1"}]),
        ("computed_cycle", [field(key="x", label="X", conditional={"hide": "=a > 1"}),
                            {"type": "expression", "key": "a", "expression": "=x"}]),
        ("key_twice", [field(key="child"), field(key="child.name")]),
        ("unsupported", [{"type": "dynamiclist", "path": "l", "label": "L", "components": [field("filepicker")]}]),
        ("unsupported", [{"type": "fileviewer3000", "label": "x"}]),
        ("image_source", [{"type": "image", "source": "https://example.com/a.png"}]),
        ("image_source", [{"type": "image", "source": "//example.com/a.png"}]),
        ("table_unreadable", [{"type": "table", "label": "Bảng"}]),
        ("check_without_hint", [field(properties={"check": "=a = 1"})]),
        ("expression_unreadable", [field(label="{{1 +}}")]),
        ("expression_unreadable", [field(label="{{#if a}}x")]),
        ("expression_unreadable", [{"type": "expression", "key": "a", "expression": ""}]),
        ("pattern_unsafe", [field(validate={"pattern": r"\w*\w*\w*x"})]),
        ("pattern_unsafe", [field(validate={"pattern": "(?=a)b"})]),
        ("pattern_unsafe", [field(validate={"pattern": r"(\d+){9}"})]),
        ("path_unreadable", [{"type": "group", "label": "G", "path": "a b", "components": [field()]}]),
    ],
)  # fmt: skip
def test_refuses_by_name(code: str, components: list[dict[str, Any]]) -> None:
    with pytest.raises(FormDefinitionError) as caught:
        form(*components)
    assert code in {problem.code for problem in caught.value.problems}


def nest(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = field()
    for _ in range(depth):
        inner = {"type": "group", "label": "G", "components": [inner]}
    return inner


@pytest.mark.parametrize(
    "schema",
    [
        {"components": [field(key=f"k{number}") for number in range(10_000)]},
        {"components": [{"type": "text", "text": "a" * 5_000_000}]},
        {"components": [{"type": "text", "text": "a" * 19_000}] * 300},
        {"components": [nest(500)]},
        {"components": [field("select", values=[{"value": str(number)} for number in range(100_000)])]},
        {
            "components": [
                {"type": "expression", "key": f"k{n}", "expression": f"=k{(n + 1) % 400}"} for n in range(400)
            ]
        },
        {"components": [["x"]] * 100_000},
    ],
    ids=["fields", "text", "texts", "depth", "choices", "circle", "junk"],
)
def test_a_form_too_large_is_refused_at_once(schema: dict[str, Any]) -> None:
    begun = time.perf_counter()
    with pytest.raises(FormDefinitionError):
        parse_form(schema)
    assert time.perf_counter() - begun < 3


def test_a_form_without_groups_is_cut_into_pages_and_a_long_page_is_flagged() -> None:
    made = parse_form({"components": [field(key=f"k{number}") for number in range(30)]})
    assert [sum(item.is_input for item in page.fields) for page in made.pages] == [12, 12, 6]
    assert made.pages[0].title == "Thông tin (1/3)"
    long = form(*(field(key=f"k{number}") for number in range(26)))
    assert [remark.code for remark in long.remarks] == ["page_too_long"]


NAMES = st.sampled_from(["add_row", "remove_row", "x[]", "x[0].a", "x[1].a", "x[1].b[]"])
ROWS = st.text(max_size=12) | st.sampled_from(["x", "x[0]", "x[1]", "x[1].b", "0", "1"])


@pytest.mark.slow
@given(st.lists(st.tuples(NAMES, ROWS)))
def test_any_press_of_row_buttons_is_harmless(posted: list[tuple[str, str]]) -> None:
    raw: dict[str, list[str]] = {}
    for name, value in posted:
        raw.setdefault(name, []).append(value)
    changed, _name = change_rows(raw)
    assert "add_row" not in changed
    assert "remove_row" not in changed


FORMS = [(parse_form(vector["form"]), vector) for vector in READ["vectors"]]
RAW = st.dictionaries(
    st.sampled_from(sorted({key for _, vector in FORMS for key in vector["post"]})),
    st.sampled_from(["", "yes", "no", "true", "An", "1", "12,5", "1.000.000", "0", "x", "2026-11-01", "13:30"])
    | st.lists(st.sampled_from(["0", "1", "yes"]), max_size=3),
    max_size=12,
)


@pytest.mark.slow
@given(st.sampled_from(FORMS), RAW)
def test_cleaned_answers_hold(pair: tuple[Form, dict[str, Any]], extra: dict[str, Any]) -> None:
    """What counts is stable, nothing hidden is filed, and what a form accepts its schema accepts."""
    made, vector = pair
    result = clean_page(made, "p", vector["post"] | extra, today=TODAY)
    filed = visible_data(made, result.kept)
    assert visible_data(made, filed) == filed
    shown = {item.path[0] for item in place_fields(made, "p", filed) if item.has_value}
    assert set(filed) <= shown
    if not check_form(made, filed, today=TODAY):
        jsonschema_rs.validator_for(json_schema(made)).validate(json.loads(json.dumps(filed)))
    if not result.errors:
        assert check_form(made, filed, today=TODAY) == ()


@pytest.mark.parametrize("number", range(20))
def test_a_schema_accepts_what_a_form_accepts(number: int) -> None:
    chance = random.Random(number)
    kinds = ["textfield", "number", "datetime", "select", "radio", "checkbox", "checklist", "textarea"]
    parts = []
    for place, kind in enumerate(kinds * 2):
        rules = {"required": chance.random() < 0.5, "min": -5, "max": 9}
        part = field(kind, f"k{place}", values=YES_NO, validate=rules)
        if place > 8 and chance.random() < 0.4:
            part["conditional"] = {"hide": '=k4 != "yes"'}
        parts.append(part)
    made = form(*parts)
    data = make_data(made, chance, today=TODAY)
    assert check_form(made, data, choices=WARDS, today=TODAY) == ()
    schema = json_schema(made)
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validator_for(schema).validate(data)
    assert not jsonschema_rs.validator_for(schema).is_valid(data | {"unknown": 1})
