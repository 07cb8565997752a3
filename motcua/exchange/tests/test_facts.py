"""Facts from registers: only by grant, purpose and ground; a stranger's only to who knows him; down is not lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import Actor, list_reads_of
from motcua.exchange.models import Grant
from motcua.exchange.public import (
    FACT_GROUND,
    FACT_PURPOSE,
    FactValue,
    ensure_fact_grants,
    get_fact_catalogue,
    list_closed_registers,
    list_fact_words,
    list_needed_fields,
    resolve_facts,
    set_register_open,
)
from motcua.exchange.rules.facts import check_ask, choose, hash_fact, is_proved, parse_subject
from motcua.exchange.tests.factories import ASKER, OWNER
from motcua.exchange.types.facts import FactOffer, FactRule
from motcua.registers.public import Reading, ReadingRefused, list_registers, write_record
from motcua.registers.tests.factories import describe

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=400)
HANH, AN, LAN = "079190900001", "079185900002", "079170000003"
READING = Reading(
    actor=Actor(kind="resident", id="r", name="Nguyễn Thị Thử"), purpose=FACT_PURPOSE, legal_ground=FACT_GROUND
)


def write(register: str, **data: Any) -> Any:
    return write_record(register, data, valid_from=SINCE, source="Công an Thành phố", now=SINCE)


@pytest.fixture
def registers(db: None) -> None:
    """Three people of a family, where they live, how they married; the one-stop system may read."""
    describe()
    write("people", personal_id=HANH, full_name="Nguyễn Thị Hạnh Thử", birth_on="1990-01-01", sex="female",
          spouse_id=AN, mother_id=LAN, address="2 Lê Lợi")  # fmt: skip
    write("people", personal_id=AN, full_name="Trần Văn Bình Thử", birth_on="1985-02-02", sex="male", spouse_id=HANH)
    write("people", personal_id=LAN, full_name="Lê Thị Lan Thử", birth_on="1960-03-03")
    write("residences", personal_id=HANH, full_name="Nguyễn Thị Hạnh Thử", kind="permanent", area_code="26743",
          address="12 Lê Lợi, phường Bến Thành")  # fmt: skip
    write("civil_status", kind="marriage", act_no="15", book_year=2015, office_code="H29.901", area_code="26743",
          registered_on="2015-05-05", wife_id=HANH, wife_name="Nguyễn Thị Hạnh Thử", husband_id=AN,
          husband_name="Trần Văn Bình Thử")  # fmt: skip
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=SINCE)


def ask(*facts: str, subjects: dict[str, str] | None = None, **more: Any) -> dict[str, FactValue]:
    return resolve_facts(facts, subjects=subjects or {"applicant": HANH}, reading=READING, now=NOW, **more)


FIVE = (
    "applicant.full_name", "applicant.birth_on", "applicant.permanent_address", "applicant.marriage.act_no",
    "applicant.marriage.registered_on",
)  # fmt: skip


@pytest.mark.slow
def test_five_facts_of_three_registers_each_with_its_source(registers: None) -> None:
    found = ask(*FIVE)
    assert [found[fact].value for fact in FIVE] == [
        "Nguyễn Thị Hạnh Thử", "1990-01-01", "12 Lê Lợi, phường Bến Thành", "15", "2015-05-05",
    ]  # fmt: skip
    assert {each.register for each in found.values()} == {"people", "residences", "civil_status"}
    for each in found.values():
        assert (each.state, each.source, each.as_of, each.known_at) == ("found", "Công an Thành phố", SINCE, SINCE)
        assert each.register_name and each.record_uuid and len(each.sha256) == 64


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow(registers: None) -> None:
    def count(*facts: str, **more: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(*facts, **more)
        return len(queries)

    every = [f"applicant.{attribute}" for kind, attribute in get_fact_catalogue().rules if kind == "person"]
    few, five, many = [count(*each) and count(*each) for each in (FIVE[:1], FIVE, every)]  # what is kept is kept
    assert few == five == many
    assert count(*FIVE, "spouse.full_name", "mother.birth_on", subjects={
        "applicant": HANH, "spouse": "@applicant.spouse", "mother": "@applicant.mother",
    }) <= 2 * count(*FIVE)  # fmt: skip


@pytest.mark.slow
def test_relations_lead_to_other_people(registers: None) -> None:
    found = ask(
        "child.mother.full_name", "child.father.full_name", "mother.birth_on",
        subjects={
            "applicant": HANH, "child.mother": "@applicant", "child.father": "@applicant.spouse",
            "mother": "@applicant.mother",
        },
    )  # fmt: skip
    assert [each.value for each in found.values()] == ["Nguyễn Thị Hạnh Thử", "Trần Văn Bình Thử", "1960-03-03"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "Người Khác", " ", "Tran Van Khac"])
def test_a_typed_number_without_the_right_name_says_nothing(registers: None, name: str) -> None:
    subjects = {"applicant": HANH, "child.father": AN}
    wrong = ask("child.father.birth_on", subjects=subjects, proofs={"child.father": name})["child.father.birth_on"]
    nobody = ask(
        "child.father.birth_on", subjects=subjects | {"child.father": "079199999999"}, proofs={"child.father": name}
    )["child.father.birth_on"]
    assert wrong == nobody
    assert (wrong.state, wrong.value, wrong.record_uuid) == ("none", None, None)


@pytest.mark.slow
def test_a_typed_number_with_its_name_answers_whatever_the_marks(registers: None) -> None:
    found = ask("child.father.birth_on", "child.father.marriage.act_no", subjects={"child.father": AN},
                proofs={"child.father": "tran van binh thu"})  # fmt: skip
    assert [each.value for each in found.values()] == ["1985-02-02", "15"]


@pytest.mark.slow
def test_a_parcel_answers_its_holder_only(registers: None) -> None:
    write("land", area_code="26743", sheet_no="4", parcel_no="12", area_m2=80.5, holder_id=HANH)
    subjects = {"parcel": "26743|4|12"}
    assert ask("parcel.area_m2", subjects=subjects, proofs={"parcel": HANH})["parcel.area_m2"].value == 80.5
    assert ask("parcel.area_m2", subjects=subjects, proofs={"parcel": AN})["parcel.area_m2"].state == "none"


@pytest.mark.slow
def test_each_record_read_is_noted_with_purpose_and_ground(registers: None) -> None:
    found = ask(*FIVE)
    for each in found.values():
        (noted,) = list_reads_of(f"record:{each.record_uuid}").items
        assert (noted.purpose, noted.legal_ground) == (FACT_PURPOSE, FACT_GROUND)
        assert noted.actor.id == "r"


@pytest.mark.slow
def test_nobody_reads_for_nothing(registers: None) -> None:
    with pytest.raises(ReadingRefused):
        resolve_facts(FIVE, subjects={"applicant": HANH}, now=NOW,
                      reading=Reading(actor=READING.actor, purpose="", legal_ground=FACT_GROUND))  # fmt: skip
    other = Reading(actor=READING.actor, purpose="Quảng cáo", legal_ground=FACT_GROUND)
    assert {
        each.state for each in resolve_facts(FIVE, subjects={"applicant": HANH}, reading=other, now=NOW).values()
    } == {"none"}


@pytest.mark.slow
def test_a_register_that_is_down_leaves_the_others(registers: None) -> None:
    set_register_open("residences", is_open=False, reason="Bảo trì", actor=OWNER, now=NOW)
    found = ask(*FIVE)
    assert found["applicant.permanent_address"].state == "unavailable"
    assert [found[fact].state for fact in FIVE if "permanent" not in fact] == ["found"] * 4


@pytest.mark.slow
def test_an_owner_stops_his_register_and_opens_it_again(registers: None) -> None:
    set_register_open("civil_status", is_open=False, reason="Bảo trì", actor=OWNER, now=NOW)
    assert list_closed_registers(now=NOW) == {"civil_status"}
    assert ask(*FIVE)["applicant.marriage.act_no"].state == "unavailable"
    set_register_open("civil_status", is_open=True, reason="Xong", actor=OWNER, now=NOW)
    assert ask(*FIVE)["applicant.marriage.act_no"].state == "found"


@pytest.mark.slow
def test_while_a_proof_cannot_be_had_nothing_is_read(registers: None) -> None:
    set_register_open("people", is_open=False, reason="Bảo trì", actor=OWNER, now=NOW)
    found = ask(
        "child.father.marriage.act_no", subjects={"child.father": AN}, proofs={"child.father": "Trần Văn Bình Thử"}
    )
    assert found["child.father.marriage.act_no"].state == "unavailable"
    assert not list_reads_of("record:x").items


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.sampled_from(["people", "residences", "civil_status"])),
    st.sampled_from(["granted", "ended", "not yet", "revoked", "not approved", "other ground"]),
)
def test_no_read_without_a_grant(registers: None, spoiled: set[str], how: str) -> None:
    """Whatever became of the grants, what is not granted now is neither shown nor read."""
    ways: dict[str, dict[str, Any]] = {
        "granted": {}, "ended": {"valid_from": SINCE, "valid_to": NOW},
        "not yet": {"valid_from": NOW + timedelta(seconds=1)}, "revoked": {"revoked_at": NOW},
        "not approved": {"approved_at": None, "approved_by": ""}, "other ground": {"legal_ground": "Khác"},
    }  # fmt: skip
    kept = {row.pk: row for row in Grant.objects.all()}
    if ways[how]:
        Grant.objects.filter(service__register__in=spoiled).update(**ways[how])
    try:
        with CaptureQueriesContext(connection) as queries:
            found = ask(*FIVE)
        for each in found.values():
            shut = bool(ways[how]) and each.register in spoiled
            assert (each.state == "none") == shut, (each, how)
        read = json.dumps([query["sql"] for query in queries])
        for code in spoiled if ways[how] else ():
            assert f"{code}:" not in read  # no note of a reading, since none was made
    finally:
        for row in kept.values():
            row.save()


@pytest.mark.slow
@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.lists(st.sets(st.sampled_from("abcdef*")), max_size=4))
def test_one_grant_must_name_every_field(wanted: set[str], granted: list[set[str]]) -> None:
    offers = [FactOffer(register="r", register_name="", fields=frozenset(each), is_open=True) for each in granted]
    allowed = any("*" in each or wanted <= each for each in granted)
    assert (check_ask(wanted, offers) == "granted") == allowed
    closed = [FactOffer(register="r", register_name="", fields=each.fields, is_open=False) for each in offers]
    assert check_ask(wanted, closed) == ("unavailable" if allowed else "refused")


def rule(**more: Any) -> FactRule:
    return FactRule(attribute="a", kind="person", register="r", key="k", value="{id}", field="f", title="", **more)


def test_which_record_answers() -> None:
    records = [
        {"f": "old", "at": "2010-01-01", "kind": "marriage"},
        {"f": "new", "at": "2020-01-01", "kind": "marriage"},
        {"f": "over", "at": "2022-01-01", "kind": "marriage", "ended_on": "2023-01-01"},
        {"f": "other", "at": "2024-01-01", "kind": "divorce"},
        {"at": "2025-01-01", "kind": "marriage"},
    ]
    on = date(2026, 3, 2)
    assert choose(rule(where={"kind": "marriage"}, absent=("ended_on",), latest="at"), records, on=on) == (1,)
    assert choose(rule(only=True), records, on=on) == ()
    assert choose(rule(where={"kind": "divorce"}, only=True), records, on=on) == (3,)
    assert choose(rule(many=True), records, on=on) == (0, 1, 2, 3)
    dated = [
        {"f": "x", "a": "2026-03-03"},
        {"f": "y", "a": "2026-03-02", "b": "2026-03-02"},
        {"f": "z", "b": "2026-03-01"},
    ]
    assert choose(rule(since="a", until="b", many=True), dated, on=on) == (1,)


def test_a_proof_is_a_name_or_a_number() -> None:
    kinds = get_fact_catalogue().kinds
    assert is_proved(kinds["person"], {"full_name": "Đặng Thị Mỹ"}, "dang thi my")
    assert not is_proved(kinds["person"], {}, "")
    assert not is_proved(kinds["parcel"], {"holder_id": ""}, "")
    assert not is_proved(kinds["parcel"], {"holder_id": "1"}, "2")


def test_the_hash_binds_everything() -> None:
    one = {"fact": "a", "value": "b", "register": "r", "record_uuid": Grant().uuid, "as_of": NOW, "known_at": NOW,
           "record": "0"}  # fmt: skip
    known = hash_fact(**one)  # type: ignore[arg-type]  # a table of arguments
    for name, value in (("fact", "x"), ("value", 1), ("register", "s"), ("as_of", SINCE), ("known_at", SINCE),
                        ("record", "1"), ("record_uuid", Grant().uuid)):  # fmt: skip
        assert hash_fact(**one | {name: value}) != known  # type: ignore[arg-type]  # as above


def test_subjects_are_keys_or_relations() -> None:
    assert parse_subject("@applicant.spouse") == ("applicant", "spouse")
    assert parse_subject("@applicant") == ("applicant", "")
    assert parse_subject("@child.mother.spouse") == ("child.mother", "spouse")
    assert parse_subject(HANH) == ("", "")


@pytest.mark.slow
def test_the_catalogue_names_what_registers_have(db: None) -> None:
    """Each rule's register, key and fields exist; each subject is of a known kind; words lead to one fact."""
    describe()
    known = {register.code: register for register in list_registers()}
    catalogue = get_fact_catalogue()
    for code, fields in list_needed_fields().items():
        assert code in known, code
        assert fields <= known[code].schema["properties"].keys(), (code, fields)
    for each in catalogue.rules.values():
        assert catalogue.split(f"applicant.{each.attribute}") or each.kind != "person"
    words = [word for each in list_fact_words().values() for word in each]
    assert len(words) == len(set(words))
