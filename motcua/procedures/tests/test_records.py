"""Whole records: what is trusted, what is not, and that anything may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.queries.data import load_default_term
from motcua.procedures.rules.records import FIELDS, ListRow, RecordUnreadableError, read_list_row, read_record
from motcua.procedures.tests.factories import CHANNEL_HEADER, make_record
from motcua.procedures.tests.test_parsers import messy


def test_a_clean_record_is_read_in_full() -> None:
    draft = read_record(make_record(), default_term=load_default_term())
    assert draft.mark == "sure"
    assert (draft.term.amount, draft.term.unit, draft.term.is_stated) == (5, "workday", True)
    assert [fee.amount_vnd for fee in draft.fees] == [20_000, 20_000]
    assert draft.channels == ("online", "in_person")
    assert [paper.code for paper in draft.papers] == ["p1", "p2"]
    assert (draft.competence.level, draft.competence.agency_kind) == ("commune", "people_committee")
    assert draft.result_names == ("Giấy xác nhận nuôi ong",)
    assert [basis.number for basis in draft.legal_bases] == ["32/2018/QH14", "13/2020/NĐ-CP"]
    assert {draft.statuses[field] for field in FIELDS} == {"parsed", "empty"}


def test_a_term_that_is_not_stated_is_the_citys_default_and_says_so() -> None:
    text = f"{CHANNEL_HEADER}Trực tiếpKhông có thông tinKhông có thông tin"
    draft = read_record(make_record(cach_thuc_thuc_hien=text), default_term=load_default_term())
    assert not draft.term.is_stated
    assert draft.term.text == "Chưa nêu trong dữ liệu nguồn"
    assert draft.fees == ()


def test_what_was_not_read_is_shown_in_the_sources_words() -> None:
    text = f"{CHANNEL_HEADER}Trực tuyến120 VNĐ(20.000 đồng/tờ)"
    draft = read_record(make_record(cach_thuc_thuc_hien=text), default_term=load_default_term())
    assert draft.source_texts["fees"].endswith("120 VNĐ(20.000 đồng/tờ)")
    assert draft.mark == "unsure"


def test_the_text_of_another_procedure_is_not_trusted() -> None:
    record = make_record("1.900001", raw_text="Tên thủ tụcViệc khácMã thủ tục2.000009Số quyết định1")
    listed = ListRow("1.900001", "Tên đúng trong danh mục", "Bộ", "Sở Mẫu", "Chăn nuôi")
    draft = read_record(record, default_term=load_default_term(), listed=listed)
    assert draft.name == "Tên đúng trong danh mục"
    assert (draft.papers, draft.fees, draft.steps) == ((), (), "")
    assert draft.doubts[0].code == "text_of_another_procedure"
    assert "2.000009" in draft.doubts[0].message


@pytest.mark.parametrize(
    "record",
    [{}, {"ma_thu_tuc": "1.000001"}, {"ma_thu_tuc": "abc", "ten_thu_tuc": "A"}, make_record() | {"raw_text": 5}],
)
def test_what_is_no_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(RecordUnreadableError):
        read_record(record, default_term=load_default_term())


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(sorted(make_record())), messy, max_size=6))
def test_any_text_in_any_field_makes_a_draft(changed: dict[str, str]) -> None:
    changed.pop("ma_thu_tuc", None)
    changed.pop("ten_thu_tuc", None)
    draft = read_record(make_record(**changed), default_term=load_default_term())
    assert draft.term.amount > 0
    assert set(draft.statuses) == set(FIELDS)


@pytest.mark.slow
@given(st.lists(st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=40)), max_size=7))
def test_any_row_of_a_list_is_an_entry_or_none(cells: list[object]) -> None:
    read = read_list_row(tuple(cells), default_term=load_default_term())
    assert read is None or read[0].code == read[1].code
