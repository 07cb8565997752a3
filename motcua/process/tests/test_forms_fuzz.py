"""Whatever is posted or imported: an answer or a sentence, never a crash; what is accepted is accepted again."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.process.public import (
    FormDefinitionError,
    PaperSpec,
    check_form,
    clean_page,
    make_generic_form,
    parse_form,
    summarise,
)

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 22)
OPTIONS = [{"label": "Có", "value": "yes"}, {"label": "Không", "value": "no"}]
TYPES = ["textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "filepicker"]
KINDS = ["", "personal_id", "tax_code", "phone", "email", "person_name", "area", "money", "address"]
EVERYTHING = parse_form(
    {
        "components": [
            {
                "type": "group",
                "id": "trang-1",
                "label": "Trang",
                "components": [
                    {
                        "type": type_name,
                        "key": f"{type_name}_{kind}",
                        "label": f"Câu {type_name} {kind}",
                        "values": OPTIONS if type_name in ("select", "radio", "checklist") and not kind else [],
                        "properties": {"kind": kind or "address"}
                        if type_name in ("textfield", "textarea")
                        else {"kind": kind},
                        "decimalDigits": 2,
                        "validate": {"pattern": "[A-Z]*"} if kind == "address" else {},
                    }
                    for type_name in TYPES
                    for kind in (
                        KINDS if type_name.startswith("text") else ["", "area"] if type_name == "select" else [""]
                    )
                ],
            }
        ]
    }
)
KEYS = [field.key for field in EVERYTHING.fields]
NAMES = st.sampled_from([*KEYS, *(f"datetime_-{part}" for part in ("day", "month", "year"))]) | st.text(max_size=10)
NASTY = st.sampled_from(
    [
        *("\x00", "\ud83d", "a" * 50_000, "1" * 400, "-0", "NaN", "1e999", "İ" * 300, "\u202e", "🜁", "٣", "９９"),
        *("on", "yes", "0912345678", "079190001234", "2026-02-29", "27/3/1990", "0000-00-00", "\r\n" * 500),
    ]
)
TEXTS = st.text(max_size=60) | NASTY
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(NAMES, TEXTS | st.lists(TEXTS, max_size=4), max_size=12))
def test_any_post_gives_values_or_sentences(raw: dict[str, Any]) -> None:
    result = clean_page(EVERYTHING, "trang-1", raw, today=TODAY, files={})
    for error in result.errors:
        assert error.key in KEYS
        assert error.message_vi.endswith(".")
        assert len(error.message_vi) < 300
    text = json.dumps(result.values, ensure_ascii=False)
    assert unicodedata.is_normalized("NFC", text)
    assert "\x00" not in text
    text.encode()
    assert check_form(EVERYTHING, result.values, today=TODAY) == ()
    summarise(EVERYTHING, result.values)


@given(st.dictionaries(NAMES, TEXTS, max_size=6))
def test_what_was_accepted_is_accepted_when_posted_again(raw: dict[str, str]) -> None:
    first = clean_page(EVERYTHING, "trang-1", raw, today=TODAY)
    posted = {key: "on" if value is True else value for key, value in first.values.items() if value is not False}
    again = {key: str(value).replace(".", ",") if isinstance(value, float) else value for key, value in posted.items()}
    again = {key: str(value) if isinstance(value, int) else value for key, value in again.items()}
    second = clean_page(EVERYTHING, "trang-1", again, today=TODAY)
    assert second.values == first.values


@given(st.dictionaries(NAMES, ANY, max_size=10))
def test_any_data_is_checked(data: dict[str, Any]) -> None:
    for error in check_form(EVERYTHING, data, files={}, today=TODAY):
        assert error.message_vi.endswith(".")
    summarise(EVERYTHING, data)


COMPONENT = st.dictionaries(
    st.sampled_from(
        ["type", "key", "label", "values", "validate", "conditional", "properties", "components", "id", "text",
         "decimalDigits", "appearance", "subtype", "path", "expression", "dataSource", "columns", "content", "source",
         "valuesExpression", "valuesKey", "defaultRepetitions", "layout", "isRepeating", "readonly", "defaultValue"]
    ),
    st.sampled_from([*TYPES, "group", "text", "dynamiclist", "expression", "table", "html", "image", "=a + 1", "{{a}}"])
    | ANY,
    max_size=8,
)  # fmt: skip


@given(st.fixed_dictionaries({"components": st.lists(COMPONENT, max_size=4)}) | ANY)
def test_any_schema_is_read_or_refused(schema: Any) -> None:
    with contextlib.suppress(FormDefinitionError):
        parse_form(schema)


@given(st.text(max_size=100), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=400)), max_size=6))
def test_a_generic_form_is_always_usable(title: str, names: list[tuple[str, str]]) -> None:
    papers = [PaperSpec(code, name) for code, name in dict(names).items()]
    parse_form(make_generic_form(title, papers))
