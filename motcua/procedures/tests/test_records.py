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
    [
        {},
        {"ma_thu_tuc": "1.000001"},
        {"ma_thu_tuc": "abc", "ten_thu_tuc": "A"},
        {"ma_thu_tuc": 1.9, "ten_thu_tuc": "A"},
        {"ma_thu_tuc": "١.٠٠٠٠٠١", "ten_thu_tuc": "A"},
        {"ma_thu_tuc": "1.000001", "ten_thu_tuc": None},
        {"ma_thu_tuc": "1.000001", "ten_thu_tuc": "<p> </p>&nbsp;"},
    ],
)
def test_what_is_no_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(RecordUnreadableError):
        read_record(record, default_term=load_default_term())


def test_a_field_that_is_no_text_makes_a_doubt_and_the_rest_is_read() -> None:
    record = make_record() | {
        "thanh_phan_ho_so": {"a": 1},
        "cap_thuc_hien": None,
        "linh_vuc": 5,
        "yeu_cau_dieu_kien": ["a", "b"],
    }
    draft = read_record(record, default_term=load_default_term())
    assert (draft.papers, draft.levels, draft.field, draft.requirements) == ((), (), "5", "a\nb")
    assert (draft.statuses["papers"], draft.statuses["requirements"]) == ("unparsed", "doubtful")
    assert (draft.statuses["levels"], draft.statuses["channels"]) == ("empty", "parsed")
    assert [(doubt.code, doubt.field) for doubt in draft.doubts] == [
        ("wrong_type", "thanh_phan_ho_so"), ("wrong_type", "yeu_cau_dieu_kien"),
    ]  # fmt: skip
    assert draft.mark == "unsure"


def test_the_lists_name_is_taken_where_the_record_has_none() -> None:
    listed = ListRow("1.900001", "Tên trong danh mục", "Bộ", "Sở Mẫu", "Chăn nuôi")
    record = make_record() | {"ten_thu_tuc": None}
    assert read_record(record, default_term=load_default_term(), listed=listed).name == "Tên trong danh mục"


def test_entities_tags_and_broken_signs_are_read_as_text() -> None:
    record = make_record(
        name="Đăng k&yacute; &amp; cấp <b>gi&#7845;y</b>",
        trinh_tu_thuc_hien="<p>Bước 1\ud800</p>Bước 2<br/>3 < 4",
        raw_text="",
    )
    draft = read_record(record, default_term=load_default_term())
    assert draft.name == "Đăng ký & cấp giấy"
    assert draft.steps == "Bước 1\ufffd\nBước 2\n3 < 4"


def test_what_is_too_long_is_cut_with_a_doubt() -> None:
    draft = read_record(make_record(name="Rất dài " * 5_000, raw_text=""), default_term=load_default_term())
    assert len(draft.name) <= 1_000
    assert [(doubt.code, doubt.field) for doubt in draft.doubts] == [("text_cut", "ten_thu_tuc")]
    assert draft.statuses["name"] == "doubtful"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://x"])
def test_only_an_address_of_the_web_is_linked_to(address: str) -> None:
    assert read_record(make_record(detail_url=address), default_term=load_default_term()).source_url == ""


@pytest.mark.parametrize("term", ["9999 Tháng", "9999 Ngày làm việc", "11 Năm", "0 Ngày", "-5 Ngày làm việc"])
def test_a_term_that_cannot_be_is_the_citys_default(term: str) -> None:
    text = f"{CHANNEL_HEADER}Trực tuyến{term}Miễn phí"
    draft = read_record(make_record(cach_thuc_thuc_hien=text), default_term=load_default_term())
    assert not draft.term.is_stated
    assert draft.statuses["term"] == "unparsed"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | messy | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(sorted(make_record())), anything, max_size=6))
def test_any_value_in_any_field_makes_a_draft_that_can_be_stored(changed: dict[str, object]) -> None:
    changed.pop("ma_thu_tuc", None)
    try:
        draft = read_record(make_record() | changed, default_term=load_default_term())
    except RecordUnreadableError:
        assert "ten_thu_tuc" in changed
        return
    assert set(draft.statuses) == set(FIELDS)
    for text in (draft.name, draft.field, draft.steps, draft.source_url, *draft.source_texts.values()):
        assert "\x00" not in text
        text.encode("utf-8")


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
