"""Mapping files, thresholds, models, words, golden records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.linkage.adapters.models import SHIPPED, load_model
from motcua.linkage.rules.calibration import choose_best, choose_review, choose_weights
from motcua.linkage.rules.comparing import COMPARISONS, NULL
from motcua.linkage.rules.explaining import explain
from motcua.linkage.rules.golden import SourceRecord, build_golden
from motcua.linkage.rules.guessing import guess_dates, guess_mapping, guess_model
from motcua.linkage.rules.mapping import Mapping_, read_mapping, with_columns
from motcua.linkage.rules.modelling import prior, read_model, smooth
from motcua.linkage.rules.sampling.people import City
from motcua.linkage.rules.sampling.western import COLUMNS, make_people
from motcua.linkage.tests.factories import NAMES, WARDS
from motcua.linkage.types import LinkRefused

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=6,
)
_KEYS = st.sampled_from(["model", "id", "source", "truth", "dates", "columns", "files", "trust", "khac"])


@pytest.mark.slow
@settings(max_examples=60)
@given(st.dictionaries(_KEYS, _ANY | st.just({"full_name": "ho_ten"}) | st.sampled_from(["general", "dmy"])))
def test_any_mapping_is_understood_or_refused_with_a_sentence(data: dict[str, Any]) -> None:
    try:
        found = read_mapping(data, file_name="a.csv")
    except LinkRefused as refused:
        assert refused.message.endswith(".")
    else:
        assert isinstance(found, Mapping_)
        assert found.columns


def test_a_file_may_say_otherwise_than_the_common_part() -> None:
    data = {"columns": {"full_name": "ten"}, "files": {"b.csv": {"id": "ma", "columns": {"full_name": "ho ten"}}}}
    assert read_mapping(data, file_name="a.csv").columns["full_name"] == ("ten",)
    assert read_mapping(data, file_name="b.csv").columns["full_name"] == ("ho ten",)
    assert read_mapping(data, file_name="b.csv").id == "ma"


def test_usual_names_of_columns_are_understood() -> None:
    found = guess_mapping(["Họ và tên", "ngay_sinh", "so_giay_to", "so_cmnd", "uuid"])
    assert found.id == "uuid"
    assert found.columns == {
        "full_name": ("Họ và tên",),
        "birth_on": ("ngay_sinh",),
        "personal_id": ("so_giay_to", "so_cmnd"),
    }


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["STT", "HỌ TÊN", "Ngày, tháng, năm sinh", "Số CCCD/CMND", "SĐT"],
         {"full_name": "HỌ TÊN", "birth_on": "Ngày, tháng, năm sinh", "personal_id": "Số CCCD/CMND", "phone": "SĐT"}),
        (["Họ", "Tên đệm", "Tên", "NamSinh", "Phái"],
         {"family_name": "Họ", "middle_name": "Tên đệm", "given_name": "Tên", "birth_on": "NamSinh", "sex": "Phái"}),
        (["First Name", "LAST_NAME", "DOB", "ZipCode"],
         {"given_name": "First Name", "family_name": "LAST_NAME", "birth_on": "DOB", "postcode": "ZipCode"}),
    ],
)  # fmt: skip
def test_columns_are_understood_whatever_marks_case_and_signs(names: list[str], columns: dict[str, str]) -> None:
    assert {role: found[0] for role, found in guess_mapping(names).columns.items()} == columns


def test_what_is_said_of_columns_stands_before_what_is_guessed() -> None:
    names = ["ten", "sinh", "a", "b", "nhom"]
    said = ["full_name=ten", "birth_on=sinh", "personal_id=a", "personal_id=b", "truth=nhom", "dates=mdy", "phone=khac"]
    found = with_columns(guess_mapping(names), said, names=names)
    assert found.columns["personal_id"] == ("a", "b")
    assert (found.columns["full_name"], found.truth, found.dates) == (("ten",), "nhom", "mdy")
    assert "phone" not in found.columns  # the file has no such column
    assert "full_name" not in with_columns(found, ["full_name="], names=names).columns
    for wrong in ("full_name", "khac=ten", "model=khac"):
        with pytest.raises(LinkRefused, match="ánh xạ|vai_trò"):
            with_columns(found, [wrong], names=names)


def test_the_model_and_the_order_of_dates_are_seen_in_the_values() -> None:
    found = guess_mapping(["full_name", "dob"])
    assert guess_model(found, ["Nguyễn Văn A", "TRAN THI B", "Ama Kông", ""]) == "vietnamese"
    assert guess_model(found, ["Mary Smith", "John Doe"]) == "general"
    assert guess_model(guess_mapping(["postcode"]), []) == "general"
    assert guess_dates(["03/25/1990", "04/05/1990"]) == "mdy"
    assert guess_dates(["25/03/1990", "04/05/1990", "", "?"]) == "auto"


@pytest.mark.slow
@given(st.lists(st.text(max_size=8), max_size=6, unique=True), st.lists(st.text(max_size=12), max_size=4))
def test_any_columns_and_values_are_guessed_at_without_an_error(names: list[str], values: list[str]) -> None:
    found = guess_mapping(names)
    used = [name for each in found.columns.values() for name in each]
    assert set(used) <= set(names) and len(set(used)) == len(used)
    assert guess_model(found, values) in ("vietnamese", "general") and guess_dates(values) in ("auto", "mdy")


@pytest.mark.parametrize("kind", COMPARISONS)
def test_the_shipped_models_fit_the_comparisons_and_were_measured(kind: str) -> None:
    model = load_model(kind=kind)
    assert model.review_weight <= model.link_weight <= model.bridge_weight
    assert model.trained["calibration_precision"] > 0.98
    for comparison in model.comparisons:
        levels = [each for each in comparison["comparison_levels"] if not each.get("is_null_level")]
        assert sum(each["m_probability"] for each in levels) == pytest.approx(1, abs=0.01)
        assert sum(each["u_probability"] for each in levels) == pytest.approx(1, abs=0.01)


@pytest.mark.slow
@given(st.text(max_size=30) | st.just("{}"))
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(LinkRefused):
        read_model(text)


def test_a_model_of_other_comparisons_is_refused() -> None:
    data = json.loads((SHIPPED / "vietnamese.json").read_text("utf-8"))
    data["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "TRUE"
    with pytest.raises(LinkRefused):
        read_model(json.dumps(data))


@pytest.mark.slow
@given(st.integers(2, 10**8), st.floats(0.1, 5))
def test_the_more_records_the_less_likely_any_two_are_one(records: int, matches: float) -> None:
    assert 0 < prior(matches, records * 2) <= prior(matches, records) <= 0.5


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 1000), min_size=1))
def test_rates_are_never_zero(counts: dict[str, int]) -> None:
    rates = smooth({code: float(count) for code, count in counts.items()}, {})
    assert all(0 < m <= 1 and 0 < u <= 1 for m, u in rates.values())


def _measure(link: float, bridge: float) -> tuple[float, float]:
    return min(0.9 + link / 100, 1.0), 1 - link / 50 - bridge / 1000


def test_the_least_threshold_that_is_precise_enough_is_chosen() -> None:
    assert choose_weights(_measure, target=0.95) == (5.0, 5.0)
    assert choose_weights(_measure, target=2.0)[0] == 16.0  # none reaches it: the most precise
    assert choose_best(_measure)[0] <= 0


def test_bands_with_hardly_a_match_are_not_shown() -> None:
    bands = [(3.0, 90, 100), (2.0, 20, 100), (1.0, 10, 100), (0.0, 1, 100), (-1.0, 50, 100)]
    assert choose_review(bands, link=4.0) == 1.0


def test_every_level_has_its_words() -> None:
    for name, levels in COMPARISONS["vietnamese"].items():
        for code, _sql in levels:
            found = explain({name: code})
            assert len(found) == 1
            assert (found[0].side == "silent") == (code == NULL)


def _source(number: int, register: str = "people", **data: str) -> SourceRecord:
    known = datetime(2026, 1, number, tzinfo=UTC)
    return SourceRecord(
        register=register, uuid=UUID(int=number), data=data, known_from=known, trust=int(register == "people")
    )


def test_the_golden_record_says_where_each_value_comes_from() -> None:
    records = [
        _source(1, full_name="NGUYEN THI HOA", birth_on="1990-01-01"),
        _source(2, "health_cards", full_name="Nguyễn Thị Hoà", birth_on="1990-05-06", phone="0912345678"),
        _source(3, "pupils", full_name="Nguyễn Thị Hòa", birth_on="1990-05-06"),
    ]
    golden = {each.field: each for each in build_golden(records)}
    assert golden["full_name"].value == "Nguyễn Thị Hòa"
    assert len(golden["full_name"].said_by) == 3
    assert golden["birth_on"].value == "1990-05-06"
    assert golden["birth_on"].others == (("1990-01-01", records[0]),)
    assert golden["phone"].said_by == (records[1],)


_SAID = st.fixed_dictionaries(
    {},
    optional={
        "full_name": st.sampled_from(["An", "Án", "AN", "Bình"]),
        "birth_on": st.sampled_from(["1990-01-01", "1991-02-02"]),
    },
)


@pytest.mark.slow
@given(st.lists(_SAID, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing_and_no_value_is_lost(said: list[dict[str, str]], chance: Random) -> None:
    records = [_source(number + 1, **data) for number, data in enumerate(said)]
    golden = build_golden(records)
    assert golden == build_golden(chance.sample(records, len(records)))
    for each in golden:
        filled = sum(each.field in data for data in said)
        assert len(each.said_by) + len(each.others) == filled


def test_the_same_seed_makes_the_same_people_and_no_number_twice() -> None:
    first, again = ([*City(NAMES, WARDS, chance=Random(5)).make_people(500)] for _ in range(2))
    assert first == again
    assert len({each.personal_id for each in first}) == 500
    assert all((int(each.personal_id[3]) % 2 == 0) == (each.sex == "male") for each in first)
    western = [*make_people(NAMES, count=50, chance=Random(5))]
    assert western == [*make_people(NAMES, count=50, chance=Random(5))]
    assert all(len(row) == len(COLUMNS) for _person, row in western)
