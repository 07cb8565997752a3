"""The national databases, asked over real HTTP of a simulator that fails in every way it knows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, list_reads_of
from motcua.exchange.adapters.national import (
    OPEN_AFTER,
    OPEN_FOR,
    name_national_subject,
    query_enterprise,
    query_parcel,
    query_population,
    read_names,
)
from motcua.exchange.adapters.national_simulator import FAULTS
from motcua.exchange.rules.national import AnswerBroken, read_reply, write_question
from motcua.exchange.tests.factories import AN, BA, running
from motcua.exchange.types.national import NationalAnswer, NationalQuestion, NationalRefused, NationalUnavailable
from motcua.registers.public import Reading

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
READING = Reading(actor=SYSTEM, purpose="Điền tờ khai thử", legal_ground="Thử")
FIELDS = ("full_name", "birth_on", "sex", "permanent_address")


def ask(now: datetime = NOW, **values: Any) -> NationalAnswer:
    asked = {"personal_id": AN["personal_id"], "full_name": "nguyen thi an", "birth_on": date(1990, 5, 17)}
    return query_population(**{**asked, "fields": FIELDS, "reading": READING, "now": now, **values})


def count_reads(person: dict[str, Any]) -> int:
    return list_reads_of(name_national_subject("population", person["personal_id"])).total_capped


@pytest.mark.django_db
def test_an_answer_is_told_with_its_source_and_noted(settings: Any) -> None:
    with running(settings):
        found = ask()
        assert found.state == "found" and found.source == "CSDL quốc gia về dân cư" and not found.is_cached
        assert dict(found.values) == {field: AN[field] for field in FIELDS} and len(found.sha256) == 64
        assert ask(full_name="Người Khác").state == "mismatch" and not ask(full_name="Người Khác").values
        assert ask(personal_id="079190009999").state == "none"
        firm = query_enterprise(code="0300000001", fields=("name", "status", "capital_vnd"), reading=READING, now=NOW)
        assert dict(firm.values) == {"name": "Công ty Thử", "status": "active", "capital_vnd": 5}
        by_place = query_parcel(area_code="26734", sheet_no="3", parcel_no="12", fields=("area_m2",), reading=READING,
                                now=NOW)  # fmt: skip
        assert dict(by_place.values) == {"area_m2": 80.5}
        by_id = query_parcel(parcel_id="T1", fields=("is_mortgaged",), reading=READING, now=NOW)
        assert dict(by_id.values) == {"is_mortgaged": False}
    assert count_reads(AN) == 3 and AN["personal_id"] not in name_national_subject("population", AN["personal_id"])


@pytest.mark.django_db
def test_nothing_is_asked_without_purpose_key_or_known_field(settings: Any) -> None:
    with running(settings):
        for wrong in (
            {"reading": Reading(actor=SYSTEM, purpose=" ", legal_ground="x")},
            {"fields": ("bank_account",)},
            {"fields": ()},
            {"personal_id": "1" * 300},
        ):
            with pytest.raises(NationalRefused):
                ask(**wrong)
        settings.MOTCUA_NATIONAL_SECRET = "wrong"
        settings.MOTCUA_NATIONAL_CLIENT = "stranger"
        with pytest.raises(NationalRefused):
            ask()
    settings.MOTCUA_NATIONAL_URL = ""
    with pytest.raises(NationalUnavailable, match="not_configured"):
        ask()
    assert not count_reads(AN)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("fault", "reasons"), [
    ("down", {"unreachable"}), ("slow", {"timeout"}), ("wrong", {"broken"}), ("partial", {"broken"}),
    ("duplicated", {"broken"}),
])  # fmt: skip
def test_each_fault_is_seen_for_what_it_is(settings: Any, fault: str, reasons: set[str]) -> None:
    with running(settings, faults=(fault,)), pytest.raises(NationalUnavailable) as caught:
        ask()
    assert caught.value.reason in reasons


@pytest.mark.django_db
def test_after_failures_nobody_waits_and_one_question_tries_again(settings: Any) -> None:
    with running(settings, faults=("down",)) as door:
        for _ in range(OPEN_AFTER):
            with pytest.raises(NationalUnavailable, match="unreachable"):
                ask()
        door.faults = frozenset()
        with pytest.raises(NationalUnavailable, match="open"):
            ask()
        assert ask(NOW + OPEN_FOR).state == "found" and ask(NOW + OPEN_FOR).state == "found"


@pytest.mark.django_db
def test_an_answer_is_kept_only_by_leave_and_marked(settings: Any) -> None:
    settings.MOTCUA_NATIONAL_CACHE_SECONDS = 0
    with running(settings) as door:
        ask()
        settings.MOTCUA_NATIONAL_CACHE_SECONDS = 60
        ask()
        door.faults, door.chance = frozenset({"down"}), 1.0
        again = ask(NOW + timedelta(seconds=59))
        assert again.is_cached and again.fetched_at == NOW
        for late, values in ((60, {}), (1, {"fields": ("sex",)})):
            with pytest.raises(NationalUnavailable):
                ask(NOW + timedelta(seconds=late), **values)
    assert count_reads(AN) == 3  # the kept answer too


@pytest.mark.django_db
@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), faults=st.sets(st.sampled_from([each for each in FAULTS if each != "slow"])))
def test_whatever_fails_no_wrong_value_is_ever_believed(settings: Any, seed: int, faults: set[str]) -> None:
    with running(settings, faults=tuple(faults), chance=0.5, seed=seed):
        for number in range(4):
            person = (AN, BA)[number % 2]
            asked: dict[str, Any] = {"personal_id": person["personal_id"], "full_name": person["full_name"]}
            try:
                found = ask(**asked)
            except NationalUnavailable:
                continue
            assert dict(found.values) == {field: person[field] for field in FIELDS}


QUESTION = NationalQuestion(
    service="population", keys={"personal_id": "1"}, fields=("full_name", "birth_on", "sex"), purpose="p",
    legal_ground="g", reader="r", request_id="r1",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["00", "r1", "1", "19900517"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["MaYeuCau", "TrangThai", "DuLieu", "SoDinhDanh", "HoVaTen", "NgaySinh", "GioiTinh"]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_the_reader_of_answers_survives_anything(content: bytes) -> None:
    names = read_names()["population"]
    assert json.loads(write_question(QUESTION, names))["MaYeuCau"] == "r1"
    try:
        reply = read_reply(content, QUESTION, names)
    except AnswerBroken:
        return
    assert set(reply.values) <= set(QUESTION.fields)
    assert all(isinstance(value, str) for value in reply.values.values())


def test_every_name_is_data_with_its_mark() -> None:
    for service in read_names().values():
        assert service["mark"] == "unsure" and service["source"] and service["path"]
        assert len({shape["name"] for shape in service["fields"].values()}) == len(service["fields"])
