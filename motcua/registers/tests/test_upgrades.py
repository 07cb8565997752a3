"""Upgrading: each step as a table, order as a property, and the shipped registers from their first version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registers.rules.descriptions import read_description
from motcua.registers.rules.records import compile_check
from motcua.registers.rules.upgrades import Step, read_steps, upgrade
from motcua.registers.types import RegisterInvalid

SHIPPED = Path(__file__).resolve().parents[1] / "data"
_FIELDS = st.sampled_from("abc")
_DATA = st.dictionaries(_FIELDS, st.sampled_from("xyz"))
_STEP = st.one_of(
    st.builds(lambda a, b: {"rename": [a, b]}, _FIELDS, _FIELDS),
    st.builds(lambda a, v: {"set": [a, v]}, _FIELDS, st.sampled_from("xyz")),
    st.builds(lambda a: {"drop": a}, _FIELDS),
    st.builds(lambda a: {"map": [a, {"x": "y"}, "z"]}, _FIELDS),
)


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ({"rename": ["a", "b"]}, {"a": 1}, {"b": 1}),
        ({"rename": ["a", "b"]}, {"c": 1}, {"c": 1}),
        ({"set": ["a", 2]}, {}, {"a": 2}),
        ({"set": ["a", 2]}, {"a": 1}, {"a": 1}),
        ({"drop": "a"}, {"a": 1, "b": 2}, {"b": 2}),
        ({"map": ["a", {"Con": "child"}, "relative"]}, {"a": "Con"}, {"a": "child"}),
        ({"map": ["a", {"Con": "child"}, "relative"]}, {"a": "Dượng"}, {"a": "relative"}),
        ({"map": ["a", {"Con": "child"}]}, {"a": "Dượng"}, {}),
        ({"map": ["a", {"Con": "child"}]}, {"a": ["Con"]}, {}),
    ],
)
def test_a_step(step: Step, before: dict[str, object], after: dict[str, object]) -> None:
    assert upgrade(before, [step]) == after


@pytest.mark.slow
@given(_DATA, st.lists(_STEP, max_size=6), st.integers(1, 5))
def test_going_up_at_once_is_going_up_version_by_version(
    data: dict[str, str], steps: list[dict[str, Any]], per: int
) -> None:
    numbered: list[dict[str, Any]] = [{"to": 2 + place // per, **step} for place, step in enumerate(steps)]
    last: int = max((step["to"] for step in numbered), default=1)
    by_version = dict(data)
    for version in range(1, last):
        by_version = upgrade(by_version, [s for s in numbered if s["to"] == version + 1], written_in=version)
    assert upgrade(data, numbered, written_in=1) == by_version
    assert upgrade(data, numbered, written_in=last) == data


@pytest.mark.parametrize("step", [{"rise": 1}, {"rename": ["a"]}, {"to": 9, "drop": "a"}, {"to": 1, "drop": "a"}])
def test_a_step_that_is_none_is_refused_with_the_description(step: dict[str, object]) -> None:
    with pytest.raises(RegisterInvalid):
        read_steps({"upgrade": [step]}, version=2)


_FIRST = {
    "people": {"full_name": "Nguyễn Văn Thử", "personal_id": "079090000001", "relation_to_head": "Con"},
    "land": {"area_code": "26743", "sheet_no": "1", "parcel_no": "2", "right": "Sử dụng riêng"},
    "enterprises": {"tax_code": "0319900018", "name": "Công ty Thử", "kind": "enterprise"},
}


@pytest.mark.parametrize("code", _FIRST)
def test_what_the_first_version_of_a_shipped_register_kept_fits_its_present_one(code: str) -> None:
    folder = SHIPPED / code
    description = read_description((folder / "register.toml").read_bytes(), (folder / "schema.json").read_bytes())
    after = upgrade(_FIRST[code], description.steps, written_in=1)
    assert after != _FIRST[code] and compile_check(description.schema)(after) == ()
