"""The demonstration's registers agree with its people: each row fits its register, each number names somebody."""

from __future__ import annotations

import pytest

from motcua.project.demo_city.families import BY_ID, FAMILY_CHILDREN
from motcua.project.demo_city.people import FIRMS, RESIDENTS
from motcua.project.demo_city.registers import MAKERS, OWNERS
from motcua.registers.tests.shipped import read_shipped


@pytest.mark.parametrize("code", MAKERS)
def test_each_row_fits_its_register_and_names_people_that_are_there(code: str) -> None:
    shipped, rows = read_shipped(code), list(MAKERS[code]())
    assert rows and code in OWNERS
    known = {
        ("people", "personal_id"): {*BY_ID, *(child.personal_id for child in FAMILY_CHILDREN)},
        ("enterprises", "tax_code"): {firm.tax_code for firm in FIRMS},
    }
    for row in rows:
        assert shipped.find_faults(row) == ()
        for relation in shipped.relations:
            numbers = known.get((relation.register, relation.key))
            assert numbers is None or relation.field not in row or row[relation.field] in numbers
    for name in shipped.key_names:
        values = [found[name] for row in rows if name in (found := shipped.find_keys(row))]
        assert len(values) == len(set(values))


def test_the_people_of_the_demonstration_break_no_quality_rule() -> None:
    shipped = read_shipped("people")
    broken = [
        (rule.code, row["personal_id"])
        for row in MAKERS["people"]()
        for rule in shipped.quality
        if not rule.holds.is_true(row)
    ]
    assert broken == []


def test_the_mother_of_the_demonstration_has_a_husband_and_a_home_in_three_registers() -> None:
    mother = RESIDENTS[0].personal_id
    acts = [row for row in MAKERS["civil_status"]() if row.get("wife_id") == mother]
    homes = [row for row in MAKERS["residences"]() if row["personal_id"] == mother and row["kind"] == "permanent"]
    assert len(acts) == 1 and acts[0]["husband_id"] in BY_ID
    assert len(homes) == 1 and homes[0]["address"]
