"""The parsers of the crawl: by table, and against any text whatever."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.rules import channels, parts
from motcua.procedures.rules.glued import combine, normalise, one_line
from motcua.procedures.rules.papers import read_papers
from motcua.procedures.rules.source_fees import read_fee
from motcua.procedures.tests.factories import CHANNEL_HEADER, LEGAL_HEADER, PAPER_HEADER

PIECES = [
    CHANNEL_HEADER, PAPER_HEADER, LEGAL_HEADER, "Trực tuyến", "Trực tiếp", "Dịch vụ bưu chính", "5 Ngày làm việc", "1",
    "2,5 Ngày", "8 Giờ", "Miễn phí", "Không có thông tin", "20,000 VNĐ", "25 VNĐ", "10 USD", "(", ")", " ", "\n", "--",
    "1 bản chính", "0 bản chính,1 bản sao", "01 bản chính", "Mẫu 1.docx", "Đơn đề nghị", "12/2020/NĐ-CP", "QH14",
    "Mã: KQ.G01.000001", "Từ khóa", "Mô tả", "Công dân Việt Nam", "Cấp xã", ",", "đồng/hồ sơ", "\u0300", "\x00",
]  # fmt: skip
messy = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@pytest.mark.parametrize(
    ("glued", "rows"),
    [
        ("Trực tuyến5 Ngày làm việc10,000 VNĐ(10.000 đồng)", [("online", 5, "workday", 10_000)]),
        ("Trực tiếp21 Ngày1.000.000 Việt Nam ĐồngGhi chú", [("in_person", 21, "calendar_day", 1_000_000)]),
        ("Trực tiếp6 Tháng100 USD(100 USD/thẻ)", [("in_person", 6, "month", None)]),
        ("Trực tuyến1.5 Ngày làm việcMiễn phí", [("online", 12, "work_hour", 0)]),
        ("Trực tuyến1,5 NgàyMiễn phí", [("online", None, None, 0)]),
        ("Dịch vụ bưu chính8 GiờMiễn phí", [("post", 8, "work_hour", 0)]),
        ("Trực tuyến1Miễn phíTrực tiếp1Miễn phí", [("online", None, None, 0), ("in_person", None, None, 0)]),
        ("Trực tuyến120 VNĐ(20.000 vnđ/tờ)", [("online", None, None, None)]),
        ("Trực tiếpKhông có thông tinKhông có thông tin", [("in_person", None, None, None)]),
        (
            "Trực tuyếnKhông phải trả kết quảMiễn phíTrực tiếpKhông phải trả kết quảMiễn phí",
            [("online", None, None, 0), ("in_person", None, None, 0)],
        ),
    ],
)
def test_a_row_is_read_or_left_as_text(glued: str, rows: list[tuple[str, int | None, str | None, int | None]]) -> None:
    read = channels.read_channels(CHANNEL_HEADER + glued)
    assert read.status == "parsed"
    assert [(r.channel, r.term.amount, r.term.unit, r.fees[0].amount_vnd) for r in read.value] == rows


def test_the_word_for_a_channel_inside_a_note_starts_no_row() -> None:
    glued = "Trực tiếp3 Ngày làm việcMiễn phíTrực tiếp tại quầy hoặc Trực tuyến qua cổng.Trực tuyến3 NgàyMiễn phí"
    read = channels.read_channels(CHANNEL_HEADER + glued)
    assert [row.channel for row in read.value] == ["in_person", "online"]
    assert read.value[0].note == "Trực tiếp tại quầy hoặc Trực tuyến qua cổng."


def test_several_fees_in_a_row_are_all_kept() -> None:
    read = channels.read_channels(CHANNEL_HEADER + "Trực tiếp2 NgàyMiễn phí(lần đầu)50,000 VNĐ(cấp lại)70,000 VNĐ")
    assert [fee.amount_vnd for fee in read.value[0].fees] == [0, 50_000, 70_000]


def test_text_before_the_first_row_makes_a_doubt() -> None:
    read = channels.read_channels(CHANNEL_HEADER + "Lưu ý chung. Trực tiếp2 NgàyMiễn phí")
    assert read.status == "doubtful"
    assert read.doubts


@pytest.mark.parametrize(
    ("words", "note", "amount", "status"),
    [
        ("10,000 VNĐ", "", 10_000, "parsed"),
        ("10.000 Việt Nam Đồng", "10.000 đồng/hồ sơ", 10_000, "parsed"),
        ("25 VNĐ", "25.000đ/giấy", None, "unparsed"),
        ("10 USD", "10USD/giấy", None, "unparsed"),
        ("Miễn phí", "", 0, "parsed"),
        ("Miễn phí", "Cấp mới 40.000 đồng/lần", None, "doubtful"),
        ("Miễn phí", "do Hội đồng nhân dân quyết định", None, "doubtful"),
        ("50,000 VNĐ", "áp dụng 25.000 đồng từ ngày 1/7", None, "doubtful"),
        ("2,300,000 VNĐ", "thu 1.500.000 đồng/cơ sở", None, "doubtful"),
        ("20,000 VNĐ", "người nghèo được miễn", 20_000, "doubtful"),
        ("Không có thông tin", "", None, "empty"),
        ("Không có thông tin", "thu theo quy định", None, "unparsed"),
        ("1,00 VNĐ", "", None, "unparsed"),
    ],
)
def test_a_fee_is_never_guessed(words: str, note: str, amount: int | None, status: str) -> None:
    fee = read_fee(words, note)
    assert (fee.amount_vnd, fee.status) == (amount, status)
    assert fee.amount_vnd == 0 or words == "Không có thông tin" or words in fee.text


def test_the_longest_of_several_terms_is_chosen_with_a_doubt() -> None:
    rows = channels.read_channels(CHANNEL_HEADER + "Trực tiếp3 Ngày làm việcMiễn phíTrực tuyến1 ThángMiễn phí").value
    term = channels.choose_term(rows)
    assert term.value is not None
    assert (term.value.amount, term.value.unit, term.status) == (1, "month", "doubtful")
    assert term.doubts[0].code == "term_varies"


def test_a_table_of_papers_is_split() -> None:
    first_table = f"Phải nộp:{PAPER_HEADER}Tờ khai;Mau 1.docx1 bản chínhẢnh 4x62 bản chính"
    text = f"{first_table}Xuất trình:{PAPER_HEADER}Thẻ0 bản chính,1 bản sao"
    read = read_papers(text)
    first, photo, card = read.value
    assert (first.name, first.template_name, first.kind, first.originals) == ("Tờ khai;", "Mau 1.docx", "form", 1)
    assert (photo.name, photo.originals, photo.mark) == ("Ảnh 4x6", 2, "unsure")
    assert (card.condition, card.kind, card.copies, card.required) == ("Xuất trình", "copy", 1, False)


@pytest.mark.parametrize(
    ("row", "name", "originals", "mark"),
    [
        ("Đơn: 01 bản chính có xác nhận1 bản chính", "Đơn: 01 bản chính có xác nhận", 1, "sure"),
        ("Đơn: 01 bản chính1 bản chính", "Đơn: 01 bản chính", 1, "sure"),
        ("Theo Nghị định 08/20253 bản chính", "Theo Nghị định 08/2025", 3, "unsure"),
        ("Phụ lục 011 bản chính", "Phụ lục 01", 1, "unsure"),
        ("Đơn xin 1 bản chính", "Đơn xin", 1, "unsure"),
        ("Đơn10 bản chính", "Đơn", 10, "sure"),
    ],
)
def test_a_count_is_told_from_the_name(row: str, name: str, originals: int, mark: str) -> None:
    read = read_papers(f"--{PAPER_HEADER}{row}")
    assert [(paper.name, paper.originals, paper.mark) for paper in read.value] == [(name, originals, mark)]


def test_papers_without_a_table_stay_text() -> None:
    assert read_papers("nộp cho cơ quan bảo hiểm").status == "unparsed"
    assert read_papers("--").status == "empty"


def test_results_lose_the_buttons_of_the_portal() -> None:
    read = parts.read_results(
        "Giấy AMã: KQ.G01.000001Giấy BMã: KQ.G01.000002Từ khóaongMô tảKhông có thông tinNộp hồ sơ"
    )
    assert (read.value, read.status) == (("Giấy A", "Giấy B"), "parsed")


@pytest.mark.parametrize(
    ("glued", "bases"),
    [
        ("Luật 51/2019/QH1451/2019/QH14", [("Luật 51/2019/QH14", "51/2019/QH14")]),
        ("Về A04/2015/TT-BCANghị định B82/2015/NĐ-CP", [("Về A", "04/2015/TT-BCA"), ("Nghị định B", "82/2015/NĐ-CP")]),
        ("Về ongNghị định số 131/2025/NĐ-CP", [("Về ong", "131/2025/NĐ-CP")]),
        ("Sửa đổi Nghị định 11/2021/NĐ-CP ngày 1/265/2025/NĐ-CP", None),
    ],
)
def test_legal_bases_are_split(glued: str, bases: list[tuple[str, str]] | None) -> None:
    read = parts.read_legal_bases(LEGAL_HEADER + glued)
    if bases is None:  # a date ran into the number: whatever is made of it, the words are all there
        assert "Sửa đổi Nghị định 11/2021/NĐ-CP" in read.value[0].title
    else:
        assert [(base.title, base.number) for base in read.value] == bases


def test_agencies_keep_commas_inside_a_name() -> None:
    read = parts.read_agencies("Sở Tư pháp, Ủy ban Nhân dân\xa0xã, phường, thị trấn.\nCục A")
    assert read.value == ("Sở Tư pháp", "Ủy ban Nhân dân xã, phường, thị trấn", "Cục A")


def test_subjects_give_audiences() -> None:
    read = parts.read_subjects("Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX), Người lạ")
    assert read.value[1] == ("citizen", "business")
    assert read.status == "doubtful"


def test_levels_come_lowest_first() -> None:
    assert parts.read_levels("Cấp bộ, Cấp xã").value == ("commune", "ministry")
    assert parts.read_levels("Cấp lạ").status == "unparsed"


def test_any_doubtful_part_makes_the_whole_doubtful() -> None:
    assert combine([]) == "empty"
    assert combine(["empty", "parsed"]) == "parsed"
    assert combine(["parsed", "unparsed"]) == "doubtful"


@pytest.mark.slow
@given(messy)
def test_readers_take_any_text(text: str) -> None:
    for read in (channels.read_channels, read_papers, parts.read_results, parts.read_legal_bases):
        found = read(text)
        assert found.status in ("parsed", "doubtful", "unparsed", "empty")
        assert (found.status in ("parsed", "empty")) or found.doubts
    for other in (parts.read_agencies, parts.read_subjects, parts.read_levels):
        assert other(text).status in ("parsed", "doubtful", "unparsed", "empty")


@given(messy)
def test_no_paper_is_invented_and_none_of_its_words_lost(text: str) -> None:
    flat = one_line(text)
    for paper in read_papers(text).value:
        name = f"{paper.name} {paper.template_name}".strip()
        assert paper.name in flat or name.replace(" ", "") in flat.replace(" ", "")


@given(messy)
def test_the_form_of_unicode_does_not_matter(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert normalise(decomposed) == normalise(text)
    assert read_papers(decomposed) == read_papers(text)


@given(st.integers(min_value=1, max_value=10_000_000), st.sampled_from([",", "."]))
def test_a_sum_is_read_to_the_dong(thousands: int, separator: str) -> None:
    words = f"{thousands * 1000:,}".replace(",", separator)
    fee = read_fee(f"{words} VNĐ", "")
    assert fee.amount_vnd == thousands * 1000
